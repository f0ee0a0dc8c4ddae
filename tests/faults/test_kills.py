"""kill -9 of the whole process group at random moments under load."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import psycopg
import pytest

from faults import oracle, processes, traffic
from faults.traffic import (
    DEAREST,
    Line,
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
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from faults.own_postgres import OwnPostgres

STORES = ("east", "west")
STALLS = ("north", "south")
ADDED = 0.3
SMALL = product_ids(12)
# More than one transaction's worth: such a tree is written ahead and taken over by the commit.
LARGE = product_ids(2_100)
CUT_CONNECTIONS = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where backend_type = 'client backend' and pid <> pg_backend_pid()"
)
READY_SECONDS = 10.0
REPLACED_SECONDS = 10.0
RETRY_SECONDS = 30.0


class Load:
    """Callers that never give up: what got no answer is sent again under the same requestId until it has one."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.log = Log()
        self.cut = 0
        self._over = threading.Event()
        self._kill_at_answer = threading.Event()

    def during(self, trouble: Callable[[], None]) -> None:
        """Keep calling while the trouble lasts; in the end every request has its answer."""
        work = [self._status, self._full, self._store, self._large, self._stalls, self._item]

        def trouble_then_end() -> None:
            try:
                trouble()
            finally:
                self._over.set()

        together([partial(self._live, one, seed) for seed, one in enumerate(work)], trouble_then_end)

    def kill_at_an_answer(self) -> None:
        """Kill the server at the very moment somebody reads an answer: what it says must be true already."""
        self._kill_at_answer.set()
        give_up = time.monotonic() + RETRY_SECONDS
        while self._kill_at_answer.is_set():
            assert time.monotonic() < give_up, "no answers"
            time.sleep(0.001)

    def _live(self, make: Callable[[random.Random], Sent], seed: int) -> None:
        chance, line = random.Random(seed), oracle.line(self.server)
        try:
            while not self._over.is_set():
                self._insist(line, make(chance))
        finally:
            line.close()

    def _insist(self, line: Line, one: Sent) -> None:
        give_up = time.monotonic() + RETRY_SECONDS
        while not one.code:
            answer = line.perform(one)
            if answer is not None and self._kill_at_answer.is_set():
                self._kill_at_answer.clear()
                os.killpg(self.server.group(), signal.SIGKILL)
            if not one.code:
                self.cut += 1
                assert time.monotonic() < give_up, f"no answer after {RETRY_SECONDS} s: {one}"
                time.sleep(0.1)
        assert one.code == "SUCCESS", one

    def _status(self, chance: random.Random) -> Sent:
        wanted = {name: chance.choice(["AVAILABLE", "SOLDOUT"]) for name in chance.sample(SMALL, 3)}
        return self.log.note("syncProduct", statuses(chance.choice(STORES), wanted))

    def _full(self, chance: random.Random) -> Sent:
        names = chance.sample(SMALL, len(SMALL))
        return self.log.note(
            "syncProduct", catalogue(chance.choice(STORES), names, traffic.fresh("full"), chance.randrange(DEAREST))
        )

    def _store(self, chance: random.Random) -> Sent:
        return self.log.note(
            "syncStore", opening(chance.choice(STORES), traffic.fresh("Name "), chance.choice(["OPEN", "CLOSED"]))
        )

    def _stalls(self, chance: random.Random) -> Sent:
        body = stalls(STALLS, SMALL, traffic.fresh("stalls"), chance.randrange(DEAREST))
        return self.log.note("initializeStore", body)

    def _item(self, chance: random.Random) -> Sent:
        if chance.random() < ADDED:
            return self.log.note("addItem", new_item(chance.choice(STALLS), chance.randrange(DEAREST)))
        status = chance.choice(["AVAILABLE", "SOLDOUT"])
        return self.log.note("updateItem", item_change(chance.choice(STALLS), chance.choice(SMALL), status))

    def _large(self, chance: random.Random) -> Sent:
        return self.log.note("syncProduct", catalogue("vast", LARGE, traffic.fresh("vast"), chance.randrange(DEAREST)))


