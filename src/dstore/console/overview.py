"""A store at a glance: what it has, what waits, who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.catalog.kinds import ITEM
from dstore.catalog.merchant.differences import changes
from dstore.catalog.merchant.menus import empty
from dstore.console import audit
from dstore.console.acts import WORDS
from dstore.console.roles import Action
from dstore.console.routing import Page

if TYPE_CHECKING:
    from collections.abc import Container

    from starlette.responses import Response

    from dstore.catalog.merchant.sold_out import Thing
    from dstore.console.catalogues import Shop
    from dstore.console.stores import StoreLine
    from dstore.console.visits import Visit
    from dstore.storage.port import Reading

ACTS = 12


class Figures(NamedTuple):
    """What is counted; what only a POS store has is None for others."""

    products: int
    sold_out: int
    waiting: int | None = None
    gone: int | None = None
    changes: int | None = None
    published: int | None = None


async def show(visit: Visit) -> Response:
    """Show the figures of a store, and its last acts to those who may see them."""
    store = visit.store
    if store.is_pos:
        found = counted(await visit.read(visit.shop))
    else:
        found = await visit.read(lambda reading: _fed(reading, store, visit.marks(reading)))
    acts: list[audit.Act] = []
    if visit.may(Action.SEE_AUDIT):
        acts = await visit.read(lambda reading: audit.latest(reading, store.id, ACTS + 1))
    return visit.page("console/overview.html", figures=found, acts=acts[:ACTS], acted=WORDS, has_older=len(acts) > ACTS)


def counted(shop: Shop) -> Figures:
    """Return the figures of a POS store; sold out is what the POS says or the merchant marked."""
    singles = [line for line in shop.survey.lines.values() if line.can_be_placed]
    published = shop.published.document if shop.published else empty()
    return Figures(
        len(singles),
        sum(map(shop.is_off, singles)),
        len(shop.waiting()),
        len(shop.gone()),
        len(changes(published, shop.draft.document)),
        shop.published.number if shop.published else 0,
    )


def _fed(reading: Reading, store: StoreLine, marks: Container[Thing]) -> Figures:
    rows = reading.rows(
        "select status, key from entry where tree = ? and kind = ? and deleted = 0", (store.tree, ITEM.number)
    )
    off = [status == "SOLDOUT" or (ITEM.number, msgspec.json.decode(key)[0]) in marks for status, key in rows]
    return Figures(len(rows), sum(off))


PAGES = [Page("/console/stores/{store}", Action.SEE_STORES, show)]
