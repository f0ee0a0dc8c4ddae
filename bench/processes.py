"""The servers that are measured: started on one core, watched through /proc."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

READY_SECONDS = 30
_TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[set[int], set[int]]:
    """Return the core for servers and the core for the client; the same one if there is only one."""
    mine = sorted(os.sched_getaffinity(0))
    return {mine[0]}, {mine[-1]}


@contextlib.contextmanager
def on_cores(wanted: Iterable[int]) -> Iterator[None]:
    """Run a block, and every process it starts, on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, wanted)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found.extend(int(child) for child in task.read_text().split())
    return found


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process and its descendants, those that have ended included."""
    total = 0
    for one in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(ticks) for ticks in fields[11:15])
    return total / _TICKS


def peak_megabytes(pid: int) -> dict[int, float]:
    """Return the largest resident size that each process of a tree has had, in MB."""
    peaks = {}
    for one in tree(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{one}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    peaks[one] = int(line.split()[1]) * 1024 / 1e6
    return peaks


class Server:
    """A server process group on chosen cores; a context manager that starts and ends it."""

    def __init__(self, arguments: list[str], environment: dict[str, str], pinned: Iterable[int]) -> None:
        self.port = _free_port()
        self._arguments = [sys.executable, *(one.replace("{port}", str(self.port)) for one in arguments)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DSTORE_")}
        self._environment = {**kept, **environment}
        self._pinned = pinned
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The first process of the group."""
        assert self.process is not None
        return self.process.pid

    def __enter__(self) -> Self:
        with on_cores(self._pinned):
            self.process = subprocess.Popen(
                self._arguments,
                env=self._environment,
                stdout=self._log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=Path(__file__).parent.parent,
            )
        began = time.monotonic()
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() - began > READY_SECONDS:
                raise RuntimeError(f"the server did not start:\n{self.log()}")
            time.sleep(0.02)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
        if fault is not None:
            print(self.log())

    def log(self) -> str:
        """Return the end of what the server wrote."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")[-4000:]

    def get(self, target: str) -> bytes:
        """Read one of the unsigned endpoints."""
        return self.request("GET", target)

    def request(self, method: str, target: str, body: bytes | None = None) -> bytes:
        """Send an unsigned request; any status but 200 is an error."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, target, body)
            response = connection.getresponse()
            content = response.read()
            assert response.status == 200, content[:400]  # noqa: PLR2004 - OK
            return content
        finally:
            connection.close()

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException, AssertionError):
            self.get("/readyz")
            return True
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
