"""Large bodies that are answered A: done exactly once, whatever happens, and then S or F for ever."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dstore.sandbox.catalogues import pds_store
from faults import oracle, processes
from faults.conftest import KINDS
from faults.processes import Memory
from faults.test_memory import PEAK, initialize
from faults.traffic import fresh, together
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness import databases
    from harness.caller import Answer

API = "initializeStore"
OVER = 10_000
DONE_SECONDS = 60.0
END_SECONDS = 10.0
# A server that is killed again and again may get to nothing in between.
TROUBLE_SECONDS = 300.0
# More than one transaction's worth: such a tree is written ahead and taken over by the commit.
LARGE = 2_100


@pytest.fixture(scope="module", params=KINDS)
def deferring(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two workers that defers bodies over 10 kB, on each database; each test uses stores of its own."""
    if request.param == "sqlite":
        with started(f"sqlite:///{tmp_path_factory.mktemp('deferring') / 'dstore.db'}") as one:
            yield one
        return
    postgres: databases.Postgres = request.getfixturevalue("postgres")
    with postgres.fresh_database() as url, started(url) as one:
        yield one


def started(url: str, workers: int = 2, **variables: str) -> Server:
    """Return a server that defers, to be entered."""
    environment: Any = {"DSTORE_ASYNC_OVER": str(OVER), **variables}
    return Server(url, workers=workers, **environment)


def body(store: str, *, items: int = 40, seed: int = 1, name: str = "", **info: Any) -> dict[str, Any]:
    """Return a call that feeds one store, large enough to be deferred."""
    one = pds_store(store, items, seed)
    one["storeInfo"].update({"name": name or store, **info})
    return {"requestId": fresh("later"), "stores": [one]}


def until_done(server: Server, wanted: dict[str, Any], pause: float = 0.1, seconds: float = DONE_SECONDS) -> Answer:
    """Repeat a call, as callers do, until its answer is final."""
    give_up = time.monotonic() + seconds
    while True:
        with suppress(OSError, HTTPException):
            answer = server.call(API, wanted)
            if answer.result["resultStatus"] not in {"A", "U"}:
                return answer
        assert time.monotonic() < give_up, f"not done after {seconds} s"
        time.sleep(pause)


def shown_name(server: Server, store: str) -> str:
    """Return the name under which diners see a store."""
    [(public_id,)] = oracle.rows(server.url, "select public_id from store where ref = ?", store)
    return str(oracle.menu(server, public_id)["store"]["name"])


def test_a_large_body_is_answered_a_then_s_for_ever_over_ends_and_starts(database_url: str) -> None:
    with started(database_url) as server:
        wanted = body("stall", items=LARGE)
        assert server.call(API, wanted).result["resultStatus"] == "A"
        server.terminate()
        code, seconds = server.ended()
        print(f"\nSIGTERM with an accepted call of {LARGE:,} items: {seconds:.1f} s, code {code}")
        assert (code, seconds <= END_SECONDS) == (0, True)
        # What was accepted is done though the setting is off by now.
        server.variables["DSTORE_ASYNC_OVER"] = "0"
        server.start()
        assert until_done(server, wanted).code == "SUCCESS"
        assert server.call(API, wanted).code == "SUCCESS"
        assert len(oracle.history(server.url, wanted["requestId"])) == 1
        assert oracle.rows(server.url, "select name from accepted") == []


def test_nothing_of_it_is_there_where_the_setting_is_off(tmp_path: Path) -> None:
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}") as server:
        assert server.call(API, body("stall")).code == "SUCCESS"
        server.terminate()
        server.ended()
        assert {one.name for one in tmp_path.iterdir()} <= {"dstore.db", "dstore.db-wal", "dstore.db-shm"}


class Feeding:
    """Callers that each feed a store of their own again and again, one call after the other, through every trouble."""

    def __init__(self, server: Server, stores: int) -> None:
        self.server = server
        self.stores = [fresh("stall") for _ in range(stores)]
        self.calls: dict[str, list[dict[str, Any]]] = {store: [] for store in self.stores}
        self.over = threading.Event()

    def live(self, number: int) -> None:
        """Feed one store; every other catalogue is a large one, every third is refused."""
        store = self.stores[number]
        while not self.over.is_set():
            turn = len(self.calls[store])
            items, refused = LARGE if turn % 2 else 40, turn % 3 == 2
            wanted = body(
                store, items=items, seed=turn, name=f"{store} {turn}", **({"brandId": "none"} if refused else {})
            )
            self.calls[store].append(wanted)
            assert until_done(self.server, wanted, seconds=TROUBLE_SECONDS).code == (
                "PARAM_ILLEGAL" if refused else "SUCCESS"
            )

    def check(self) -> int:
        """Every call has one final result and left one trace, or none if it was refused; return how many there were."""
        for store, calls in self.calls.items():
            applied = [one for one in calls if "brandId" not in one["stores"][0]["storeInfo"]]
            rows = "select h.request_id from history h join store s on s.id = h.store_id where s.ref = ? order by h.version"
            assert [row[0] for row in oracle.rows(self.server.url, rows, store)] == [
                one["requestId"] for one in applied
            ]
            assert shown_name(self.server, store) == applied[-1]["stores"][0]["storeInfo"]["name"]
            for one in calls[-4:]:
                again = self.server.call(API, one).code
                assert again == ("SUCCESS" if one in applied else "PARAM_ILLEGAL")
        assert oracle.rows(self.server.url, "select name from accepted") == []
        return sum(len(calls) for calls in self.calls.values())


