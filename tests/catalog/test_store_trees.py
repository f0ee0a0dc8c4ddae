"""Nested stores into entries: document order, first records, links, and what must not be."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.kinds import ADDON, CATEGORY, ITEM, KINDS, MENU, MODIFIER_GROUP
from dstore.catalog.pds_trees import check_tree, flatten
from dstore.vocabulary.tree import InitStore
from harness import stall


def read(store: dict[str, Any]) -> InitStore:
    return msgspec.convert(store, InitStore)


def of_items(*items: Any) -> InitStore:
    return read(stall.store("s", stall.menu("m", stall.category("c", *items))))


def names(store: InitStore) -> list[tuple[str, str]]:
    return [(KINDS[entry.kind].word, KINDS[entry.kind].own_id(entry.key)) for entry in flatten(store)]


def docs(store: InitStore) -> dict[tuple[int, str], Any]:
    return {
        (entry.kind, KINDS[entry.kind].own_id(entry.key)): msgspec.json.decode(entry.doc) for entry in flatten(store)
    }


def told(store: InitStore) -> list[str]:
    return [("" if one.is_error else "? ") + f"{one.rule} {one.sentence}" for one in check_tree(store, "stores[0]")]


def test_a_store_becomes_entries_that_each_stand_after_what_holds_them() -> None:
    assert set(names(read(stall.noodles()))) == {
        ("menu", "m1"), ("category", "c1"), ("item", "horfun"), ("item", "laksa"), ("modifier group", "toppings"),
        ("modifier group", "sides"), ("add-on item", "chicken"), ("add-on item", "egg"), ("add-on item", "lettuce"),
    }  # fmt: skip
    items = [own for word, own in names(read(stall.noodles())) if word == "item"]
    assert items == ["horfun", "laksa"]


def test_keys_tell_apart_the_same_ids_in_other_places() -> None:
    category = stall.category("c", stall.item("i"))
    store = read(
        stall.store("s", stall.menu("m", category), stall.menu("m", category, kind="DINEIN"), stall.menu("n", category))
    )
    assert told(store) == []
    assert [entry.key for entry in flatten(store)] == [
        '["m","PICKUP"]', '["c","m","PICKUP"]', '["i","c","m","PICKUP"]',
        '["m","DINEIN"]', '["c","m","DINEIN"]', '["i","c","m","DINEIN"]',
        '["n","PICKUP"]', '["c","n","PICKUP"]', '["i","c","n","PICKUP"]',
    ]  # fmt: skip


def test_the_ids_of_enclosing_objects_are_not_kept_twice() -> None:
    store = stall.noodles()
    store["menus"][0]["menuInfo"]["storeId"] = "stall1"
    store["menus"][0]["categories"][0]["categoryInfo"] |= {"storeId": "stall1", "menuId": "m1", "menuType": "PICKUP"}
    kept = docs(read(store))
    assert kept[MENU.number, "m1"] == {"menuId": "m1", "menuType": "PICKUP", "title": "menu m1"}
    assert kept[CATEGORY.number, "c1"] == {"categoryId": "c1", "title": "category c1"}


def test_of_a_repeated_group_add_on_or_item_the_first_record_counts_and_each_link_stays() -> None:
    first = stall.group("g", stall.addon("a", amount=1), stall.addon("b"))
    second = stall.group("g", stall.addon("c"), most=9)
    other = stall.group("h", stall.addon("a", amount=2))
    store = of_items(stall.item("x", first), stall.item("y", second, other), stall.item("x", amount=999))
    kept = docs(store)
    assert kept[MODIFIER_GROUP.number, "g"]["childItemIds"] == ["a", "b"]
    assert kept[MODIFIER_GROUP.number, "h"]["childItemIds"] == ["a"]
    assert kept[ADDON.number, "a"]["priceInfo"]["saleAmount"] == 1
    assert kept[ITEM.number, "y"]["modifierGroupIds"] == ["g", "h"]
    assert kept[ITEM.number, "x"]["priceInfo"]["saleAmount"] == 400
    assert (ADDON.number, "c") not in kept
    assert [line.partition(" stores")[0] for line in told(store)] == ["? tree.copy"] * 3


def test_a_link_that_is_there_twice_is_kept_once() -> None:
    one = stall.group("g", stall.addon("a"), stall.addon("a"))
    kept = docs(of_items(stall.item("x", one, one)))
    assert kept[ITEM.number, "x"]["modifierGroupIds"] == ["g"]
    assert kept[MODIFIER_GROUP.number, "g"]["childItemIds"] == ["a"]


def test_a_status_stands_beside_the_document() -> None:
    entries = flatten(of_items(stall.item("x", itemStatus="SOLDOUT"), stall.item("y")))
    assert [entry.status for entry in entries] == [None, None, "SOLDOUT", "AVAILABLE"]
    assert all(b"itemStatus" not in entry.doc for entry in entries)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda one: one["menus"][0]["menuInfo"].update(storeId="x"), "tree.parent stores[0].menus[0].menuInfo.storeId: 'x' is not the enclosing 'stall1'"),
        (lambda one: one["menus"][0]["categories"][0]["categoryInfo"].update(storeId="x"), "tree.parent stores[0].menus[0].categories[0].categoryInfo.storeId: 'x' is not the enclosing 'stall1'"),
        (lambda one: one["menus"][0]["categories"][0]["categoryInfo"].update(menuId="x"), "tree.parent stores[0].menus[0].categories[0].categoryInfo.menuId: 'x' is not the enclosing 'm1'"),
        (lambda one: one["menus"][0]["categories"][0]["categoryInfo"].update(menuType="DINEIN"), "tree.parent stores[0].menus[0].categories[0].categoryInfo.menuType: 'DINEIN' is not the enclosing 'PICKUP'"),
        (lambda one: one["menus"][0]["categories"][0]["items"][1].update(categoryId="x"), "tree.parent stores[0].menus[0].categories[0].items[1].categoryId: 'x' is not the enclosing 'c1'"),
        (lambda one: one["menus"].append(one["menus"][0]), "list.duplicate stores[0].menus[1].menuInfo.menuId: menu 'm1' PICKUP is there twice"),
        (lambda one: one["menus"][0]["categories"].append(stall.category("c1")), "list.duplicate stores[0].menus[0].categories[1].categoryInfo.categoryId: category 'c1' is there twice"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_told_by_its_path(change: Any, finding: str) -> None:
    store = stall.noodles()
    change(store)
    assert finding in told(read(store))


def chain(levels: int) -> Any:
    inner: list[Any] = []
    for level in range(levels, 0, -1):
        inner = [stall.group(f"g{level}", stall.addon(f"a{level}", *inner))]
    return stall.item("x", *inner)


def test_ten_levels_of_groups_are_allowed() -> None:
    assert told(of_items(chain(10))) == []
    [finding] = told(of_items(chain(11)))
    assert finding.startswith("tree.depth stores[0].menus[0].categories[0].items[0].modifierGroups[0]")
    assert finding.endswith("nests 11 levels of groups, at most 10 are allowed")


@pytest.mark.parametrize(
    ("group", "along"),
    [
        (stall.group("g", stall.addon("a", stall.group("g"))), "g > g"),
        (stall.group("g", stall.addon("a", stall.group("h", stall.addon("b", stall.group("g"))))), "g > h > g"),
        (stall.group("f", stall.addon("c", stall.group("g", stall.addon("a", stall.group("h", stall.addon("a")))))), "h > h"),
    ],
)  # fmt: skip
def test_a_circle_is_told_by_its_groups(group: Any, along: str) -> None:
    found = [line for line in told(of_items(stall.item("x", group))) if not line.startswith("?")]
    [finding] = found
    assert finding.startswith("tree.cycle stores[0].menus[0].categories[0].items[0].modifierGroups[0]")
    assert finding.endswith(f": modifier groups make a circle: {along}")


def test_a_group_and_an_add_on_may_have_the_same_id() -> None:
    assert told(of_items(stall.item("x", stall.group("x", stall.addon("x"))))) == []


GROUP_IDS, ADDON_IDS = st.sampled_from(["g1", "g2", "g3"]), st.sampled_from(["a1", "a2", "a3", "g1"])
TREES = st.recursive(
    st.builds(lambda name, most: stall.group(name, most=most), GROUP_IDS, st.integers(0, 2)),
    lambda inner: st.builds(
        lambda name, children: stall.group(name, *(stall.addon(own, *groups) for own, groups in children)),
        GROUP_IDS, st.lists(st.tuples(ADDON_IDS, st.lists(inner, max_size=2)), max_size=3),
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(TREES, max_size=4))
def test_a_tree_without_errors_has_each_object_once_and_no_loose_end(groups: list[Any]) -> None:
    store = of_items(*(stall.item(f"i{number}", group) for number, group in enumerate(groups)))
    entries = flatten(store)
    assert len({(entry.kind, entry.key) for entry in entries}) == len(entries)
    kept = docs(store)
    links: dict[str, list[str]] = {}
    for (kind, own), doc in kept.items():
        for group in doc.get("modifierGroupIds", ()):
            assert (MODIFIER_GROUP.number, group) in kept
        for child in doc.get("childItemIds", ()):
            assert (ADDON.number, child) in kept
            links.setdefault(f"group {own}", []).append(f"add-on {child}")
        if kind == ADDON.number:
            links[f"add-on {own}"] = [f"group {group}" for group in doc.get("modifierGroupIds", ())]

    def ends(name: str, way: tuple[str, ...]) -> bool:
        return name not in way and all(ends(one, (*way, name)) for one in links.get(name, ()))

    assert any(line.startswith("tree.cycle") for line in told(store)) != all(ends(name, ()) for name in links)


def test_groups_of_add_ons_with_groups_take_no_long_time() -> None:
    """Every group holds the same add-ons, and every add-on offers the same groups: links, not their combinations, count."""
    ends = [stall.group(f"h{number}") for number in range(300)]
    first = stall.group("g", *(stall.addon(f"a{number}", *ends) for number in range(300)))
    others = [stall.group(f"g{group}", *(stall.addon(f"a{number}") for number in range(300))) for group in range(300)]
    store = of_items(stall.item("x", first), *(stall.item(f"i{number}", one) for number, one in enumerate(others)))
    began = time.perf_counter()
    assert not [line for line in told(store) if not line.startswith("?")]
    assert time.perf_counter() - began < 3
