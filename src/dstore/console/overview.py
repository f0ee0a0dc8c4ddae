"""A store at a glance: what it has, what waits, who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from dstore.catalog.kinds import ITEM, PRODUCT, PRODUCT_GROUP
from dstore.console import audit
from dstore.console.roles import Action
from dstore.console.routing import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.console.stores import StoreLine
    from dstore.console.visits import Visit
    from dstore.storage.port import Reading

ACTS = 12


async def show(visit: Visit) -> Response:
    """Show the figures of a store, and its last acts to those who may see them."""
    store = visit.store
    figures = await visit.read(lambda reading: _figures(reading, store))
    acts = []
    if visit.may(Action.SEE_AUDIT):
        rows = await visit.read(lambda reading: audit.latest(reading, store.id, ACTS))
        acts = [(at, login, action, msgspec.json.decode(what)) for at, login, action, what in rows]
    return visit.page("console/overview.html", figures=figures, acts=acts)


def _figures(reading: Reading, store: StoreLine) -> dict[str, int]:
    rows = reading.rows(
        "select kind, count(*), sum(case when status = 'SOLDOUT' then 1 else 0 end) from entry"
        " where tree = ? and deleted = 0 group by kind",
        (store.tree,),
    )
    counts = {kind: (number, sold_out) for kind, number, sold_out in rows}
    kind = PRODUCT.number if store.is_pos else ITEM.number
    number, sold_out = counts.get(kind, (0, 0))
    return {
        "products": number,
        "groups": counts.get(PRODUCT_GROUP.number, (0, 0))[0],
        "sold_out": int(sold_out or 0),
    }


PAGES = [Page("/console/stores/{store}", Action.SEE_STORES, show)]
