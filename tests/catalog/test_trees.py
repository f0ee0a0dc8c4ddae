"""Trees: each store has its own, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dstore.catalog import trees
from dstore.catalog.entries import Entry
from dstore.catalog.replacement import IN_PLACE
from dstore.results import UnavailableError

if TYPE_CHECKING:
    from harness.platform import Platform


def full_sync(store: str, name: str) -> dict[str, Any]:
    product: dict[str, Any] = {"posProductId": "p1", "type": "SINGLE", "status": "AVAILABLE", "name": name}
    product["price"] = {"currency": "SGD", "value": 100}
    return {
        "requestId": f"r-{store}-{name}",
        "posAccountId": "a1",
        "store": {"posStoreId": store, "name": store},
        "products": [product],
    }


def test_stores_made_one_after_another_keep_their_products_apart(platform: Platform) -> None:
    for store in ("s1", "s2", "s3"):
        assert platform.call("syncProduct", full_sync(store, f"product of {store}")).code == "SUCCESS"
    menus = [platform.menu(index) for index in range(3)]
    shown = {menu["store"]["name"]: menu["menus"][0]["categories"][0]["items"][0]["name"] for menu in menus}
    assert shown == {store: f"product of {store}" for store in ("s1", "s2", "s3")}
    assert platform.rows("select count(distinct tree) from store") == [(3,)]


def test_a_tree_that_waited_until_it_was_swept_is_taken_over_by_nobody(platform: Platform) -> None:
    """A process that was stopped for long between writing ahead and its transaction must not lose half a catalogue."""
    new = [Entry(1, f"p{number}", "AVAILABLE", b"{}") for number in range(trees.SWEEP_ROWS + 1)]
    in_time = trees.write_ahead(platform.database, new[:2], 1_000)
    platform.transact(lambda transaction: trees.take_over(transaction, in_time))
    late = trees.write_ahead(platform.database, new, 1_000)
    assert trees.sweep(platform.database, 2_000 + trees.ABANDONED_MILLISECONDS) > 0
    assert platform.rows("select count(*) from entry where tree = ?", late) == [(1,)]
    with pytest.raises(UnavailableError):
        platform.transact(lambda transaction: trees.take_over(transaction, late))
    trees.sweep(platform.database, 2_000 + trees.ABANDONED_MILLISECONDS)
    with pytest.raises(UnavailableError):
        platform.transact(lambda transaction: trees.take_over(transaction, late))
    assert platform.rows("select count(*) from entry where tree = ?", in_time) == [(2,)]


def large_sync(store: str, **more: Any) -> dict[str, Any]:
    """Return a catalogue that is too large to be written within its call's transaction."""
    price = {"currency": "SGD", "value": 100}
    products = [
        {"posProductId": f"p{number}", "type": "SINGLE", "status": "AVAILABLE", "name": "n", "price": price}
        for number in range(IN_PLACE + 1)
    ]
    named = {"posStoreId": store, "name": store}
    return {"requestId": f"r-{store}", "posAccountId": "a1", "store": named, "products": products, **more}


def test_a_large_catalogue_is_written_ahead_only_for_a_call_that_may_have_an_effect(platform: Platform) -> None:
    platform.add_partner("c2")
    assert platform.call("syncProduct", large_sync("s1")).code == "SUCCESS"
    assert platform.call("syncProduct", large_sync("s1", requestId="again", extendInfo={"a": "b"})).code == "SUCCESS"
    assert platform.call("syncProduct", full_sync("s1", "another")).code == "SUCCESS"
    gone = platform.rows("select count(*) from loose_tree")
    assert platform.call("syncProduct", large_sync("s1")).code == "SUCCESS"  # its result of long ago
    assert platform.call("syncProduct", large_sync("s2", requestId="c2"), client_id="c2").code == "ACCESS_DENIED"
    nameless = {**large_sync("s3", requestId="nameless"), "store": {"posStoreId": "s3"}}
    assert platform.call("syncProduct", nameless).code == "PARAM_ILLEGAL"
    assert platform.rows("select count(*) from loose_tree") == gone
    assert platform.rows("select count(*) from entry where tree not in (select tree from store)") == [(0,)]
