"""addItem and updateItem: one item at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness import stall, terrace
from harness.caller import PATHS

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
    ],
    "skus": [
        {"skuId": "k1", "skuPropertyPairs": {"size": "S"}, "priceInfo": stall.price(300)},
        {"skuId": "k2", "skuPropertyPairs": {"size": "L"}, "priceInfo": stall.price(400)},
    ],
}


def single(name: str, **more: Any) -> dict[str, Any]:
    place = {"storeId": "stall1", "menuId": "m1", "menuType": "PICKUP", "categoryId": "c1", "saleType": "SINGLE"}
    return {**place, "itemId": name, "itemTitle": f"dish {name}", "priceInfo": stall.price(700), **more}


def add(platform: Platform, item: dict[str, Any], request_id: str = "add") -> Any:
    return platform.call("addItem", {"requestId": request_id, "item": item})


def items(platform: Platform) -> dict[str, Any]:
    return {one["id"]: one for one in platform.menu()["menus"][0]["categories"][0]["items"]}


@pytest.fixture
def fed(platform: Platform) -> Platform:
    stall.initialize(platform)
    return platform


def test_an_added_item_is_the_last_of_its_category(fed: Platform) -> None:
    assert add(fed, single("satay", modifierGroupIds=["toppings"], **SIZES)).code == "SUCCESS"
    assert list(items(fed)) == ["horfun", "laksa", "satay"]
    assert [sku["price"]["amount"] for sku in items(fed)["satay"]["skus"]] == [300, 400]


def test_an_item_that_exists_is_a_process_failure(fed: Platform) -> None:
    answer = add(fed, single("horfun"))
    assert answer.code == "PROCESS_FAIL"
    assert answer.message == "item.itemId: item 'horfun' exists already; use the update call"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"storeId": "nowhere"}, "item.storeId: no store 'nowhere' has been fed, or it is deleted"),
        ({"menuType": "DINEIN"}, "item.menuId: no menu 'm1' DINEIN in the store"),
        ({"categoryId": "c9"}, "item.categoryId: no category 'c9' in the menu"),
        ({"modifierGroupIds": ["toppings", "g9"]}, "item.modifierGroupIds[1]: no modifier group 'g9' in the store"),
        ({"skus": SIZES["skus"]}, "item.skuPropertyGroups: is required where there are skus"),
    ],
)
def test_an_item_without_its_place_is_refused_by_path(fed: Platform, change: dict[str, Any], message: str) -> None:
    answer = add(fed, single("satay", **change))
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == message
    assert "satay" not in items(fed)


def test_an_add_on_belongs_to_the_store_and_is_shown_where_a_group_holds_it(fed: Platform) -> None:
    item = {
        "storeId": "stall1",
        "saleType": "ADDON",
        "itemId": "tofu",
        "itemTitle": "tofu",
        "priceInfo": stall.price(80),
    }
    assert add(fed, item).code == "SUCCESS"
    assert add(fed, item, "again").code == "PROCESS_FAIL"


def test_an_add_on_can_not_offer_a_group_it_is_part_of(fed: Platform) -> None:
    answer = fed.call("updateItem", {"itemId": "lettuce", "saleType": "ADDON", "modifierGroupIds": ["toppings"]})
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message.startswith("modifierGroupIds: makes a circle: ")


def test_absent_stays_given_replaces_and_empty_deletes(fed: Platform) -> None:
    add(
        fed,
        single("satay", itemDescription="grilled", modifierGroupIds=["toppings"], quantityRule={"min": 1, "max": 5}),
    )
    answer = fed.call(
        "updateItem",
        {
            "itemId": "satay",
            "saleType": "SINGLE",
            "itemDescription": "",
            "modifierGroupIds": [],
            "quantityRule": {"min": 0, "max": 2},
        },
    )
    assert answer.code == "SUCCESS"
    satay = items(fed)["satay"]
    assert "description" not in satay
    assert "groups" not in satay
    assert satay["quantity"] == {"min": 0, "max": 2}
    assert satay["name"] == "dish satay"


def test_a_required_field_can_not_be_cleared(fed: Platform) -> None:
    answer = fed.call(
        "updateItem", {"itemId": "horfun", "saleType": "SINGLE", "itemStatus": "SOLDOUT", "priceInfo": {}}
    )
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "priceInfo: is required and can not be cleared"
    assert items(fed)["horfun"]["available"] is True


def test_the_own_id_alone_means_every_item_that_carries_it(platform: Platform) -> None:
    second = stall.store(
        "stall2",
        stall.menu("m1", stall.category("c1", stall.item("horfun")), stall.category("c2", stall.item("horfun"))),
    )
    stall.initialize(platform, stall.noodles(), second)
    assert (
        platform.call("updateItem", {"itemId": "horfun", "saleType": "SINGLE", "itemStatus": "SOLDOUT"}).code
        == "SUCCESS"
    )
    shown = [
        one["available"]
        for index in (0, 1)
        for category in platform.menu(index)["menus"][0]["categories"]
        for one in category["items"]
        if one["id"] == "horfun"
    ]
    assert shown == [False, False, False]


def test_ids_above_narrow_what_is_meant(platform: Platform) -> None:
    two = stall.store(
        "stall2",
        stall.menu("m1", stall.category("c1", stall.item("horfun")), stall.category("c2", stall.item("horfun"))),
    )
    stall.initialize(platform, two)
    platform.call(
        "updateItem",
        {"itemId": "horfun", "saleType": "SINGLE", "storeId": "stall2", "categoryId": "c2", "itemStatus": "SOLDOUT"},
    )
    assert [category["items"][0]["available"] for category in platform.menu()["menus"][0]["categories"]] == [
        True,
        False,
    ]


def test_updating_nothing_is_refused_and_deleting_nothing_succeeds(fed: Platform) -> None:
    assert fed.call("updateItem", {"itemId": "ghost", "saleType": "SINGLE", "itemTitle": "x"}).code == "PARAM_ILLEGAL"
    assert fed.call("updateItem", {"itemId": "ghost", "saleType": "SINGLE", "isDeleted": "DELETED"}).code == "SUCCESS"


def test_a_deleted_item_is_gone_and_can_be_added_again(fed: Platform) -> None:
    assert fed.call("updateItem", {"itemId": "horfun", "saleType": "SINGLE", "isDeleted": "DELETED"}).code == "SUCCESS"
    assert list(items(fed)) == ["laksa"]
    assert add(fed, single("horfun")).code == "SUCCESS"
    assert list(items(fed)) == ["laksa", "horfun"]


def test_listed_skus_are_patched_and_others_stay(fed: Platform) -> None:
    add(fed, single("satay", **SIZES))
    answer = fed.call(
        "updateItem",
        {"itemId": "satay", "saleType": "SINGLE", "skus": [{"skuId": "k2", "priceInfo": stall.price(450)}]},
    )
    assert answer.code == "SUCCESS"
    assert [(sku["id"], sku["price"]["amount"]) for sku in items(fed)["satay"]["skus"]] == [("k1", 300), ("k2", 450)]
    unknown = fed.call(
        "updateItem", {"itemId": "satay", "saleType": "SINGLE", "skus": [{"skuId": "k9", "priceInfo": stall.price(1)}]}
    )
    assert unknown.message == "skus[0].skuId: no SKU 'k9' in the item"
    gone = fed.call("updateItem", {"itemId": "satay", "saleType": "SINGLE", "skus": [], "skuPropertyGroups": []})
    assert gone.code == "SUCCESS"
    assert "skus" not in items(fed)["satay"]


def test_the_merged_item_is_checked_as_a_whole(fed: Platform) -> None:
    add(fed, single("satay", **SIZES))
    answer = fed.call("updateItem", {"itemId": "satay", "saleType": "SINGLE", "skuPropertyGroups": []})
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "skuPropertyGroups: is required where there are skus"


def test_texts_are_merged_by_column_and_language(fed: Platform) -> None:
    def text(language: str, value: str) -> dict[str, str]:
        return {"column": "itemTitle", "languageKey": language, "value": value}

    fed.call(
        "updateItem",
        {
            "itemId": "horfun",
            "saleType": "SINGLE",
            "multiLanguageDetails": [text("zh_cn", "河粉"), text("en", "Hor fun")],
        },
    )
    fed.call(
        "updateItem", {"itemId": "horfun", "saleType": "SINGLE", "multiLanguageDetails": [text("zh_cn", "炒河粉")]}
    )
    [[doc], _] = fed.rows("select doc from entry where kind = 5 order by position")
    assert json.loads(doc)["multiLanguageDetails"] == [text("zh_cn", "炒河粉"), text("en", "Hor fun")]


def test_two_spellings_of_a_language_are_one_text(fed: Platform) -> None:
    """What an update says last is what diners read, and an empty text takes it away, however the language is spelt."""
    [[public_id]] = fed.rows("select public_id from store where feed = 'pds'")

    def update(language: str, value: str) -> Any:
        details = [{"column": "itemTitle", "languageKey": language, "value": value}]
        update = {"itemId": "horfun", "saleType": "SINGLE", "multiLanguageDetails": details}
        assert fed.call("updateItem", update).code == "SUCCESS"
        return json.loads(fed.get(f"/storefront/v1/stores/{public_id}/menu?language=zh").body)

    names = []
    for language, value in (("zh-CN", "甲"), ("zh_cn", "乙"), ("ZH-cn", "丙"), ("zh_CN", "")):
        document = update(language, value)
        names.append(document["menus"][0]["categories"][0]["items"][0]["name"])
    assert names == ["甲", "乙", "丙", "dish horfun"]
    [[doc], _] = fed.rows("select doc from entry where kind = 5 order by position")
    assert [one["languageKey"] for one in json.loads(doc)["multiLanguageDetails"]] == ["zh_CN"]


def test_an_exact_copy_of_an_update_is_not_applied_again(fed: Platform) -> None:
    sold_out = {"itemId": "horfun", "saleType": "SINGLE", "itemStatus": "SOLDOUT"}
    time = "2026-11-22T12:00:00+08:00"
    fed.call("updateItem", sold_out, time=time)
    fed.call("updateItem", {**sold_out, "itemStatus": "AVAILABLE"})
    assert fed.call("updateItem", sold_out, time=time).code == "SUCCESS"
    assert items(fed)["horfun"]["available"] is True


def test_rule_data_is_checked_by_the_path_inside_it(fed: Platform) -> None:
    element = {
        "from": "2026-01-01T00:00:00+08:00",
        "to": "2026-12-31T00:00:00+08:00",
        "timeSlot": {"startTime": "10:00", "endTime": "25:00"},
        "itemStatus": "AVAILABLE",
    }
    for spelling in ("businessRules", "businessRule"):
        rules = [{"scene": "ITEM_STATUS_RULE", "ruleData": json.dumps([element])}]
        answer = add(fed, single("satay", **{spelling: rules}), spelling)
        assert answer.code == "PARAM_ILLEGAL"
        assert answer.message == f"item.{spelling}[0].ruleData[0].timeSlot.endTime: '25:00' is not HH:MM"


def findings(api: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a dry run says of a message."""
    from dstore import apis  # noqa: PLC0415 - only these tests look at the APIs themselves
    from dstore.protocol.api import collect  # noqa: PLC0415

    found = collect(apis)[PATHS.get(api, api)].findings(json.dumps(body).encode())
    return [(one.path, one.rule) for one in found]


