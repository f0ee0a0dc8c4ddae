"""Tables: their labels, the links behind their QR codes, and a sheet of all codes to print."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from dstore.catalog.merchant import settings
from dstore.console import setting
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.storefront.pages.visit import read_table
from dstore.web.languages import marked

if TYPE_CHECKING:
    from starlette.responses import Response

    from dstore.catalog.merchant.settings import StoreSettings
    from dstore.console.visits import Visit

_path = "/console/stores/{store}/tables"


async def show(visit: Visit) -> Response:
    """Show the tables with their codes and links."""
    return await _page(visit, "console/tables.html")


async def sheet(visit: Visit) -> Response:
    """Show all codes as a sheet to print."""
    return await _page(visit, "console/tables-sheet.html")


async def _page(visit: Visit, template: str) -> Response:
    _, said = await visit.read(lambda reading: settings.kept(reading, visit.store.id))
    origin = str(visit.request.base_url).rstrip("/")
    shop = f"/s/{visit.store.public_id}"
    return visit.page(template, tables=said.tables, link=lambda table: origin + _link(shop, table), code=_code(shop))


def _link(shop: str, table: str) -> str:
    return f"{shop}?table={quote(table, safe='')}" if table else shop


def _code(shop: str) -> object:
    return lambda table: f"{shop}/qr.svg?table={quote(table, safe='')}" if table else f"{shop}/qr.svg"


async def add(visit: Visit) -> Response:
    """Add a table, or a row of numbered ones such as 1-20."""
    new = labels(visit.field("label", 60))
    if not new:
        why = marked("Give a label of at most 20 characters, or a range such as 1-20")
        return setting.refused(visit, _back(visit), why)

    def change(said: StoreSettings) -> None:
        said.tables = list(dict.fromkeys([*said.tables, *new]))[: settings.MOST_TABLES]

    said = visit.say_many("%(num)s table added", "%(num)s tables added", len(new))
    return await setting.changed(visit, _back(visit), said, "tables added", change, tables=new)


def labels(text: str) -> list[str]:
    """Return the labels that a text stands for: itself, or each number of a range with what stands before it."""
    first, dash, last = text.partition("-")
    digits = first[len(first.rstrip("0123456789")) :]
    before = first.removesuffix(digits)
    if dash and digits.isdecimal() and last.strip().isdecimal() and len(digits) <= len(last.strip()) <= 4:  # noqa: PLR2004 - digits
        found = [f"{before}{number}" for number in range(int(digits), int(last) + 1)]
        if found and len(found) <= settings.MOST_TABLES and all(map(read_table, found)):
            return found
    return [label] if (label := read_table(text)) else []


async def remove(visit: Visit) -> Response:
    """Take a table away; its code still leads to the store."""
    gone = visit.field("label", 60)

    def change(said: StoreSettings) -> None:
        said.tables = [one for one in said.tables if one != gone]

    return await setting.changed(
        visit, _back(visit), visit.say("The table is gone"), "table removed", change, table=gone
    )


def _back(visit: Visit) -> str:
    return f"{visit.store.path}/tables"


PAGES = [
    Page(_path, Action.EDIT_STORE, show),
    Page(_path, Action.EDIT_STORE, add, "POST"),
    Page(f"{_path}/remove", Action.EDIT_STORE, remove, "POST"),
    Page(f"{_path}/sheet", Action.EDIT_STORE, sheet),
]
