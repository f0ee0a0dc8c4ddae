"""Why not: each thing that can not be ordered or is not shown says why, by which rule, and until when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness import stall
from storefront import shops
from storefront.shops import LONG, LUNCH, feed, hidden, items, read, rule

if TYPE_CHECKING:
    from harness.platform import Platform

SIZES: dict[str, Any] = {
    "skuPropertyGroups": [
        {
            "propertyGroupKey": "size",
            "propertyGroupName": "Size",
            "properties": [
                {"propertyName": "Small", "propertyValue": "S"},
                {"propertyName": "Large", "propertyValue": "L"},
            ],
        }
    ]
}
AREA: dict[str, Any] = {
    "areaId": "a",
    "name": "Night market",
    "address": "x",
    "serviceAvailabilityList": shops.hours("00:00", "24:00"),
    "location": {"postCode": "1"},
    "timeZone": "GMT+8:00",
    "contactPhoneNos": ["1"],
    "pickUpAddress": "gate",
}


def sku(name: str, value: str, *rules: Any) -> dict[str, Any]:
    one = {"skuId": name, "skuPropertyPairs": {"size": value}, "priceInfo": stall.price(300)}
    return {**one, "businessRules": list(rules)} if rules else one


def only_at_lunch(scene: str, member: str) -> dict[str, Any]:
    return rule(scene, [{**LONG, "timeSlot": LUNCH, member: "AVAILABLE"}])


def area(platform: Platform, request_id: str = "area", **changes: Any) -> None:
    answer = platform.call("initializeShoppingArea", {"requestId": request_id, "shoppingAreas": [{**AREA, **changes}]})
    assert answer.code == "SUCCESS", answer.message


def test_an_item_says_whether_its_status_or_a_rule_makes_it_unavailable(platform: Platform) -> None:
    store = feed(
        platform,
        stall.menu("m", stall.category("c",
            stall.item("gone", itemStatus="SOLDOUT"),
            stall.item("lunch", businessRules=[only_at_lunch("ITEM_STATUS_RULE", "itemStatus")]),
            stall.item("sizes", **SIZES, skus=[sku("s", "S", only_at_lunch("SKU_STATUS_RULE", "skuStatus")), sku("l", "L")]),
            stall.item("small", **SIZES, skus=[sku("s", "S", only_at_lunch("SKU_STATUS_RULE", "skuStatus"))]),
        )),
    )  # fmt: skip
    at_noon = items(read(platform, store))
    assert at_noon["gone"]["available"] is False
    assert at_noon["gone"]["reason"] == {"code": "SOLD_OUT", "text": "Sold out.", "rule": "itemStatus"}
    assert [at_noon[name]["available"] for name in ("lunch", "sizes", "small")] == [True, True, True]
    evening = items(read(platform, store, at="2026-11-22T20:00"))
    assert evening["lunch"]["reason"]["code"] == "SOLD_OUT_BY_RULE"
    assert evening["lunch"]["reason"]["rule"] == "businessRules[0].ruleData[0]"
    assert evening["lunch"]["reason"]["until"] == "2026-11-23T11:00:00+08:00"
    assert evening["sizes"]["available"] is True
    assert [one["available"] for one in evening["sizes"]["skus"]] == [False, True]
    assert evening["sizes"]["skus"][0]["reason"]["rule"] == "skus[0].businessRules[0].ruleData[0]"
    assert evening["small"]["reason"]["code"] == "NO_VARIANT"


def test_no_rule_makes_available_again_what_was_fed_as_sold_out(platform: Platform) -> None:
    dish = stall.item("x", businessRules=[only_at_lunch("ITEM_STATUS_RULE", "itemStatus")])
    store = feed(platform, stall.menu("m", stall.category("c", dish)))
    assert items(read(platform, store))["x"]["available"] is True
    assert platform.call("updateItem", {"itemId": "x", "saleType": "SINGLE", "itemStatus": "SOLDOUT"}).code == "SUCCESS"
    assert items(read(platform, store))["x"]["reason"]["code"] == "SOLD_OUT"


def test_what_is_not_shown_stands_at_the_end_with_the_reason(platform: Platform) -> None:
    evening = stall.item("evening", serviceAvailabilityList=shops.hours("18:00", "22:00"))
    unused = stall.menu("old", stall.category("c2", stall.item("x")))
    unused["menuInfo"]["menuStatus"] = "INVALID"
    toppings = stall.group("g", stall.addon("late"), stall.addon("egg"))
    toppings["childItems"][0]["itemInfo"]["serviceAvailabilityList"] = shops.hours("18:00", "22:00")
    store = feed(
        platform,
        stall.menu("m", stall.category("c", evening, stall.item("rice", toppings))),
        unused,
        stall.menu("table", stall.category("c3", stall.item("soup")), kind="DINEIN"),
    )
    document = read(platform, store, service="PICKUP")
    assert list(items(document)) == ["rice"]
    assert hidden(document) == {
        ("item", "evening"): "NOT_AT_THIS_TIME",
        ("menu", "old"): "MENU_HIDDEN",
        ("menu", "table"): "OTHER_SERVICE",
        ("option", "late"): "NOT_AT_THIS_TIME",
    }
    [late] = [one for one in document["hidden"] if one["id"] == "evening"]
    assert late["where"] == {"menu": "m", "type": "PICKUP", "category": "c"}
    assert late["reason"]["until"] == "2026-11-22T18:00:00+08:00"
    assert document["validUntil"] == "2026-11-22T18:00:00+08:00"
    assert [one["id"] for one in document["groups"][0]["options"]] == ["egg"]


def test_a_required_group_without_enough_left_makes_what_needs_it_unavailable(platform: Platform) -> None:
    size = shops.group("size", 1, 1, stall.addon("small"), stall.addon("large"))
    egg = stall.addon("egg", shops.group("style", 1, 1, stall.addon("soft")))
    extras = shops.group("extras", 0, 2, egg)
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("tea", size), stall.item("rice", extras))))

    def sell_out(name: str) -> Any:
        update = {"itemId": name, "saleType": "ADDON", "itemStatus": "SOLDOUT"}
        assert platform.call("updateItem", update).code == "SUCCESS"
        return read(platform, store)

    assert items(sell_out("small"))["tea"]["available"] is True
    document = sell_out("large")
    assert items(document)["tea"]["reason"]["code"] == "NOT_ENOUGH_OPTIONS"
    assert items(document)["tea"]["reason"]["rule"] == "modifierGroups[size].quantityRule"
    assert items(document)["rice"]["available"] is True
    document = sell_out("soft")
    groups = {one["id"]: one for one in document["groups"]}
    assert items(document)["rice"]["available"] is True, "an optional group keeps nobody from ordering"
    assert groups["extras"]["options"][0]["reason"]["code"] == "NOT_ENOUGH_OPTIONS"
    assert groups["style"]["available"] is False


def opening(*hours: tuple[str, str]) -> list[dict[str, Any]]:
    """Rules by which something is available only within each of some hours, in the order of things."""
    return [
        rule("SKU_STATUS_RULE", [{**LONG, "timeSlot": {"startTime": start, "endTime": end}, "skuStatus": "AVAILABLE"}])
        for start, end in hours
    ]


def test_an_item_without_variants_names_the_rule_and_the_moment_of_the_first_that_returns(platform: Platform) -> None:
    late, early = opening(("13:00", "15:00"), ("11:00", "12:00"))
    dish = stall.item("x", **SIZES, skus=[sku("s", "S", late), sku("l", "L", early)])
    store = feed(platform, stall.menu("m", stall.category("c", dish)))
    document = read(platform, store, at="2026-11-22T10:00")
    reason = items(document)["x"]["reason"]
    assert (reason["code"], reason["rule"]) == ("NO_VARIANT", "skus[1].businessRules[0].ruleData[0]")
    assert reason["until"] == document["validUntil"] == "2026-11-22T11:00:00+08:00"
    assert items(read(platform, store, at="2026-11-22T11:00"))["x"]["available"] is True


def timed_addon(name: str, start: str, **more: Any) -> dict[str, Any]:
    """An add-on item that is available from a time of day on."""
    one = stall.addon(name)
    slot = {"startTime": start, "endTime": "23:00"}
    data = [{**LONG, "timeSlot": slot, "itemStatus": "AVAILABLE"}]
    one["itemInfo"].update(businessRules=[rule("ITEM_STATUS_RULE", data)], **more)
    return one


def test_a_group_that_is_short_names_the_rule_and_the_moment_of_the_first_option_that_returns(
    platform: Platform,
) -> None:
    hidden_till_then = stall.addon("fish")
    hidden_till_then["itemInfo"]["serviceAvailabilityList"] = shops.hours("10:30", "23:00")
    bundle = shops.group("bundle", 0, 2, timed_addon("tea", "12:00", quantityRule={"min": 1, "max": 1}), timed_addon("jam", "11:00"))  # fmt: skip
    outer = stall.addon("outer", shops.group("inner", 1, 1, timed_addon("sauce", "11:00")))
    groups = {
        "timed": shops.group("timed", 1, 1, timed_addon("egg", "13:00"), timed_addon("ham", "11:00")),
        "unseen": shops.group("unseen", 1, 1, timed_addon("pork", "12:00"), hidden_till_then),
        "bundle": bundle,
        "nested": shops.group("nested", 1, 1, outer),
    }
    dishes = [stall.item(f"with-{name}", group) for name, group in groups.items()]
    store = feed(platform, stall.menu("m", stall.category("c", *dishes)))
    document = read(platform, store, at="2026-11-22T10:00")
    said = {one["id"]: one["reason"] for one in document["groups"] if "reason" in one}
    by_rule, at_table = "businessRules[0].ruleData[0]", items(document)
    for name, rule_of_group, rule_of_item, until in (
        ("timed", f"modifierGroups[timed].childItems[ham].{by_rule}", "modifierGroups[timed].quantityRule", "11:00"),
        ("unseen", "modifierGroups[unseen].childItems[fish].serviceAvailabilityList", "modifierGroups[unseen].quantityRule", "10:30"),
        ("bundle", f"modifierGroups[bundle].childItems[tea].{by_rule}", "modifierGroups[bundle].childItems[tea].quantityRule", "12:00"),
        ("nested", "modifierGroups[nested].childItems[outer].modifierGroups[inner].quantityRule", "modifierGroups[nested].quantityRule", "11:00"),
    ):  # fmt: skip
        moment = f"2026-11-22T{until}:00+08:00"
        for reason, path in ((said[name], rule_of_group), (at_table[f"with-{name}"]["reason"], rule_of_item)):
            assert (reason["code"], reason["rule"], reason["until"]) == ("NOT_ENOUGH_OPTIONS", path, moment)
        assert items(read(platform, store, at=moment))[f"with-{name}"]["available"] is True
    assert document["validUntil"] == "2026-11-22T10:30:00+08:00", "no reason ends before that"


def test_a_group_that_could_never_be_chosen_from_names_what_it_asks_for(platform: Platform) -> None:
    single = stall.addon("egg")
    single["itemInfo"]["quantityRule"] = {"min": 0, "max": 1}
    dish = stall.item("x", shops.group("extras", 3, 3, single))
    document = read(platform, feed(platform, stall.menu("m", stall.category("c", dish))))
    for reason in (document["groups"][0]["reason"], items(document)["x"]["reason"]):
        assert (reason["rule"], "until" in reason) == ("modifierGroups[extras].quantityRule", False)


def test_products_of_a_till_follow_their_groups_in_the_same_way(platform: Platform) -> None:
    rule_of_one: dict[str, Any] = {"quantityRule": {"min": 0, "max": 1}}
    store = shops.sync(
        platform,
        shops.product("tea", subProducts=["size"]),
        shops.choices("size", 1, 1, "small", "large"),
        shops.product("small", "MODIFIER", **rule_of_one),
        shops.product("large", "MODIFIER", **rule_of_one),
    )
    for name, available in (("small", True), ("large", False)):
        body = {"requestId": name, "posAccountId": "a", "store": {"posStoreId": "p"}, "products": [{"posProductId": name, "status": "SOLDOUT"}]}  # fmt: skip
        assert platform.call("syncProduct", body).code == "SUCCESS"
        document = read(platform, store)
        assert items(document)["tea"]["available"] is available
    assert items(document)["tea"]["reason"]["rule"] == "products[size].quantityRule"
    assert document["groups"][0]["available"] is False
    assert document["groups"][0]["reason"]["rule"] == "products[small].status"


def test_a_tills_groups_name_the_product_that_is_missing_at_the_end_of_the_chain(platform: Platform) -> None:
    oat = shops.product("oat", "MODIFIER", quantityRule={"min": 0, "max": 1})
    store = shops.sync(
        platform,
        shops.product("tea", subProducts=["size"]),
        shops.choices("size", 1, 1, "large"),
        shops.product("large", "MODIFIER", subProducts=["milk"]),
        shops.choices("milk", 1, 1, "oat"),
        {**oat, "status": "SOLDOUT"},
    )
    document = read(platform, store)
    rules = {one["id"]: one["reason"]["rule"] for one in document["groups"]}
    assert rules == {"size": "products[milk].quantityRule", "milk": "products[oat].status"}
    assert items(document)["tea"]["reason"]["rule"] == "products[size].quantityRule"


def test_a_till_that_closes_until_a_moment_opens_by_itself(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))
    close = {
        "requestId": "close",
        "posAccountId": "a",
        "store": {
            "posStoreId": "p",
            "status": "CLOSED",
            "extendInfo": {"closingEndTimes": {"defaultClosingEndTime": "2026-11-23T09:00:00+08:00"}},
        },
    }
    assert platform.call("syncStore", close).code == "SUCCESS"
    document = read(platform, store)
    assert document["store"]["open"] is False
    assert document["store"]["opensAt"] == document["validUntil"] == "2026-11-23T09:00:00+08:00"
    assert document["store"]["reason"]["code"] == document["menus"][0]["reason"]["code"] == "STORE_CLOSED"
    assert items(document)["tea"]["available"] is True, "a closed store's menu can be read"
    platform.clock.set(platform.clock.now().fromisoformat("2026-11-23T09:00:00+08:00"))
    document = read(platform, store)
    assert document["store"]["open"] is True
    assert "validUntil" not in document


def test_the_end_of_a_closing_can_be_set_anew_without_a_status(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))

    def tell(request_id: str, times: dict[str, str], **more: Any) -> Any:
        told = {"posStoreId": "p", "extendInfo": {"closingEndTimes": times}, **more}
        answer = platform.call("syncStore", {"requestId": request_id, "posAccountId": "a", "store": told})
        assert answer.code == "SUCCESS", answer.message
        return read(platform, store)["store"].get("opensAt")

    morning, evening = ({"defaultClosingEndTime": f"2026-11-23T{hour}:00:00+08:00"} for hour in ("09", "18"))
    assert tell("open", evening) is None, "a store that is open is not closed by that"
    assert read(platform, store)["store"]["open"] is True
    assert tell("close", morning, status="CLOSED") == "2026-11-23T09:00:00+08:00"
    assert tell("later", evening) == "2026-11-23T18:00:00+08:00"
    answer = platform.call(
        "syncStore", {"requestId": "name", "posAccountId": "a", "store": {"posStoreId": "p", "name": "n"}}
    )
    assert answer.code == "SUCCESS"
    assert read(platform, store)["store"]["opensAt"] == "2026-11-23T18:00:00+08:00"
    assert tell("for good", {}) is None
    assert read(platform, store)["store"]["reason"]["code"] == "STORE_CLOSED"


@pytest.mark.parametrize("zone", ["Asia/Singapore", "Pacific/Apia", "America/Los_Angeles"])
@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "9999-12-30T12:00:00+14:00"])
def test_a_closing_until_the_end_of_the_calendar_has_no_end(platform: Platform, end: str, zone: str) -> None:
    platform.restart(default_zone=zone)
    store = shops.sync(platform, shops.product("tea"))
    times = {"closingEndTimes": {"defaultClosingEndTime": end}}
    close = {"posStoreId": "p", "status": "CLOSED", "extendInfo": times}
    assert platform.call("syncStore", {"requestId": "close", "posAccountId": "a", "store": close}).code == "SUCCESS"
    [listed] = json.loads(platform.get("/storefront/v1/stores").body)["stores"]
    assert listed["reason"] == read(platform, store)["store"]["reason"]
    assert (listed["reason"]["code"], listed.get("opensAt"), listed["reason"].get("until")) == (
        "STORE_CLOSED",
        None,
        None,
    )
    assert read(platform, store, "slots", service="PICKUP")["days"] == []
    assert platform.get(f"/s/{store}").status == 200


@pytest.mark.parametrize("zone", ["GMT+14:00", "GMT-12:00"])
def test_rules_from_the_first_to_the_last_day_of_the_calendar_hold_all_the_time(platform: Platform, zone: str) -> None:
    ever = {"from": "0001-01-01T00:00:00+14:00", "to": "9999-12-31T23:59:59Z"}
    always = {"startTime": ever["from"], "endTime": ever["to"]}
    dish = stall.item("x", businessRules=[rule("ITEM_STATUS_RULE", [{**ever, "itemStatus": "SOLDOUT"}])])
    off = {"serviceStatus": "OFF", **always}
    store = feed(
        platform,
        stall.menu("m", stall.category("c", dish)),
        timeZone=zone,
        businessRules=[rule("PICKUP_SCHEDULE", [off])],
    )
    document = read(platform, store)
    assert items(document)["x"]["reason"]["code"] == "SOLD_OUT_BY_RULE"
    assert "until" not in items(document)["x"]["reason"]
    [pickup] = [one for one in document["store"]["services"] if one["type"] == "PICKUP"]
    assert (pickup["reason"]["code"], pickup.get("opensAt")) == ("OUTSIDE_SERVICE_HOURS", None)
    assert read(platform, store, "slots", service="PICKUP")["days"] == []
    assert platform.get(f"/s/{store}").status == 200


def test_a_store_of_an_area_is_open_only_when_both_are(platform: Platform) -> None:
    area(platform, serviceAvailabilityList=shops.hours("10:00", "20:00"))
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("x"))), areaId="a", serviceAvailabilityList=shops.hours("18:00", "23:00"))  # fmt: skip

    def card(at: str) -> Any:
        return read(platform, store, at=at)["store"]

    noon = card("2026-11-22T12:00")
    assert (noon["reason"]["code"], noon["opensAt"]) == ("OUTSIDE_HOURS", "2026-11-22T18:00:00+08:00")
    night = card("2026-11-22T21:00")
    assert night["reason"]["code"] == "OUTSIDE_AREA_HOURS"
    assert night["reason"]["rule"] == "shoppingArea.serviceAvailabilityList"
    assert night["opensAt"] == "2026-11-23T18:00:00+08:00"
    evening = card("2026-11-22T19:00")
    assert evening["open"] is True
    assert evening["area"] == {"id": "a", "name": "Night market"}


def test_a_change_of_an_area_is_in_the_very_next_read_of_its_stores(platform: Platform) -> None:
    area(platform)
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("x"))), areaId="a")
    assert read(platform, store)["store"]["open"] is True
    area(platform, "closed", shoppingAreaStatus="CLOSED")
    closed = read(platform, store)["store"]
    assert (closed["open"], closed["reason"]["code"]) == (False, "AREA_CLOSED")
    assert "opensAt" not in closed


def test_a_service_names_what_an_order_of_it_must_have(platform: Platform) -> None:
    rules = [
        rule("PICKUP_RULE", [{"minimumOrderAmount": {"currency": "SGD", "amountValue": 800}}]),
        rule("DINE_IN_ORDER", {"isTableNoRequired": True, "serviceType": "SERVE_TO_TABLE"}),
        rule("DINE_IN_SCHEDULE", [shops.weekly("18:00", "22:00")]),
        rule("DELIVERY_SCHEDULE", [shops.weekly("10:00", "22:00")]),
    ]
    dish = stall.category("c", stall.item("x"))
    store = feed(platform, stall.menu("m", dish), stall.menu("t", dish, kind="DINEIN"), businessRules=rules)
    pickup, dine_in, delivery = read(platform, store)["store"]["services"]
    assert pickup == {"type": "PICKUP", "available": True, "minimum": {"amount": 800, "currency": "SGD", "rule": "businessRules[0].ruleData[0]"}}  # fmt: skip
    assert dine_in["tableNumberRequired"] is True
    assert dine_in["serving"] == "SERVE_TO_TABLE"
    assert dine_in["reason"]["code"] == "OUTSIDE_SERVICE_HOURS"
    assert dine_in["reason"]["rule"] == "businessRules[2].ruleData[0]"
    assert dine_in["opensAt"] == "2026-11-22T18:00:00+08:00"
    assert delivery["reason"]["code"] == "NO_MENU"
    asked = read(platform, shops.only(platform), service="DINEIN")
    assert [menu["reason"]["code"] for menu in asked["menus"]] == ["OUTSIDE_SERVICE_HOURS"]


def test_a_service_that_is_not_offered_says_so(platform: Platform) -> None:
    store = shops.sync(platform, shops.product("tea"))
    document = read(platform, store, service="DELIVERY")
    assert document["menus"][0]["reason"]["code"] == "NOT_OFFERED"
    assert {one["type"]: one["available"] for one in document["store"]["services"]} == {"PICKUP": True, "DINEIN": True, "DELIVERY": False}  # fmt: skip


def test_the_list_of_stores_says_how_each_stands(platform: Platform) -> None:
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("x"))), serviceAvailabilityList=shops.hours("18:00", "22:00"))  # fmt: skip
    listed = read_list(platform)
    assert listed == [read(platform, store)["store"]]
    assert listed[0]["opensAt"] == "2026-11-22T18:00:00+08:00"
    assert read_list(platform, "?at=2026-11-22T19:00%2B08:00")[0]["open"] is True


def read_list(platform: Platform, query: str = "") -> Any:
    return json.loads(platform.get(f"/storefront/v1/stores{query}").body)["stores"]


def test_reasons_are_in_chinese_for_whoever_reads_it(platform: Platform) -> None:
    store = feed(platform, stall.menu("m", stall.category("c", stall.item("x", itemStatus="SOLDOUT"))))
    assert items(read(platform, store, accept="zh-CN,zh;q=0.9"))["x"]["reason"]["text"] == "已售罄。"
    assert items(read(platform, store, language="th"))["x"]["reason"]["text"] == "Sold out."