def test_a_language_that_nobody_can_ask_for_is_warned_of(platform: Platform) -> None:
    details = [{"column": "name", "languageKey": key, "value": "x"} for key in ("zh_cn", "zz zz", "中文")]
    sample = stall.store("s", stall.menu("m", stall.category("c", stall.item("i"))), multiLanguageDetails=details)
    sample["menus"][0]["categories"][0]["categoryInfo"]["multiLanguageDetails"] = details[1:2]
    warned = [f"storeInfo.multiLanguageDetails[{index}].languageKey" for index in (1, 2)]
    warned.append("menus[0].categories[0].categoryInfo.multiLanguageDetails[0].languageKey")
    tree = terrace.store("s", terrace.menu("m"), name={"value": {"en": "x", "zz zz": "y"}})
    brand = {"brandId": "b", "brandName": "B", "multiLanguageDetails": details}
    for api, body, found in (
        ("initializeStore", {"requestId": "1", "stores": [sample]}, [f"stores[0].{path}" for path in warned]),
        ("updateItem", {"itemId": "i", "saleType": "SINGLE", "multiLanguageDetails": details[1:]},
         ["multiLanguageDetails[0].languageKey", "multiLanguageDetails[1].languageKey"]),
        ("addBrand", {"requestId": "1", "brand": brand}, [f"brand.multiLanguageDetails[{index}].languageKey" for index in (1, 2)]),
        (terrace.PATH, {"requestId": "1", "store": tree}, ["store.name.value"]),
    ):  # fmt: skip
        assert findings(api, body) == [(path, "text.language") for path in found], api
    assert stall.initialize(platform, sample).code == "SUCCESS"


