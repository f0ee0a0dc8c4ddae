"""addStore and updateStore: a store by itself; deleting it hides all of it, adding it again shows none of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness import stall

if TYPE_CHECKING:
    from harness.platform import Platform

STORE: dict[str, Any] = {**stall.store("stall1")["storeInfo"], "name": "Stall again"}
AREA: dict[str, Any] = {
    "areaId": "A1", "name": "n", "address": "a", "location": {"postCode": "1"}, "timeZone": "GMT+8:00", "contactPhoneNos": [],
    "pickUpAddress": "", "serviceAvailabilityList": [],
}  # fmt: skip


def add(platform: Platform, request_id: str = "add", **change: Any) -> Any:
    return platform.call("addStore", {"requestId": request_id, "appId": "21", "store": {**STORE, **change}})


def delete(platform: Platform) -> None:
    assert platform.call("updateStore", {"storeId": "stall1", "isDeleted": "DELETED"}).code == "SUCCESS"


def listed(platform: Platform) -> list[str]:
    return [store["name"] for store in json.loads(platform.get("/storefront/v1/stores").body)["stores"]]


def public_id(platform: Platform) -> str:
    [[found]] = platform.rows("select public_id from store where feed = 'pds'")
    return str(found)


def doc(platform: Platform) -> dict[str, Any]:
    [[found]] = platform.rows("select doc from store where feed = 'pds'")
    read: dict[str, Any] = json.loads(found)
    return read


def test_an_added_store_is_seen_at_once_and_takes_menus(platform: Platform) -> None:
    assert add(platform).code == "SUCCESS"
    assert platform.menu()["store"]["name"] == "Stall again"
    assert platform.menu()["menus"] == []
    menu = {"menuId": "m1", "storeId": "stall1", "menuType": "PICKUP", "title": "Menu"}
    assert platform.call("addMenu", {"requestId": "1", "menu": menu}).code == "SUCCESS"
    assert [one["id"] for one in platform.menu()["menus"]] == ["m1"]
    answer = add(platform, "again")
    assert (answer.code, answer.message) == (
        "PROCESS_FAIL",
        "store.storeId: store 'stall1' exists already; use the update call",
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"areaId": "A9"}, "store.areaId: no shopping area 'A9' has been fed, or it is deleted"),
        ({"brandId": "B9"}, "store.brandId: no brand 'B9' has been fed, or it is deleted"),
        ({"timeZone": "Mars"}, "store.timeZone: 'Mars' is not a time zone"),
        (
            {"businessRule": [{"scene": "PICKUP_RULE", "ruleData": '[{"minimumOrderAmount":{"currency":"SGD"}}]'}]},
            "store.businessRule[0].ruleData[0].minimumOrderAmount.amountValue: is required",
        ),
        ({"location": {}}, "store.location: has neither coordinates nor postCode"),
    ],
)
def test_what_is_wrong_is_refused_by_its_path(platform: Platform, change: dict[str, Any], message: str) -> None:
    answer = add(platform, **change)
    assert (answer.code, answer.message) == ("PARAM_ILLEGAL", message)
    stall.initialize(platform, stall.store("stall1"))
    update = platform.call("updateStore", {"storeId": "stall1", **change})
    if change == {"location": {}}:
        message = "store.location: is required and can not be cleared"
    assert (update.code, update.message) == ("PARAM_ILLEGAL", message.removeprefix("store."))
    assert listed(platform) == ["Stall stall1"]


def test_absent_stays_given_replaces_empty_deletes_and_the_tree_stays(platform: Platform) -> None:
    stall.initialize(platform)
    before = platform.menu()
    rules = [{"scene": "PICKUP_RULE", "ruleData": '[{"minimumOrderAmount":{"currency":"SGD","amountValue":500}}]'}]
    text = {"column": "name", "languageKey": "zh_cn", "value": "一号"}
    update = {"storeId": "stall1", "appId": "21", "description": "Hot", "cuisine": "noodles", "businessRule": rules}
    assert platform.call("updateStore", {**update, "multiLanguageDetails": [text]}).code == "SUCCESS"
    assert platform.call("updateStore", {"storeId": "stall1", "cuisine": "", "name": "One"}).code == "SUCCESS"
    info = {**stall.noodles()["storeInfo"], "name": "One", "description": "Hot", "businessRules": rules}
    assert doc(platform) == {**info, "multiLanguageDetails": [text]}
    cleared = {"storeId": "stall1", "businessRule": [], "multiLanguageDetails": [], "description": ""}
    assert platform.call("updateStore", cleared).code == "SUCCESS"
    assert doc(platform) == {**stall.noodles()["storeInfo"], "name": "One"}
    after = platform.menu()
    assert (after["menus"], after["groups"]) == (before["menus"], before["groups"])
    assert after["version"] == before["version"] + 3


def test_an_update_that_changes_nothing_keeps_the_version(platform: Platform) -> None:
    stall.initialize(platform)
    version = platform.menu()["version"]
    assert platform.call("updateStore", {"storeId": "stall1", "name": "Stall stall1"}).code == "SUCCESS"
    assert platform.menu()["version"] == version


def test_a_store_can_move_to_what_has_been_fed_and_leave_it(platform: Platform) -> None:
    stall.initialize(platform)
    platform.call("addShoppingArea", {"requestId": "1", "shoppingArea": AREA})
    platform.call("addBrand", {"requestId": "1", "brand": {"brandId": "B1", "brandName": "B"}})
    assert platform.call("updateStore", {"storeId": "stall1", "areaId": "A1", "brandId": "B1"}).code == "SUCCESS"
    wrong = platform.call("updateStore", {"storeId": "stall1", "areaId": "A2", "name": "x"})
    assert wrong.message == "areaId: no shopping area 'A2' has been fed, or it is deleted"
    assert (doc(platform)["areaId"], doc(platform)["brandId"]) == ("A1", "B1")
    assert platform.call("updateStore", {"storeId": "stall1", "areaId": ""}).code == "SUCCESS"
    assert "areaId" not in doc(platform)


def test_a_deleted_store_is_gone_for_diners_and_for_every_call(platform: Platform) -> None:
    stall.initialize(platform)
    public = public_id(platform)
    etag = platform.get(f"/storefront/v1/stores/{public}/menu").headers["etag"]
    delete(platform)
    assert listed(platform) == []
    for known in ({}, {"if_none_match": etag}):
        assert platform.get(f"/storefront/v1/stores/{public}/menu", **known).status == 404
    item = {"itemId": "horfun", "saleType": "SINGLE", "itemTitle": "x"}
    gone = "storeId: no store 'stall1' has been fed, or it is deleted"
    assert platform.call("updateStore", {"storeId": "stall1", "name": "x"}).message == gone
    assert platform.call("updateItem", {**item, "storeId": "stall1"}).message == gone
    assert platform.call("updateItem", item).message == "itemId: no item 'horfun' has been fed"
    delete(platform)


def test_a_deleted_store_that_is_added_again_is_empty_and_keeps_its_public_id(platform: Platform) -> None:
    stall.initialize(platform)
    public, version = public_id(platform), platform.menu()["version"]
    delete(platform)
    assert add(platform).code == "SUCCESS"
    shown = platform.menu()
    assert (shown["store"]["id"], shown["store"]["name"]) == (public, "Stall again")
    assert (shown["menus"], shown["groups"]) == ([], [])
    assert shown["version"] > version
    assert platform.call("updateItem", {"itemId": "egg", "saleType": "ADDON", "itemTitle": "x"}).code == "PARAM_ILLEGAL"
    egg = {"storeId": "stall1", "saleType": "ADDON", "itemId": "egg", "itemTitle": "egg", "priceInfo": stall.price(1)}
    assert platform.call("addItem", {"requestId": "1", "item": egg}).code == "SUCCESS"
    assert platform.menu()["groups"] == []


def test_a_deleted_store_that_is_fed_again_has_just_what_is_fed(platform: Platform) -> None:
    stall.initialize(platform)
    first = platform.menu()
    delete(platform)
    assert stall.initialize(platform, request_id="again").code == "SUCCESS"
    again = platform.menu()
    assert (again["menus"], again["groups"]) == (first["menus"], first["groups"])
    delete(platform)
    smaller = stall.store("stall1", stall.menu("m1", stall.category("c1", stall.item("laksa"))))
    assert stall.initialize(platform, smaller, request_id="smaller").code == "SUCCESS"
    assert [one["id"] for one in platform.menu()["menus"][0]["categories"][0]["items"]] == ["laksa"]


@pytest.mark.parametrize(
    ("add_call", "member", "thing", "update_call", "ids"),
    [
        ("addShoppingArea", "shoppingArea", AREA, "updateShoppingArea", {"areaId": "A1"}),
        ("addBrand", "brand", {"brandId": "B1", "brandName": "Brand"}, "updateBrand", {"brandId": "B1"}),
    ],
)
def test_areas_and_brands_are_added_changed_deleted_and_added_again(
    platform: Platform, add_call: str, member: str, thing: dict[str, Any], update_call: str, ids: dict[str, str]
) -> None:
    name = "name" if member == "shoppingArea" else "brandName"
    [[own, value]] = ids.items()

    def kept() -> dict[str, Any]:
        [[found]] = platform.rows("select doc from entry where deleted = 0")
        read: dict[str, Any] = json.loads(found)
        return read

    assert platform.call(update_call, {**ids, name: "x"}).code == "PARAM_ILLEGAL"
    assert platform.call(add_call, {"requestId": "1", member: thing}).code == "SUCCESS"
    assert kept() == thing
    twice = platform.call(add_call, {"requestId": "2", member: thing})
    assert twice.code == "PROCESS_FAIL"
    assert twice.message.endswith(f"'{value}' exists already; use the update call")
    text = {"column": name, "languageKey": "zh_cn", "value": "一"}
    assert platform.call(update_call, {**ids, name: "New", "multiLanguageDetails": [text]}).code == "SUCCESS"
    assert kept() == {**thing, name: "New", "multiLanguageDetails": [text]}
    cleared = platform.call(update_call, {**ids, name: ""})
    assert (cleared.code, cleared.message) == ("PARAM_ILLEGAL", f"{name}: is required and can not be cleared")
    assert stall.initialize(platform, stall.store("s1", **ids), request_id="1").code == "SUCCESS"
    for _ in range(2):
        assert platform.call(update_call, {**ids, "isDeleted": "DELETED"}).code == "SUCCESS"
    assert stall.initialize(platform, stall.store("s2", **ids), request_id="2").code == "PARAM_ILLEGAL"
    assert platform.call("updateStore", {"storeId": "s1", "name": "stays"}).code == "SUCCESS"
    assert platform.call(add_call, {"requestId": "3", member: thing}).code == "SUCCESS"
    assert kept() == thing
    assert stall.initialize(platform, stall.store("s2", **ids), request_id="3").code == "SUCCESS"
    assert own in doc_of(platform, "s1")


def doc_of(platform: Platform, ref: str) -> dict[str, Any]:
    [[found]] = platform.rows("select doc from store where ref = ?", ref)
    read: dict[str, Any] = json.loads(found)
    return read


def test_another_partners_area_is_neither_changed_nor_in_the_way(platform: Platform) -> None:
    platform.add_partner("c2")
    for client_id in ("c1", "c2"):
        answer = platform.call("addShoppingArea", {"requestId": "1", "shoppingArea": AREA}, client_id=client_id)
        assert answer.code == "SUCCESS"
    platform.call("updateShoppingArea", {"areaId": "A1", "isDeleted": "DELETED"}, client_id="c2")
    assert stall.initialize(platform, stall.store("s1", areaId="A1")).code == "SUCCESS"
