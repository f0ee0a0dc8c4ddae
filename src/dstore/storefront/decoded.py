"""A store's entries decoded: kept while its version stands, and reused entry by entry when it rises."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import (
    ADDON,
    BRAND,
    CATEGORY,
    ITEM,
    MENU,
    MODIFIER_GROUP,
    PRODUCT,
    PRODUCT_GROUP,
    SHOPPING_AREA,
)
from dstore.catalog.language_tags import tag
from dstore.catalog.merchant.settings import NOTHING
from dstore.catalog.pos_stores import PosStoreDoc
from dstore.catalog.schedules.times import NONE, Times, times_of
from dstore.storefront.pds_shapes import plain_item, plain_option
from dstore.vocabulary.objects import (
    Brand,
    CategoryInfo,
    MenuInfo,
    ShoppingArea,
    StoredGroup,
    StoredItem,
    StoreInfo,
)
from dstore.vocabulary.products import StoredProduct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dstore.catalog.merchant.menus import MenuDocument
    from dstore.catalog.merchant.sold_out import Thing
    from dstore.storage.port import Row
    from dstore.storefront.languages import Texts
    from dstore.storefront.resolved import Item, Option
    from dstore.vocabulary.fnb import MultiLanguageDetail

_write = msgspec.json.Encoder().encode
_read_key: Callable[[str], tuple[str, ...]] = msgspec.json.Decoder(tuple[str, ...]).decode
_TYPES: dict[int, Any] = {
    PRODUCT.number: StoredProduct,
    PRODUCT_GROUP.number: StoredProduct,
    MENU.number: MenuInfo,
    CATEGORY.number: CategoryInfo,
    ITEM.number: StoredItem,
    ADDON.number: StoredItem,
    MODIFIER_GROUP.number: StoredGroup,
    SHOPPING_AREA.number: ShoppingArea,
    BRAND.number: Brand,
}
_STORES: dict[str, Any] = {"pos": PosStoreDoc, "pds": StoreInfo}
_READERS: dict[Any, Callable[[bytes], Any]] = {
    kind: msgspec.json.Decoder(kind).decode for kind in {*_TYPES.values(), *_STORES.values()}
}
_NESTED_KEYS = {MENU.number, CATEGORY.number, ITEM.number}


class Entry(NamedTuple):
    """An entry: its document, decoded too, its own id and those of its parents, the status that holds, its rules."""

    doc: bytes
    info: Any
    key: tuple[str, ...]
    status: str | None
    texts: Texts | None
    position: int = 0
    times: Times = NONE
    plain: Item | Option | None = None
    """An item or option as it is shown where nothing else is to be said."""
    written: msgspec.Raw = msgspec.Raw()
    """The same of an item as JSON."""
    above: str = ""
    """The name of the category that an item is in, among the store's entries."""


Entries = dict[int, dict[str, Entry]]
"""Entries by kind and key, in their order."""


class Shared(NamedTuple):
    """What a store shares with others of its partner; None where it names none, `gone` where it is deleted."""

    area: Entry | None = None
    area_gone: bool = False
    brand: Entry | None = None


class Store(NamedTuple):
    """A store as it was read at a version."""

    public_id: str
    feed: str
    stamp: tuple[int, int, int]
    """The store's version, when it was last changed, and the version of what it shares."""
    top: Entry
    shared: Shared
    entries: Entries
    languages: tuple[str, ...]
    size: int
    tree: int = 0
    """The tree whose entries these are."""
    layer: MenuDocument | None = None
    """The menu that the merchant of a POS store has published."""
    settings: bytes = NOTHING
    """What the merchant set for the store, as it is stored."""
    sold_out: Mapping[Thing, int | None] = MappingProxyType({})
    """What the merchant marked as sold out, with the ends of the marks (milliseconds; None: without end)."""


def read_top(feed: str, doc: bytes) -> Entry:
    """Decode a store's own document."""
    return _entry(_STORES[feed], doc, (), None)


def read_shared(kind: int, doc: bytes) -> Entry:
    """Decode a shopping area or a brand."""
    return _entry(_TYPES[kind], doc, (), None)


def read_entries(rows: Iterable[Row], before: Store | None) -> Entries:
    """Decode rows of (kind, key, position, status, doc) in order; what stood in the store before in the same bytes is reused."""
    known = before.entries if before is not None else {}
    found: Entries = {}
    for kind, key, position, status, doc in rows:
        found.setdefault(kind, {})[key] = _read_entry(kind, key, position, status, doc, known.get(kind, {}).get(key))
    return found


def changed_entries(before: Entries, rows: Iterable[Row], removed: Iterable[Row]) -> Entries | None:
    """Return entries as rows of (kind, key, position, status, deleted, doc) and the removal of others leave them.

    None when an entry came or moved: then all must be read again to know their order.
    """
    found = {kind: dict(entries) for kind, entries in before.items()}
    for kind, key in removed:
        found.get(kind, {}).pop(key, None)
    for kind, key, position, status, deleted, doc in rows:
        entries = found.get(kind, {})
        old = entries.get(key)
        if deleted:
            entries.pop(key, None)
        elif old is None or old.position != position:
            return None
        else:
            entries[key] = _read_entry(kind, key, position, status, doc, old)
    return {kind: entries for kind, entries in found.items() if entries}


def _read_entry(kind: int, key: str, position: int, status: str | None, doc: bytes, old: Entry | None) -> Entry:
    if old is not None and old.doc == doc:
        same = old.status == status and old.position == position
        return old if same else old._replace(status=status, position=position)
    entry = _entry(_TYPES[kind], doc, _read_key(key) if kind in _NESTED_KEYS else (key,), status)
    if kind == ADDON.number:
        return entry._replace(position=position, times=times_of(entry.info), plain=plain_option(entry.info))
    if kind == ITEM.number:
        item, above = plain_item(entry.info, entry.key[3]), CATEGORY.key(*entry.key[1:])
        written = msgspec.Raw(_write(item))
        return entry._replace(position=position, times=times_of(entry.info), plain=item, written=written, above=above)
    return entry._replace(position=position)


def languages_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the languages that any text is given in, in the order of their tags."""
    return tuple(sorted({tag for one in entries if one.texts for given in one.texts.values() for tag in given}))


def every(store: Store) -> Iterator[tuple[int, Entry]]:
    """Yield all entries of a store with their kinds, its own document first, as kind 0."""
    yield 0, store.top
    for kind, entries in store.entries.items():
        for entry in entries.values():
            yield kind, entry


def _entry(kind: Any, doc: bytes, key: tuple[str, ...], status: str | None) -> Entry:
    info = _READERS[kind](doc)
    return Entry(bytes(doc), info, key, status, _texts(getattr(info, "multi_language_details", UNSET)))


def _texts(details: list[MultiLanguageDetail] | UnsetType) -> Texts | None:
    if details is UNSET or not details:
        return None
    texts: Texts = {}
    for one in details:
        if one.value:
            texts.setdefault(one.column, {})[tag(one.language_key)] = one.value
    return texts or None
