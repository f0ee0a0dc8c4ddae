"""`dstore check`: the dry run, without a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dstore import apis
from dstore.protocol.api import collect, named

if TYPE_CHECKING:
    from dstore.findings import Finding
    from dstore.protocol.api import Api

ApiName = Annotated[str, Parameter(help="The API's name, such as syncProduct, or its path.")]
BodyFile = Annotated[
    Path,
    Parameter(help="File with the body, sent and read byte for byte; - is standard input.", allow_leading_hyphen=True),
]


def check(
    api: ApiName,
    body: BodyFile,
    /,
    *,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print the findings as JSON.")] = False,
) -> None:
    """Try a body without sending it: print every finding, errors first; exit 1 if there is any."""
    path, one = find_api(api)
    found = one.findings(read_body(body))
    if as_json:
        print(msgspec.json.format(msgspec.json.encode([_plain(each) for each in found]), indent=2).decode())
    elif found:
        _show(path, found)
    else:
        print(f"{path}: no findings. Whether it fits what is stored already, only the server can say.")
    if found:
        sys.exit(1)


def find_api(name: str) -> tuple[str, Api]:
    """Return an API and the path it is called under; end the command when there is none of this name."""
    known = collect(apis)
    try:
        one = named(known, name)
    except KeyError as fault:
        raise SystemExit(f"dstore: {fault.args[0]}") from None
    path = "/" + name.lstrip("/")
    return path if path in known else one.path, one


def read_body(file: Path) -> bytes:
    """Return the bytes of a file; those of standard input for -."""
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def _plain(one: Finding) -> dict[str, str]:
    return {"level": _level(one), "path": one.path, "rule": one.rule, "cause": one.cause, "advice": one.advice}


def _level(one: Finding) -> str:
    return "error" if one.is_error else "warning"


def _show(path: str, found: list[Finding]) -> None:
    console = Console(highlight=False)
    for one in found:
        colour = "red" if one.is_error else "yellow"
        console.print(Text.assemble((_level(one), f"bold {colour}"), "  ", (one.path or "the body", "bold")))
        console.print(Padding(Text(one.cause, overflow="fold"), (0, 0, 0, 4)))
        console.print(Padding(Text(f"{one.advice} [{one.rule}]", "dim", overflow="fold"), (0, 0, 1, 4)))
    errors = sum(one.is_error for one in found)
    console.print(Text(f"{path}: {counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}", "bold"))


def counted(number: int, what: str) -> str:
    """Return a number with its noun: 1 error, 2 errors."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")