@pytest.mark.parametrize("kills", [1, pytest.param(15, marks=pytest.mark.full)])
def test_after_kill_9_at_any_moment_it_is_done_once(database_url: str, kills: int) -> None:
    chance = random.Random(kills)
    with started(database_url) as server:
        feeding = Feeding(server, 2)

        def trouble() -> None:
            try:
                for _ in range(kills):
                    # From before the queue is up, over the reading and the writing ahead, to after the commit.
                    time.sleep(chance.uniform(0.2, 6.0))
                    server.kill()
                    server.start()
                time.sleep(2.0)
            finally:
                feeding.over.set()

        together([partial(feeding.live, number) for number in range(2)], trouble)
        print(f"\n{kills} kills: {feeding.check()} calls answered A, each done once")


def test_when_the_worker_at_the_queue_dies_another_takes_over(tmp_path: Path) -> None:
    with started(f"sqlite:///{tmp_path / 'dstore.db'}") as server:
        assert until_done(server, body("first")).code == "SUCCESS"
        wanted = body("second", items=LARGE)
        assert server.call(API, wanted).result["resultStatus"] == "A"
        [holder] = [one for one in processes.workers(server) if _holds_the_seat(one)]
        os.kill(holder, signal.SIGKILL)
        assert until_done(server, wanted).code == "SUCCESS"
        assert len(oracle.history(server.url, wanted["requestId"])) == 1


def _holds_the_seat(process: int) -> bool:
    with suppress(OSError):
        return any(str(file.readlink()).endswith("-seat") for file in Path(f"/proc/{process}/fd").iterdir())
    return False


# Before the tests of a server that they share: the engine's first start waits for every other engine of its database.
@pytest.mark.parametrize(("stores", "items"), [pytest.param(20, 1_000, marks=pytest.mark.full), pytest.param(5, 200)])
def test_the_largest_request_is_worked_on_in_bounded_memory(database_url: str, stores: int, items: int) -> None:
    with started(database_url) as server:
        assert until_done(server, body("warm")).code == "SUCCESS"
        wanted = json.loads(initialize(stores, items))
        with Memory(server) as memory:
            began = time.monotonic()
            assert server.call(API, wanted).result["resultStatus"] == "A"
            answered = time.monotonic() - began
            assert until_done(server, wanted, pause=2).code == "SUCCESS"
        print(
            f"\n{database_url.partition(':')[0]}, {stores} stores x {items} items: A after {answered:.1f} s,"
            f" S after {time.monotonic() - began:.1f} s, {memory.peak / 2**20:.0f} MiB at most"
        )
        assert memory.peak <= PEAK


def test_copies_at_both_workers_at_once_are_one_call(deferring: Server) -> None:
    wanted, answers = body(fresh("stall")), []

    def call() -> None:
        answers.append(deferring.call(API, wanted))

    together([call] * 8, lambda: None)
    assert {one.result["resultStatus"] for one in answers} <= {"A", "S"}
    assert until_done(deferring, wanted).code == "SUCCESS"
    assert len(oracle.history(deferring.url, wanted["requestId"])) == 1


def test_calls_are_done_in_the_order_they_were_accepted(deferring: Server) -> None:
    store = fresh("stall")
    calls = [body(store, seed=number, name=f"name {number}") for number in range(4)]
    for one in calls:
        assert deferring.call(API, one).result["resultStatus"] == "A"
    assert until_done(deferring, calls[-1]).code == "SUCCESS"
    assert shown_name(deferring, store) == "name 3"
    assert [until_done(deferring, one).code for one in calls] == ["SUCCESS"] * 4


def test_a_call_that_fails_later_is_f_for_ever_and_leaves_nothing(deferring: Server) -> None:
    store = fresh("stall")
    wanted = body(store, brandId="nobody")
    assert deferring.call(API, wanted).result["resultStatus"] == "A"
    answer = until_done(deferring, wanted)
    assert (answer.code, "no brand 'nobody'" in answer.result["resultMessage"]) == ("PARAM_ILLEGAL", True)
    assert deferring.call("initializeBrand", {"requestId": fresh("b"), "brands": [{"brandId": "nobody", "brandName": "B"}]}).code == "SUCCESS"  # fmt: skip
    assert deferring.call(API, wanted).result == answer.result
    assert oracle.rows(deferring.url, "select 1 from store where ref = ?", store) == []


def test_what_can_be_seen_at_once_is_refused_at_once(deferring: Server) -> None:
    wanted = body(fresh("stall"))
    twice = {**wanted, "stores": wanted["stores"] * 2}
    assert "is there twice" in deferring.call(API, twice).result["resultMessage"]
    assert deferring.call(API, json.dumps(wanted).encode()[:-1]).code == "PARAM_ILLEGAL"
    assert until_done(deferring, wanted).code == "SUCCESS"


def test_another_body_under_a_waiting_request_id_changes_nothing(deferring: Server) -> None:
    store = fresh("stall")
    wanted = body(store, name="first")
    other = {**body(store, name="second"), "requestId": wanted["requestId"]}
    assert [deferring.call(API, one).result["resultStatus"] for one in (wanted, other)] == ["A", "A"]
    assert until_done(deferring, other).code == "SUCCESS"
    assert shown_name(deferring, store) == "first"


def test_small_bodies_are_answered_as_ever(deferring: Server) -> None:
    assert deferring.call(API, body(fresh("stall"), items=2)).code == "SUCCESS"


def test_the_metrics_tell_what_was_accepted_and_what_is_done(deferring: Server) -> None:
    until_done(deferring, body(fresh("stall")))
    text = deferring.get("/metrics").body.decode()
    for state in ("accepted", "done"):
        assert f'dstore_deferred_total{{api="initializeStore",state="{state}"}}' in text
    assert "dstore_deferred_waiting " in text
