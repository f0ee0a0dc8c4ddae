"""The times for which a diner may order: each a link to the menu of that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.storefront.pages.basket_page import slots
from dstore.storefront.pages.frame import missing, page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.pages.reading import Shelves


async def show(request: Request, shelves: Shelves) -> Response:
    """Answer with the times of the way of ordering in the address."""
    seen = await shelves.see(request)
    if seen is None:
        return missing(request)
    return page(request, seen.visit, "times.html", card=seen.card, slots=slots(shelves, seen), phrases=seen.phrases)
