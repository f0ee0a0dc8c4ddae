"""Menus and categories by single calls: added behind the others, changed by their ids, deleted with what is in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness import stall

if TYPE_CHECKING:
    from harness.platform import Platform

MENU = {"menuId": "m1", "storeId": "stall1", "menuType": "DINEIN", "title": "At the table"}
CATEGORY = {"categoryId": "c2", "storeId": "stall1", "menuId": "m1", "menuType": "PICKUP", "title": "Drinks"}
TEA = {
    "storeId": "stall1", "menuId": "m1", "menuType": "PICKUP", "categoryId": "c2", "saleType": "SINGLE", "itemId": "tea",
    "itemTitle": "Tea", "priceInfo": stall.price(120),
}  # fmt: skip


@pytest.fixture
def fed(platform: Platform) -> Platform:
    stall.initialize(platform)
    return platform


def add(platform: Platform, name: str, thing: dict[str, Any], request_id: str = "add") -> Any:
    member = {"addMenu": "menu", "addCategory": "category", "addItem": "item"}[name]
    return platform.call(name, {"requestId": request_id, member: thing})


def shown(platform: Platform, index: int = 0) -> dict[str, Any]:
    """Return menus by type, each with its categories and their items' ids."""
    return {
        one["type"]: {category["id"]: [item["id"] for item in category["items"]] for category in one["categories"]}
        for one in platform.menu(index)["menus"]
    }


def test_a_menu_a_category_and_an_item_are_added_behind_what_is_there(fed: Platform) -> None:
    assert add(fed, "addMenu", MENU).code == "SUCCESS"
    assert add(fed, "addCategory", CATEGORY).code == "SUCCESS"
    assert add(fed, "addItem", TEA).code == "SUCCESS"
    assert shown(fed) == {"PICKUP": {"c1": ["horfun", "laksa"], "c2": ["tea"]}, "DINEIN": {}}


def test_what_was_added_is_the_same_as_what_was_fed_with_the_store(fed: Platform) -> None:
    """The same tree fed whole differs in nothing: only its place in the store is written anew."""
    add(fed, "addMenu", MENU)
    add(fed, "addCategory", CATEGORY)
    docs = dict(fed.rows("select key, doc from entry where kind in (3, 4)"))
    pick_up, dine_in = stall.noodles()["menus"][0], {"menuInfo": {**MENU}, "categories": []}
    pick_up["categories"].append({"categoryInfo": {**CATEGORY}})
    store = stall.store("stall1", pick_up, dine_in)
    assert stall.initialize(fed, store, request_id="again").code == "SUCCESS"
    assert dict(fed.rows("select key, doc from entry where kind in (3, 4)")) == docs


@pytest.mark.parametrize(("name", "thing"), [("addMenu", MENU), ("addCategory", CATEGORY)])
def test_what_exists_is_not_added_again(fed: Platform, name: str, thing: dict[str, Any]) -> None:
    word, own = ("menu", "menuId") if name == "addMenu" else ("category", "categoryId")
    assert add(fed, name, thing, "1").code == "SUCCESS"
    answer = add(fed, name, {**thing, "title": "other"}, "2")
    assert (answer.code, answer.message) == (
        "PROCESS_FAIL",
        f"{word}.{own}: {word} '{thing[own]}' exists already; use the update call",
    )


