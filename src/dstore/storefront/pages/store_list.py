"""All stores, with how each stands; searched by name, address and kind of food."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dstore.storefront.pages.dishes import is_address
from dstore.storefront.pages.frame import page
from dstore.storefront.pages.phrases import Phrases
from dstore.storefront.pages.visit import clean, read_visit, services_of
from dstore.storefront.reading import PAGE
from dstore.storefront.resolving import look, zone_name
from dstore.storefront.zones import zone_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.decoded import Store
    from dstore.storefront.menus import Menus
    from dstore.storefront.pages.visit import Visit
    from dstore.storefront.resolved import Service, StoreCard

SHOWN = 60
MOST_PAGES = 10
"""How many pages of stores one search looks through; a link leads on from there."""


class Line(NamedTuple):
    """A store of the list."""

    card: StoreCard
    link: str
    services: list[Service]
    picture: str
    phrases: Phrases


async def show(request: Request, menus: Menus) -> Response:
    """Answer with the stores whose name, address, area or kind of food holds the words looked for."""
    visit = read_visit(request)
    words = clean(request.query_params.get("q", ""), 100).strip()
    found, following = await _search(menus, visit, words, clean(request.query_params.get("after", ""), 64))
    return page(request, visit, "stores.html", lines=found, words=words, following=following)


async def _search(menus: Menus, visit: Visit, words: str, after: str) -> tuple[list[Line], str]:
    found: list[Line] = []
    for _ in range(MOST_PAGES if words else 1):
        stores = await menus.stores(after)
        for store in stores:
            after = store.public_id
            line = _line(store, menus, visit)
            if words.casefold() in _spoken(line.card):
                found.append(line)
                if len(found) == SHOWN:
                    return found, after
        if len(stores) < PAGE:
            return found, ""
    return found, after


def _line(store: Store, menus: Menus, visit: Visit) -> Line:
    now = menus.clock.now()
    card = look(store, visit.question, now, menus.pos_zone).card
    today = now.astimezone(zone_of(zone_name(store, menus.pos_zone))).date()
    link = visit._replace(store=store.public_id).link()
    picture = next((one for one in card.images or () if is_address(one)), "")
    return Line(card, link, services_of(card), picture, Phrases(visit.ui, today))


def _spoken(card: StoreCard) -> str:
    named = [one.name for one in (card.area, card.brand) if one]
    return "\n".join([card.name, card.address or "", card.cuisine or "", *named]).casefold()
