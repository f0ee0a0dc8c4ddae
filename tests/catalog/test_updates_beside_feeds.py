"""An update that names items by their own id, while a feed replaces the tree they stand in."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from dstore.catalog import trees
from harness import stall
from harness.platform import Platform

if TYPE_CHECKING:
    from harness import databases

WAITING = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%store%'"


def replace_tree(transaction: Any) -> None:
    """Do what a large feed does at its end: let the store point at another tree with the same objects."""
    [(store, old)] = transaction.rows("select id, tree from store where ref = 'stall1' for update")
    new = trees.make(transaction, 0)
    transaction.run(
        "insert into entry (tree, kind, key, position, status, deleted, version, doc)"
        " select ?, kind, key, position, status, deleted, version, doc from entry where tree = ?",
        (new, old),
    )
    transaction.run("update store set tree = ?, version = version + 1 where id = ?", (new, store))
    trees.keep(transaction, new)
    trees.let_go(transaction, old)


@pytest.mark.parametrize("update", [{"itemStatus": "SOLDOUT"}, {"isDeleted": "DELETED"}])
def test_an_update_that_waits_for_a_feed_finds_the_objects_in_the_new_tree(
    postgres: databases.Postgres, update: dict[str, str]
) -> None:
    """PostgreSQL only: with one writer nothing waits. The update once found nothing there, and said so for good."""
    with postgres.fresh_database() as url:
        platform = Platform(url)
        stall.initialize(platform)
        replaced, may_commit = threading.Event(), threading.Event()

        def feed(transaction: Any) -> None:
            replace_tree(transaction)
            replaced.set()
            assert may_commit.wait(10)

        def release() -> None:
            until = time.monotonic() + 10
            while time.monotonic() < until and not platform.rows(WAITING):
                pass
            may_commit.set()

        with ThreadPoolExecutor(2) as pool:
            feeding = pool.submit(platform.transact, feed)
            assert replaced.wait(10)
            pool.submit(release)
            answer = platform.call("updateItem", {"itemId": "laksa", "saleType": "SINGLE", **update})
            feeding.result()
        assert answer.code == "SUCCESS"
        shown = {one["id"]: one["available"] for one in platform.menu()["menus"][0]["categories"][0]["items"]}
        assert shown.get("laksa", False) is False
        platform.close()
