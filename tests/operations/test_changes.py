"""Whoever keeps a copy of a store and asks for what changed has, in the end, what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dstore.catalog import entries
from dstore.operations import stored
from harness import stall
from operations.reading import STORES, TOKEN, product, read, sync, the_store

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def known(platform: Platform) -> Platform:
    """The platform with the operator's token set."""
    platform.restart(operator_token=TOKEN)
    return platform


class Copy:
    """A copy of a store that lives by the change feed alone."""

    def __init__(self, platform: Platform, public_id: str) -> None:
        self.platform = platform
        self.path = f"/{public_id}"
        self.version = 0
        self.objects: dict[tuple[Any, ...], Any] = {}
        self.completes = 0

    def follow(self) -> list[Any]:
        """Read all pages since what is known; return the history of the first."""
        after, history = "", []
        while True:
            page = read(self.platform, f"{self.path}/changes?since={self.version}&after={after}")
            if page["complete"] and not after:
                self.objects, self.completes = {}, self.completes + 1
            history += page.get("history", [])
            for one in page["written"]:
                self.objects[_name(one)] = (one.get("status"), one["document"])
            for one in page["removed"]:
                self.objects.pop(_name(one), None)
            after = page.get("next", "")
            if not after:
                self.version = page["version"]
                return history

    def agrees(self) -> bool:
        """Whether the copy is what is stored."""
        found: dict[Any, Any] = {}
        after = ""
        while True:
            page = read(self.platform, f"{self.path}/entries?after={after}")
            found |= {_name(one): (one.get("status"), one["document"]) for one in page["entries"] if not one["deleted"]}
            after = page.get("next", "")
            if not after:
                return found == self.objects


def _name(one: Any) -> tuple[Any, ...]:
    return one["kind"], one["id"], *one.get("parents", {}).values()


def test_what_was_written_and_what_went_is_told_with_who_and_when(known: Platform) -> None:
    sync(known, "r1", product("p1"), product("p2"))
    copy = Copy(known, the_store(known, "pos"))
    assert [row["requestId"] for row in copy.follow()] == ["r1"]
    sync(known, "r2", product("p2", price=300), product("p3"))
    page = read(known, f"{copy.path}/changes?since=1")
    assert (page["complete"], page["version"]) == (False, 2)
    assert sorted(one["id"] for one in page["written"]) == ["p2", "p3"]
    assert [one["id"] for one in page["removed"]] == ["p1"]
    [row] = page["history"]
    assert (row["version"], row["clientId"], row["api"], row["requestId"]) == (2, "c1", "/v2/pos/syncProduct", "r2")
    copy.follow()
    assert copy.agrees()
    assert read(known, f"{copy.path}/changes?since=2")["written"] == []


def test_an_object_that_came_back_is_not_told_as_gone(known: Platform) -> None:
    sync(known, "r1", product("p1"), product("p2"))
    copy = Copy(known, the_store(known, "pos"))
    copy.follow()
    sync(known, "r2", product("p2"))
    sync(known, "r3", product("p2"), product("p1", price=7))
    copy.follow()
    assert copy.agrees()
    assert copy.completes == 1


def test_tombstones_of_menu_trees_are_told_as_removed(known: Platform) -> None:
    stall.initialize(known)
    copy = Copy(known, the_store(known, "pds"))
    copy.follow()
    known.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "isDeleted": "DELETED"})
    known.call("updateItem", {"itemId": "horfun", "saleType": "SINGLE", "itemStatus": "SOLDOUT"})
    page = read(known, f"{copy.path}/changes?since={copy.version}")
    assert ([one["id"] for one in page["written"]], [one["id"] for one in page["removed"]]) == (["horfun"], ["laksa"])
    copy.follow()
    assert copy.agrees()


def test_a_catalogue_that_was_written_anew_is_told_whole(known: Platform) -> None:
    sync(known, "r1", product("p0"))
    copy = Copy(known, the_store(known, "pos"))
    copy.follow()
    sync(known, "r2", *(product(f"p{number}") for number in range(1, 2_200)))
    copy.follow()
    assert (copy.completes, len(copy.objects)) == (2, 2_199)
    assert copy.agrees()
    sync(known, "r3", product("p1", price=7), *(product(f"p{number}") for number in range(2, 1_000)))
    copy.follow()
    assert (copy.completes, len(copy.objects)) == (2, 999)
    assert copy.agrees()


def test_what_changes_between_two_pages_is_told_by_the_next_question(
    known: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "PAGE", 3)
    names = [f"p{number}" for number in range(9)]
    sync(known, "r1", *(product(name) for name in names))
    copy = Copy(known, the_store(known, "pos"))
    first = read(known, f"{copy.path}/changes")
    sync(known, "r2", *(product(name, price=5) for name in names[1:]))
    second = read(known, f"{copy.path}/changes?after={first['next']}")
    assert (second["version"], second["complete"]) == (1, True)
    copy.follow()
    sync(known, "r3", *(product(name, price=6) for name in names[2:]))
    copy.follow()
    assert copy.agrees()


def test_pages_of_a_replaced_catalogue_can_not_be_gone_on_with(
    known: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "PAGE", 1)
    sync(known, "r1", product("p1"), product("p2"))
    public_id = the_store(known, "pos")
    first = read(known, f"/{public_id}/changes")
    sync(known, "r2", *(product(f"q{number}") for number in range(2_100)))
    answer = known.get(f"{STORES}/{public_id}/changes?after={first['next']}", authorization=f"Bearer {TOKEN}")
    assert answer.status == 410


def test_a_feed_looks_back_a_bounded_number_of_versions(known: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "REMOVED_VERSIONS", 2)
    monkeypatch.setattr(stored, "REMOVED_VERSIONS", 2)
    for number in range(6):
        sync(known, f"r{number}", product(f"p{number}"))
    public_id = the_store(known, "pos")
    assert len(known.rows("select 1 from removed")) == 2
    assert read(known, f"/{public_id}/changes?since=3")["complete"] is True
    assert read(known, f"/{public_id}/changes?since=4")["complete"] is False
    assert read(known, f"/{public_id}/changes?since=99")["complete"] is True
