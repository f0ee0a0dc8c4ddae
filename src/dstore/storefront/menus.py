"""Reading a store's menu as it stands, and keeping the bytes while the store's version stands."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.storefront import pds_menu, pos_menu
from dstore.storefront.resolved import Document, StoreCard

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.clock import Clock
    from dstore.storage.port import Database, Reading, Row

CACHE_BYTES = 64 * 1024 * 1024
PAGE = 100
_STORE = "select public_id, feed, version, changed, tree, doc from store where public_id = ? and feed <> 'shelf' and deleted = 0"


class Page(NamedTuple):
    """A document ready to be served, and until when it stands by itself."""

    etag: str
    body: bytes
    valid_until: datetime | None


class Menus:
    """Menus of one process; every read first asks the database for the store's version."""

    def __init__(self, database: Database, clock: Clock, pos_zone: str) -> None:
        self._database = database
        self._clock = clock
        self._pos_zone = pos_zone
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._bytes = 0

    async def menu(self, public_id: str) -> Page | None:
        """Return a store's menu; None when there is no such store."""
        now = self._clock.now()
        row = await self._database.peek(
            "select version, changed from store where public_id = ? and feed <> 'shelf' and deleted = 0", (public_id,)
        )
        if row is None:
            return None
        page = self._pages.get(public_id)
        if (
            page is not None
            and page.etag == _etag(row[0], row[1], page.valid_until)
            and (page.valid_until is None or now < page.valid_until)
        ):
            return page
        built = await self._database.read(lambda reading: _build(reading, public_id, now, self._pos_zone))
        if built is not None:
            self._keep(public_id, built)
        return built

    async def stores(self, after: str = "") -> bytes:
        """Return up to a hundred stores, in the order of their ids, as JSON with the id to go on after."""
        rows = await self._database.read(
            lambda reading: reading.rows(
                "select public_id, feed, doc from store where deleted = 0 and feed <> 'shelf' and public_id > ? order by public_id limit ?",
                (after, PAGE),
            )
        )
        now = self._clock.now()
        cards = [_card(public_id, feed, doc, now, self._pos_zone)[0] for public_id, feed, doc in rows]
        following = {"next": cards[-1].id} if len(cards) == PAGE else {}
        return msgspec.json.encode({"stores": cards, **following})

    def _keep(self, public_id: str, page: Page) -> None:
        old = self._pages.pop(public_id, None)
        self._bytes += len(page.body) - (len(old.body) if old else 0)
        self._pages[public_id] = page
        while self._bytes > CACHE_BYTES and len(self._pages) > 1:
            self._bytes -= len(self._pages.popitem(last=False)[1].body)


def _etag(version: int, changed: int, until: datetime | None) -> str:
    """Return a strong tag: the store's version, when it was made, and the stretch of time the bytes hold for."""
    stretch = "" if until is None else f"-{int(until.timestamp())}"
    return f'"{version}-{changed}{stretch}"'


def _card(public_id: str, feed: str, doc: bytes, now: datetime, pos_zone: str) -> tuple[StoreCard, datetime | None]:
    if feed == "pos":
        return pos_menu.card(public_id, doc, now, pos_zone)
    return pds_menu.card(public_id, doc, now)


def _build(reading: Reading, public_id: str, now: datetime, pos_zone: str) -> Page | None:
    store = reading.row(_STORE, (public_id,))
    if store is None:
        return None
    _, feed, version, changed, tree, doc = store
    card, until = _card(public_id, feed, doc, now, pos_zone)
    rows: list[Row] = reading.rows(
        "select kind, key, status, doc from entry where tree = ? and deleted = 0 order by position", (tree,)
    )
    shown, groups = pos_menu.menus(rows) if feed == "pos" else pds_menu.menus(rows)
    document = Document(store=card, version=version, menus=shown, groups=groups)
    return Page(_etag(version, changed, until), msgspec.json.encode(document), until)
