"""What must be true after any fault: the state is what one order of the requests makes, and nothing was forgotten.

The order is the history's. It must hold each applied request once, agree with the order in which callers saw their
answers, and lead a model of a store from nothing to exactly what is stored and shown.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dstore.storage.opening import open_database
from faults.traffic import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from faults.traffic import Log, Sent
    from harness.server import Server


@dataclass
class Shop:
    """A model of one store: its name, whether it is open, and its products with name, price and status."""

    name: str = ""
    status: str = "OPEN"
    products: dict[str, tuple[str, int, str]] = field(default_factory=dict)

    def apply(self, store: str, one: Sent) -> None:
        """Do what a request asks for in a store, the simple way."""
        {
            "syncStore": self._sync_store,
            "syncProduct": self._sync_product,
            "initializeStore": lambda body: self._initialize(store, body),
            "addItem": self._add,
            "updateItem": self._update,
        }[one.api](one.body)

    def _sync_store(self, body: dict[str, Any]) -> None:
        self.name = body["store"].get("name", self.name)
        self.status = body["store"].get("status", self.status)

    def _sync_product(self, body: dict[str, Any]) -> None:
        self.name = body["store"].get("name", self.name)
        if "type" in body["products"][0]:
            self.products = {}
        for product in body["products"]:
            name = product["posProductId"]
            was = self.products.get(name, ("", 0, ""))
            self.products[name] = (
                product.get("name", was[0]),
                product["price"]["value"] if "price" in product else was[1],
                product["status"],
            )

    def _initialize(self, store: str, body: dict[str, Any]) -> None:
        [one] = [each for each in body["stores"] if each["storeInfo"]["storeId"] == store]
        self.name = one["storeInfo"]["name"]
        self.products = {}
        for item in one["menus"][0]["categories"][0]["items"]:
            self._add({"item": item["itemInfo"]})

    def _add(self, body: dict[str, Any]) -> None:
        item = body["item"]
        self.products[item["itemId"]] = (item["itemTitle"], item["priceInfo"]["saleAmount"], item["itemStatus"])

    def _update(self, body: dict[str, Any]) -> None:
        title = self.products[body["itemId"]][0]
        self.products[body["itemId"]] = (title, body["priceInfo"]["saleAmount"], body["itemStatus"])


def rows(url: str, sql: str, *params: Any) -> list[Any]:
    """Look into a database from outside the server."""
    database = open_database(url)
    try:
        return database.read_now(lambda reading: reading.rows(sql, params))
    finally:
        database.close()


def history(url: str, request_id: str) -> list[Any]:
    """Return the rows that a request left in the history."""
    return rows(url, "select version, what from history where request_id = ?", request_id)


def check_all(server: Server, log: Log) -> int:
    """Check every store of the log; return how many changes the history holds."""
    by_store: dict[str, list[Sent]] = {}
    for one in log.sent.values():
        for store in one.stores:
            by_store.setdefault(store, []).append(one)
    total = sum(check_store(server, store, sent) for store, sent in by_store.items())
    _check_integrity(server.url)
    return total


@dataclass
class Read:
    """A menu that a diner was shown, and when it was asked for."""

    began: float
    document: Any


def check_store(server: Server, store: str, sent: Iterable[Sent], reads: Sequence[Read] = ()) -> int:
    """Check one store against everything that was sent for it and read of it; return how many changes it has."""
    log = {one.name: one for one in sent}
    kept = rows(server.url, "select public_id, version, id from store where ref = ?", store)
    if not kept:
        assert not [one for one in log.values() if one.code == "SUCCESS"], f"{store} is gone"
        return 0
    [(public_id, version, store_id)] = kept
    order = rows(
        server.url,
        "select version, request_id, request_time from history where store_id = ? order by version",
        store_id,
    )
    assert [row[0] for row in order] == list(range(1, version + 1)), f"{store}: versions have gaps or doubles"
    applied = [row[1] or row[2] for row in order]
    assert len(set(applied)) == len(applied), f"{store}: a request was applied twice"
    _check_results(server.url, log, applied)
    _check_real_time([log[name] for name in applied])
    final = Read(time.monotonic(), menu(server, public_id))
    assert final.document["version"] == version
    _check_reads(store, [log[name] for name in applied], [*reads, final])
    return len(applied)


def menu(server: Server, public_id: str) -> Any:
    """Return what diners are shown of a store."""
    return json.loads(server.get(f"/storefront/v1/stores/{public_id}/menu").body)


def _check_results(url: str, log: dict[str, Sent], applied: list[str]) -> None:
    """Every acknowledged request was applied, every applied one has its result, no other has one."""
    given = dict(rows(url, "select request_id, code from given"))
    unknown = set(applied) - set(log)
    assert not unknown, f"applied but never sent: {unknown}"
    for name, one in log.items():
        if "requestId" in one.body:
            assert (given.get(name) == "SUCCESS") == (name in applied), f"half applied: {one}"
        if one.code == "SUCCESS":
            assert name in applied, f"acknowledged and lost: {one}"
        elif one.code:
            assert name not in applied, f"refused and applied: {one}"


def _check_real_time(order: list[Sent]) -> None:
    """A request that was answered before another was first sent comes before it."""
    latest = 0.0
    for one in order:
        assert one.ended >= latest, f"{one} was answered before one sent that the history puts earlier"
        latest = max(latest, one.began)


def _check_reads(store: str, order: list[Sent], reads: Sequence[Read]) -> None:
    """Every menu that was shown is that of the model after as many changes, and misses none answered before."""
    by_version: dict[int, list[Read]] = {}
    for read in reads:
        by_version.setdefault(read.document["version"], []).append(read)
    shop, checked = Shop(), 0
    for version, one in enumerate(order, 1):
        shop.apply(store, one)
        following = min((later.ended for later in order[version:]), default=float("inf"))
        for read in by_version.get(version, ()):
            _check_shown(read.document, shop)
            assert following >= read.began, "a menu lacks a change that was acknowledged before it was asked for"
            checked += 1
    assert checked == len(reads), "a menu of a version that never was"


def _check_shown(document: Any, shop: Shop) -> None:
    assert (document["store"]["name"], document["store"]["open"]) == (shop.name, shop.status == "OPEN")
    items = [item for menu in document["menus"] for category in menu["categories"] for item in category["items"]]
    shown = {
        item["id"]: (item["name"], item["price"]["amount"], "AVAILABLE" if item["available"] else "SOLDOUT")
        for item in items
    }
    assert list(shown) == list(shop.products)
    assert shown == shop.products


def _check_integrity(url: str) -> None:
    if url.startswith("sqlite"):
        assert rows(url, "pragma integrity_check") == [("ok",)]
    loose = "select count(*) from store where tree in (select tree from loose_tree)"
    assert rows(url, loose) == [(0,)], "a store points at a tree that will be swept"
    orphans = "select count(*) from entry where tree not in (select tree from store union select tree from loose_tree)"
    assert rows(url, orphans) == [(0,)], "rows that nobody owns"


def line(server: Server) -> Line:
    """Return a connection to a server."""
    return Line(server.port, server.platform_key)
