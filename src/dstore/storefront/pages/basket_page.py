"""The basket and its priced quote. The browser keeps the basket; the server prices it each time it is shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException

from dstore.problems import problem
from dstore.storefront.pages.frame import missing, page
from dstore.storefront.pages.item_page import find
from dstore.storefront.pages.pricing import BasketLine, KeptBasket, priced
from dstore.storefront.pages.selections import read_selection
from dstore.storefront.pages.store_page import content_language, tongues
from dstore.storefront.pages.visit import MOST_TABLE, clean, services_of
from dstore.storefront.quotes import slot_list
from dstore.web.forms import read_form, text

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.answers import SlotList
    from dstore.storefront.pages.reading import Seen, Shelves

LONGEST = 256 * 1024
MOST_SLOTS = 96
_read = msgspec.json.Decoder(KeptBasket).decode


async def show(request: Request, shelves: Shelves) -> Response:
    """Answer with the page that a script puts the basket into."""
    seen = await shelves.see(request)
    if seen is None:
        return missing(request)
    shown = shelves.document(seen)
    return page(
        request, seen.visit, "basket.html", card=shown.store, tongues=tongues(shown, seen.visit), phrases=seen.phrases,
        lang=content_language(shown, seen.visit),
    )  # fmt: skip


async def lines(request: Request, shelves: Shelves) -> Response:
    """Answer a basket in JSON with its lines and sums as a piece of a page."""
    seen = await shelves.see(request)
    if seen is None:
        return problem(404, "No such store", "There is no such store.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            return problem(413, "Too large", f"A basket has at most {LONGEST:,} bytes.")
    try:
        kept = _read(bytes(body))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        return problem(400, "Bad basket", str(fault)[:400])
    return await _priced(request, shelves, seen, kept, "lines.html")


async def quote(request: Request, shelves: Shelves) -> Response:
    """Answer with what a basket costs: the one of the browser (POST), or one item chosen by a form (GET)."""
    seen = await shelves.see(request)
    if seen is None:
        return missing(request)
    table = ""
    if request.method == "POST":
        form = await read_form(request, most_bytes=LONGEST)
        table = text(form, "table", MOST_TABLE)
        try:
            kept = _read(text(form, "basket", LONGEST))
        except (msgspec.DecodeError, RecursionError):
            raise HTTPException(400) from None
    else:
        found = _single(request, shelves, seen)
        if found is None:
            return missing(request)
        kept = found
    if table:
        seen = seen._replace(visit=seen.visit._replace(table=table))
    return await _priced(request, shelves, seen, kept, "quote.html")


def _single(request: Request, shelves: Shelves, seen: Seen) -> KeptBasket | None:
    shown, query = shelves.document(seen), request.query_params
    place = find(shown, *(clean(query.get(name, "")) for name in ("menu", "category", "item")))
    if place is None:
        return None
    selection = read_selection(query, place[2], {group.id: group for group in shown.groups})
    return KeptBasket(lines=[BasketLine("1", selection)])


async def _priced(request: Request, shelves: Shelves, seen: Seen, kept: KeptBasket, template: str) -> Response:
    shown, menus, visit = shelves.document(seen), shelves.menus, seen.visit
    basket = await asyncio.to_thread(priced, seen.store, shown, visit.question, seen.now, menus.pos_zone, kept)
    service = next((one for one in services_of(shown.store) if one.type == visit.service), None)
    return page(
        request,
        visit,
        template,
        card=shown.store,
        basket=basket,
        kept=kept,
        service=service,
        slots=slots(shelves, seen),
        tongues=tongues(shown, visit),
        lang=content_language(shown, visit),
        phrases=seen.phrases,
    )


def slots(shelves: Shelves, seen: Seen) -> SlotList | None:
    """Return the times a diner may choose for the way of ordering they chose; None where there is none."""
    if seen.visit.service is None:
        return None
    question = seen.visit.question._replace(when=None)
    found = slot_list(seen.store, question, None, seen.now, shelves.menus.pos_zone)
    left = MOST_SLOTS
    for day in found.days:
        day.slots = day.slots[:left]
        left -= len(day.slots)
    found.days = [day for day in found.days if day.slots]
    return found
