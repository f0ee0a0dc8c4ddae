"""A single call that waits on PostgreSQL while somebody else changes its store: it sees what is there afterwards.

With SQLite's one writer nothing waits.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from dstore.catalog import trees
from dstore.catalog.kinds import BRAND, CATEGORY, ITEM, MENU, MODIFIER_GROUP
from harness import stall
from harness.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dstore.catalog.kinds import Kind
    from harness import databases
    from harness.caller import Answer

WAITING = (
    "select 1 from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock' and query like '%store%'"
)
PLACE = {"storeId": "stall1", "menuId": "m1", "menuType": "PICKUP", "categoryId": "c1", "saleType": "SINGLE"}


@pytest.fixture
def platform(postgres: databases.Postgres) -> Iterator[Platform]:
    with postgres.fresh_database() as url:
        one = Platform(url)
        yield one
        one.close()


def beside(platform: Platform, change: Callable[[Any], None], api: str, body: dict[str, Any]) -> Answer:
    """Make a change that is not committed before a call waits for it; return what the call is answered."""
    changed, may_commit = threading.Event(), threading.Event()

    def feed(transaction: Any) -> None:
        change(transaction)
        changed.set()
        assert may_commit.wait(10)

    def release() -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until and not platform.rows(WAITING):
            pass
        may_commit.set()

    with ThreadPoolExecutor(2) as pool:
        feeding = pool.submit(platform.transact, feed)
        assert changed.wait(10)
        pool.submit(release)
        answer = platform.call(api, body)
        feeding.result()
    return answer


def hold(transaction: Any) -> tuple[int, int]:
    [(store, tree)] = transaction.rows("select id, tree from store where ref = 'stall1' for update")
    return store, tree


def replace_tree(transaction: Any) -> None:
    """Do what a large feed does at its end: let the store point at another tree with the same objects."""
    store, old = hold(transaction)
    new = trees.make(transaction, 0)
    transaction.run(
        "insert into entry (tree, kind, key, position, status, deleted, version, doc)"
        " select ?, kind, key, position, status, deleted, version, doc from entry where tree = ?",
        (new, old),
    )
    transaction.run("update store set tree = ?, version = version + 1 where id = ?", (new, store))
    trees.keep(transaction, new)
    trees.let_go(transaction, old)


def deleting(kind: Kind, *, is_moved: bool) -> Callable[[Any], None]:
    """Return the change that deletes all objects of a kind, in another tree if they are moved."""

    def delete(transaction: Any) -> None:
        if is_moved:
            replace_tree(transaction)
        _, tree = hold(transaction)
        transaction.run("update entry set deleted = 1 where tree = ? and kind = ?", (tree, kind.number))

    return delete


@pytest.mark.parametrize("update", [{"itemStatus": "SOLDOUT"}, {"isDeleted": "DELETED"}])
def test_an_update_that_waits_for_a_feed_finds_the_objects_in_the_new_tree(
    platform: Platform, update: dict[str, str]
) -> None:
    """The update once found nothing there, and said so for good."""
    stall.initialize(platform)
    answer = beside(platform, replace_tree, "updateItem", {"itemId": "laksa", "saleType": "SINGLE", **update})
    assert answer.code == "SUCCESS"
    shown = {one["id"]: one["available"] for one in platform.menu()["menus"][0]["categories"][0]["items"]}
    assert shown.get("laksa", False) is False


GONE = [
    (MENU, "item.menuId: no menu 'm1'"),
    (CATEGORY, "item.categoryId: no category 'c1'"),
    (MODIFIER_GROUP, "item.modifierGroupIds[0]: no modifier group 'toppings'"),
]


@pytest.mark.parametrize("is_moved", [False, True])
@pytest.mark.parametrize(("kind", "fault"), GONE, ids=lambda one: getattr(one, "word", ""))
def test_an_item_that_waits_is_refused_for_what_is_gone_by_then(
    platform: Platform, kind: Kind, fault: str, is_moved: bool
) -> None:
    stall.initialize(platform)

    item = {**PLACE, **stall.item("new")["itemInfo"], "modifierGroupIds": ["toppings"]}
    answer = beside(platform, deleting(kind, is_moved=is_moved), "addItem", {"requestId": "r", "item": item})
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message.startswith(fault)


def test_an_item_that_waits_is_refused_if_it_is_there_by_then(platform: Platform) -> None:
    stall.initialize(platform)

    def add(transaction: Any) -> None:
        _, tree = hold(transaction)
        transaction.run(
            "insert into entry (tree, kind, key, position, version, doc)"
            " select tree, kind, ?, position + 1, version, doc from entry where tree = ? and kind = ? and key = ?",
            (ITEM.key("new", "c1", "m1", "PICKUP"), tree, ITEM.number, ITEM.key("laksa", "c1", "m1", "PICKUP")),
        )

    answer = beside(platform, add, "addItem", {"requestId": "r", "item": {**PLACE, **stall.item("new")["itemInfo"]}})
    assert (answer.code, "exists already" in answer.message) == ("PROCESS_FAIL", True)


@pytest.mark.parametrize("is_moved", [False, True])
def test_an_update_that_waits_is_refused_for_a_group_that_is_gone_by_then(platform: Platform, is_moved: bool) -> None:
    stall.initialize(platform)

    update = {**PLACE, "itemId": "laksa", "itemTitle": "x", "modifierGroupIds": ["toppings"]}
    answer = beside(platform, deleting(MODIFIER_GROUP, is_moved=is_moved), "updateItem", update)
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message.startswith("modifierGroupIds[0]: no modifier group 'toppings'")


def test_a_brand_that_waits_for_the_first_of_its_partner_is_refused_if_it_is_the_same(platform: Platform) -> None:
    """Nothing can be locked before there is a shelf."""

    def add(transaction: Any) -> None:
        tree = trees.make(transaction, 0)
        trees.keep(transaction, tree)
        transaction.run(
            "insert into store (public_id, feed, partner_id, account, ref, tree, version, changed, doc)"
            " values ('shelf', 'shelf', 1, '', '', ?, 1, 0, ?)",
            (tree, b"{}"),
        )
        transaction.run(
            "insert into entry (tree, kind, key, position, version, doc) values (?, ?, ?, 0, 1, ?)",
            (tree, BRAND.number, BRAND.key("b"), b'{"brandId":"b","brandName":"B"}'),
        )

    brand = {"brandId": "b", "brandName": "B"}
    answer = beside(platform, add, "addBrand", {"requestId": "r", "brand": brand})
    assert (answer.code, "exists already" in answer.message) == ("PROCESS_FAIL", True)
    assert platform.call("addBrand", {"requestId": "r2", "brand": {**brand, "brandId": "c"}}).code == "SUCCESS"
