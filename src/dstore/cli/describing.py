"""`dstore docs`: the reference as files of the repository, and the OpenAPI document as a snapshot."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dstore import apis
from dstore.cli import app
from dstore.reference import markdown, tables
from dstore.reference.document import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cyclopts import App

REFERENCE = "docs/reference"
SNAPSHOT = "tests/snapshots/openapi.json"
LIMITS = "DSTORE_LIMITS"


def docs(
    *, into: Annotated[Path, Parameter(help="The checkout to write docs/reference and the snapshot into.")] = Path()
) -> None:
    """Write docs/reference and the OpenAPI snapshot anew, whatever the environment says."""
    if LIMITS in os.environ:
        _without_limits(into)
    wanted = generated(app)
    for stale in set(_present(into)) - set(wanted):
        (into / stale).unlink()
    for name, text in wanted.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).write_text(text, encoding="utf-8")
    print(f"{len(wanted)} files written below {REFERENCE} and to {SNAPSHOT}")


def generated(app: App) -> dict[str, str]:
    """Return every generated file of the repository by its path."""
    described = document(apis)
    files = markdown.files(tables.read(described))
    files["commands.md"] = f"{markdown.MARK}\n{_commands(app)}\n"
    snapshot = json.dumps(described, indent=1, ensure_ascii=False) + "\n"
    return {**{f"{REFERENCE}/{name}": text for name, text in sorted(files.items())}, SNAPSHOT: snapshot}


def _commands(app: App) -> str:
    """Return the help of every command; of the program itself there is a usage line only while no command runs."""
    with _called_by_its_name():
        return app.generate_docs().replace("```console\ndstore COMMAND\n```\n\n", "").strip()


@contextmanager
def _called_by_its_name() -> Iterator[None]:
    """Keep how this process was started out of the usage lines, which are made from it."""
    given = sys.argv[0]
    sys.argv[0] = "dstore"
    try:
        yield
    finally:
        sys.argv[0] = given


def _present(root: Path) -> list[str]:
    return [one.relative_to(root).as_posix() for one in (root / REFERENCE).glob("*.md")]


def _without_limits(into: Path) -> None:
    """Start again without the operator's limits, which were read when the types were made."""
    environment = {name: value for name, value in os.environ.items() if name != LIMITS}
    os.execve(sys.executable, [sys.executable, "-m", "dstore", "docs", "--into", str(into)], environment)  # noqa: S606 - this very program
