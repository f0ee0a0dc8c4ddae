"""The F&B family: single updates beside a POS status update, the menu at any moment, and a database of many stores."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import msgspec

from bench import client, loads, rounds
from dstore.catalog.stores import StoreKey, public_id
from dstore.sandbox.catalogues import pds_store
from dstore.storage.opening import open_database

if TYPE_CHECKING:
    from bench.databases import Kind
    from bench.rounds import Plan
    from bench.samples import Figures, Meter

UPDATE_ITEM = "/v2/pds/item/updateItem"
ADD_ITEM = "/v2/pds/item/addItem"
ITEMS = 1_000
MANY = 10_000
ENTRIES = 30
Json = dict[str, Any]
_DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class FamilyLoad:
    """An F&B store in which every item has rules of time, and calls about its items."""

    store: Json = field(init=False)
    _sent: int = 0
    _items: list[Json] = field(init=False)

    def __post_init__(self) -> None:
        """Make the store."""
        self.store = pds_store("ISV", ITEMS)
        random = Random(7)  # noqa: S311 - a catalogue is no secret
        self._items = []
        for menu in self.store["menus"]:
            for category in menu["categories"]:
                for item in category["items"]:
                    item["itemInfo"] |= _rules(random, item["itemInfo"]["priceInfo"])
                    info, above = menu["menuInfo"], category["categoryInfo"]["categoryId"]
                    place = {"menuId": info["menuId"], "menuType": info["menuType"], "categoryId": above}
                    self._items.append({"storeId": "ISV", **place, "itemId": item["itemInfo"]["itemId"]})

    def initialize(self) -> bytes:
        """Return the signed call that feeds the store."""
        return loads.signed(loads.INITIALIZE_STORE, {"requestId": "isv", "stores": [self.store]})

    def updates(self, count: int) -> list[bytes]:
        """Return signed changes of a price, each of one item."""
        return [loads.signed(UPDATE_ITEM, self._update()) for _ in range(count)]

    def additions(self, count: int) -> list[bytes]:
        """Return signed calls that add an item each."""
        return [loads.signed(ADD_ITEM, self._addition()) for _ in range(count)]

    def _update(self) -> Json:
        self._sent += 1
        place = self._items[self._sent % len(self._items)]
        price = {"saleAmount": 100 + self._sent, "originAmount": 5000 + self._sent, "currency": "SGD"}
        return {**place, "saleType": "SINGLE", "priceInfo": price}

    def _addition(self) -> Json:
        self._sent += 1
        place = self._items[self._sent % len(self._items)]
        price = {"saleAmount": 100, "originAmount": 100, "currency": "SGD"}
        own = {"itemId": f"new-{self._sent}", "saleType": "SINGLE", "itemTitle": "Another dish", "priceInfo": price}
        return {"requestId": f"add-{self._sent}", "item": {**place, **own}}


def _rules(random: Random, price: Json) -> Json:
    """Return rules of the kinds that the pages' samples show: a happy hour, and hours in which it can be had."""
    hour = random.randrange(6, 20)
    slot = {"startTime": f"{hour:02}:00", "endTime": f"{hour + 2:02}:30"}
    span = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-12-31T23:59:59+08:00", "timeSlot": slot}
    cheaper = {"saleAmount": price["saleAmount"] * 9 // 10, "originAmount": price["saleAmount"], "currency": "SGD"}
    days = random.sample(_DAYS, 5)
    return {
        "businessRules": [
            {"scene": "PRICE_SCHEDULE", "ruleData": json.dumps([{**span, "weekDays": days, **cheaper}])},
            {
                "scene": "ITEM_STATUS_RULE",
                "ruleData": json.dumps([{**span, "weekDays": _DAYS, "itemStatus": "SOLDOUT"}]),
            },
        ],
        "serviceAvailabilityList": [
            {"dayOfWeek": day, "timePeriods": [{"startTime": "07:00", "endTime": "23:00"}]} for day in days
        ],
    }


def family(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Measure single updates and menus in a store of 1,000 items, and status updates among ten thousand stores."""
    load, few = FamilyLoad(), [f"s{number}" for number in range(rounds.STORES)]
    with (
        rounds.product(plan, kind, figures, DSTORE_SIGNATURE_MEMO="0") as meter,
        rounds.product(plan, kind, figures, DSTORE_SIGNATURE_MEMO="0") as crowded,
    ):
        fill(crowded.database_url, MANY)
        for one in (meter, crowded):
            one.signed("warm-up", [plan.load.full(store) for store in few])
            one.signed("warm-up", plan.load.statuses(few, 400), rounds.CONNECTIONS)
        meter.signed("warm-up", [load.initialize()], path=loads.INITIALIZE_STORE)
        meter.signed("warm-up", load.updates(200), rounds.CONNECTIONS, UPDATE_ITEM)
        for _ in range(plan.turns):
            meter.signed("status beside F&B", plan.load.statuses(few, plan.statuses), rounds.CONNECTIONS)
            crowded.signed("status among many", plan.load.statuses(few, plan.statuses), rounds.CONNECTIONS)
            meter.signed("updateItem", load.updates(plan.statuses), rounds.CONNECTIONS, UPDATE_ITEM)
            meter.signed("addItem", load.additions(plan.statuses), rounds.CONNECTIONS, ADD_ITEM)
        _menus(meter, load)


def _menus(meter: Meter, load: FamilyLoad) -> None:
    """Read the menu at random moments: for the first time in the process, right after a change of an item, and again."""
    random = Random(11)  # noqa: S311 - moments are no secret
    stores = msgspec.json.decode(meter.server.get("/storefront/v1/stores"))["stores"]
    path = next(f"/storefront/v1/stores/{one['id']}/menu" for one in stores if one["feed"] == "pds")
    cold: list[float] = []
    kept: list[float] = []

    def read() -> float:
        moment = _SINCE + timedelta(minutes=random.randrange(700 * 24 * 60))
        began = perf_counter()
        meter.server.get(f"{path}?at={moment:%Y-%m-%dT%H:%M:%SZ}")
        return (perf_counter() - began) * 1000

    meter.figures.add(meter.database.label, "menu at a moment, first look of a process: ms", read())
    for update in load.updates(30):
        client.closed_loop(meter.server.port, [update], 1)
        cold.append(read())
        kept.append(read())
    meter.figures.add(meter.database.label, "menu at a moment, after a change: ms", median(cold))
    meter.figures.add(meter.database.label, "menu at another moment, unchanged: ms", median(kept))


def fill(url: str, stores: int) -> None:
    """Put stores of a few products into a database, of another partner than the one who calls."""
    database = open_database(url)
    names = ("public_id", "feed", "partner_id", "account", "ref", "tree", "version", "changed", "doc")
    columns = ("tree", "kind", "key", "position", "status", "deleted", "version", "doc")
    try:
        for start in range(0, stores, 500):
            some = range(1_000_000 + start, 1_000_000 + min(start + 500, stores))
            rows = [
                (public_id("many", StoreKey("pos", "many", f"m{one}")), "pos", 99, "many", f"m{one}", one, 1, 0, _DOC)
                for one in some
            ]
            entries = [
                (one, 1, f"p{number:03}", number, "AVAILABLE", 0, 1, _PRODUCT)
                for one in some
                for number in range(ENTRIES)
            ]
            database.transact_now(lambda one, rows=rows: one.load("store", names, rows))  # type: ignore[misc]
            database.transact_now(lambda one, entries=entries: one.load("entry", columns, entries))  # type: ignore[misc]
    finally:
        database.close()


_DOC = b'{"name":"One of many","status":"OPEN"}'
_PRODUCT = (
    b'{"posProductId":"p","status":"AVAILABLE","type":"SINGLE","name":"Coffee","price":{"currency":"SGD","value":500}}'
)
