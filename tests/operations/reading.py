"""A platform with an operator's token, and reading it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.platform import Platform

TOKEN = "a-long-token-of-the-operator"
STORES = "/operator/v1/stores"


def read(platform: Platform, path: str = "", token: str = TOKEN) -> Any:
    """Return an operator's answer, which must be a good one."""
    answer = platform.get(STORES + path, authorization=f"Bearer {token}")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def the_store(platform: Platform, feed: str) -> str:
    """Return the id of the only store of a feed."""
    [one] = [store for store in read(platform)["stores"] if store["feed"] == feed]
    return str(one["id"])


def product(name: str, *, price: int = 100, status: str = "AVAILABLE") -> dict[str, Any]:
    return {
        "posProductId": name, "type": "SINGLE", "name": f"dish {name}", "status": status,
        "price": {"currency": "SGD", "value": price},
    }  # fmt: skip


def sync(platform: Platform, request_id: str, *products: dict[str, Any]) -> None:
    """Feed a POS store; it must succeed."""
    store = {"posStoreId": "s1", "name": "Stall"}
    body = {"requestId": request_id, "posAccountId": "a1", "store": store, "products": list(products)}
    answer = platform.call("syncProduct", body)
    assert answer.code == "SUCCESS", answer.result
