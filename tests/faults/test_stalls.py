"""Peers that hang, idle or leave: they hold up nobody else, and change nothing by halves."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from faults import oracle
from faults.traffic import catalogue, fresh, opening, product_ids, statuses, together
from harness import caller
from harness.caller import PATHS
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STALLED = 64
IDLE = 500
CALLS = 60
FACTOR = 10
LEAST_SECONDS = 2.0


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def request_bytes(api: str, body: Any, **headers: str) -> bytes:
    """Return a whole signed request as it goes over the wire."""
    raw, target = caller.to_bytes(body), PATHS[api]
    named = {"host": "t", "content-length": str(len(raw)), **dict(caller.signed_headers(target, raw)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"POST {target} HTTP/1.1\r\n{head}\r\n".encode() + raw


@contextmanager
def stalled_uploads(server: Server, number: int, announced: int, sent: int) -> Iterator[list[socket.socket]]:
    """Begin that many uploads at once and let them hang after `sent` bytes each."""
    with ExitStack() as stack:
        lines = [stack.enter_context(connect(server)) for _ in range(number)]
        together([partial(_begin, line, announced, sent) for line in lines])
        yield lines


def _begin(line: socket.socket, announced: int, sent: int) -> None:
    whole = request_bytes("syncProduct", b"", **{"content-length": str(announced)})
    line.sendall(whole + b" " * sent)


def slowest(server: Server, store: str) -> float:
    """Make calls one after the other, each on a connection of its own; return the seconds of the slowest."""
    worst = 0.0
    for _ in range(CALLS):
        began = time.monotonic()
        answer = server.call("syncProduct", statuses(store, {"p1": "SOLDOUT"}))
        worst = max(worst, time.monotonic() - began)
        assert answer.code == "SUCCESS", answer.result
    return worst


def furnished(server: Server) -> str:
    store = fresh("stall")
    assert server.call("syncProduct", catalogue(store, product_ids(3), "first", 1)).code == "SUCCESS"
    return store


def check_undisturbed(server: Server, store: str, baseline: float, what: str) -> None:
    """Assert that calls now take at most a generous multiple of what they took before."""
    worst = slowest(server, store)
    print(f"\n{what}: slowest of {CALLS} calls {worst * 1000:.0f} ms, undisturbed {baseline * 1000:.0f} ms")
    assert worst <= max(FACTOR * baseline, LEAST_SECONDS)


def test_stalled_uploads_hold_up_nobody_else(shared: Server) -> None:
    store = furnished(shared)
    baseline = slowest(shared, store)
    with stalled_uploads(shared, STALLED, announced=30_000_000, sent=300_000):
        check_undisturbed(shared, store, baseline, f"{STALLED} stalled uploads")


def test_idle_connections_hold_up_nobody_else(shared: Server) -> None:
    store = furnished(shared)
    baseline = slowest(shared, store)
    with ExitStack() as stack:
        for number in range(IDLE):
            line = stack.enter_context(connect(shared))
            line.sendall((b"", b"POST /v2/pos/syncStore HTTP/1.1\r\nclient-id: c")[number % 2])
        check_undisturbed(shared, store, baseline, f"{IDLE} idle connections")


def test_stalled_uploads_that_fill_the_budget_leave_room_for_small_calls(tmp_path: Path) -> None:
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", DSTORE_BODY_BUDGET="8000000") as server:
        store = furnished(server)
        baseline = slowest(server, store)
        large = catalogue(fresh("large"), product_ids(3_000), "large", 1)
        with stalled_uploads(server, 170, announced=30_000_000, sent=50_000):
            give_up = time.monotonic() + 10
            while server.call("syncProduct", large).code != "REQUEST_TRAFFIC_EXCEED_LIMIT":
                assert time.monotonic() < give_up, "the uploads do not fill the budget"
                large["requestId"] = fresh("r")
            check_undisturbed(server, store, baseline, "170 stalled uploads that hold the whole budget")
        # They have gone, and with them what they held.
        give_up = time.monotonic() + 10
        while server.call("syncProduct", large).code != "SUCCESS":
            assert time.monotonic() < give_up


def test_a_slow_body_is_refused_in_words_when_its_time_is_over(tmp_path: Path) -> None:
    with (
        Server(f"sqlite:///{tmp_path / 'dstore.db'}", DSTORE_BODY_SECONDS="1") as server,
        connect(server) as line,
    ):
        _begin(line, 1_000, 10)
        answer = b"".join(iter(partial(line.recv, 65536), b""))
        assert b"PARAM_ILLEGAL" in answer
        assert b"the body did not arrive within 1 s" in answer


def hang_up(line: socket.socket) -> None:
    """Cut a connection the hard way: what is under way is thrown away."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@pytest.mark.parametrize("wait_for_commit", [True, False])
def test_an_answer_that_nobody_read_was_given_once_and_is_given_again(shared: Server, wait_for_commit: bool) -> None:
    store = furnished(shared)
    for _ in range(10):
        body = statuses(store, {"p2": "SOLDOUT"})
        line = connect(shared)
        line.sendall(request_bytes("syncProduct", body))
        give_up = time.monotonic() + 10
        while wait_for_commit and not oracle.history(shared.url, body["requestId"]):
            assert time.monotonic() < give_up, "never applied"
        hang_up(line)
        assert shared.call("syncProduct", body).code == "SUCCESS"
        assert len(oracle.history(shared.url, body["requestId"])) == 1


def test_a_body_cut_anywhere_changes_nothing(shared: Server) -> None:
    for cut_of in range(20):
        body = opening(fresh("cut"), "Shop", "OPEN")
        whole = request_bytes("syncStore", body)
        line = connect(shared)
        line.sendall(whole[: len(whole) * (cut_of + 1) // 21])
        hang_up(line)
        assert oracle.rows(shared.url, "select 1 from given where request_id = ?", body["requestId"]) == []
        assert shared.call("syncStore", body).code == "SUCCESS"
        assert len(oracle.history(shared.url, body["requestId"])) == 1
