"""A store at a glance: what it has, what waits, who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from dstore.catalog.kinds import ITEM
from dstore.catalog.merchant.differences import changes
from dstore.catalog.merchant.menus import empty
from dstore.console import audit
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.web.languages import marked

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.console.catalogues import Shop
    from dstore.console.stores import StoreLine
    from dstore.console.visits import Visit
    from dstore.storage.port import Reading

ACTS = 12
# What the audit log's words are called; a word that is not here is shown as it is.
WORDS = {
    "add-category": marked("Added a category"),
    "edit-category": marked("Edited a category"),
    "remove-category": marked("Removed a category"),
    "move-category": marked("Moved a category"),
    "place": marked("Put products on the menu"),
    "remove": marked("Took products off the menu"),
    "move": marked("Moved a product"),
    "transfer": marked("Moved products to another category"),
    "add-menu": marked("Gave a service its own menu"),
    "remove-menu": marked("Removed a service's menu"),
    "product": marked("Edited a product"),
    "publish": marked("Published the menu"),
    "redraft": marked("Replaced the draft"),
    "undo": marked("Took an edit back"),
    "restore the catalogue": marked("Restored the catalogue"),
    "sold out": marked("Marked as sold out"),
    "back on sale": marked("Put back on sale"),
    "sold out undone": marked("Took a mark back"),
    "hours": marked("Changed hours or a service"),
    "hours copied": marked("Copied the hours to every service"),
    "closed": marked("Closed for a while"),
    "opened": marked("Opened again"),
    "holiday": marked("Set the hours of a date"),
    "holiday removed": marked("Removed a date"),
    "details": marked("Changed the store's texts"),
    "picture": marked("Added a picture"),
    "picture changed": marked("Changed the pictures"),
    "tables added": marked("Added tables"),
    "table removed": marked("Removed a table"),
    "settings undone": marked("Took a setting back"),
}


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
        found = await visit.read(lambda reading: _fed(reading, store))
    acts: list[tuple[int, str, str, dict[str, Any]]] = []
    if visit.may(Action.SEE_AUDIT):
        rows = await visit.read(lambda reading: audit.latest(reading, store.id, ACTS))
        acts = [(at, login, action, msgspec.json.decode(what)) for at, login, action, what in rows]
    return visit.page("console/overview.html", figures=found, acts=acts, acted=WORDS)


def counted(shop: Shop) -> Figures:
    """Return the figures of a POS store."""
    singles = [line for line in shop.survey.lines.values() if line.can_be_placed]
    published = shop.published.document if shop.published else empty()
    return Figures(
        len(singles),
        sum(line.is_sold_out for line in singles),
        len(shop.waiting()),
        len(shop.gone()),
        len(changes(published, shop.draft.document)),
        shop.published.number if shop.published else 0,
    )


def _fed(reading: Reading, store: StoreLine) -> Figures:
    row = reading.row(
        "select count(*), sum(case when status = 'SOLDOUT' then 1 else 0 end) from entry"
        " where tree = ? and kind = ? and deleted = 0",
        (store.tree, ITEM.number),
    )
    return Figures(int(row[0]), int(row[1] or 0)) if row else Figures(0, 0)


PAGES = [Page("/console/stores/{store}", Action.SEE_STORES, show)]
