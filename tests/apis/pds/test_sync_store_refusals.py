"""syncStore of release 2: what is refused, whole and with every finding, so that nothing is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness.terrace import (
    addon,
    category,
    entries,
    group,
    item,
    menu,
    must,
    small,
    store,
    stored,
    sync,
    text,
    under,
)

if TYPE_CHECKING:
    from harness.platform import Platform


SIZES = {
    "propertyGroupKey": "size",
    "propertyGroupName": "Size",
    "properties": [{"propertyName": "L", "propertyValue": "L"}],
}


def findings(platform: Platform, body: dict[str, Any]) -> str:
    """Return why a store is refused; nothing may be stored then."""
    before = stored(platform)
    answer = sync(platform, body)
    assert answer.result["resultStatus"] == "F", body
    assert stored(platform) == before
    return f"{answer.code} {answer.message}"


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"storeId": "new"}, ["store.name", "store.type", "store.location", "store.contacts", "store.serviceSchedules"]),
        ({"storeId": "s1", "menus": [{"menuId": "new"}]}, ["store.menus[0].name", "store.menus[0].type"]),
        ({"storeId": "s1", "menus": [{"menuId": "m1", "categories": [{"categoryId": "new"}]}]}, ["store.menus[0].categories[0].name"]),
        (under("s1", "m1", "rice", {"itemId": "new"}), [f"store.menus[0].categories[0].items[0].{name}" for name in ("name", "saleType", "saleAmount")]),
        (under("s1", "m1", "rice", {"itemId": "nasi", "modifierGroups": [{"groupId": "new"}]}), [
            f"store.menus[0].categories[0].items[0].modifierGroups[0].{name}" for name in ("name", "quantityRule", "childItems")]),
    ],
    ids=["store", "menu", "category", "item", "modifier group"],
)  # fmt: skip
def test_what_is_not_known_must_be_complete(platform: Platform, body: dict[str, Any], paths: list[str]) -> None:
    must(platform, small())
    words = findings(platform, body)
    assert words.startswith(f"PARAM_ILLEGAL {paths[0]}: is required")
    assert words.endswith(f"(and {len(paths) - 1} more)") or len(paths) == 1


def test_of_a_message_that_is_wrong_in_many_places_the_first_thousand_are_collected(platform: Platform) -> None:
    must(platform, small())
    words = findings(platform, under("s1", "m1", "rice", *[{"itemId": f"new{number}"} for number in range(400)]))
    assert words.startswith("PARAM_ILLEGAL store.menus[0].categories[0].items[0].name: is required")
    assert words.endswith("(and 999 or more)")


def test_what_is_wrong_in_every_place_of_an_item_is_counted_once(platform: Platform) -> None:
    shared = [item(f"i{number}") for number in range(600)]
    must(platform, store("s1", menu("m", category("a", *shared), category("b", *shared))))
    sku = {"skuId": "l", "skuPropertyPairs": {"size": "S"}, "saleAmount": 300}
    wrong = [{"itemId": f"i{number}", "skuPropertyGroups": [SIZES], "skus": [sku]} for number in range(600)]
    words = findings(platform, under("s1", "m", "a", *wrong))
    assert "items[0].skus[0].skuPropertyPairs.size: 'S' is no propertyValue" in words
    assert words.endswith("(and 599 more)"), words


def test_a_store_has_one_menu_of_each_type_hidden_ones_counted(platform: Platform) -> None:
    must(platform, small())
    must(platform, {"storeId": "s1", "menus": [{"menuId": "m1", "status": "INVALID"}]})
    words = findings(platform, {"storeId": "s1", "menus": [menu("m2")]})
    assert words == "PROCESS_FAIL store.menus[0].type: the store has the PICKUP menu 'm1' already"
    words = findings(platform, {"storeId": "s1", "menus": [{"menuId": "m1", "type": "DINEIN"}]})
    assert words == "PROCESS_FAIL store.menus[0].type: menu 'm1' has another type already"
    must(platform, {"storeId": "s1", "menus": [menu("m2", kind="DINEIN")]})


def test_sku_rules_come_with_the_property_groups_and_are_checked_against_the_whole_item(platform: Platform) -> None:
    sku = {"skuId": "l", "skuPropertyPairs": {"size": "L"}, "saleAmount": 300}
    must(platform, store("s1", menu("m", category("c", item("i", skuPropertyGroups=[SIZES], skus=[sku])))))
    path = "store.menus[0].categories[0].items[0]"
    rules = [{"scene": "SKU_STATUS_RULE", "ruleData": "[]"}]
    words = findings(platform, under("s1", "m", "c", {"itemId": "i", "skus": [{**sku, "bizRules": rules}]}))
    assert f"{path}.skus[0].bizRules: goes together with skuPropertyGroups" in words
    words = findings(
        platform, under("s1", "m", "c", {"itemId": "i", "skus": [{**sku, "skuPropertyPairs": {"size": "S"}}]})
    )
    assert f"{path}.skus[0].skuPropertyPairs.size: 'S' is no propertyValue" in words
    must(
        platform,
        under("s1", "m", "c", {"itemId": "i", "skus": [{**sku, "bizRules": rules}], "skuPropertyGroups": [SIZES]}),
    )
    must(platform, under("s1", "m", "c", {"itemId": "i", "skus": [], "skuPropertyGroups": []}))
    assert not {"skus", "skuPropertyGroups"} & set(entries(platform, "s1")['["i","c","m","PICKUP"]'])


def rule(data: Any, scene: str = "PRICE_SCHEDULE") -> list[Any]:
    return [{"scene": scene, "ruleData": json.dumps(data)}]


FRAME = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-01-01T00:00:00+08:00", "saleAmount": 1, "currency": "SGD"}
ITEM = "store.menus[0].categories[0].items[0]"
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"bizRules": rule([{**FRAME, "timeSlot": {"startTime": "10:00", "endTime": "noon"}}])}, f"{ITEM}.bizRules[0].ruleData[0].timeSlot.endTime: 'noon' is not HH:MM"),
    ({"bizRules": rule([], "PICKUP_RULE")}, f"{ITEM}.bizRules[0].scene: 'PICKUP_RULE' is not known here"),
    ({"contents": [{"type": "TEXT", "scene": "DESCRIPTION", "value": "plain"}]}, f"{ITEM}.contents[0].value: is not JSON text"),
    ({"contents": [{"type": "IMAGE", "scene": "MAIN", "value": "x" * 256}]}, f"{ITEM}.contents[0].value: the address has 256"),
    ({"name": {"value": {}}}, f"{ITEM}.name.value: must not be empty"),
    ({"name": "plain"}, f"{ITEM}.name: expected an object, got text"),
    ({"saleAmount": -1}, f"{ITEM}.saleAmount: -1 is below 0"),
    ({"saleAmount": {"currency": "XXX", "value": 1}}, f'{ITEM}.saleAmount.currency: "XXX" is not a known value'),
    ({"saleType": "ADDON"}, f"{ITEM}.saleType: is ADDON where only SINGLE can stand"),
    ({"status": "GONE"}, f'{ITEM}.status: "GONE" is not a known value'),
    ({"sequence": 65_536}, f"{ITEM}.sequence: 65536 is above 65535"),
    ({"quantityRule": {"min": 2, "max": 1}}, f"{ITEM}.quantityRule: min 2 is above max 1"),
    ({"modifierGroups": [group("g"), group("g")]}, f"{ITEM}.modifierGroups[1].groupId: group 'g' is there twice"),
    ({"modifierGroups": [group("g", {"itemId": "a", "saleType": "SINGLE"})]}, f"{ITEM}.modifierGroups[0].childItems[0].saleType: is SINGLE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "words"), WRONG, ids=[next(iter(one)) + str(at) for at, (one, _) in enumerate(WRONG)]
)
def test_what_is_wrong_is_named_by_its_path_and_nothing_is_stored(
    platform: Platform, members: dict[str, Any], words: str
) -> None:
    must(platform, small())
    assert words in findings(platform, under("s1", "m1", "rice", item("nasi", **{"currency": "SGD", **members})))


def test_what_is_wrong_with_a_store_is_named_by_its_path(platform: Platform) -> None:
    cases = {
        "store.location.latitude: expected a number of degrees": store("x", location={"address": text("a"), "latitude": "north", "longitude": 1}),
        "store.location.address: is required": store("x", location={"latitude": 1, "longitude": 1}),
        "store.contacts: has 4 elements, at most 3": store("x", contacts=[{}] * 4),
        "store.areaId: is required for a HAWKER": store("x", type="HAWKER"),
        "store.brandId: no brand 'b' has been fed": store("x", brandId="b"),
        "store.serviceSchedules: no time of day has an offset": store("x", serviceSchedules=[]),
        "store.serviceSchedules[0].schedules.FIXED[0].startTime: '8' is not HH:MM": store(
            "x", serviceSchedules=[{"scheduleType": "DAILY", "schedules": {"FIXED": [{"startTime": "8", "endTime": "22:00+08:00"}]}}]
        ),
        "store.extendInfo: has": store("x", extendInfo={"a": "b" * 5000}),
        "store.bizRules[0].ruleData[0].minimumOrderAmount: is required": store("x", bizRules=rule([{}], "PICKUP_RULE")),
        "store.menus[1].menuId: menu 'm' is there twice": store("x", menu("m"), menu("m", kind="DINEIN")),
        "store.menus[0].categories[0].items[0].currency: is required": store("x", menu("m", category("c", {**item("i"), "currency": "SGD"} | {"itemId": "i"}))),
    }  # fmt: skip
    del cases["store.menus[0].categories[0].items[0].currency: is required"]["menus"][0]["categories"][0]["items"][0][
        "currency"
    ]
    assert {words: found for words, body in cases.items() if words not in (found := findings(platform, body))} == {}


def test_all_findings_are_counted_also_those_that_the_store_decides(platform: Platform) -> None:
    must(platform, small())
    body = under("s1", "m1", "rice", {"itemId": "a"}, {"itemId": "b", "saleType": "SINGLE"})
    body["menus"][0]["categories"].append({"categoryId": "new"})
    assert findings(platform, body).endswith("(and 5 more)")


def test_circles_and_too_many_levels_are_refused(platform: Platform) -> None:
    must(platform, small())
    loop = group("yolk", {"itemId": "runny", "modifierGroups": [{"groupId": "extras"}]})
    words = findings(platform, under("s1", "m1", "rice", {"itemId": "nasi", "modifierGroups": [loop]}))
    assert "modifier groups make a circle" in words
    assert words.startswith("PARAM_ILLEGAL store.menus[0].categories[0].items[0].modifierGroups[0]")
    deep = group("g11", addon("a11"))
    for level in range(10, 0, -1):
        deep = group(f"g{level}", addon(f"a{level}", deep))
    assert "nests 11 levels of groups" in findings(platform, under("s1", "m1", "rice", item("deep", deep)))
