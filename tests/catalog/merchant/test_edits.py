"""Edits of a menu, and the difference that publishing shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.merchant import edits, menus
from dstore.catalog.merchant.differences import Change, changes
from dstore.catalog.merchant.menus import EditError, Extra, MenuDocument, Texts


def drinks(*products: str) -> MenuDocument:
    document = menus.empty()
    edits.add_category(document, "", "Drinks")
    edits.place(document, "", "c1", products)
    return document


def items(document: MenuDocument) -> list[str]:
    return document.menu("").category("c1").items


def test_a_product_stands_in_a_category_once() -> None:
    document = drinks("tea", "cake")
    assert edits.place(document, "", "c1", ["cake", "pie", "pie"]) == 1
    assert items(document) == ["tea", "cake", "pie"]


@pytest.mark.parametrize(("place", "order"), [(0, "cab"), (1, "acb"), (2, "abc"), (99, "abc"), (-5, "cab")])
def test_a_product_is_put_at_a_place_within_bounds(place: int, order: str) -> None:
    document = drinks("a", "b", "c")
    edits.move(document, "", "c1", "c", place)
    assert items(document) == list(order)


def test_a_category_gets_an_id_that_none_has() -> None:
    document = drinks()
    assert edits.add_category(document, "", "Food") == "c2"
    edits.remove_category(document, "", "c1")
    assert edits.add_category(document, "", "Soup") == "c3"


def test_what_is_named_must_be_there() -> None:
    document = drinks("tea")
    before = menus.written(document)
    for edit in (
        lambda: edits.move(document, "", "c1", "pie", 0),
        lambda: edits.remove(document, "", "c9", "tea"),
        lambda: edits.transfer(document, "", "c1", "tea", "c9"),
        lambda: edits.add_category(document, "DINEIN", "x"),
        lambda: edits.add_category(document, "", ""),
        lambda: edits.add_menu(document, "BREAKFAST"),
        lambda: edits.remove_menu(document, ""),
        lambda: edits.edit_category(document, "", "c9", Texts("x"), {}),
    ):
        with pytest.raises(EditError):
            edit()
    assert menus.written(document) == before


def test_a_menu_of_its_own_begins_as_a_copy_and_goes_its_own_way() -> None:
    document = drinks("tea")
    edits.add_menu(document, "DINEIN")
    edits.place(document, "DINEIN", "c1", ["pie"])
    assert items(document) == ["tea"]
    assert document.placed_ids() == {"tea", "pie"}
    edits.remove_menu(document, "DINEIN")
    assert document.placed_ids() == {"tea"}


def test_saying_nothing_of_a_product_forgets_it() -> None:
    document = drinks("tea")
    edits.say(document, "tea", Extra(name="House tea", pos_name="Tea"))
    edits.take_pos_name(document, "tea", "Ceylon tea", keep=True)
    assert document.said_of("tea").pos_name == "Ceylon tea"
    edits.take_pos_name(document, "tea", "Ceylon tea", keep=False)
    assert document.products == {}


def test_the_difference_names_what_came_went_moved_and_was_said() -> None:
    old, new = drinks("a", "b", "c", "d"), drinks("a", "b", "c", "d")
    edits.remove(new, "", "c1", "b")
    edits.move(new, "", "c1", "d", 0)
    edits.place(new, "", "c1", ["e"])
    edits.add_category(new, "", "Food")
    edits.say(new, "a", Extra(name="Best", translations={"zh": Texts("最好")}))
    assert changes(old, new) == [
        Change("added", "", "Drinks", "e"),
        Change("removed", "", "Drinks", "b"),
        Change("moved", "", "Drinks", "d"),
        Change("category-added", "", "Food", "Food"),
        Change("text", "", "name", "a", "", "Best"),
        Change("text", "", "zh", "a", "", "最好"),
    ]


_orders = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(_orders, _orders)
def test_nothing_differs_exactly_when_nothing_changed(first: list[str], second: list[str]) -> None:
    found = changes(drinks(*first), drinks(*second))
    assert (found == []) == (first == second)
    by_kind = {kind: {one.subject for one in found if one.kind == kind} for kind in ("added", "removed", "moved")}
    assert by_kind["added"] == set(second) - set(first)
    assert by_kind["removed"] == set(first) - set(second)
    # Whoever is not named as moved stands in the same order as before.
    stayed = [one for one in first if one in second and one not in by_kind["moved"]]
    assert stayed == [one for one in second if one in first and one not in by_kind["moved"]]


@given(st.permutations("abcdefgh"), st.integers(0, 7), st.integers(0, 7))
def test_one_move_is_told_as_at_most_one_product_that_moved(order: list[str], which: int, place: int) -> None:
    old, new = drinks(*order), drinks(*order)
    edits.move(new, "", "c1", order[which], place)
    assert len(changes(old, new)) <= 1
