"""All pages of the Console, from the modules that know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from dstore.console import (
    acts,
    builder,
    details,
    hours,
    overview,
    partner_pages,
    preview,
    product,
    products,
    publishing,
    requests,
    routing,
    setting,
    signing_in,
    sold_out,
    store_list,
    syncs,
    table_codes,
    try_it,
)

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.console.routing import Page
    from dstore.console.visits import Platform

MODULES = (
    store_list,
    overview,
    acts,
    products,
    product,
    builder,
    publishing,
    preview,
    sold_out,
    hours,
    details,
    table_codes,
    setting,
    syncs,
    requests,
    partner_pages,
    try_it,
)


def pages() -> list[Page]:
    """Return the table of all pages: what tests of roles and tenants go through."""
    return [page for module in MODULES for page in module.PAGES]


def routes(platform: Platform) -> list[Route]:
    """Return the Console's routes."""

    async def nothing(request: Request) -> Response:
        return routing.problem(request, 404)

    guarded = [routing.route(page, platform) for page in pages()]
    return [*signing_in.routes(platform), *guarded, Route("/console/{rest:path}", nothing)]
