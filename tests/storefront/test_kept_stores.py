"""A store that is kept and caught up with by what changed is the store as it stands in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dstore.storage.opening import open_database
from dstore.storefront.reading import read_store
from harness import stall
from storefront import shops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.storage.port import Database
    from dstore.storefront.decoded import Store
    from harness.platform import Platform

PLACE = {"storeId": "stall1", "menuId": "m1", "menuType": "PICKUP", "categoryId": "c1"}
NEW_DISH = {**PLACE, "saleType": "SINGLE", "itemTitle": "New dish", "priceInfo": stall.price(300)}
HOURS = shops.hours("09:00", "17:00")
TEXTS = [{"column": "itemTitle", "languageKey": "zh", "value": "河粉"}]


def dish(name: str, **more: Any) -> dict[str, Any]:
    return {**PLACE, "itemId": name, "saleType": "SINGLE", **more}


def fed(*items: Any) -> dict[str, Any]:
    return {"stores": [stall.store("stall1", stall.menu("m1", stall.category("c1", *items)))]}


OF_A_STALL: list[tuple[str, Any]] = [
    ("updateItem", dish("laksa", priceInfo=stall.price(600))),
    ("updateItem", dish("horfun", serviceAvailabilityList=HOURS, multiLanguageDetails=TEXTS)),
    ("updateItem", dish("horfun", itemStatus="SOLDOUT")),
    ("addItem", {"item": {**NEW_DISH, "itemId": "new"}}),
    ("updateItem", dish("horfun", isDeleted="DELETED")),
    ("updateItem", dish("laksa", itemTitle="Laksa lemak")),
    ("addItem", {"item": {**NEW_DISH, "itemId": "horfun"}}),
    ("updateCategory", {"storeId": "stall1", "categoryId": "c1", "title": "Noodles"}),
    ("updateCategory", {"storeId": "stall1", "categoryId": "c1", "isDeleted": "DELETED"}),
    ("initializeStore", fed(stall.item("laksa"), stall.item("horfun"))),
    ("initializeStore", fed(stall.item("horfun"), stall.item("laksa", amount=1), stall.item("satay"))),
    ("updateStore", {"storeId": "stall1", "name": "Another name"}),
]


def product(name: str, value: int = 100, status: str = "AVAILABLE") -> dict[str, Any]:
    price = {"currency": "SGD", "value": value}
    return {"posProductId": name, "name": name, "type": "SINGLE", "status": status, "price": price}


def synced(*products: Any) -> tuple[str, Any]:
    store = {"posStoreId": "s1", "name": "Kopitiam"}
    return "syncProduct", {"posAccountId": "a1", "store": store, "products": list(products)}


OF_A_TILL: list[tuple[str, Any]] = [
    synced(product("tea"), product("coffee"), product("milk")),
    synced(product("tea"), product("coffee", 200), product("milk")),
    synced({"posProductId": "tea", "status": "SOLDOUT"}),
    synced(product("tea"), product("milk")),
    synced(product("milk"), product("tea")),
    synced(product("milk"), product("coffee"), product("tea")),
    synced(product("coffee", 1), product("water"), product("tea")),
]


@pytest.fixture
def database(platform: Platform) -> Iterator[Database]:
    one = open_database(platform.url)
    yield one
    one.close()


def read(database: Database, store: str, before: Store | None = None) -> Store | None:
    return database.read_now(lambda reading: read_store(reading, store, before))


def orderly(store: Store) -> Any:
    """Return a store with its entries in their order, which equality of dicts does not look at."""
    entries = {kind: list(found.items()) for kind, found in sorted(store.entries.items())}
    return store._replace(entries={}), entries


@pytest.mark.parametrize("changes", [OF_A_STALL, OF_A_TILL], ids=["stall", "till"])
def test_whatever_changes_a_kept_store_is_the_store_that_is_read(
    platform: Platform, database: Database, changes: list[tuple[str, Any]]
) -> None:
    if changes is OF_A_STALL:
        assert stall.initialize(platform).code == "SUCCESS"
    else:
        assert platform.call("syncProduct", {"requestId": "first", **changes[0][1]}).code == "SUCCESS"
    store = shops.only(platform)
    kept = read(database, store)
    for number, (api, body) in enumerate(changes):
        answer = platform.call(api, {"requestId": f"change-{number}", **body})
        assert answer.code == "SUCCESS", (api, body, answer.message)
        kept, fresh = read(database, store, kept), read(database, store)
        assert kept is not None
        assert fresh is not None
        assert orderly(kept) == orderly(fresh), (api, body)


def test_one_dish_that_changes_leaves_the_others_as_they_were_decoded(platform: Platform, database: Database) -> None:
    assert stall.initialize(platform).code == "SUCCESS"
    store = shops.only(platform)
    before = read(database, store)
    assert platform.call("updateItem", dish("laksa", priceInfo=stall.price(1))).code == "SUCCESS"
    after = read(database, store, before)
    assert before is not None
    assert after is not None
    pairs = [
        (after.entries[kind][key] is one, key) for kind, found in before.entries.items() for key, one in found.items()
    ]
    assert [key for is_same, key in pairs if not is_same] == ['["laksa","c1","m1","PICKUP"]']
