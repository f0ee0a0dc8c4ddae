"""How often a small call waits for PostgreSQL: as seldom as what it has to know allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dstore import app
from dstore.storage.postgres_session import Session
from harness import stall

if TYPE_CHECKING:
    from harness.platform import Platform

pytestmark = pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)
PLACE = {"storeId": "stall", "menuId": "m", "menuType": "PICKUP", "categoryId": "c"}
NAMES = {"posAccountId": "account", "store": {"posStoreId": "cafe", "name": "Cafe"}}
# The first brings the store's lock, the call's name and what has to be known of the store, the second the changes and
# the commit.
CALLS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "a status": (2, "syncProduct", {**NAMES, "products": [{"posProductId": "tea", "status": "SOLDOUT"}]}),
    "a store of a till": (2, "syncStore", {**NAMES, "store": {"posStoreId": "cafe", "name": "?", "status": "OPEN"}}),
    "a text": (2, "updateItem", {**PLACE, "itemId": "rice", "saleType": "SINGLE", "itemTitle": "?"}),
    "a text and groups": (
        2,
        "updateItem",
        {**PLACE, "itemId": "rice", "saleType": "SINGLE", "itemTitle": "?", "modifierGroupIds": ["g"]},
    ),
    "an item": (
        2,
        "addItem",
        {"item": {**PLACE, "saleType": "SINGLE", **stall.item("?")["itemInfo"], "modifierGroupIds": ["g"]}},
    ),
    "a store's name": (2, "updateStore", {"storeId": "stall", "name": "?"}),
}


@pytest.fixture
def waits(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time that a call waits for the server, with how many statements."""
    monkeypatch.setattr(app, "TEND_SECONDS", 3600)
    platform.restart()
    seen: list[int] = []
    real = Session.settle

    def settle(self: Session) -> list[Any]:
        if self._sent and not self.may_block:
            seen.append(len(self._sent))
        return real(self)

    monkeypatch.setattr(Session, "settle", settle)
    return seen


@pytest.mark.parametrize("name", CALLS)
def test_a_small_call_makes_so_many_round_trips(platform: Platform, waits: list[int], name: str) -> None:
    store = stall.store(
        "stall", stall.menu("m", stall.category("c", stall.item("rice", stall.group("g", stall.addon("egg")))))
    )
    assert stall.initialize(platform, store).code == "SUCCESS"
    tea = {"posProductId": "tea", "type": "SINGLE", "status": "AVAILABLE", "name": "Tea"}
    full = {**NAMES, "requestId": "full", "products": [{**tea, "price": {"currency": "SGD", "value": 100}}]}
    assert platform.call("syncProduct", full).code == "SUCCESS"
    platform.call("updateItem", {**PLACE, "itemId": "nothing", "saleType": "SINGLE"})  # the caller is known from here
    trips, api, body = CALLS[name]
    for turn in range(2):  # that statements are prepared costs no round trip
        waits.clear()
        answer = platform.call(api, json.loads(json.dumps({**body, "requestId": "?"}).replace("?", f"{turn}")))
        assert answer.code == "SUCCESS", answer.message
        assert len(waits) == trips
