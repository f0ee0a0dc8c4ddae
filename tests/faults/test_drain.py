"""SIGTERM: calls in flight get their answers, then the server ends, in time and in order."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from faults import oracle
from faults.test_outages import locked
from faults.test_stalls import connect, request_bytes
from faults.traffic import fresh, opening, together
from harness.server import Server

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from faults.traffic import Line

IN_FLIGHT = 12
END_SECONDS = 10.0


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_lets_calls_in_flight_finish(database_url: str, workers: int) -> None:
    with Server(database_url, workers=workers) as server:
        lines = [oracle.line(server) for _ in range(IN_FLIGHT)]
        bodies = [opening(fresh("drain"), "Shop", "OPEN") for _ in lines]
        assert lines[0].must("syncStore", bodies[0]).code == "SUCCESS"
        codes: list[str] = []
        under_way = threading.Barrier(IN_FLIGHT + 1)

        def call(line: Line, body: dict[str, object]) -> None:
            under_way.wait()
            codes.append(line.must("syncStore", body).code)

        def end() -> None:
            with locked(database_url):
                under_way.wait()
                time.sleep(0.5)
                server.terminate()
                time.sleep(0.5)

        together([partial(call, line, body) for line, body in zip(lines, bodies, strict=True)], end)
        code, seconds = server.ended()
        print(f"\nSIGTERM with {IN_FLIGHT} calls in flight, {workers} worker(s): {seconds:.1f} s, code {code}")
        assert codes == ["SUCCESS"] * IN_FLIGHT
        assert code == 0
        assert seconds <= END_SECONDS
        for body in bodies:
            assert len(oracle.history(server.url, str(body["requestId"]))) == 1
        for line in lines:
            line.close()


def received(line: socket.socket, end: bytes) -> bytes:
    """Return what comes up to these bytes."""
    got = b""
    while end not in got:
        more = line.recv(65536)
        assert more, got
        got += more
    return got


@pytest.mark.parametrize("workers", [2, pytest.param(1, marks=pytest.mark.full)])
def test_sigterm_lets_an_upload_finish_and_waits_for_no_other(tmp_path: Path, workers: int) -> None:
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", workers=workers) as server:
        whole = request_bytes("syncStore", opening(fresh("drain"), "Shop", "OPEN"))
        with connect(server) as line, connect(server) as stalled, connect(server) as idle:
            line.sendall(whole[:-10])
            stalled.sendall(whole[:-10])
            idle.sendall(whole)
            assert b"SUCCESS" in received(idle, b"}}")
            server.terminate()
            assert idle.recv(1) == b"", "an idle connection is closed at once"
            line.sendall(whole[-10:])
            assert b"SUCCESS" in received(line, b"}}")
            code, seconds = server.ended()
        print(f"\nSIGTERM with an upload that hangs, {workers} worker(s): {seconds:.1f} s, code {code}")
        assert code == 0
        assert seconds <= END_SECONDS
