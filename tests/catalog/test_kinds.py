"""Keys: made of ids of any text, read back, found by their leading ids, and no longer than an index takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.kinds import CATEGORY, ITEM, KINDS, MENU, PRODUCT
from dstore.results import ParamIllegal

IDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=8) | st.sampled_from(
    ["a", "aa", "a,", "a]", 'a"', 'a","b', "a\x01", "a^", "ä", "💥", "[", "\\", "\u2028"]
)  # fmt: skip


def order(text: str) -> bytes:
    """Sort as both databases do: by bytes."""
    return text.encode()


@given(IDS, IDS, IDS)
def test_a_key_gives_its_own_id_back(own: str, menu: str, kind: str) -> None:
    assert CATEGORY.own_id(CATEGORY.key(own, menu, kind)) == own
    assert PRODUCT.own_id(PRODUCT.key(own)) == own


@given(st.tuples(IDS, IDS, IDS, IDS), st.tuples(IDS, IDS, IDS, IDS))
def test_different_ids_make_different_keys(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert (ITEM.key(*first) == ITEM.key(*second)) == (first == second)


@given(st.tuples(IDS, IDS, IDS, IDS), st.tuples(IDS, IDS, IDS, IDS), st.integers(1, 4))
def test_the_range_of_leading_ids_holds_the_keys_that_have_them_and_no_other(
    one: tuple[str, ...], wanted: tuple[str, ...], count: int
) -> None:
    low, high = ITEM.prefix(*wanted[:count])
    for ids in (one, (*wanted[:count], *one[count:])):
        inside = order(low) <= order(ITEM.key(*ids)) < order(high)
        assert inside == (ids[:count] == wanted[:count])


@given(IDS, IDS)
def test_the_range_of_an_id_without_parents_holds_it_alone(one: str, wanted: str) -> None:
    low, high = PRODUCT.prefix(wanted)
    assert (order(low) <= order(one) < order(high)) == (one == wanted)


def test_ids_that_together_are_longer_than_an_index_takes_are_refused_by_the_own_id() -> None:
    wide = "💥" * 255
    assert len(MENU.key(wide, "PICKUP")) < 1100
    with pytest.raises(ParamIllegal) as refusal:
        ITEM.key(wide, wide, wide, "PICKUP")
    assert refusal.value.result.message.startswith("itemId: has 3,079 bytes together with the ids above it")


def test_every_kind_has_a_number_and_a_word_of_its_own() -> None:
    assert len(KINDS) == len({kind.word for kind in KINDS.values()}) == 9
    assert all(KINDS[number].number == number for number in KINDS)
