"""QR codes that lead to a store, or to a table of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from starlette.responses import Response

from dstore.problems import problem
from dstore.storefront.pages.visit import clean, read_table, read_visit
from dstore.web.security import protect

if TYPE_CHECKING:
    from starlette.requests import Request

    from dstore.storefront.menus import Menus

QUIET = 4
"""Modules of white around the code, as its standard asks for."""


async def code(request: Request, menus: Menus) -> Response:
    """Answer with the code as SVG; it leads to the address under which this server was asked."""
    given = clean(request.query_params.get("table", ""), 200)
    table = read_table(given)
    if given.strip() and not table:
        return problem(400, "Bad parameter", "table: at most 20 characters on one line", parameter="table")
    visit = read_visit(request)
    if await menus.store(visit.store) is None:
        return problem(404, "No such store", "There is no such store.")
    address = str(request.base_url).rstrip("/") + visit._replace(table=table).link(at="")
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", border=QUIET, scale=8, light="#ffffff", title=address, xmldecl=False, omitsize=False
    )
    response = Response(picture.getvalue(), media_type="image/svg+xml", headers={"cache-control": "no-cache"})
    return protect(response, framed_by="'self'")
