import tomllib

from architecture.sources import ROOT


def test_the_package_asks_for_what_the_locks_are_made_from() -> None:
    text = (ROOT / "requirements/runtime.in").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == [line for line in text.splitlines() if not line.startswith("#")]
