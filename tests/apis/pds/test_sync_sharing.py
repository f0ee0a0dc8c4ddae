"""Sharing by syncStore: menus between stores, items between categories, groups between items, add-ons between groups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from harness import terrace
from harness.terrace import addon, category, entries, group, item, menu, must, shown, small, store, sync, text, under

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def pair(platform: Platform) -> Platform:
    """Two stores with one menu."""
    must(platform, small())
    must(platform, store("s2", {"menuId": "m1"}))
    return platform


def trees(platform: Platform, *stores: str) -> list[Any]:
    return [entries(platform, name) for name in stores]


def test_a_menu_is_shared_by_its_id_alone(pair: Platform) -> None:
    first, second = trees(pair, "s1", "s2")
    assert first == second
    assert shown(pair, "s2") == shown(pair, "s1")


def test_a_change_of_a_shared_menu_is_seen_in_every_store(pair: Platform) -> None:
    must(pair, store("s3", {"menuId": "m1"}))
    before = terrace.versions(pair)
    change = under(
        "s2", "m1", "rice", {"itemId": "nasi", "saleAmount": 500}, item("laksa", group("spice", addon("chilli")))
    )
    change["menus"][0] |= {"name": text("Lunch"), "minPrepareMinutes": 20}
    must(pair, change)
    first, second, third = trees(pair, "s1", "s2", "s3")
    assert first == second == third
    assert first['["nasi","rice","m1","PICKUP"]']["priceInfo"]["saleAmount"] == 500
    assert (first['["m1","PICKUP"]']["title"], first["spice"]["childItemIds"]) == ("Lunch", ["chilli"])
    assert terrace.versions(pair) == {name: version + 1 for name, version in before.items()}
    assert (
        shown(pair, "s1") == shown(pair, "s3") == {"m1": {"rice": ["nasi", "mee", "laksa"], "drinks": ["teh", "kopi"]}}
    )
    changes = [json.loads(bytes(what))["change"] for (what,) in pair.rows("select what from history order by id")]
    assert changes == ["sync"] * 6


def test_hiding_a_shared_menu_in_one_store_leaves_it_in_the_others(pair: Platform) -> None:
    must(pair, {"storeId": "s1", "menus": [{"menuId": "m1", "status": "INVALID"}]})
    assert (shown(pair, "s1"), list(shown(pair, "s2"))) == ({}, ["m1"])
    must(pair, {"storeId": "s1", "menus": [{"menuId": "m1", "name": text("New")}]})
    assert [one['["m1","PICKUP"]'].get("menuStatus") for one in trees(pair, "s1", "s2")] == ["INVALID", None]
    must(pair, store("s3", {"menuId": "m1"}))
    assert list(shown(pair, "s3")) == ["m1"]


def test_an_item_is_shared_between_categories_and_hidden_or_sold_out_in_one(pair: Platform) -> None:
    must(pair, under("s1", "m1", "drinks", {"itemId": "nasi"}))
    must(pair, under("s1", "m1", "drinks", {"itemId": "nasi", "status": "SOLDOUT", "saleAmount": 7}))
    for found in trees(pair, "s1", "s2"):
        first, second = found['["nasi","rice","m1","PICKUP"]'], found['["nasi","drinks","m1","PICKUP"]']
        assert (first.pop("status"), second.pop("status")) == ("AVAILABLE", "SOLDOUT")
        assert first == second
        assert first["priceInfo"]["saleAmount"] == 7


def test_a_group_is_shared_between_items_and_an_add_on_between_groups(pair: Platform) -> None:
    must(pair, under("s1", "m1", "rice", {"itemId": "mee", "modifierGroups": [{"groupId": "extras"}]}))
    other = {
        "groupId": "more",
        "name": text("more"),
        "quantityRule": {"min": 0, "max": 2},
        "childItems": [{"itemId": "egg"}],
    }
    must(pair, under("s1", "m1", "drinks", {"itemId": "teh", "modifierGroups": [other]}))
    must(
        pair,
        under(
            "s2",
            "m1",
            "drinks",
            {
                "itemId": "teh",
                "modifierGroups": [{"groupId": "more", "childItems": [{"itemId": "egg", "saleAmount": 99}]}],
            },
        ),
    )
    first, second = trees(pair, "s1", "s2")
    assert first == second
    assert first['["mee","rice","m1","PICKUP"]']["modifierGroupIds"] == ["extras"]
    assert (first["more"]["childItemIds"], first["extras"]["childItemIds"]) == (["egg"], ["egg"])
    assert first["egg"]["priceInfo"]["saleAmount"] == 99


def test_a_change_goes_on_to_stores_that_share_through_another(pair: Platform) -> None:
    must(pair, {"storeId": "s2", "menus": [menu("m2", category("c", {"itemId": "nasi"}), kind="DINEIN")]})
    must(pair, store("s3", {"menuId": "m2"}))
    must(pair, under("s1", "m1", "rice", {"itemId": "nasi", "saleAmount": 1}))
    prices = [
        one["priceInfo"]["saleAmount"] for name in ("s1", "s2", "s3") for key, one in entries(pair, name).items() if key.startswith('["nasi"')
    ]  # fmt: skip
    assert prices == [1, 1, 1, 1]
    assert '["mee","rice","m1","PICKUP"]' not in entries(pair, "s3")


def test_a_full_store_with_a_known_menu_shares_it_and_changes_it(platform: Platform) -> None:
    must(platform, small())
    must(platform, store("s2", menu("m1", category("rice", item("mee", saleAmount=1)))))
    first, second = trees(platform, "s1", "s2")
    assert first == second
    assert first['["mee","rice","m1","PICKUP"]']["priceInfo"]["saleAmount"] == 1


def test_a_menu_that_does_not_fit_a_store_is_not_shared(platform: Platform) -> None:
    must(platform, small())
    must(platform, small("s2", "m2"))
    before = terrace.versions(platform)
    answer = sync(platform, {"storeId": "s2", "menus": [{"menuId": "m1"}]})
    assert (answer.code, answer.message) == (
        "PROCESS_FAIL",
        "store.menus[0].menuId: the store has the PICKUP menu 'm2' already",
    )
    answer = sync(platform, store("s3", {"menuId": "m1", "type": "DELIVERY"}))
    assert (answer.code, answer.message) == (
        "PROCESS_FAIL",
        "store.menus[0].type: menu 'm1' is PICKUP in another store",
    )
    must(platform, store("s4", menu("m4", category("c", item("nasi")), kind="DINEIN")))
    answer = sync(platform, {"storeId": "s4", "menus": [{"menuId": "m1"}]})
    assert answer.code == "PROCESS_FAIL"
    assert "the store has another item 'nasi' than the stores of this menu" in answer.message
    assert {name: version for name, version in terrace.versions(platform).items() if name in before} == before


def test_menus_of_other_partners_and_of_deleted_stores_are_not_shared(platform: Platform) -> None:
    platform.add_partner("c2")
    must(platform, small())
    answer = sync(platform, store("s2", {"menuId": "m1"}), client_id="c2")
    assert (answer.code, answer.message.split(":")[0]) == ("PARAM_ILLEGAL", "store.menus[0].name")
    platform.transact(lambda one: one.run("update store set deleted = 1"))
    answer = sync(platform, store("s2", {"menuId": "m1"}))
    assert answer.code == "PARAM_ILLEGAL"


def test_a_deleted_store_comes_back_empty_and_must_be_complete(platform: Platform) -> None:
    must(platform, small())
    platform.transact(lambda one: one.run("update store set deleted = 1"))
    assert sync(platform, {"storeId": "s1", "name": text("x")}).code == "PARAM_ILLEGAL"
    must(platform, store("s1", menu("m9", category("c", item("i")))))
    assert shown(platform, "s1") == {"m9": {"c": ["i"]}}
    assert terrace.versions(platform) == {"s1": 2}


def test_a_refused_change_of_a_shared_menu_changes_no_store(pair: Platform) -> None:
    before = trees(pair, "s1", "s2"), terrace.versions(pair)
    answer = sync(pair, under("s1", "m1", "rice", {"itemId": "nasi", "saleAmount": 1}, {"itemId": "unknown"}))
    assert answer.code == "PARAM_ILLEGAL"
    assert (trees(pair, "s1", "s2"), terrace.versions(pair)) == before


def test_changes_of_a_shared_menu_through_two_stores_at_once_all_arrive(pair: Platform) -> None:
    calls = [
        (terrace.PATH, {"requestId": f"at once {number}", "store": under(f"s{number % 2 + 1}", "m1", "rice", item(f"i{number}"))})
        for number in range(10)
    ]  # fmt: skip
    assert {answer.code for answer in pair.call_all(calls)} == {"SUCCESS"}
    first, second = trees(pair, "s1", "s2")
    assert first == second
    assert sum(key.startswith('["i') for key in first) == 10


def test_levels_are_counted_from_the_top_wherever_a_group_is_put_in(platform: Platform) -> None:
    chain = group("g10", addon("a10"))
    for level in range(9, 0, -1):
        chain = group(f"g{level}", addon(f"a{level}", chain))
    must(platform, store("s1", menu("m1", category("c", item("i", chain), item("j")))))
    before = entries(platform, "s1")
    eleventh = {"itemId": "a10", "modifierGroups": [group("g11", addon("a11"))]}
    below = {"itemId": "j", "modifierGroups": [{"groupId": "g10", "childItems": [eleventh]}]}
    answer = sync(platform, under("s1", "m1", "c", below))
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == "store: nests 11 levels of groups from 'g1' on, at most 10 are allowed"
    assert entries(platform, "s1") == before
    # A group of its own may hang on a10 once the chain is no longer than nine.
    assert platform.call("updateItem", {"itemId": "a1", "saleType": "ADDON", "modifierGroupIds": []}).code == "SUCCESS"
    must(platform, under("s1", "m1", "c", below), "again")
