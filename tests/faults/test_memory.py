"""The largest legal request: bounded memory, an answer in time, and room for small calls meanwhile."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from dstore.sandbox.catalogues import pds_store
from faults import oracle
from faults.processes import Memory
from faults.traffic import catalogue, fresh, opening, product_ids, statuses, together
from harness.server import Server

if TYPE_CHECKING:
    from faults.traffic import Line

MEBIBYTE = 1024 * 1024
PEAK = 400 * MEBIBYTE
ANSWER_SECONDS = 8.0


def initialize(stores: int, items: int, seed: int = 1) -> bytes:
    """Return an initializeStore of that many stores with that many items each."""
    body = {"requestId": fresh("init"), "stores": [pds_store(f"big{n}", items, seed) for n in range(stores)]}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


class Others:
    """Small calls while a large one is worked on."""

    def __init__(self, server: Server) -> None:
        self.line = oracle.line(server)
        self.store = fresh("small")
        self.line.must("syncProduct", catalogue(self.store, product_ids(3), "first", 1))
        self.seconds: list[float] = []
        self.over = False

    def run(self) -> None:
        """Call one after the other until told to stop."""
        while not self.over:
            began = time.monotonic()
            answer = self.line.must("syncProduct", statuses(self.store, {"p1": "SOLDOUT"}))
            assert answer.code == "SUCCESS"
            self.seconds.append(time.monotonic() - began)

    def slowest_of_hundred(self) -> float:
        """Return the 99th percentile."""
        return sorted(self.seconds)[len(self.seconds) * 99 // 100]


def measure(line: Line, body: bytes, others: Others) -> float:
    """Make the large call while the others go on; return the seconds it took."""
    taken: list[float] = []

    def large() -> None:
        try:
            began = time.monotonic()
            answer = line.must("initializeStore", body)
            taken.append(time.monotonic() - began)
            assert answer.code == "SUCCESS", answer.result
        finally:
            others.over = True

    others.over = False
    others.seconds.clear()
    # Making the body took a while; the server hangs up on idle connections.
    others.line.close()
    line.close()
    together([large], others.run)
    return taken[0]


@pytest.mark.parametrize(("stores", "items"), [pytest.param(20, 1_000, marks=pytest.mark.full), pytest.param(5, 200)])
def test_the_largest_request_is_answered_in_time_with_bounded_memory(
    database_url: str, stores: int, items: int
) -> None:
    with Server(database_url, workers=2) as server:
        others, line = Others(server), oracle.line(server)
        line.must("syncStore", opening("warm", "Shop", "OPEN"))
        for word, seed in (("new", 1), ("changed throughout", 2), ("the same again", 2)):
            body = initialize(stores, items, seed)
            with Memory(server) as memory:
                seconds = measure(line, body, others)
            print(
                f"\n{database_url.partition(':')[0]}, {stores} stores x {items} items, {len(body) / 1e6:.1f} MB,"
                f" {word}: {seconds:.1f} s, {memory.before / MEBIBYTE:.0f} MiB before,"
                f" {memory.peak / MEBIBYTE:.0f} MiB at most; {len(others.seconds)} small calls meanwhile,"
                f" p99 {others.slowest_of_hundred() * 1000:.0f} ms"
            )
            assert memory.peak <= PEAK
            assert seconds <= ANSWER_SECONDS
        line.close()
        others.line.close()
