"""A load client on bare sockets: keep-alive connections that send bytes made beforehand and note the moments.

It parses no more of an answer than its length while the clock runs; `calibration` measures how many answers a
second it can take in, so that the report can show that the client was not the limit.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import TYPE_CHECKING, cast

import uvloop

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from typing import Any

LATE_SECONDS = 120.0


class UnexpectedAnswerError(Exception):
    """A server said something else than it should have; the whole run is void."""


@dataclass
class Run:
    """What a run of requests gave: answers in the order they came, seconds each took, the whole time, the client's own."""

    answers: list[bytes] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    busy: float = 0.0
    meant: list[float] = field(default_factory=list)

    @property
    def milliseconds_each(self) -> float:
        """How much time one request took on average, connections working at once."""
        return self.elapsed * 1000 / len(self.seconds)

    def percentile(self, share: float) -> float:
        """Return the latency, in milliseconds, that this share of the requests stayed within."""
        return percentile(self.seconds, share)


def percentile(seconds: list[float], share: float) -> float:
    """Return the latency, in milliseconds, that this share of the latencies stays within."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


class _Connection(asyncio.Protocol):
    """One keep-alive connection; asks for the next answer's bytes with `exchange`."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted = 0
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def exchange(self, request: bytes) -> asyncio.Future[bytes]:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        if not self._wanted:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            start = buffer.find(b"content-length: ", 0, end + 2) + 16
            self._wanted = end + 4 + int(buffer[start : buffer.find(b"\r", start)])
        if len(buffer) >= self._wanted and self._answer is not None:
            answer, self._answer = self._answer, None
            answer.set_result(bytes(buffer))
            buffer.clear()
            self._wanted = 0

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server closed the connection"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def closed_loop(port: int, requests: list[bytes], connections: int = 1, expected: bytes | None = None) -> Run:
    """Send every request once over `connections` connections, each waiting for its answer before the next.

    With `expected`, every answer must end in these bytes and is not kept.
    """
    return _run(_closed(port, requests, connections, expected))


def open_loop(port: int, requests: list[bytes], rate: float, connections: int = 16) -> Run:
    """Send requests at fixed moments; a request's time counts from the moment it was meant to be sent."""
    return _run(_open(port, requests, rate, connections))


def _run(work: Coroutine[Any, Any, Run]) -> Run:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def _connect(port: int) -> _Connection:
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
    return connection


async def _closed(port: int, requests: list[bytes], count: int, expected: bytes | None) -> Run:
    connections = [await _connect(port) for _ in range(count)]
    run, waiting = Run(), iter(requests)
    began, worked = perf_counter(), process_time()
    async with asyncio.timeout(LATE_SECONDS), asyncio.TaskGroup() as group:
        for connection in connections:
            group.create_task(_worker(connection, waiting, run, expected))
    run.elapsed, run.busy = perf_counter() - began, process_time() - worked
    for connection in connections:
        connection.close()
    return run


async def _worker(connection: _Connection, waiting: Iterator[bytes], run: Run, expected: bytes | None) -> None:
    for request in waiting:
        began = perf_counter()
        answer = await connection.exchange(request)
        run.seconds.append(perf_counter() - began)
        if expected is None:
            run.answers.append(answer)
        elif not answer.endswith(expected):
            raise UnexpectedAnswerError(repr(answer[:400]))


async def _open(port: int, requests: list[bytes], rate: float, count: int) -> Run:
    # First in, first out: every connection, and so every worker of the server, gets its share of the requests.
    idle: asyncio.Queue[_Connection] = asyncio.Queue()
    connections = [await _connect(port) for _ in range(count)]
    for connection in connections:
        idle.put_nowait(connection)
    run = Run()
    began = perf_counter()
    async with asyncio.timeout(LATE_SECONDS), asyncio.TaskGroup() as group:
        for place, request in enumerate(requests):
            meant = began + place / rate
            pause = meant - perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
            group.create_task(_on_time(idle, request, meant, run))
    run.elapsed = perf_counter() - began
    for connection in connections:
        connection.close()
    return run


async def _on_time(idle: asyncio.Queue[_Connection], request: bytes, meant: float, run: Run) -> None:
    connection = await idle.get()
    run.answers.append(await connection.exchange(request))
    run.seconds.append(perf_counter() - meant)
    run.meant.append(meant)
    idle.put_nowait(connection)
