"""Slots that a diner may choose, and what a delivery costs, asked from outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness import stall
from storefront import shops
from storefront.shops import ask, feed, read, rule

if TYPE_CHECKING:
    from harness.platform import Platform


def money(amount: int) -> dict[str, Any]:
    return {"currency": "SGD", "amountValue": amount}


TIERS = [
    {
        "from": 0, "to": 3000, "fee": money(300), "minimumOrderAmount": money(1500),
        "discounts": [
            {"discountType": "REDUCE", "orderThresholdAmount": money(2500), "discountValue": json.dumps(money(150))},
            {"discountType": "EXEMPTION", "orderThresholdAmount": money(4000)},
        ],
    },
    {"from": 3000, "to": 8000, "fee": money(600)},
]  # fmt: skip


def starts(answer: Any) -> dict[str, list[str]]:
    return {day["date"]: [slot["start"][11:16] for slot in day["slots"]] for day in answer["days"]}


def test_slots_step_through_the_menus_pick_up_rules_within_the_schedule(platform: Platform) -> None:
    menu = stall.menu("m", stall.category("c", stall.item("x")))
    steps = {"startTime": "11:00", "endTime": "14:00", "step": "60", "supportDays": 2, "minPrepareMinutes": 20}
    menu["menuInfo"]["pickUpRules"] = [steps]
    store = feed(platform, menu, businessRules=[rule("PICKUP_SCHEDULE", [shops.weekly("10:00", "13:30")])])
    answer = read(platform, store, "slots", service="PICKUP")
    assert answer["from"] == "2026-11-22T12:00:00+08:00"
    assert starts(answer) == {"2026-11-22": ["13:00"], "2026-11-23": ["11:00", "12:00", "13:00"]}
    later = read(platform, store, "slots", service="PICKUP", since="2026-11-23T12:30")
    assert starts(later) == {"2026-11-23": ["13:00"]}
    tomorrow = read(platform, store, "slots", service="PICKUP", at="2026-11-23T08:00")
    assert list(starts(tomorrow)) == ["2026-11-23", "2026-11-24"]


def test_as_many_slots_are_listed_from_the_time_it_takes_to_prepare_on(platform: Platform) -> None:
    menu = stall.menu("m", stall.category("c", stall.item("x")))
    menu["menuInfo"]["minPrepareMinutes"] = 2 * 24 * 60
    menu["menuInfo"]["pickUpRules"] = [{"startTime": "00:00", "endTime": "24:00", "step": "5", "supportDays": 7}]
    found = starts(read(platform, feed(platform, menu), "slots", service="PICKUP"))
    assert found["2026-11-24"][0] == "12:00"
    assert {date: len(slots) for date, slots in found.items()} == {
        "2026-11-24": 144,
        "2026-11-25": 288,
        "2026-11-26": 68,
    }


def test_slots_of_several_menus_are_one_list_with_each_time_once(platform: Platform) -> None:
    menus = []
    for name, step in (("m", "60"), ("n", "30")):
        menu = stall.menu(name, stall.category(f"c{name}", stall.item(name)))
        menu["menuInfo"]["pickUpRules"] = [{"startTime": "10:00", "endTime": "24:00", "step": step, "supportDays": 30}]
        menus.append(menu)
    days = read(platform, feed(platform, *menus), "slots", service="PICKUP")["days"]
    first, second, *_ = all_of_them = [slot for day in days for slot in day["slots"]]
    assert (first["start"][11:16], first["end"][11:16], second["start"][11:16]) == ("12:00", "12:30", "12:30")
    assert len(all_of_them) == 500


def test_a_service_without_slots_says_why(platform: Platform) -> None:
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("x"))), storeStatus="CLOSED")
    closed = read(platform, store, "slots", service="PICKUP")
    assert (closed["days"], closed["reason"]["code"]) == ([], "STORE_CLOSED")
    other = read(platform, store, "slots", service="DELIVERY")
    assert (other["days"], other["reason"]["code"]) == ([], "NOT_OFFERED")


def test_a_till_that_closes_for_the_morning_has_slots_from_its_end_on(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))
    body = {
        "requestId": "close",
        "posAccountId": "a",
        "store": {
            "posStoreId": "p",
            "status": "CLOSED",
            "extendInfo": {"closingEndTimes": {"defaultClosingEndTime": "2026-11-22T22:30:00+08:00"}},
        },
    }
    assert platform.call("syncStore", body).code == "SUCCESS"
    assert starts(read(platform, store, "slots", service="PICKUP")) == {"2026-11-22": ["22:30", "23:00", "23:30"]}


QUOTES = [
        (0, 1000, 300, ["FEE"], 500),
        (2999, 2500, 150, ["FEE", "REDUCE"], 0),
        (1000, 4000, 0, ["FEE", "REDUCE", "EXEMPTION"], 0),
        (3000, 100, 600, ["FEE"], None),
    ]  # fmt: skip


def test_a_delivery_is_quoted_line_by_line(platform: Platform) -> None:
    menu = stall.menu("m", stall.category("c", stall.item("x")), kind="DELIVERY")
    store = feed(platform, menu, businessRules=[rule("DELIVERY_DISTANCE", TIERS)])
    for distance, amount, total, kinds, missing in QUOTES:
        quote = read(platform, store, "delivery-quote", distance=distance, amount=amount)
        assert (quote["available"], quote["total"], quote.get("missing")) == (True, total, missing)
        assert [line["kind"] for line in quote["lines"]] == kinds
        assert sum(line["amount"] for line in quote["lines"]) == total
        assert quote["lines"][0]["setBy"].startswith("businessRules[0].ruleData[")


def test_a_delivery_that_is_not_made_says_why(platform: Platform) -> None:
    menu = stall.menu("m", stall.category("c", stall.item("x")), kind="DELIVERY")
    store = feed(platform, menu, businessRules=[rule("DELIVERY_DISTANCE", TIERS)])
    far = read(platform, store, "delivery-quote", distance=8000, amount=100)
    assert (far["available"], far["reason"]["code"], far["lines"]) == (False, "TOO_FAR", [])


def test_a_store_without_tiers_does_not_deliver(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))
    assert read(platform, store, "delivery-quote", distance=1, amount=1)["reason"]["code"] == "NO_DELIVERY"


WRONG: list[tuple[str, dict[str, Any], str]] = [
        ("slots", {}, "service"),
        ("slots", {"service": "PICKUP", "since": "soon"}, "from"),
        ("delivery-quote", {"amount": 1}, "distance"),
        ("delivery-quote", {"distance": 1}, "amount"),
        ("delivery-quote", {"distance": -1, "amount": 1}, "distance"),
        ("delivery-quote", {"distance": 1, "amount": "1e3"}, "amount"),
        ("delivery-quote", {"distance": "9" * 30, "amount": 1}, "distance"),
    ]  # fmt: skip


def test_what_is_asked_wrongly_is_named(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))
    for what, query, name in WRONG:
        answer = ask(platform, store, what, **query)
        assert (answer.status, json.loads(answer.body)["parameter"]) == (400, name), (what, query)
