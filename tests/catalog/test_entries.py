"""The difference between what a tree holds and what it shall hold: right, small, and in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dstore.catalog.entries import STEP, Delta, Entry, Name, Stored, after_all, difference

Tree = dict[Name, Stored]
NAMES = st.tuples(st.sampled_from([1, 2]), st.text("abcdefgh", min_size=1, max_size=2))
STATUSES = st.sampled_from([None, "AVAILABLE", "SOLDOUT"])
DOCS = st.sampled_from([b"{}", b'{"a":1}', b'{"a":2}'])
WANTED = st.lists(st.builds(lambda name, status, doc: Entry(name[0], name[1], status, doc), NAMES, STATUSES, DOCS), max_size=12, unique_by=lambda one: (one.kind, one.key))  # fmt: skip


def entries(*keys: str, doc: bytes = b"{}") -> list[Entry]:
    return [Entry(1, key, None, doc) for key in keys]


def applied(old: Tree, delta: Delta) -> Tree:
    """Return the tree after a difference was written, removals kept as tombstones."""
    new = dict(old)
    for entry, position in (*delta.added, *delta.changed):
        new[entry.kind, entry.key] = Stored(position, entry.status, 0, entry.doc)
    for name in delta.removed:
        new[name] = new[name]._replace(deleted=1)
    return new


def living(tree: Tree) -> list[Entry]:
    """Return the entries that are there, in their order."""
    rows = sorted((one.position, name, one) for name, one in tree.items() if not one.deleted)
    positions = [position for position, _, _ in rows]
    assert len(set(positions)) == len(positions)
    return [Entry(*name, one.status, one.doc) for _, name, one in rows]


def grown(*wishes: list[Entry]) -> Tree:
    """Return the tree that several feeds after each other leave."""
    tree: Tree = {}
    for wanted in wishes:
        tree = applied(tree, difference(tree, wanted))
    return tree


@given(st.lists(WANTED, max_size=6), WANTED)
def test_after_the_difference_the_tree_holds_exactly_what_it_shall(
    before: list[list[Entry]], wanted: list[Entry]
) -> None:
    tree = grown(*before)
    assert living(applied(tree, difference(tree, wanted))) == wanted


@given(st.lists(WANTED, max_size=6), WANTED)
def test_what_is_there_already_has_no_difference(before: list[list[Entry]], wanted: list[Entry]) -> None:
    tree = grown(*before, wanted)
    assert not difference(tree, wanted)
    assert difference(tree, wanted).counts() == {"added": 0, "changed": 0, "removed": 0}


@given(st.lists(WANTED, max_size=6), WANTED)
def test_a_difference_names_each_entry_once_and_only_what_differs(
    before: list[list[Entry]], wanted: list[Entry]
) -> None:
    tree = grown(*before)
    delta = difference(tree, wanted)
    names = [(entry.kind, entry.key) for entry, _ in (*delta.added, *delta.changed)] + delta.removed
    assert len(names) == len(set(names)) == len(delta)
    for entry, position in delta.changed:
        assert Stored(position, entry.status, 0, entry.doc) != tree[entry.kind, entry.key]
    assert all((entry.kind, entry.key) not in tree for entry, _ in delta.added)
    assert all(not tree[name].deleted for name in delta.removed)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_single_insertions_anywhere_move_nobody(places: list[int]) -> None:
    wanted = entries(*(f"k{number}" for number in range(10)))
    tree = grown(wanted)
    for number, place in enumerate(places[:9]):
        wanted = [*wanted[:place], Entry(1, f"new{number}", None, b"{}"), *wanted[place:]]
        delta = difference(tree, wanted)
        assert delta.counts() == {"added": 1, "changed": 0, "removed": 0}
        tree = applied(tree, delta)
        assert living(tree) == wanted


def test_a_gap_that_is_used_up_is_made_anew() -> None:
    """Always inserting at one place halves the gap each time, until all are numbered anew."""
    wanted = entries("a", "b")
    tree, renumbered = grown(wanted), 0
    for number in range(40):
        wanted = [wanted[0], Entry(1, f"n{number}", None, b"{}"), *wanted[1:]]
        delta = difference(tree, wanted)
        renumbered += bool(delta.changed)
        tree = applied(tree, delta)
        assert living(tree) == wanted
    assert 1 <= renumbered <= 5


def test_a_change_of_one_document_is_one_change() -> None:
    tree = grown(entries("a", "b", "c"))
    wanted = [*entries("a"), *entries("b", doc=b'{"new":1}'), *entries("c")]
    delta = difference(tree, wanted)
    assert [(entry.key, position) for entry, position in delta.changed] == [("b", STEP)]
    assert delta.counts() == {"added": 0, "changed": 1, "removed": 0}


def test_a_tombstone_that_comes_back_is_a_change_and_one_that_stays_is_none() -> None:
    tree = grown(entries("a", "b"), entries("a"))
    assert not difference(tree, entries("a"))
    assert difference(tree, entries("a", "b")).counts() == {"added": 0, "changed": 1, "removed": 0}
    assert difference(tree, []).removed == [(1, "a")]


def test_documents_are_compared_byte_by_byte() -> None:
    tree = grown(entries("a", doc=b'{"a":1}'))
    assert len(difference(tree, entries("a", doc=b'{"a": 1}'))) == 1


@given(st.integers(0, 2**31 - 1), st.integers(0, 2**20 - 1))
def test_what_is_added_alone_stands_behind_every_feed_and_every_earlier_addition(version: int, index: int) -> None:
    largest_feed = 2_000_000 * STEP
    assert largest_feed < after_all(version, index) < after_all(version + 1) < 2**63
