"""Full syncs, status updates and closings racing on one store: one order of commits explains what is left."""

from __future__ import annotations

import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from faults import oracle, traffic
from faults.oracle import Read
from faults.traffic import (
    DEAREST,
    Log,
    Sent,
    catalogue,
    item_change,
    new_item,
    opening,
    product_ids,
    stalls,
    statuses,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.server import Server

PRODUCTS = product_ids(8)
CALLERS = 6


class Race:
    """Six callers and a diner on one store."""

    def __init__(self, server: Server, store: str, rounds: int) -> None:
        self.server, self.store, self.rounds = server, store, rounds
        self.log = Log()
        self.reads: list[Read] = []
        self._gate = threading.Barrier(CALLERS)
        self._running = CALLERS

    def makers(self) -> list[Callable[[random.Random], Sent]]:
        """What each caller does in a round."""
        return [self._soldout, self._soldout, self._available, self._full, self._full, self._shop]

    def run(self) -> None:
        """Let every caller change the store once in each round, all at the same moment, while the diner looks."""
        line = oracle.line(self.server)
        line.perform(self.first())
        line.close()
        together([partial(self._change, make, seed) for seed, make in enumerate(self.makers())], self._look)

    def first(self) -> Sent:
        """What the store holds before the race."""
        return self.log.note("syncProduct", catalogue(self.store, PRODUCTS, "first", 0))

    def _change(self, make: Callable[[random.Random], Sent], seed: int) -> None:
        chance, line = random.Random(seed), oracle.line(self.server)
        try:
            for _ in range(self.rounds):
                one = make(chance)
                self._gate.wait(timeout=30)
                answer = line.perform(one)
                assert answer is not None
                assert answer.code == "SUCCESS", (one, answer.result)
        except BaseException:
            self._gate.abort()
            raise
        finally:
            self._running -= 1
            line.close()

    def _look(self) -> None:
        [(public_id,)] = oracle.rows(self.server.url, "select public_id from store where ref = ?", self.store)
        while self._running:
            self.reads.append(Read(time.monotonic(), oracle.menu(self.server, public_id)))

    def _soldout(self, chance: random.Random) -> Sent:
        return self.log.note("syncProduct", statuses(self.store, {chance.choice(PRODUCTS): "SOLDOUT"}))

    def _available(self, chance: random.Random) -> Sent:
        return self.log.note("syncProduct", statuses(self.store, {chance.choice(PRODUCTS): "AVAILABLE"}))

    def _full(self, chance: random.Random) -> Sent:
        order = chance.sample(PRODUCTS, len(PRODUCTS))
        return self.log.note("syncProduct", catalogue(self.store, order, traffic.fresh("full"), 3))

    def _shop(self, chance: random.Random) -> Sent:
        status = chance.choice(["OPEN", "CLOSED"])
        return self.log.note("syncStore", opening(self.store, traffic.fresh("Name "), status))


class StallRace(Race):
    """The same for a pair of stalls of the other family; every full feed replaces both."""

    def makers(self) -> list[Callable[[random.Random], Sent]]:
        """What each caller does in a round."""
        return [self._update, self._update, self._update, self._initialize, self._initialize, self._add]

    def first(self) -> Sent:
        """What the stalls hold before the race."""
        return self.log.note("initializeStore", stalls(self.pair, PRODUCTS, "first", 0))

    @property
    def pair(self) -> list[str]:
        """The two stalls."""
        return [self.store, f"{self.store}-beside"]

    def _update(self, chance: random.Random) -> Sent:
        status = chance.choice(["AVAILABLE", "SOLDOUT"])
        return self.log.note("updateItem", item_change(self.store, chance.choice(PRODUCTS), status))

    def _initialize(self, chance: random.Random) -> Sent:
        pair, order = chance.sample(self.pair, 2), chance.sample(PRODUCTS, len(PRODUCTS))
        return self.log.note("initializeStore", stalls(pair, order, traffic.fresh("full"), 3))

    def _add(self, chance: random.Random) -> Sent:
        return self.log.note("addItem", new_item(self.store, chance.randrange(DEAREST)))


@pytest.mark.parametrize("kind", [Race, StallRace])
@pytest.mark.parametrize(("stores", "rounds"), [(4, 15), pytest.param(20, 250, marks=pytest.mark.full)])
def test_racing_changes_of_a_store_are_explained_by_one_order_and_no_soldout_is_lost(
    shared: Server, kind: type[Race], stores: int, rounds: int
) -> None:
    began = time.monotonic()
    changes = seen = 0
    for _ in range(stores):
        race = kind(shared, traffic.fresh("race"), rounds)
        race.run()
        assert oracle.check_store(shared, race.store, race.log.sent.values(), race.reads) == CALLERS * rounds + 1
        for store in {name for one in race.log.sent.values() for name in one.stores} - {race.store}:
            oracle.check_store(shared, store, [one for one in race.log.sent.values() if store in one.stores])
        changes, seen = changes + CALLERS * rounds, seen + len(race.reads)
    print(
        f"\n{stores} stores x {rounds} rounds of {CALLERS} callers: {changes} changes, {seen} menus read, {time.monotonic() - began:.1f} s"
    )


def test_a_soldout_acknowledged_after_the_last_full_sync_stays(shared: Server) -> None:
    race = Race(shared, traffic.fresh("race"), 3)
    race.run()
    line = oracle.line(shared)
    line.perform(race.log.note("syncProduct", statuses(race.store, dict.fromkeys(PRODUCTS, "SOLDOUT"))))
    line.perform(race.log.note("syncStore", opening(race.store, "Closed shop", "CLOSED")))
    line.close()
    oracle.check_store(shared, race.store, race.log.sent.values(), race.reads)