@pytest.mark.parametrize(
    ("name", "thing", "message"),
    [
        ("addMenu", {**MENU, "storeId": "x"}, "menu.storeId: no store 'x' has been fed, or it is deleted"),
        ("addCategory", {**CATEGORY, "storeId": "x"}, "category.storeId: no store 'x' has been fed, or it is deleted"),
        ("addCategory", {**CATEGORY, "menuId": "x"}, "category.menuId: no menu 'x' PICKUP in the store"),
        ("addCategory", {**CATEGORY, "menuType": "DINEIN"}, "category.menuId: no menu 'm1' DINEIN in the store"),
        (
            "addMenu",
            {**MENU, "pickUpRules": [{"startTime": "25:00", "endTime": "10:00"}]},
            "menu.pickUpRules[0].startTime: '25:00' is not HH:MM",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_its_path(fed: Platform, name: str, thing: dict[str, Any], message: str) -> None:
    answer = add(fed, name, thing)
    assert (answer.code, answer.message) == ("PARAM_ILLEGAL", message)
    assert shown(fed) == {"PICKUP": {"c1": ["horfun", "laksa"]}}


def test_the_type_of_a_categorys_menu_is_asked_for_only_when_there_are_several(fed: Platform) -> None:
    bare = {name: value for name, value in CATEGORY.items() if name != "menuType"}
    assert add(fed, "addCategory", bare, "1").code == "SUCCESS"
    add(fed, "addMenu", MENU)
    answer = add(fed, "addCategory", {**bare, "categoryId": "c3"}, "2")
    assert (answer.code, answer.message) == (
        "PARAM_ILLEGAL",
        "category.menuType: is required, as there are several menus 'm1': DINEIN, PICKUP",
    )
    assert shown(fed) == {"PICKUP": {"c1": ["horfun", "laksa"], "c2": []}, "DINEIN": {}}


def test_absent_stays_given_replaces_empty_deletes_and_texts_are_merged(fed: Platform) -> None:
    def texts(**by_language: str) -> list[dict[str, str]]:
        return [{"column": "title", "languageKey": key, "value": value} for key, value in by_language.items()]

    add(fed, "addMenu", {**MENU, "subTitle": "slowly", "multiLanguageDetails": texts(zh_cn="堂食")})
    update = {"menuId": "m1", "menuType": "DINEIN", "subTitle": "", "description": "by the window"}
    assert fed.call("updateMenu", {**update, "multiLanguageDetails": texts(ms="Makan sini")}).code == "SUCCESS"
    [[doc]] = fed.rows("select doc from entry where kind = 3 and key like '%DINEIN%'")
    assert json.loads(doc) == {
        "menuId": "m1", "menuType": "DINEIN", "title": "At the table", "description": "by the window",
        "multiLanguageDetails": texts(zh_cn="堂食", ms="Makan sini"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "ids", "member"),
    [
        ("updateMenu", {"menuId": "m1"}, "title"),
        ("updateCategory", {"categoryId": "c1"}, "title"),
        ("updateModifierGroup", {"groupId": "toppings"}, "groupName"),
        ("updateModifierGroup", {"groupId": "toppings"}, "childItemIds"),
        ("updateModifierGroup", {"groupId": "toppings"}, "quantityRule"),
        ("updateStore", {"storeId": "stall1"}, "name"),
        ("updateStore", {"storeId": "stall1"}, "contactPhoneNos"),
        ("updateItem", {"itemId": "egg", "saleType": "ADDON"}, "priceInfo"),
    ],
)
def test_a_required_member_can_not_be_cleared(fed: Platform, name: str, ids: dict[str, str], member: str) -> None:
    before = fed.menu()
    empties: tuple[Any, ...] = ("", [], {})
    for empty in empties:
        answer = fed.call(name, {**ids, member: empty})
        assert (answer.code, answer.message) == ("PARAM_ILLEGAL", f"{member}: is required and can not be cleared")
    assert fed.menu() == before


@pytest.mark.parametrize(
    ("name", "ids", "members"),
    [
        ("updateMenu", {"menuId": "m1"}, ["storeId", "menuType", "isDeleted"]),
        ("updateCategory", {"categoryId": "c1"}, ["storeId", "menuId", "menuType", "isDeleted"]),
        ("updateModifierGroup", {"groupId": "toppings"}, ["storeId", "isDeleted"]),
        ("updateStore", {"storeId": "stall1"}, ["isDeleted"]),
        ("updateItem", {"itemId": "egg", "saleType": "ADDON"}, ["storeId", "isDeleted"]),
    ],
)
def test_an_empty_id_does_not_widen_what_is_meant(
    fed: Platform, name: str, ids: dict[str, str], members: list[str]
) -> None:
    for member in members:
        answer = fed.call(name, {**ids, member: ""})
        assert (answer.code, answer.message) == ("PARAM_ILLEGAL", f"{member}: can not be empty")


def test_the_own_id_alone_means_all_and_ids_above_narrow(platform: Platform) -> None:
    one = stall.menu("m1", stall.category("c1", stall.item("x")))
    other = stall.menu("m1", stall.category("c1", stall.item("x")), kind="DINEIN")
    stall.initialize(platform, stall.store("s1", one, other), stall.store("s2", one))

    def titles(kind: str) -> list[str]:
        what: Any = {"menu": lambda menu: menu["title"], "category": lambda menu: menu["categories"][0]["title"]}[kind]
        names = {platform.menu(index)["store"]["name"]: index for index in (0, 1)}
        return [what(menu) for _, index in sorted(names.items()) for menu in platform.menu(index)["menus"]]

    assert platform.call("updateMenu", {"menuId": "m1", "title": "all"}).code == "SUCCESS"
    assert titles("menu") == ["all", "all", "all"]
    platform.call("updateMenu", {"menuId": "m1", "menuType": "PICKUP", "title": "pick-up"})
    assert titles("menu") == ["pick-up", "all", "pick-up"]
    platform.call("updateMenu", {"menuId": "m1", "storeId": "s2", "title": "second"})
    assert titles("menu") == ["pick-up", "all", "second"]
    platform.call("updateCategory", {"categoryId": "c1", "title": "all"})
    platform.call("updateCategory", {"categoryId": "c1", "storeId": "s1", "menuId": "m1", "title": "first"})
    platform.call("updateCategory", {"categoryId": "c1", "menuType": "DINEIN", "title": "table"})
    assert titles("category") == ["first", "table", "all"]


def test_one_wrong_target_leaves_all_as_they_are(platform: Platform) -> None:
    """The texts of one menu are at their limit already: then no menu of the id is changed."""
    texts = [{"column": "title", "languageKey": f"l{number}", "value": "x"} for number in range(1000)]
    full = stall.menu("m1", stall.category("c1"))
    full["menuInfo"]["multiLanguageDetails"] = texts
    stall.initialize(platform, stall.store("s1", stall.menu("m1", stall.category("c1"))), stall.store("s2", full))
    before = platform.rows("select key, doc from entry order by tree, key")
    answer = platform.call(
        "updateMenu",
        {"menuId": "m1", "multiLanguageDetails": [{"column": "title", "languageKey": "new", "value": "x"}]},
    )
    assert (answer.code, answer.message) == (
        "PARAM_ILLEGAL",
        "multiLanguageDetails: has 1,001 elements, at most 1,000 are allowed",
    )
    assert platform.rows("select key, doc from entry order by tree, key") == before


@pytest.mark.parametrize(
    ("name", "ids", "message"),
    [
        ("updateMenu", {"menuId": "ghost"}, "menuId: no menu 'ghost' has been fed"),
        ("updateMenu", {"menuId": "m1", "menuType": "DELIVERY"}, "menuId: no menu 'm1' there"),
        ("updateMenu", {"menuId": "m1", "storeId": "x"}, "storeId: no store 'x' has been fed, or it is deleted"),
        ("updateCategory", {"categoryId": "ghost"}, "categoryId: no category 'ghost' has been fed"),
        (
            "updateCategory",
            {"categoryId": "c1", "storeId": "stall1", "menuId": "m9"},
            "menuId: no menu 'm9' in the store",
        ),
        (
            "updateCategory",
            {"categoryId": "c1", "storeId": "stall1", "menuId": "m1", "menuType": "DINEIN"},
            "menuId: no menu 'm1' DINEIN in the store",
        ),
    ],
)
def test_updating_nothing_is_refused_and_says_what_is_missing(
    fed: Platform, name: str, ids: dict[str, str], message: str
) -> None:
    answer = fed.call(name, {**ids, "title": "new"})
    assert (answer.code, answer.message) == ("PARAM_ILLEGAL", message)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("updateShoppingArea", {"areaId": "ghost"}),
        ("updateBrand", {"brandId": "ghost"}),
        ("updateStore", {"storeId": "ghost"}),
        ("updateMenu", {"menuId": "ghost"}),
        ("updateMenu", {"menuId": "m1", "menuType": "DELIVERY"}),
        ("updateCategory", {"categoryId": "ghost"}),
        ("updateCategory", {"categoryId": "ghost", "storeId": "stall1", "menuId": "m1"}),
        ("updateModifierGroup", {"groupId": "ghost", "storeId": "stall1"}),
        ("updateItem", {"itemId": "ghost", "saleType": "ADDON"}),
    ],
)
def test_deleting_nothing_succeeds_and_changes_nothing(fed: Platform, name: str, ids: dict[str, str]) -> None:
    before = fed.menu()
    assert fed.call(name, {**ids, "isDeleted": "DELETED"}).code == "SUCCESS"
    assert fed.menu() == before


def test_a_deleted_category_takes_its_items_and_comes_back_empty(fed: Platform) -> None:
    assert fed.call("updateCategory", {"categoryId": "c1", "isDeleted": "DELETED"}).code == "SUCCESS"
    assert shown(fed) == {"PICKUP": {}}
    answer = fed.call("updateItem", {"itemId": "horfun", "saleType": "SINGLE", "itemTitle": "x"})
    assert (answer.code, answer.message) == ("PARAM_ILLEGAL", "itemId: no item 'horfun' has been fed")
    gone = add(fed, "addItem", {**TEA, "categoryId": "c1"}, "1")
    assert gone.message == "item.categoryId: no category 'c1' in the menu"
    assert add(fed, "addCategory", {**CATEGORY, "categoryId": "c1"}).code == "SUCCESS"
    assert shown(fed) == {"PICKUP": {"c1": []}}
    assert add(fed, "addItem", {**TEA, "categoryId": "c1", "itemId": "horfun"}, "2").code == "SUCCESS"
    assert shown(fed) == {"PICKUP": {"c1": ["horfun"]}}


def test_a_deleted_menu_takes_only_what_is_in_it(platform: Platform) -> None:
    """Ids that look like the end of a key are no reason to go."""
    odd = 'c1","m1","PICKUP'
    kept = stall.menu("m2", stall.category("c1", stall.item("x")), stall.category(odd, stall.item(odd)))
    other = stall.menu("m1", stall.category("c1", stall.item("x")), kind="DINEIN")
    gone = stall.menu("m1", stall.category("c1", stall.item("x")), stall.category("c2", stall.item("y")))
    stall.initialize(platform, stall.store("stall1", kept, other, gone))
    update = {"menuId": "m1", "menuType": "PICKUP", "isDeleted": "DELETED"}
    assert platform.call("updateMenu", update).code == "SUCCESS"
    assert platform.rows("select count(*) from entry where deleted = 1") == [(5,)]
    left = platform.menu()["menus"]
    assert [(menu["id"], menu["type"], len(menu["categories"])) for menu in left] == [
        ("m2", "PICKUP", 2),
        ("m1", "DINEIN", 1),
    ]
    assert add(platform, "addMenu", {**MENU, "menuType": "PICKUP"}).code == "SUCCESS"
    assert platform.menu()["menus"][2]["categories"] == []
    [[what]] = platform.rows("select what from history where api like '%updateMenu'")
    assert json.loads(what) == {"change": "delete", "what": ['menu ["m1","PICKUP"]'], "inside": 4}