def test_skus_of_an_add_on_item_are_warned_of_by_every_call_that_brings_some(platform: Platform) -> None:
    sized = stall.addon("egg", amount=400)
    sized["itemInfo"] |= SIZES
    store = stall.store("s", stall.menu("m", stall.category("c", stall.item("i", stall.group("g", sized)))))
    below = "menus[0].categories[0].items[0].modifierGroups[0].childItems[0]"
    new = {**single("egg", **SIZES), "saleType": "ADDON"}
    synced = terrace.addon("egg", saleAmount=400, **SIZES)
    tree = terrace.store(
        "s", terrace.menu("m", terrace.category("c", terrace.item("i", terrace.group("g", synced), **SIZES)))
    )
    change = {"itemId": "egg", "skus": [{"skuId": "k1"}]}
    for api, body, found in (
        ("initializeStore", {"requestId": "1", "stores": [store]}, [f"stores[0].{below}.itemInfo.skus"]),
        ("addItem", {"requestId": "1", "item": new}, ["item.skus"]),
        ("addItem", {"requestId": "1", "item": single("egg", **SIZES)}, []),
        ("updateItem", {**change, "saleType": "ADDON"}, ["skus"]),
        ("updateItem", {**change, "saleType": "SINGLE"}, []),
        (terrace.PATH, {"requestId": "1", "store": tree}, [f"store.{below}.skus"]),
    ):
        assert findings(api, body) == [(path, "sku.addon") for path in found], api
    assert stall.initialize(platform, store).code == "SUCCESS"
    [option] = platform.menu()["groups"][0]["options"]
    assert (option["price"]["amount"], option.get("skus")) == (400, None)
