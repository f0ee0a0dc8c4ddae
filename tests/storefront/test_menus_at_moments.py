"""The menu at a moment: what changes by itself changes on time, and what is kept is never shown too long."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from harness import stall
from storefront import shops
from storefront.shops import LONG, LUNCH, ask, feed, items, read, rule

if TYPE_CHECKING:
    from harness.platform import Platform

NIGHT = {"startTime": "22:00", "endTime": "02:00"}


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def busy(platform: Platform) -> str:
    """A store in which nearly every kind of rule changes something within a few days."""
    lunch = {**LONG, "timeSlot": LUNCH, "saleAmount": 800, "originAmount": 1000, "currency": "SGD"}
    dishes = [
        stall.item("cheap-lunch", amount=1000, businessRules=[rule("PRICE_SCHEDULE", [lunch])]),
        stall.item("night", serviceAvailabilityList=shops.hours("22:00", "02:00", "SUNDAY")),
        stall.item("monday", businessRules=[rule("ITEM_STATUS_RULE", [{**LONG, "weekDays": ["MONDAY"], "itemStatus": "AVAILABLE"}])]),
    ]  # fmt: skip
    closed = {"scheduleType": "DAILY", "serviceStatus": "OFF", "startTime": "2026-11-24T09:00:00+08:00", "endTime": "2026-11-24T12:00:00+08:00"}  # fmt: skip
    return feed(
        platform,
        stall.menu("m", stall.category("c", *dishes)),
        serviceAvailabilityList=shops.hours("08:00", "23:00"),
        businessRules=[rule("PICKUP_SCHEDULE", [shops.weekly("10:00", "22:00"), closed])],
    )


BOUNDARIES: list[tuple[str, Any, Any, Any]] = [
    ("2026-11-22T14:30", lambda one: items(one)["cheap-lunch"]["price"]["amount"], 800, 1000),
    ("2026-11-23T11:00", lambda one: items(one)["cheap-lunch"]["price"]["amount"], 1000, 800),
    ("2026-11-22T22:00", lambda one: "night" in items(one), False, True),
    ("2026-11-23T02:00", lambda one: "night" in items(one), True, False),
    ("2026-11-23T00:00", lambda one: items(one)["monday"]["available"], False, True),
    ("2026-11-24T00:00", lambda one: items(one)["monday"]["available"], True, False),
    ("2026-11-22T23:00", lambda one: one["store"]["open"], True, False),
    ("2026-11-23T08:00", lambda one: one["store"]["open"], False, True),
    ("2026-11-23T10:00", lambda one: one["menus"][0]["available"], False, True),
    ("2026-11-23T22:00", lambda one: one["store"]["services"][0]["available"], True, False),
    ("2026-11-24T12:00", lambda one: one["store"]["services"][0]["available"], False, True),
]


def test_what_a_rule_changes_is_shown_from_its_very_second_on(platform: Platform) -> None:
    store = busy(platform)
    for moment, seen, before, after in BOUNDARIES:
        platform.clock.set(local(moment) - timedelta(seconds=1))
        assert seen(read(platform, store)) == before, moment
        platform.clock.set(local(moment))
        assert seen(read(platform, store)) == after, moment


def test_what_is_kept_is_what_would_be_made_anew_around_every_boundary(platform: Platform) -> None:
    """The kept page goes by the clock; the one with `at` is made anew. They must never differ."""
    store = busy(platform)
    for moment, *_ in BOUNDARIES:
        for step in (-61, -1, 0, 1, 61):
            at = local(moment) + timedelta(seconds=step)
            platform.clock.set(at)
            kept = [read(platform, store) for _ in range(2)]
            asked = read(platform, store, at=at.isoformat())
            assert asked.pop("at") == at.isoformat()
            assert kept == [asked, asked], (moment, step)


def test_what_a_closed_store_does_not_show_brings_no_change(platform: Platform) -> None:
    # While the store is closed its pick-up ends at 22:00; there is no menu to deliver from at any time.
    store = feed(
        platform,
        stall.menu("m", stall.category("c", stall.item("kopi"))),
        serviceAvailabilityList=shops.hours("08:00", "20:00"),
        businessRules=[
            rule("PICKUP_SCHEDULE", [shops.weekly("10:00", "22:00")]),
            rule("DELIVERY_SCHEDULE", [shops.weekly("12:00", "13:00")]),
        ],
    )
    moments = ["2026-11-23T08:00", "2026-11-23T10:00", "2026-11-23T20:00", "2026-11-24T08:00"]
    for moment, following in pairwise(moments):
        assert read(platform, store, at=f"{moment}:00")["validUntil"] == f"{following}:00+08:00"


def test_hours_of_a_store_that_was_closed_for_good_bring_no_change(platform: Platform) -> None:
    hours = {"serviceAvailabilityList": shops.hours("08:00", "20:00")}
    rules = [rule("PICKUP_SCHEDULE", [shops.weekly("10:00", "22:00")])]
    menu = stall.menu("m", stall.category("c", stall.item("kopi")))
    store = feed(platform, menu, storeStatus="CLOSED", businessRules=rules, **hours)
    assert "validUntil" not in read(platform, store)


def test_an_old_tag_gets_304_until_valid_until_and_the_new_page_from_then_on(platform: Platform) -> None:
    store = busy(platform)
    for _ in range(12):
        first = ask(platform, store)
        until = datetime.fromisoformat(json.loads(first.body)["validUntil"])
        assert until > platform.clock.now()
        target = f"/storefront/v1/stores/{store}/menu"
        platform.clock.set(until - timedelta(microseconds=1))
        same = platform.get(target, if_none_match=first.headers["etag"])
        assert (same.status, same.body) == (304, b"")
        assert same.headers["etag"] == first.headers["etag"]
        platform.clock.set(until)
        other = platform.get(target, if_none_match=first.headers["etag"])
        assert other.status == 200
        assert other.headers["etag"] != first.headers["etag"]


def test_a_page_may_be_kept_only_if_it_is_asked_after(platform: Platform) -> None:
    store = busy(platform)
    for query in ({}, {"at": "2026-11-24T11:00:00+08:00"}, {"service": "PICKUP"}, {"language": "zh"}):
        answer = ask(platform, store, **query)
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["vary"] == "accept-language"
        assert answer.headers["etag"][0] == '"'


def test_every_page_of_a_store_has_a_tag_of_its_own(platform: Platform) -> None:
    store = busy(platform)
    asked: list[dict[str, Any]] = [{}, {"service": "PICKUP"}, {"service": "DINEIN"}, {"language": "zh"}, {"at": "2026-11-24T11:00:00+08:00"}]  # fmt: skip
    assert len({ask(platform, store, **query).headers["etag"] for query in asked}) == len(asked)


def test_a_change_is_in_the_very_next_read_of_every_page(platform: Platform) -> None:
    store = busy(platform)
    queries: list[dict[str, Any]] = [{}, {"service": "PICKUP"}, {"language": "zh"}, {"at": "2026-11-22T12:00:00+08:00"}]
    for number in range(3):
        update = {"itemId": "cheap-lunch", "saleType": "SINGLE", "itemTitle": f"name {number}"}
        assert platform.call("updateItem", update).code == "SUCCESS"
        assert {items(read(platform, store, **query))["cheap-lunch"]["name"] for query in queries} == {f"name {number}"}


WRITTEN = [
        ("2026-11-24T14:05:00+08:00", "2026-11-24T14:05:00+08:00"),
        ("2026-11-24T06:05:00Z", "2026-11-24T14:05:00+08:00"),
        ("2026-11-24T14:05", "2026-11-24T14:05:00+08:00"),
        ("2026-11-24", "2026-11-24T00:00:00+08:00"),
    ]  # fmt: skip


def test_a_moment_is_read_with_its_offset_or_by_the_stores_clock(platform: Platform) -> None:
    store = busy(platform)
    assert [read(platform, store, at=written)["at"] for written, _ in WRITTEN] == [means for _, means in WRITTEN]


def test_a_plus_sign_that_nobody_escaped_is_still_one(platform: Platform) -> None:
    store = busy(platform)
    answer = platform.get(f"/storefront/v1/stores/{store}/menu?at=2026-11-24T14:05:00+08:00")
    assert json.loads(answer.body)["at"] == "2026-11-24T14:05:00+08:00"


UNREADABLE = [
        ("at", "noon"), ("at", ""), ("at", "1999-12-31T00:00:00Z"), ("at", "9999-12-31T23:59:59Z"), ("at", "2026-13-01"),
        ("service", "pickup"), ("service", ""), ("language", ""), ("language", "*"), ("language", ";;"),
    ]  # fmt: skip


def test_a_parameter_that_can_not_be_read_is_named(platform: Platform) -> None:
    store = busy(platform)
    for name, value in UNREADABLE:
        answer = ask(platform, store, **{name: value})
        assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json"), (name, value)
        problem = json.loads(answer.body)
        assert problem["parameter"] == name
        assert problem["detail"].startswith(f"{name}: ")


def test_all_questions_about_a_store_that_is_not_there_are_answered_404(platform: Platform) -> None:
    queries: dict[str, dict[str, Any]] = {"menu": {"at": "2026-11-24"}, "slots": {"service": "PICKUP"}, "translations": {}, "delivery-quote": {"distance": 1, "amount": 1}}  # fmt: skip
    for what, query in queries.items():
        assert platform.get(f"/storefront/v1/stores/none/{what}?{urlencode(query)}").status == 404
    assert shops.price(platform, "none", {"item": "x"})[0] == 404
