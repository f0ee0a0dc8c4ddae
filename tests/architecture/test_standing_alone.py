"""The project stands alone: no machine's paths, no registry's addresses, locks with hashes only."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Written in pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            "/wo" + "rk/",
            "/ro" + "ot/",
            "index" + "-url",
            "find" + "-links",
            r"pypi\." + "org",
            "pythonhosted" + r"\.org",
            "npm" + "js",
        ]
    )
)
ALLOWED = {"Makefile"}  # it keeps addresses out of the locks, and names the options for that


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        if path.name in ALLOWED or not path.exists():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if FOREIGN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found


def test_locks_carry_hashes_for_every_package() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        pins = [
            line
            for line in lock.read_text(encoding="utf-8").splitlines()
            if re.match(r"[A-Za-z0-9._-]+(\[.*\])?==", line)
        ]
        text = lock.read_text(encoding="utf-8")
        assert pins, lock.name
        assert text.count("--hash=sha256:") >= len(pins)
        assert "http" not in re.sub(r"(?m)^\s*#.*$", "", text).replace("httptools", "").replace("httpx", "").replace(
            "httpcore", ""
        )
