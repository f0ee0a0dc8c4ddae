"""The same request a hundred times at once, over two processes: one effect, equal results."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from faults import oracle, processes
from faults.traffic import catalogue, fresh, item_change, new_item, product_ids, stalls, statuses, together
from harness import caller
from harness.caller import PATHS

if TYPE_CHECKING:
    from faults.traffic import Line
    from harness.caller import Answer
    from harness.server import Server

TWINS = 100


def at_once(server: Server, api: str, body: dict[str, Any], time: str = "") -> list[Answer]:
    """Send one body from a hundred connections, half to each worker; return the answers.

    Each is signed by itself, at a time of its own; with a time given all are the same to the last byte.
    """
    raw, target = caller.to_bytes(body), PATHS.get(api, api)
    held = processes.lines_to_each(server, TWINS // 2)
    lines = [one for pair in zip(*held.values(), strict=True) for one in pair]
    gate = threading.Barrier(len(lines))
    answers: list[Answer | None] = [None] * len(lines)

    def send(index: int, line: Line) -> None:
        headers = dict(caller.signed_headers(target, raw, time=time or str(1795313006944 + index)))
        gate.wait()
        answers[index] = line.send_signed(api, raw, headers)

    together([partial(send, index, line) for index, line in enumerate(lines)])
    for line in lines:
        line.close()
    came = [answer for answer in answers if answer is not None]
    assert len(came) == TWINS
    return came


def furnished(server: Server, number: int = 3) -> str:
    """Return a new store with that many products."""
    store = fresh("twins")
    line = oracle.line(server)
    assert line.must("syncProduct", catalogue(store, product_ids(number), "first", 1)).code == "SUCCESS"
    line.close()
    return store


def fed(server: Server) -> str:
    """Return a new stall with three items."""
    stall = fresh("stall")
    assert server.call("initializeStore", stalls([stall], product_ids(3), "first", 1)).code == "SUCCESS"
    return stall


def check_one_effect(server: Server, api: str, body: dict[str, Any], code: str, effects: int) -> None:
    """Send the twins; assert equal bodies with this code, and that many rows in the history."""
    began = time.monotonic()
    answers = at_once(server, api, body)
    seconds = time.monotonic() - began
    assert {answer.code for answer in answers} == {code}
    assert len({answer.body for answer in answers}) == 1
    assert len(oracle.history(server.url, body["requestId"])) == effects
    given = oracle.rows(server.url, "select code from given where request_id = ?", body["requestId"])
    assert given == [(code,)]
    print(f"\n{TWINS} twins of {api}: {TWINS} x {code}, {effects} effect(s), {seconds:.2f} s with connecting")


def test_twins_of_a_status_update_have_one_effect(shared: Server) -> None:
    body = statuses(furnished(shared), {"p1": "SOLDOUT"})
    check_one_effect(shared, "syncProduct", body, "SUCCESS", 1)


@pytest.mark.parametrize("products", [3, 400])
def test_twins_of_a_full_sync_that_makes_the_store_have_one_effect(shared: Server, products: int) -> None:
    store = fresh("twins")
    body = catalogue(store, product_ids(products), "new", 5)
    check_one_effect(shared, "syncProduct", body, "SUCCESS", 1)
    assert oracle.rows(shared.url, "select count(*) from store where ref = ?", store) == [(1,)]


def test_twins_of_a_feed_of_two_stalls_have_one_effect_on_each(shared: Server) -> None:
    pair = [fresh("stall"), fresh("stall")]
    check_one_effect(shared, "initializeStore", stalls(pair, product_ids(40), "new", 5), "SUCCESS", 2)


def test_twins_of_an_added_item_have_one_effect_and_another_request_for_it_fails(shared: Server) -> None:
    body = new_item(fed(shared), 5)
    check_one_effect(shared, "addItem", body, "SUCCESS", 1)
    check_one_effect(shared, "addItem", {**body, "requestId": fresh("r")}, "PROCESS_FAIL", 0)


def test_copies_of_an_update_without_request_id_have_one_effect(shared: Server) -> None:
    stall, moment = fed(shared), "2026-11-22T02:00:19.123456Z"
    update = item_change(stall, "p1", "SOLDOUT")
    copies = at_once(shared, "updateItem", update, time=moment)
    assert {answer.code for answer in copies} == {"SUCCESS"}
    assert len({answer.body for answer in copies}) == 1
    # What happened in between is not undone by a late copy.
    assert shared.call("updateItem", item_change(stall, "p1", "AVAILABLE")).code == "SUCCESS"
    assert shared.call("updateItem", update, time=moment).code == "SUCCESS"
    effects = oracle.rows(shared.url, "select 1 from history where request_time = ?", moment)
    assert len(effects) == 1


def test_twins_of_a_business_failure_get_the_same_failure(shared: Server) -> None:
    body = statuses(furnished(shared), {"p1": "SOLDOUT", "nothing": "SOLDOUT"})
    check_one_effect(shared, "syncProduct", body, "PARAM_ILLEGAL", 0)


def test_twins_never_show_a_result_that_another_twin_was_not_given(shared: Server) -> None:
    """A failure and a success race: the missing product appears while the twins ask for it."""
    store = furnished(shared, 1)
    body = statuses(store, {"p1": "SOLDOUT"})
    line = oracle.line(shared)
    answers: list[Answer] = []
    together(
        [lambda: line.must("syncProduct", catalogue(store, product_ids(2), "more", 2))],
        meanwhile=lambda: answers.extend(at_once(shared, "syncProduct", body)),
    )
    line.close()
    assert len({answer.body for answer in answers}) == 1
    [(code,)] = oracle.rows(shared.url, "select code from given where request_id = ?", body["requestId"])
    assert {answer.code for answer in answers} == {code}
    assert len(oracle.history(shared.url, body["requestId"])) == (code == "SUCCESS")
