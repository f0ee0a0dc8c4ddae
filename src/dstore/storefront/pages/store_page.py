"""A store's page: how it stands, its menu, its hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dstore.catalog.language_tags import tag
from dstore.storefront.languages import primary
from dstore.storefront.pages.dishes import is_address, sections
from dstore.storefront.pages.frame import html, missing
from dstore.storefront.pages.linked_data import linked_data
from dstore.storefront.pages.visit import services_of
from dstore.storefront.pages.week import weeks
from dstore.web.languages import LANGUAGES, TAGS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.storefront.pages.kept import Kept
    from dstore.storefront.pages.reading import Seen, Shelves
    from dstore.storefront.pages.visit import Visit
    from dstore.storefront.pages.week import Week
    from dstore.storefront.resolved import Document, StoreCard

NAMES = {
    "ms": "Bahasa Melayu",
    "th": "ไทย",
    "ta": "தமிழ்",
    "id": "Bahasa Indonesia",
    "ja": "日本語",
    "ko": "한국어",
    "vi": "Tiếng Việt",
}


class Tongue(NamedTuple):
    """A language that a page can be read in."""

    tag: str
    name: str
    link: str
    is_current: bool


async def show(request: Request, shelves: Shelves, kept: Kept) -> Response:
    """Answer with a store's page."""
    seen = await shelves.see(request)
    if seen is None:
        return missing(request)
    # Another moment's page, as one that is previewed, may be shown on a day of its own.
    parts = (seen.etag, seen.store.stamp, seen.today, request.base_url, *seen.visit)
    shown = shelves.document(seen)
    return await kept.answer(request, parts, lambda: _page(str(request.base_url).rstrip("/"), seen, shown, shelves))


def _page(origin: str, seen: Seen, shown: Document, shelves: Shelves) -> str:
    visit, found = seen.visit, sections(shown, seen.visit)
    services = services_of(shown.store)
    names = [one.type for one in services] or ["PICKUP"]
    hours = weeks(seen.store, names, seen.zone, seen.today, shelves.menus.pos_zone)
    address = origin + visit.link(service=None, at="", table="")
    language = content_language(shown, visit)
    return html(
        visit,
        "store.html",
        shown=shown,
        card=shown.store,
        origin=origin,
        address=address,
        services=services,
        service=next((one for one in services if one.type == visit.service), None),
        sections=found,
        recommended=recommended(shown.store, found),
        weeks=hours,
        closes=closes(hours, seen, shown.store),
        tongues=tongues(shown, visit),
        images=[one for one in shown.store.images or () if is_address(one)],
        banners=[one for one in shown.store.banners or () if is_address(one.image)],
        linked=linked_data(shown.store, found, hours, address, shown.language),
        lang=language,
        phrases=seen.phrases,
    )


def content_language(shown: Document, visit: Visit) -> str:
    """Return the language of a store's texts where it is not that of the page; `und` where nobody says it."""
    language = shown.language or ("en" if shown.store.feed == "pds" else "und")
    return "" if primary(language) == visit.ui else language


def recommended(card: StoreCard, found: list[Any]) -> list[Any]:
    """Return the dishes that the store puts forward, each once."""
    dishes = {dish.item.id: dish for section in reversed(found) for dish in section.dishes}
    return [dishes[name] for name in dict.fromkeys(card.recommended or ()) if name in dishes]


def closes(hours: list[Week], seen: Seen, card: StoreCard) -> str:
    """Return when the way of ordering that was chosen closes today or tonight; empty if it does not, or is closed."""
    if not card.open or seen.visit.at is not None:
        return ""
    rows = next((week.rows for week in hours if seen.visit.service in week.services), ())
    local = seen.now.astimezone(seen.zone)
    for stretch in (one for row in rows for one in row.stretches if not one.is_whole_day):
        if stretch.start <= local < stretch.end:
            return seen.phrases.time(stretch.end)
    return ""


def tongues(shown: Document, visit: Visit) -> list[Tongue]:
    """Return the languages a diner may choose: those of the pages, and others that the store has texts in."""
    offered = {name: (TAGS[name], LANGUAGES[name]) for name in LANGUAGES}
    for given in shown.languages:
        if primary(given) not in offered:
            offered[primary(given)] = (tag(given), NAMES.get(primary(given), given))
    current = primary(visit.language) if visit.language else visit.ui
    return [Tongue(code, name, visit.link(language=short), short == current) for short, (code, name) in offered.items()]
