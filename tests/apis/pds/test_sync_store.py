"""syncStore of release 2: inserting, merging, replacing, hiding."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from harness import stall, terrace
from harness.terrace import (
    addon,
    category,
    entries,
    group,
    info,
    item,
    menu,
    must,
    shown,
    small,
    store,
    stored,
    sync,
    text,
    under,
)

if TYPE_CHECKING:
    from harness.platform import Platform


def test_a_whole_store_is_inserted_by_one_call_and_shown(platform: Platform) -> None:
    must(platform, small())
    assert shown(platform, "s1") == {"m1": {"rice": ["nasi", "mee"], "drinks": ["teh", "kopi"]}}
    document = platform.menu()
    groups = {one["id"]: [option["id"] for option in one["options"]] for one in document["groups"]}
    assert groups == {"extras": ["egg"], "yolk": ["runny"]}
    assert document["store"]["name"] == "Terrace s1"
    first = document["menus"][0]["categories"][0]["items"][0]
    assert first["name"] == "dish nasi"
    assert (first["price"]["amount"], first["price"]["currency"]) == (400, "SGD")


def test_a_store_is_kept_in_the_words_of_the_other_calls(platform: Platform) -> None:
    contents = [
        {"type": "TEXT", "scene": "ANNOUNCEMENT", "value": json.dumps(text("Closed", zh_CN="休息"))},
        {"type": "TEXT", "scene": "DESCRIPTION", "value": json.dumps(text("By the river"))},
        {"type": "IMAGE", "scene": "BACKGROUND", "value": "https://www.example.com/a.jpg"},
    ]
    must(
        platform,
        store("s1", contents=contents, name={"value": {"zh-CN": "阳台", "en-US": "Terrace"}}, extendInfo={"a": 1}),
    )
    found = info(platform, "s1")
    texts = {(one["column"], one["languageKey"]): one["value"] for one in found.pop("multiLanguageDetails")}
    assert texts == {
        ("name", "zh-CN"): "阳台", ("name", "en-US"): "Terrace", ("address", "en-US"): "River Road 1",
        ("pickUpContactDetails[0].name", "en-US"): "Mei", ("announcement[0].value", "en-US"): "Closed",
        ("announcement[0].value", "zh-CN"): "休息", ("description", "en-US"): "By the river",
    }  # fmt: skip
    assert len(found.pop("serviceAvailabilityList")) == 7
    assert found.pop("serviceSchedules")[0]["scheduleType"] == "DAILY"
    assert found == {
        "storeId": "s1", "name": "Terrace", "storeType": "RESTAURANT", "address": "River Road 1", "timeZone": "+08:00",
        "location": {"latitude": "1.29", "longitude": "103.85", "postCode": "0"}, "contactPhoneNos": ["+65 6200 0018"],
        "pickUpContactDetails": [{"name": "Mei", "phoneNo": "+65 6200 0018"}], "extendInfo": {"a": 1}, "description": "By the river",
        "announcement": [{"contentType": "TEXT", "value": "Closed"}], "images": ["https://www.example.com/a.jpg"],
    }  # fmt: skip


def test_an_item_is_kept_with_its_skus_rules_and_contents(platform: Platform) -> None:
    sizes = {
        "propertyGroupKey": "size", "propertyGroupName": text("Size", zh_CN="份量"),
        "properties": [{"propertyName": text("Large"), "propertyValue": "L"}, {"propertyName": "Small", "propertyValue": "S"}],
    }  # fmt: skip
    skus = [
        {"skuId": "l", "skuPropertyPairs": {"size": "L"}, "saleAmount": {"currency": "SGD", "value": 350}},
        {"skuId": "s", "skuPropertyPairs": {"size": "S"}, "saleAmount": 300, "originAmount": 320},
    ]
    rule = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-01-01T00:00:00+08:00", "saleAmount": 1, "currency": "SGD"}
    rules = [{"scene": "PRICE_SCHEDULE", "ruleData": json.dumps([rule])}]
    given = item(
        "i", originAmount=450, skuPropertyGroups=[sizes], skus=skus, bizRules=rules, quantityRule={"min": 1, "max": 2}
    )
    must(platform, store("s1", menu("m", category("c", given), minPrepareMinutes=15)))
    found = entries(platform, "s1")['["i","c","m","PICKUP"]']
    assert found["priceInfo"] == {"saleAmount": 400, "originAmount": 450, "currency": "SGD"}
    assert found["skuPropertyGroups"][0]["propertyGroupName"] == "Size"
    assert [one["priceInfo"] for one in found["skus"]] == [
        {"saleAmount": 350, "currency": "SGD"},
        {"saleAmount": 300, "originAmount": 320, "currency": "SGD"},
    ]
    assert found["businessRules"] == rules
    columns = {one["column"] for one in found["multiLanguageDetails"]}
    assert columns == {
        "itemTitle",
        "skuPropertyGroups[0].propertyGroupName",
        "skuPropertyGroups[0].properties[0].propertyName",
    }
    assert entries(platform, "s1")['["m","PICKUP"]']["minPrepareMinutes"] == 15


def test_what_is_known_changes_only_in_what_is_passed(platform: Platform) -> None:
    must(platform, small())
    before = entries(platform, "s1")
    must(platform, under("s1", "m1", "rice", {"itemId": "nasi", "saleAmount": 500}))
    after = entries(platform, "s1")
    key = '["nasi","rice","m1","PICKUP"]'
    assert after[key]["priceInfo"] == {"saleAmount": 500, "currency": "SGD"}
    before[key]["priceInfo"]["saleAmount"] = 500
    assert after == before
    assert terrace.versions(platform) == {"s1": 2}
    must(platform, under("s1", "m1", "rice", {"itemId": "nasi", "saleAmount": 500}), "again")
    assert terrace.versions(platform) == {"s1": 2}


def test_a_child_is_added_under_ancestors_that_are_named_by_their_ids(platform: Platform) -> None:
    must(platform, small())
    must(
        platform, under("s1", "m1", "rice", item("laksa", group("spice", addon("chilli")), currency="SGD", sequence=1))
    )
    assert shown(platform, "s1")["m1"]["rice"] == ["laksa", "nasi", "mee"]
    inner = {"groupId": "extras", "childItems": [addon("tofu", sequence=3), {"itemId": "egg", "sequence": 7}]}
    must(
        platform,
        under("s1", "m1", "rice", {"itemId": "nasi", "modifierGroups": [inner, {"groupId": "spice", "sequence": 0}]}),
    )
    found = entries(platform, "s1")
    assert found["extras"]["childItemIds"] == ["tofu", "egg"]
    assert found['["nasi","rice","m1","PICKUP"]']["modifierGroupIds"] == ["spice", "extras"]


def test_texts_and_value_lists_are_replaced_whole(platform: Platform) -> None:
    contents = [{"type": "IMAGE", "scene": "MAIN", "value": "https://www.example.com/1.jpg"}]
    one = item("i", name=text("Rice", zh_CN="饭"), contents=contents)
    must(platform, store("s1", menu("m", category("c", one)), name=text("One", zh_CN="一")))
    must(
        platform,
        {
            **under("s1", "m", "c", {"itemId": "i", "name": text("Noodles"), "contents": []}),
            "name": text("Two"),
            "contacts": [],
        },
    )
    found, top = entries(platform, "s1")['["i","c","m","PICKUP"]'], info(platform, "s1")
    assert found["itemTitle"] == "Noodles"
    assert [one["languageKey"] for one in found["multiLanguageDetails"]] == ["en-US"]
    assert "images" not in found
    assert {(one["column"], one["value"]) for one in top["multiLanguageDetails"]} == {
        ("name", "Two"),
        ("address", "River Road 1"),
    }
    assert top["contactPhoneNos"] == []


def test_hiding_and_showing_again_deletes_nothing(platform: Platform) -> None:
    must(platform, small())
    whole, before = shown(platform, "s1"), entries(platform, "s1")
    must(platform, under("s1", "m1", "rice", {"itemId": "mee", "status": "INVALID"}))
    assert shown(platform, "s1")["m1"]["rice"] == ["nasi"]
    must(
        platform,
        {"storeId": "s1", "menus": [{"menuId": "m1", "categories": [{"categoryId": "drinks", "status": "INVALID"}]}]},
    )
    assert list(shown(platform, "s1")["m1"]) == ["rice"]
    must(platform, {"storeId": "s1", "menus": [{"menuId": "m1", "status": "INVALID"}]})
    assert shown(platform, "s1") == {}
    back = under("s1", "m1", "rice", {"itemId": "mee", "status": "VALID"})
    back["menus"][0] |= {"status": "VALID"}
    back["menus"][0]["categories"].append({"categoryId": "drinks", "status": "VALID"})
    must(platform, back)
    assert shown(platform, "s1") == whole
    before['["m1","PICKUP"]']["menuStatus"] = "VALID"
    assert entries(platform, "s1") == before


def test_a_hidden_store_is_not_shown_and_opens_again(platform: Platform) -> None:
    must(platform, small())
    [[public_id]] = platform.rows("select public_id from store")
    must(platform, {"storeId": "s1", "status": "INVALID"})
    assert json.loads(platform.get("/storefront/v1/stores").body)["stores"] == []
    assert platform.get(f"/storefront/v1/stores/{public_id}/menu").status == 404
    must(platform, {"storeId": "s1", "status": "OPEN"})
    assert platform.get(f"/storefront/v1/stores/{public_id}/menu").status == 200


def test_an_add_on_that_is_hidden_is_no_choice(platform: Platform) -> None:
    must(platform, small())
    inner = {"groupId": "extras", "childItems": [addon("tofu"), {"itemId": "egg", "status": "INVALID"}]}
    must(platform, under("s1", "m1", "rice", {"itemId": "nasi", "modifierGroups": [inner]}))
    groups = {one["id"]: [option["id"] for option in one["options"]] for one in platform.menu()["groups"]}
    assert groups["extras"] == ["tofu"]


def test_the_currency_may_stand_in_the_price_or_come_from_the_store(platform: Platform) -> None:
    plain = {"itemId": "b", "name": text("b"), "saleType": "SINGLE", "saleAmount": 1}
    must(
        platform,
        store(
            "s1",
            menu("m", category("c", {**plain, "itemId": "a", "saleAmount": {"currency": "JPY", "value": 7}}, plain)),
        ),
    )
    must(platform, under("s1", "m", "c", {**plain, "itemId": "later"}))
    prices = [one["priceInfo"] for key, one in entries(platform, "s1").items() if "priceInfo" in one]
    assert prices == [
        {"saleAmount": 7, "currency": "JPY"},
        {"saleAmount": 1, "currency": "JPY"},
        {"saleAmount": 1, "currency": "JPY"},
    ]


def test_a_request_has_its_effect_once(platform: Platform) -> None:
    must(platform, small(), "r1")
    before = stored(platform)
    assert sync(platform, small("other"), "r1").code == "SUCCESS"
    assert stored(platform) == before


def test_a_store_of_release_1_is_changed_and_release_1_changes_one_of_release_2(platform: Platform) -> None:
    stall.initialize(platform, stall.noodles())
    must(platform, {"storeId": "stall1", "name": text("Renamed")})
    [key] = [key for key in entries(platform, "stall1") if key.startswith('["laksa"')]
    _, category_id, menu_id, _ = json.loads(key)
    must(platform, under("stall1", menu_id, category_id, {"itemId": "laksa", "saleAmount": 999}))
    assert entries(platform, "stall1")[key]["priceInfo"]["saleAmount"] == 999
    assert info(platform, "stall1")["name"] == "Renamed"
    must(platform, small())
    answer = platform.call(
        "updateItem", {"itemId": "teh", "saleType": "SINGLE", "itemTitle": "Tea", "itemStatus": "SOLDOUT"}
    )
    assert answer.code == "SUCCESS"
    found = entries(platform, "s1")['["teh","drinks","m1","PICKUP"]']
    assert (found["itemTitle"], found["status"]) == ("Tea", "SOLDOUT")


def test_single_updates_of_release_1_leave_what_only_release_2_has(platform: Platform) -> None:
    given = store(
        "s1",
        menu("m", category("c", item("i", group("g", addon("a"), sequence=4))), minPrepareMinutes=15),
        extendInfo={"a": 1},
    )
    must(platform, given)
    must(platform, under("s1", "m", "c", {"itemId": "i", "status": "INVALID"}))
    calls: list[tuple[str, dict[str, Any]]] = [
        ("store/updateStore", {"storeId": "s1", "storeStatus": "CLOSED"}),
        ("store/updateMenu", {"menuId": "m", "description": "new"}),
        ("store/updateCategory", {"categoryId": "c", "subTitle": "new"}),
        ("item/updateItem", {"itemId": "i", "saleType": "SINGLE", "itemDescription": "new"}),
        ("item/updateModifierGroup", {"groupId": "g", "quantityRule": {"min": 0, "max": 3}}),
    ]
    for path, body in calls:
        answer = platform.call(f"/v2/pds/{path}", body)
        assert answer.code == "SUCCESS", (path, answer.message)
    top, found = info(platform, "s1"), entries(platform, "s1")
    assert (top["storeStatus"], top["extendInfo"], len(top["serviceSchedules"])) == ("CLOSED", {"a": 1}, 1)
    assert (found['["m","PICKUP"]']["description"], found['["m","PICKUP"]']["minPrepareMinutes"]) == ("new", 15)
    assert (found["g"]["quantityRule"]["max"], found["g"]["sequence"]) == (3, 4)
    assert (found['["i","c","m","PICKUP"]']["itemDescription"], found['["i","c","m","PICKUP"]']["status"]) == (
        "new",
        "INVALID",
    )
    must(platform, {"storeId": "s1", "status": "OPEN"})
    assert info(platform, "s1")["storeStatus"] == "OPEN"


def test_ids_may_hold_any_character(platform: Platform) -> None:
    odd = "201002||300009||@CD"
    must(platform, store("s1", menu("m", category("c", item("i", group("g", addon(odd)))))))
    assert entries(platform, "s1")["g"]["childItemIds"] == [odd]
    must(
        platform,
        under(
            "s1",
            "m",
            "c",
            {"itemId": "i", "modifierGroups": [{"groupId": "g", "childItems": [{"itemId": odd, "saleAmount": 3}]}]},
        ),
    )
    assert entries(platform, "s1")[odd]["priceInfo"]["saleAmount"] == 3


def test_a_large_store_is_inserted_and_changed_as_a_small_one(platform: Platform) -> None:
    many = [item(f"i{number}") for number in range(150)]
    must(platform, store("s1", menu("m", category("c", *many))))
    must(platform, under("s1", "m", "c", *[{"itemId": f"i{number}", "saleAmount": number} for number in range(150)]))
    assert len(shown(platform, "s1")["m"]["c"]) == 150
    assert terrace.versions(platform) == {"s1": 2}
    assert entries(platform, "s1")['["i77","c","m","PICKUP"]']["priceInfo"]["saleAmount"] == 77


def test_an_unknown_text_scene_is_warned_of_and_unknown_members_are_ignored() -> None:
    from dstore import apis  # noqa: PLC0415 - only this test looks at the API itself
    from dstore.protocol.api import collect  # noqa: PLC0415

    body = {
        "requestId": "r",
        "store": {
            "storeId": "s",
            "zzz": 1,
            "contents": [{"type": "TEXT", "scene": "FOOTER", "value": json.dumps(text("x"))}],
        },
    }
    found = collect(apis)[terrace.PATH].findings(json.dumps(body).encode())
    assert [(one.path, one.rule) for one in found] == [
        ("store.zzz", "type.unknown-member"),
        ("store.contents[0].scene", "content.scene"),
    ]
