"""Reading menus, and keeping what was read while the store's version stands and nothing changes by itself."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from dstore.storefront.questions import NOW
from dstore.storefront.reading import STAMP, read_page, read_store
from dstore.storefront.reasons import spoken
from dstore.storefront.resolving import Page, languages, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.clock import Clock
    from dstore.storage.port import Database
    from dstore.storefront.decoded import Store
    from dstore.storefront.questions import Question
    from dstore.storefront.reading import Stamp

CACHE_BYTES = 128 * 1024 * 1024
MOST_PAGES = 32
DECODED_WEIGHT = 6
"""How many bytes a byte of documents takes once it is decoded, about."""
INLINE_BYTES = 32 * 1024
T = TypeVar("T")
_Name = tuple[str | None, tuple[str, ...], str]


@dataclass(slots=True)
class _Kept:
    """What is kept of a store at a version: its entries decoded, and pages by service and languages."""

    store: Store
    pages: OrderedDict[_Name, Page] = field(default_factory=OrderedDict)
    commits: int | None = None

    def name(self, question: Question) -> _Name:
        """Return what tells a store's pages apart, other than the moment."""
        asked = question.languages
        if not asked:
            return question.service, (), ""
        return question.service, languages(self.store, asked), spoken(asked)

    def weight(self) -> int:
        """Return about how many bytes this takes."""
        return self.store.size * DECODED_WEIGHT + sum(len(page.body) for page in self.pages.values())


class Menus:
    """Stores and menus of one process; every read first asks the database for the store's version."""

    def __init__(self, database: Database, clock: Clock, pos_zone: str) -> None:
        self._database = database
        self.clock = clock
        self.pos_zone = pos_zone
        self._kept: OrderedDict[str, tuple[_Kept, int]] = OrderedDict()
        self._bytes = 0

    async def menu(self, public_id: str, question: Question = NOW) -> Page | None:
        """Return a store's menu; None when there is no such store."""
        kept = await self._current(public_id)
        if kept is None:
            return None
        now = self.clock.now()
        if question.when is not None:
            return await self._page(kept.store, question)
        name = kept.name(question)
        known = kept.pages.get(name)
        if known is not None and known.holds(now):
            return known
        made = await self._page(kept.store, question)
        kept.pages[name] = made
        if len(kept.pages) > MOST_PAGES:
            kept.pages.popitem(last=False)
        self._keep(public_id, kept)
        return made

    async def store(self, public_id: str) -> Store | None:
        """Return a store with everything in it decoded; None when there is none."""
        kept = await self._current(public_id)
        return None if kept is None else kept.store

    async def stores(self, after: str) -> list[Store]:
        """Return up to a hundred stores in the order of their ids, with their menus but nothing below them."""
        return await self._database.read_long(lambda reading: read_page(reading, after))

    async def _current(self, public_id: str) -> _Kept | None:
        """Return what is kept of the store's present version, read anew if it must be."""
        known = self._kept.get(public_id)
        # Looked at before the store is: what is committed in between is seen next time.
        commits = self._database.commits()
        if known is not None and commits is not None and known[0].commits == commits:
            return known[0]
        stamp: Stamp | None = await self._database.peek(STAMP, (public_id,))
        if stamp is None:
            return None
        if known is not None and known[0].store.stamp == tuple(stamp):
            known[0].commits = commits
            return known[0]
        before = None if known is None else known[0].store
        is_small = before is not None and before.size < INLINE_BYTES
        read = self._database.read if is_small else self._database.read_long
        store = await read(lambda reading: read_store(reading, public_id, before))
        if store is None:
            return None
        kept = _Kept(store, commits=commits)
        self._keep(public_id, kept)
        return kept

    async def look_at(self, store: Store, look: Callable[[], T]) -> T:
        """Return what a look at a store gives; a large one is looked at beside the event loop."""
        return look() if store.size < INLINE_BYTES else await asyncio.to_thread(look)

    async def _page(self, store: Store, question: Question) -> Page:
        return await self.look_at(store, partial(page, store, question, self.clock.now(), self.pos_zone))

    def _keep(self, public_id: str, kept: _Kept) -> None:
        _, old = self._kept.pop(public_id, (None, 0))
        weight = kept.weight()
        self._bytes += weight - old
        self._kept[public_id] = kept, weight
        while self._bytes > CACHE_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1][1]
