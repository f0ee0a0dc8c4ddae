"""What one changed item costs: the same few statements and rows in a small store and in a large one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from dstore import app
from dstore.storage.postgres_transaction import PostgresTransaction
from dstore.storage.sqlite_transaction import SqliteTransaction
from harness import stall

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform


def calls(size: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return calls to the store that has so many dishes."""
    store = {"storeId": f"stall {size}"}
    place = {**store, "menuId": "m1", "menuType": "PICKUP", "categoryId": "c1"}
    dish = {"itemId": f"{size} dish 1", "saleType": "SINGLE"}
    new = {"itemId": "new", "itemTitle": "new", "priceInfo": stall.price(1)}
    toppings = {"modifierGroupIds": ["toppings"]}
    return {
        "sold out": ("updateItem", {**dish, **place, "itemStatus": "SOLDOUT"}),
        "price": ("updateItem", {**dish, **place, "priceInfo": stall.price(7)}),
        "groups": ("updateItem", {**dish, **place, **toppings}),
        "by its own id": ("updateItem", {**dish, "itemTitle": "x"}),
        "delete": ("updateItem", {**dish, **place, "isDeleted": "DELETED"}),
        "add": ("addItem", {"requestId": f"{size}", "item": {**new, **place, **toppings, "saleType": "SINGLE"}}),
        "add-on": ("addItem", {"requestId": f"{size}", "item": {**new, **store, "saleType": "ADDON"}}),
        "menu": ("updateMenu", {**store, "menuId": "m1", "title": "x"}),
        "store": ("updateStore", {**store, "name": "x"}),
    }


# Partners are looked at and calls are logged beside the call, when there is time.
CATALOGUE = re.compile(r"\b(store|entry|history)\b")
MOST_READ = 5
MOST_WRITTEN = 5


@pytest.fixture
def seen(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the statements of transactions by their verb, and the rows of stores read and written."""
    monkeypatch.setattr(app, "TEND_SECONDS", 3600)
    platform.restart()
    counts: Counter[str] = Counter()
    transaction: type = SqliteTransaction if platform.url.startswith("sqlite") else PostgresTransaction

    def counted(verb: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(self: Any, sql: str, *given: Any) -> Any:
            found = real(self, sql, *given)
            if CATALOGUE.search(sql):
                counts[verb] += 1
                counts["read"] += len(found) if verb == "rows" else 0
                lists = {"many": 0, "load": 1}  # where the rows are given
                counts["written"] += len(list(given[lists[verb]])) if verb in lists else verb in {"run", "put"}
            return found

        return run

    for verb in ("rows", "row", "run", "put", "many", "load"):
        monkeypatch.setattr(transaction, verb, counted(verb, getattr(transaction, verb)))
    return counts


@pytest.fixture
def fed(platform: Platform) -> Platform:
    """A platform with a small and a large store."""
    for size in (10, 1000):
        group = stall.group("toppings", *[stall.addon(f"a{number}") for number in range(size // 10)])
        items = [stall.item(f"{size} dish {number}") for number in range(size)]
        categories = [stall.category("c1", *items), stall.category("c2", stall.item("x", group))]
        store = stall.store(f"stall {size}", stall.menu("m1", *categories))
        assert stall.initialize(platform, store, request_id=f"{size}").code == "SUCCESS"
    return platform


@pytest.mark.parametrize("name", calls(0))
def test_what_a_call_reads_and_writes_does_not_grow_with_the_store(
    fed: Platform, seen: Counter[str], name: str
) -> None:
    costs = []
    for size in (10, 1000):
        api, body = calls(size)[name]
        seen.clear()
        assert fed.call(api, body).code == "SUCCESS"
        costs.append(dict(seen))
    assert costs[0] == costs[1]
    assert costs[1]["read"] <= MOST_READ
    assert costs[1]["written"] <= MOST_WRITTEN
