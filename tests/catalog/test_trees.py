"""Trees: each store has its own, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