def furnish(load: Load) -> None:
    """Give the stores their first catalogues, so that status updates have something to name."""
    line = oracle.line(load.server)
    for store in STORES:
        line.perform(load.log.note("syncProduct", catalogue(store, SMALL, "first", 1)))
    line.perform(load.log.note("initializeStore", stalls(STALLS, SMALL, "first", 1)))
    line.close()


def campaign(server: Server, kills: int, seed: int, *, between: Callable[[int], None] = lambda _: None) -> None:
    """Kill and start the server again and again under load, then ask the oracle."""
    chance = random.Random(seed)
    load = Load(server)
    furnish(load)
    ready: list[float] = []

    def trouble() -> None:
        for number in range(kills):
            time.sleep(chance.uniform(0.05, 0.7))
            if number % 2:
                load.kill_at_an_answer()
            server.kill()
            between(number)
            ready.append(server.start())
        time.sleep(0.2)

    load.during(trouble)
    changes = oracle.check_all(server, load.log)
    print(
        f"\n{kills} kills: {len(load.log.sent)} requests, {changes} changes, {load.cut} attempts without an answer,"
        f" ready again in {sum(ready) / len(ready):.2f} s on average, {max(ready):.2f} s at most"
    )
    assert load.cut >= kills, "the kills did not hit anything"
    assert max(ready) <= READY_SECONDS


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.full)])
def test_after_kill_9_nothing_acknowledged_is_lost_nothing_is_half_applied_and_nothing_is_done_twice(
    server: Server, kills: int
) -> None:
    campaign(server, kills, seed=kills)


def test_a_killed_worker_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", workers=2) as server:
        load = Load(server)
        furnish(load)
        before = processes.workers(server)

        def trouble() -> None:
            os.kill(before[0], signal.SIGKILL)
            give_up = time.monotonic() + REPLACED_SECONDS
            while len(now := processes.workers(server)) < len(before) or before[0] in now:
                assert time.monotonic() < give_up, "the worker is not replaced"
                time.sleep(0.02)

        load.during(trouble)
        changes = oracle.check_all(server, load.log)
        print(f"\n1 of 2 workers killed: {len(load.log.sent)} requests, {changes} changes, {load.cut} cut")


@pytest.mark.parametrize("cuts", [5, pytest.param(100, marks=pytest.mark.full)])
def test_connections_to_postgresql_cut_in_the_middle_of_transactions_do_no_harm(
    own_postgres: OwnPostgres, cuts: int
) -> None:
    with own_postgres.postgres.fresh_database() as url, Server(url, workers=2) as server:
        load = Load(server)
        furnish(load)
        killed = 0

        def trouble() -> None:
            nonlocal killed
            with psycopg.connect(own_postgres.postgres.url, autocommit=True) as connection:
                for _ in range(cuts):
                    time.sleep(0.1)
                    killed += len(connection.execute(CUT_CONNECTIONS).fetchall())

        load.during(trouble)
        changes = oracle.check_all(server, load.log)
        print(
            f"\n{killed} connections cut: {len(load.log.sent)} requests, {changes} changes, {load.cut} attempts without S"
        )
        assert killed >= cuts


@pytest.mark.full
def test_a_crash_of_postgresql_under_load_is_survived_without_a_restart(own_postgres: OwnPostgres) -> None:
    with own_postgres.postgres.fresh_database() as url, Server(url, workers=2) as server:
        load = Load(server)
        furnish(load)

        def trouble() -> None:
            for _ in range(5):
                time.sleep(1)
                own_postgres.stop()
                own_postgres.start()
            time.sleep(0.5)

        load.during(trouble)
        changes = oracle.check_all(server, load.log)
        print(
            f"\n5 crashes of PostgreSQL: {len(load.log.sent)} requests, {changes} changes, {load.cut} attempts without S"
        )


@pytest.mark.full
def test_both_may_crash_together(own_postgres: OwnPostgres) -> None:
    def crash(_number: int) -> None:
        own_postgres.stop()
        own_postgres.start()

    with own_postgres.postgres.fresh_database() as url, Server(url, workers=2) as server:
        campaign(server, 5, seed=7, between=crash)
