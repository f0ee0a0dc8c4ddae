"""From the database to stores: what is read, in how few statements, on one consistent view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from dstore.catalog.kinds import BRAND, MENU, SHOPPING_AREA
from dstore.catalog.merchant import settings, sold_out, storing
from dstore.storefront import merchant_menu, on_menus
from dstore.storefront.decoded import (
    Shared,
    Store,
    changed_entries,
    every,
    languages_of,
    read_entries,
    read_shared,
    read_top,
)

if TYPE_CHECKING:
    from dstore.catalog.merchant.menus import MenuDocument
    from dstore.storage.port import Reading, Row
    from dstore.storefront.decoded import Entries, Entry

PAGE = 100
_SHELF = "a.feed = 'shelf' and a.account = '' and a.ref = ''"
_STORES = (
    "select s.public_id, s.feed, s.version, s.changed, coalesce(a.version, 0), s.partner_id, s.tree, s.doc"
    f" from store s left join store a on s.feed = 'pds' and a.partner_id = s.partner_id and {_SHELF}"
    " where s.feed <> 'shelf' and s.deleted = 0 and s.hidden = 0"
)
STAMP = (
    "select s.version, s.changed, coalesce(a.version, 0)"
    f" from store s left join store a on s.feed = 'pds' and a.partner_id = s.partner_id and {_SHELF}"
    " where s.public_id = ? and s.feed <> 'shelf' and s.deleted = 0 and s.hidden = 0"
)
Stamp = tuple[int, int, int]
_LIVING = "select kind, key, position, status, doc from entry where tree = ? and deleted = 0 order by position"
_CHANGED = "select kind, key, position, status, deleted, doc from entry where tree = ? and version > ?"
_REMOVED = "select kind, key from removed where tree = ? and version > ?"


def read_store(reading: Reading, public_id: str, before: Store | None) -> Store | None:
    """Read a store whole; what it held before in the same bytes is not decoded again. None: there is no such store."""
    row = reading.row(f"{_STORES} and s.public_id = ?", (public_id,))
    if row is None:
        return None
    top = read_top(row[1], row[7])
    entries = _read_entries(reading, row[6], before)
    store = _store(row, top, _Shelf(reading).of(row[5], top), entries)._replace(
        settings=settings.stored(reading, public_id), sold_out=sold_out.untils(reading, public_id)
    )
    return with_layer(store, storing.published(reading, public_id)) if store.feed == "pos" else store


def _read_entries(reading: Reading, tree: int, before: Store | None) -> Entries:
    """Return a tree's living entries; only what changed since is read, where that is enough."""
    if before is not None and before.tree == tree:
        since = (tree, before.stamp[0])
        rows, removed = reading.each((_CHANGED, since), (_REMOVED, since))
        entries = changed_entries(before.entries, rows, removed)
        if entries is not None:
            return entries
    return read_entries(reading.rows(_LIVING, (tree,)), before)


def read_front(reading: Reading, public_id: str) -> Store | None:
    """Read a store with nothing in it: what it says of itself, and what its merchant set. None: there is no such store."""
    row = reading.row(f"{_STORES} and s.public_id = ?", (public_id,))
    if row is None:
        return None
    top = read_top(row[1], row[7])
    return _store(row, top, _Shelf(reading).of(row[5], top), {})._replace(settings=settings.stored(reading, public_id))


def with_layer(store: Store, layer: MenuDocument | None) -> Store:
    """Return a POS store with a merchant's menu laid over its products."""
    tags = {*store.languages, *merchant_menu.languages(layer)}
    return store._replace(layer=layer, languages=tuple(sorted(tags)))


def read_page(reading: Reading, after: str) -> list[Store]:
    """Read up to a hundred stores in the order of their ids, with their menus and no more than tells which are empty."""
    rows = reading.rows(f"{_STORES} and s.public_id > ? order by s.public_id limit ?", (after, PAGE))
    if not rows:
        return []
    menus: dict[int, list[Row]] = {}
    for tree, *entry in reading.rows(
        "select e.tree, e.kind, e.key, e.position, e.status, e.doc from entry e join store s on s.tree = e.tree"
        " where s.feed = 'pds' and s.deleted = 0 and s.hidden = 0 and s.public_id between ? and ? and e.kind = ? and e.deleted = 0"
        " order by e.tree, e.position",
        (rows[0][0], rows[-1][0], MENU.number),
    ):
        menus.setdefault(tree, []).append(tuple(entry))
    found = []
    given = settings.of_stores(reading, rows[0][0], rows[-1][0])
    layers = storing.published_between(reading, rows[0][0], rows[-1][0])
    shelf = _Shelf(reading)
    for row in rows:
        top = read_top(row[1], row[7])
        store = _store(row, top, shelf.of(row[5], top), read_entries(menus.get(row[6], ()), None))
        store = store._replace(settings=given.get(row[0], settings.NOTHING))
        layer = layers.get(row[0])
        if layer is not None:
            store = store._replace(entries=on_menus.samples(reading, store.tree, layer), layer=layer)
        found.append(store)
    return found


def _store(row: Row, top: Entry, shared: Shared, entries: Entries) -> Store:
    public_id, feed, version, changed, shelf, _, tree, doc = row
    size = len(doc) + sum(len(one.doc) for found in entries.values() for one in found.values())
    store = Store(public_id, feed, (version, changed, shelf), top, shared, entries, (), size, tree)
    return store._replace(languages=languages_of(entry for _, entry in every(store)))


class _Shelf:
    """The shopping areas and brands that stores name, each read once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._read: dict[tuple[int, int, str], Row | None] = {}

    def of(self, partner_id: int, top: Entry) -> Shared:
        """Return the shopping area and the brand that a store names."""
        area = self._find(partner_id, SHOPPING_AREA.number, getattr(top.info, "area_id", UNSET))
        brand = self._find(partner_id, BRAND.number, getattr(top.info, "brand_id", UNSET))
        return Shared(
            area=None if area is None else read_shared(SHOPPING_AREA.number, area[1]),
            area_gone=area is not None and bool(area[0]),
            brand=None if brand is None or brand[0] else read_shared(BRAND.number, brand[1]),
        )

    def _find(self, partner_id: int, kind: int, name: Any) -> Row | None:
        if name is UNSET:
            return None
        place = partner_id, kind, name
        if place not in self._read:
            self._read[place] = self._reading.row(
                f"select e.deleted, e.doc from entry e join store a on a.tree = e.tree where a.partner_id = ? and {_SHELF}"
                " and e.kind = ? and e.key = ?",
                place,
            )
        return self._read[place]
