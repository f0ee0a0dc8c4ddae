"""Looking at a server's processes from outside (Linux): who serves a connection, how much memory they hold."""

from __future__ import annotations

import contextlib
import resource
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from faults.traffic import Line

if TYPE_CHECKING:
    from types import TracebackType

    from harness.server import Server


def workers(server: Server) -> list[int]:
    """Return the processes that serve: those that hold the listening socket, without the one that only supervises."""
    found = [process for process in server.processes() if b"multiprocessing.spawn" in _command(process)]
    return found or server.processes()


def _command(process: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def owners(server: Server, lines: list[Line]) -> list[int]:
    """Return the process at the other end of each connection; 0 while nobody has accepted it."""
    holders: dict[str, int] = {}
    for process in workers(server):
        with contextlib.suppress(OSError):
            for file in Path(f"/proc/{process}/fd").iterdir():
                with contextlib.suppress(OSError):
                    holders[file.readlink().name] = process
    inodes = _inodes(server.port)
    return [holders.get(f"socket:[{inodes.get(line.connection.sock.getsockname()[1])}]", 0) for line in lines]


def _inodes(local_port: int) -> dict[int, str]:
    """Return the inode of the server's end of each connection, by the port of the other end."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {int(row[2][-4:], 16): row[9] for row in rows if row[1].endswith(f":{local_port:04X}")}


def lines_to_each(server: Server, number: int) -> dict[int, list[Line]]:
    """Open connections until every worker serves `number` of them."""
    lines: dict[int, list[Line]] = {process: [] for process in workers(server)}
    for _ in range(100):
        batch = [Line(server.port, server.platform_key) for _ in range(number)]
        for one in batch:
            one.connection.connect()
        while 0 in (found := owners(server, batch)):
            time.sleep(0.001)
        for one, process in zip(batch, found, strict=True):
            if len(lines[process]) < number:
                lines[process].append(one)
            else:
                one.close()
        if all(len(held) == number for held in lines.values()):
            return lines
    raise AssertionError(f"the connections do not spread: { {process: len(held) for process, held in lines.items()} }")


class Memory:
    """Watches what a server's processes hold together, in bytes; `peak` is the most that was seen at one moment."""

    def __init__(self, server: Server) -> None:
        self._processes = server.processes()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak = self.before = self._now()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.peak = max(self.peak, self._now())

    def _now(self) -> int:
        pages = 0
        for process in self._processes:
            with contextlib.suppress(OSError):
                pages += int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * resource.getpagesize()
