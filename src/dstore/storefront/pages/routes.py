"""The routes of the diner's pages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse
from starlette.routing import Route

from dstore.storefront.pages import basket_page, item_page, qr, store_list, store_page, times_page
from dstore.storefront.pages.kept import Kept
from dstore.storefront.pages.reading import Shelves

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.menus import Menus


def routes(menus: Menus) -> list[Route]:
    """Return the routes."""
    shelves, kept = Shelves(menus), Kept()

    async def first(_request: Request) -> Response:
        return RedirectResponse("/s", 307)

    return [
        Route("/", first),
        Route("/s", partial(store_list.show, menus=menus)),
        Route("/s/{id}", partial(store_page.show, shelves=shelves, kept=kept)),
        Route("/s/{id}/item", partial(item_page.show, shelves=shelves)),
        Route("/s/{id}/times", partial(times_page.show, shelves=shelves)),
        Route("/s/{id}/basket", partial(basket_page.show, shelves=shelves)),
        Route("/s/{id}/basket", partial(basket_page.lines, shelves=shelves), methods=["POST"]),
        Route("/s/{id}/quote", partial(basket_page.quote, shelves=shelves), methods=["GET", "POST"]),
        Route("/s/{id}/qr.svg", partial(qr.code, menus=menus)),
    ]
