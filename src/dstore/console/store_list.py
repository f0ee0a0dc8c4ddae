"""The first page: the stores one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.console import stores
from dstore.console.roles import Action
from dstore.console.routing import Page

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.console.visits import Visit


async def show(visit: Visit) -> Response:
    """List the stores of the user; whoever has only one is taken to it."""
    after = visit.query("after")
    found = await visit.read(lambda reading: stores.visible(reading, visit.user, after))
    if len(found) == 1 and not after:
        return visit.go(found[0].path)
    following = found[-1].public_id if len(found) == stores.PAGE else ""
    return visit.page("console/stores.html", stores=found, following=following, is_first=not after)


PAGES = [Page("/console/stores", Action.SEE_STORES, show)]
