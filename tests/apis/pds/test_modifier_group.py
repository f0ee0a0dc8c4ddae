"""addModifierGroup and updateModifierGroup: choices that exist, lead nowhere in a circle, and are linked by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness import stall

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def fed(platform: Platform) -> Platform:
    """A dish with toppings: chicken, which has sides (lettuce), and egg."""
    stall.initialize(platform)
    return platform


def add(platform: Platform, name: str, *children: str, request_id: str = "", **more: Any) -> Any:
    group = {"groupId": name, "storeId": "stall1", "groupName": f"group {name}", "quantityRule": {"min": 0, "max": 2}}
    message = {"requestId": request_id or name, "modifierGroup": {**group, "childItemIds": list(children), **more}}
    return platform.call("addModifierGroup", message)


def add_addon(platform: Platform, name: str, *groups: str) -> Any:
    item = {"storeId": "stall1", "saleType": "ADDON", "itemId": name, "itemTitle": name, "priceInfo": stall.price(10)}
    return platform.call("addItem", {"requestId": f"addon {name}", "item": {**item, "modifierGroupIds": list(groups)}})


def delete(platform: Platform, **ids: str) -> None:
    name = "updateModifierGroup" if "groupId" in ids else "updateItem"
    assert platform.call(name, {**ids, "isDeleted": "DELETED"}).code == "SUCCESS"


def options(platform: Platform) -> dict[str, list[str]]:
    return {group["id"]: [option["id"] for option in group["options"]] for group in platform.menu()["groups"]}


def offered(platform: Platform, item: str = "horfun") -> list[str]:
    items = platform.menu()["menus"][0]["categories"][0]["items"]
    [one] = [each for each in items if each["id"] == item]
    groups: list[str] = one.get("groups", [])
    return groups


def test_an_added_group_is_offered_once_an_item_names_it(fed: Platform) -> None:
    assert add(fed, "extras", "egg", "lettuce").code == "SUCCESS"
    assert options(fed)["extras"] == ["egg", "lettuce"]
    update = {"itemId": "horfun", "saleType": "SINGLE", "modifierGroupIds": ["extras", "toppings"]}
    assert fed.call("updateItem", update).code == "SUCCESS"
    assert offered(fed) == ["extras", "toppings"]
    assert offered(fed, "laksa") == ["toppings"]


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"storeId": "x"}, "PARAM_ILLEGAL", "modifierGroup.storeId: no store 'x' has been fed, or it is deleted"),
        ({"childItemIds": ["egg", "ham"]}, "PARAM_ILLEGAL", "modifierGroup.childItemIds[1]: no add-on item 'ham' in the store"),
        ({"childItemIds": ["horfun"]}, "PARAM_ILLEGAL", "modifierGroup.childItemIds[0]: no add-on item 'horfun' in the store"),
        ({"childItemIds": ["egg", "egg"]}, "PARAM_ILLEGAL", "modifierGroup.childItemIds: names one twice"),
        ({"quantityRule": {"min": 3, "max": 2}}, "PARAM_ILLEGAL", "modifierGroup.quantityRule: min 3 is above max 2"),
        ({"groupId": "toppings"}, "PROCESS_FAIL", "modifierGroup.groupId: modifier group 'toppings' exists already; use the update call"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_its_path(fed: Platform, change: dict[str, Any], code: str, message: str) -> None:
    before = options(fed)
    answer = add(fed, "extras", "egg", **change)
    assert (answer.code, answer.message) == (code, message)
    assert options(fed) == before


def test_choices_and_quantities_are_replaced_as_a_whole(fed: Platform) -> None:
    update = {"groupId": "toppings", "childItemIds": ["egg", "lettuce"], "quantityRule": {"min": 1, "max": 1}}
    assert fed.call("updateModifierGroup", update).code == "SUCCESS"
    assert options(fed) == {"toppings": ["egg", "lettuce"], "sides": ["lettuce"]}
    assert fed.menu()["groups"][0]["quantity"] == {"min": 1, "max": 1}


def test_the_own_id_alone_means_the_group_in_every_store_and_each_must_have_the_choices(platform: Platform) -> None:
    second = stall.store(
        "stall2", stall.menu("m1", stall.category("c1", stall.item("x", stall.group("toppings", stall.addon("egg")))))
    )
    stall.initialize(platform, stall.noodles(), second)
    update = {"groupId": "toppings", "childItemIds": ["egg", "chicken"]}
    answer = platform.call("updateModifierGroup", update)
    assert (answer.code, answer.message) == ("PARAM_ILLEGAL", "childItemIds[1]: no add-on item 'chicken' in the store")
    assert platform.call("updateModifierGroup", {**update, "storeId": "stall1"}).code == "SUCCESS"
    assert platform.call("updateModifierGroup", {"groupId": "toppings", "groupName": "More"}).code == "SUCCESS"
    assert {platform.menu(index)["groups"][0]["name"] for index in (0, 1)} == {"More"}


@pytest.mark.parametrize(
    "update",
    [
        {"groupId": "sides", "childItemIds": ["chicken"]},
        {"groupId": "sides", "childItemIds": ["lettuce", "chicken"]},
        {"itemId": "lettuce", "saleType": "ADDON", "modifierGroupIds": ["sides"]},
        {"itemId": "lettuce", "saleType": "ADDON", "modifierGroupIds": ["toppings"]},
    ],
)
def test_a_circle_is_refused_from_either_side(fed: Platform, update: dict[str, Any]) -> None:
    answer = fed.call("updateModifierGroup" if "groupId" in update else "updateItem", update)
    assert answer.code == "PARAM_ILLEGAL"
    assert ": makes a circle: " in answer.message
    assert options(fed) == {"toppings": ["chicken", "egg"], "sides": ["lettuce"]}


def test_a_circle_is_refused_also_when_it_leads_through_what_was_deleted(fed: Platform) -> None:
    """lettuce names a group that is deleted; were it added again with chicken in it, it would lead back to itself."""
    add(fed, "dressings", "egg")
    fed.call("updateItem", {"itemId": "lettuce", "saleType": "ADDON", "modifierGroupIds": ["dressings"]})
    delete(fed, groupId="dressings")
    answer = add(fed, "dressings", "chicken", request_id="again")
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message.startswith("modifierGroup.childItemIds: makes a circle: ")
    assert add(fed, "dressings", "egg", request_id="other").code == "SUCCESS"


def test_ten_levels_of_groups_are_taken_and_an_eleventh_is_refused_wherever_it_is_put_in(fed: Platform) -> None:
    add_addon(fed, "a10")
    for level in range(10, 1, -1):
        assert add(fed, f"g{level}", f"a{level}").code == "SUCCESS"
        assert add_addon(fed, f"a{level - 1}", f"g{level}").code == "SUCCESS"
    assert add(fed, "g1", "a1").code == "SUCCESS"
    too_deep = "nests 11 levels of groups, at most 10 are allowed"
    assert add_addon(fed, "a0", "g1").code == "SUCCESS"
    assert add(fed, "g0", "a0").message == f"modifierGroup.childItemIds: {too_deep}"
    assert add(fed, "g11", "egg").code == "SUCCESS"
    below = fed.call("updateItem", {"itemId": "a10", "saleType": "ADDON", "modifierGroupIds": ["g11"]})
    assert below.message == f"modifierGroupIds: {too_deep}"
    between = fed.call("updateModifierGroup", {"groupId": "g5", "childItemIds": ["a4"]})
    assert between.message.startswith("childItemIds: makes a circle: ")
    side = fed.call("updateModifierGroup", {"groupId": "g10", "childItemIds": ["chicken"]})
    assert side.message == f"childItemIds: {too_deep}"
    item = {"itemId": "horfun", "saleType": "SINGLE", "modifierGroupIds": ["g1"]}
    assert fed.call("updateItem", item).code == "SUCCESS"


def test_a_deleted_group_is_no_longer_offered_and_is_offered_again_once_it_is_added(fed: Platform) -> None:
    delete(fed, groupId="toppings")
    assert (offered(fed), options(fed)) == ([], {"sides": ["lettuce"]})
    refused = fed.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "modifierGroupIds": ["toppings"]})
    assert refused.message == "modifierGroupIds[0]: no modifier group 'toppings' in the store"
    assert fed.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "itemTitle": "Laksa"}).code == "SUCCESS"
    assert add(fed, "toppings", "egg").code == "SUCCESS"
    assert (offered(fed), options(fed)) == (["toppings"], {"sides": ["lettuce"], "toppings": ["egg"]})


def test_a_deleted_add_on_is_no_choice_until_it_is_added_again(fed: Platform) -> None:
    delete(fed, itemId="egg", saleType="ADDON")
    assert options(fed)["toppings"] == ["chicken"]
    answer = fed.call("updateModifierGroup", {"groupId": "sides", "childItemIds": ["egg"]})
    assert answer.message == "childItemIds[0]: no add-on item 'egg' in the store"
    assert fed.call("updateModifierGroup", {"groupId": "toppings", "groupName": "Toppings"}).code == "SUCCESS"
    assert add_addon(fed, "egg").code == "SUCCESS"
    assert options(fed)["toppings"] == ["chicken", "egg"]
