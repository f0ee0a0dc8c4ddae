"""The products of a store: searched, filtered, paged."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.catalog.kinds import ITEM
from dstore.catalog.merchant import photos
from dstore.console.prices import cost
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.vocabulary.objects import StoredItem
from dstore.web.languages import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.catalog.merchant.survey import Line
    from dstore.console.catalogues import Shop
    from dstore.console.prices import Cost
    from dstore.console.visits import Visit
    from dstore.storage.port import Reading

PAGE = 100
_read_item = msgspec.json.Decoder(StoredItem).decode
FILTERS: dict[str, tuple[str, Callable[[Shop, Line, bool], bool]]] = {
    "": (marked("All"), lambda _shop, _line, _placed: True),
    "new": (marked("New"), lambda shop, line, _placed: shop.is_new(line)),
    "waiting": (marked("Not on a menu"), lambda _shop, line, placed: line.is_expected and not placed),
    "sold-out": (marked("Sold out"), lambda shop, line, _placed: shop.is_off(line)),
    "faulty": (marked("Doubtful"), lambda _shop, line, _placed: bool(line.findings)),
}
KINDS = {
    "": marked("Every kind"),
    "SINGLE": marked("Products"),
    "MODIFIER": marked("Options"),
    "GROUP": marked("Groups"),
}

KIND_NAMES = {"SINGLE": marked("Product"), "MODIFIER": marked("Option"), "GROUP": marked("Group")}


class Row(NamedTuple):
    """A row of the list; `line` is None for a product that is gone."""

    id: str
    name: str
    photo: str
    line: Line | None
    is_placed: bool
    is_new: bool
    is_marked: bool
    cost: Cost | None


class Item(NamedTuple):
    """A row of what a partner feeds: an item, whether the feed says that it is sold out, whether the merchant does."""

    item: StoredItem
    is_fed_sold_out: bool
    is_marked: bool


class Listing(NamedTuple):
    """One page of the list, and the number of rows of every filter."""

    rows: list[Row]
    total: int
    counts: dict[str, int]


async def show(visit: Visit) -> Response:
    """Show a page of the list; of a store that a partner feeds its items, read-only."""
    store, words, number = visit.store, visit.query("q", 100), max(1, visit.number("page"))
    if not store.is_pos:
        items, total = await visit.read(lambda reading: _items(visit, reading, words, number))
        return visit.page("console/items.html", items=items, total=total, q=words, number=number, pages=_pages(total))
    chosen, kind = visit.query("filter"), visit.query("kind")
    listing = await visit.read(lambda reading: listed(visit.shop(reading), words, chosen, kind, number))
    return visit.page(
        "console/products.html", listing=listing, q=words, chosen=chosen, kind=kind, number=number,
        pages=_pages(listing.total), filters=FILTERS, kinds=KINDS, kind_names=KIND_NAMES, photo=photos.address,
    )  # fmt: skip


def listed(shop: Shop, words: str, chosen: str, kind: str, number: int) -> Listing:
    """Return one page of the products that fit; words are looked for in names and ids. Pure."""
    document = shop.draft.document
    placed = document.placed_ids()
    lines = list(shop.survey.lines.values())
    gone = shop.gone()
    counts = {name: sum(1 for one in lines if fits(shop, one, one.id in placed)) for name, (_, fits) in FILTERS.items()}
    counts["gone"] = len(gone)
    fits = FILTERS.get(chosen, FILTERS[""])[1]
    sought = words.casefold()
    if chosen == "gone":
        ids = gone
    else:
        ids = [one.id for one in lines if (not kind or one.kind == kind) and fits(shop, one, one.id in placed)]
    found = [
        one for one in ids if not sought or sought in one.casefold() or sought in f"{shop.name(one)}\n{shop.survey.name(one)}".casefold()
    ]  # fmt: skip
    shown = found[(number - 1) * PAGE : number * PAGE]
    rows = [_row(shop, one, one in placed) for one in shown]
    return Listing(rows, len(found), counts)


def _row(shop: Shop, product_id: str, is_placed: bool) -> Row:
    line = shop.survey.lines.get(product_id)
    photo = shop.draft.document.said_of(product_id).photo
    is_new, is_marked = line is not None and shop.is_new(line), shop.is_marked(product_id)
    price = None if line is None else cost(shop, line)
    return Row(product_id, shop.name(product_id), photo, line, is_placed, is_new, is_marked, price)


def _items(visit: Visit, reading: Reading, words: str, number: int) -> tuple[list[Item], int]:
    store = visit.store
    rows = reading.rows(
        "select status, doc from entry where tree = ? and kind = ? and deleted = 0 order by position",
        (store.tree, ITEM.number),
    )
    decoded = [(_read_item(doc), status == "SOLDOUT") for status, doc in rows]
    sought = words.casefold()
    found = [one for one in decoded if not sought or sought in f"{one[0].item_title}\n{one[0].item_id}".casefold()]
    marks = visit.marks(reading)
    shown = found[(number - 1) * PAGE : number * PAGE]
    return [Item(item, is_off, (ITEM.number, item.item_id) in marks) for item, is_off in shown], len(found)


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE))


PAGES = [Page("/console/stores/{store}/products", Action.SEE_PRODUCTS, show)]
