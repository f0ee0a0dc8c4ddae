"""What the pages read: a store, and its menu as a document on a diner's terms."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.storefront.pages.phrases import Phrases
from dstore.storefront.pages.visit import read_visit, settled
from dstore.storefront.resolved import Document
from dstore.storefront.resolving import look, zone_name
from dstore.storefront.zones import zone_of

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from starlette.requests import Request

    from dstore.storefront.decoded import Store
    from dstore.storefront.menus import Menus
    from dstore.storefront.pages.visit import Visit
    from dstore.storefront.resolved import StoreCard

MOST_DOCUMENTS = 16
_read = msgspec.json.Decoder(Document).decode


class Seen(NamedTuple):
    """A store as a diner sees it now: their visit with a way of ordering settled, and the tag of its menu."""

    visit: Visit
    store: Store
    card: StoreCard
    zone: tzinfo
    now: datetime
    etag: str
    body: bytes

    @property
    def today(self) -> date:
        """The date by the store's clock."""
        return self.now.astimezone(self.zone).date()

    @property
    def phrases(self) -> Phrases:
        """The words of the diner's language on this day."""
        return Phrases(self.visit.ui, self.today)


class Shelves:
    """Reads stores for pages, and keeps the last few documents decoded."""

    def __init__(self, menus: Menus) -> None:
        self.menus = menus
        self._documents: OrderedDict[str, Document] = OrderedDict()

    async def see(self, request: Request) -> Seen | None:
        """Return the store of an address; None when there is none."""
        visit = read_visit(request)
        store = await self.menus.store(visit.store)
        if store is None:
            return None
        now, pos_zone = self.menus.clock.now(), self.menus.pos_zone
        zone = zone_of(zone_name(store, pos_zone))
        card = look(store, visit.question._replace(service=None), now, pos_zone).card
        visit = settled(visit, card)
        menu = await self.menus.menu(visit.store, visit.question)
        return None if menu is None else Seen(visit, store, card, zone, now, menu.etag, menu.body)

    def document(self, seen: Seen) -> Document:
        """Return the menu of a visit, decoded."""
        known = self._documents.get(seen.etag)
        if known is None:
            known = self._documents[seen.etag] = _read(seen.body)
            while len(self._documents) > MOST_DOCUMENTS:
                self._documents.popitem(last=False)
        return known
