"""What is stored is read back as it was sent, by who knows the operator's token and nobody else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from harness import stall, terrace
from operations.reading import STORES, TOKEN, product, read, sync, the_store

if TYPE_CHECKING:
    from harness.platform import Platform

PATHS = ["", "/x", "/x/entries", "/x/resolved", "/x/changes"]


@pytest.fixture
def known(platform: Platform) -> Platform:
    """The platform with the operator's token set."""
    platform.restart(operator_token=TOKEN)
    return platform


@pytest.mark.parametrize("path", PATHS)
def test_without_the_setting_the_endpoints_are_not_there(platform: Platform, path: str) -> None:
    answer = platform.get(STORES + path, authorization="Bearer ")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_the_token_opens_them(known: Platform) -> None:
    for given in ("", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer \xe9"):
        for path in PATHS:
            answer = known.get(STORES + path, authorization=given)
            assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer"), given
    assert known.get(STORES, authorization=f"bearer {TOKEN}").status == 200


def test_stores_of_both_feeds_are_listed_with_what_names_them(known: Platform) -> None:
    sync(known, "r1", product("p1"))
    stall.initialize(known)
    listed = {one["feed"]: one for one in read(known)["stores"]}
    assert {"clientId": "c1", "account": "a1", "ref": "s1", "version": 1, "deleted": False}.items() <= listed[
        "pos"
    ].items()
    assert {"clientId": "c1", "account": "", "ref": "stall1", "version": 1}.items() <= listed["pds"].items()


def test_each_object_comes_back_as_it_was_sent(known: Platform) -> None:
    sent = [product("p1"), product("p2", price=250), {**product("p3"), "name": "\u4f60 \u2028"}]
    sync(known, "r1", *sent)
    page = read(known, f"/{the_store(known, 'pos')}/entries")
    assert [one["document"] for one in page["entries"]] == sent
    assert {(one["kind"], one["version"], one["deleted"], one["status"]) for one in page["entries"]} == {
        ("product", 1, False, "AVAILABLE")
    }
    assert "next" not in page


def test_objects_of_the_menu_tree_say_what_they_belong_to(known: Platform) -> None:
    stall.initialize(known)
    public_id = the_store(known, "pds")
    assert read(known, f"/{public_id}")["document"] == stall.noodles()["storeInfo"]
    items = read(known, f"/{public_id}/entries?kind=item")["entries"]
    assert [one["id"] for one in items] == ["horfun", "laksa"]
    assert items[0]["parents"] == {"categoryId": "c1", "menuId": "m1", "menuType": "PICKUP"}
    assert items[1]["document"]["priceInfo"] == stall.price(550)
    assert {one["kind"] for one in read(known, f"/{public_id}/entries")["entries"]} == {
        "menu", "category", "item", "add-on-item", "modifier-group",
    }  # fmt: skip


def test_deleted_objects_are_told_as_deleted(known: Platform) -> None:
    stall.initialize(known)
    known.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", "isDeleted": "DELETED"})
    items = read(known, f"/{the_store(known, 'pds')}/entries?kind=item")["entries"]
    assert {one["id"]: (one["deleted"], one["version"]) for one in items} == {"horfun": (False, 1), "laksa": (True, 2)}


def test_a_store_that_its_partner_hid_is_told_as_hidden_and_not_as_deleted(known: Platform) -> None:
    terrace.must(known, terrace.small())
    for status, is_hidden in (("INVALID", True), ("OPEN", False)):
        terrace.must(known, {"storeId": "s1", "status": status})
        [listed] = [one for one in read(known)["stores"] if one["feed"] == "pds"]
        for one in (listed, read(known, f"/{listed['id']}"), read(known, f"/{listed['id']}/changes?since=0")["store"]):
            assert (one["hidden"], one["deleted"]) == (is_hidden, False)


def test_many_entries_come_in_pages_none_left_out_none_twice(known: Platform) -> None:
    names = [f"p{number}" for number in range(1_203)]
    sync(known, "r1", *(product(name) for name in names))
    public_id, found, after, pages = the_store(known, "pos"), [], "", 0
    while True:
        page = read(known, f"/{public_id}/entries?after={after}")
        found += [one["id"] for one in page["entries"]]
        pages += 1
        after = page.get("next", "")
        if not after:
            break
    assert (sorted(found), pages) == (sorted(names), 3)


def test_resolved_is_what_diners_see(known: Platform) -> None:
    sync(known, "r1", product("p1"))
    public_id = the_store(known, "pos")
    assert read(known, f"/{public_id}/resolved") == json.loads(
        known.get(f"/storefront/v1/stores/{public_id}/menu").body
    )


@pytest.mark.parametrize("query", ["/entries?kind=nothing", "/entries?after=%2F%2F", "/changes?since=x", "/changes?since=-1",
                                   "/changes?after=WzEsMl0", "/entries?after=WzEsIlx1MDAwMCJd"])  # fmt: skip
def test_an_unreadable_question_is_a_problem_of_the_caller(known: Platform, query: str) -> None:
    sync(known, "r1", product("p1"))
    answer = known.get(f"{STORES}/{the_store(known, 'pos')}{query}", authorization=f"Bearer {TOKEN}")
    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json"), answer.body


def test_an_unknown_store_is_not_found(known: Platform) -> None:
    for path in PATHS[1:]:
        assert known.get(f"{STORES}{path}%00", authorization=f"Bearer {TOKEN}").status == 404
