"""One product: what the POS sent as a tree, what the merchant says of it beside it, and the form for that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from msgspec import UNSET
from starlette.exceptions import HTTPException

from dstore.catalog.merchant import edits, photos, storing
from dstore.catalog.merchant.menus import Extra, Texts
from dstore.catalog.products import overloaded
from dstore.console.prices import cost
from dstore.console.products import KIND_NAMES
from dstore.console.roles import Action
from dstore.console.routing import Page
from dstore.console.visits import Notice
from dstore.vocabulary.limits import most
from dstore.web import forms

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from dstore.catalog.merchant.menus import MenuDocument
    from dstore.catalog.merchant.survey import Line, Survey
    from dstore.console.visits import Desk, Visit

LANGUAGES = {"en": "English", "zh": "中文", "ms": "Bahasa Melayu", "th": "ไทย"}
"""What diners may read names in, beside the one that is not said to be of any language."""
MOST_NODES = 400
"""A shared group is drawn wherever it is used; a page stops somewhere."""
_path = "/console/stores/{store}/product"


class Node(NamedTuple):
    """A product in the tree, with the price and quantities that hold in its place."""

    line: Line
    amount: int | None
    currency: str
    quantity: tuple[int, int] | None
    is_overloaded: bool
    children: list[Node]


async def show(visit: Visit) -> Response:
    """Show a product of a POS store; 404 when neither the POS nor the merchant knows it."""
    product_id = visit.query("id")
    shop = await visit.read(visit.shop)
    line = shop.survey.lines.get(product_id)
    extra = shop.draft.document.said_of(product_id)
    places = [(menu.service, category) for menu, category, one in shop.draft.document.placed() if one == product_id]
    if line is None and extra.is_empty and not places:
        raise HTTPException(404)
    return visit.page(
        "console/product.html", cost=cost, id=product_id, line=line, extra=extra, places=places, shop=shop, photo=photos.address,
        tree=None if line is None else tree(shop.survey, line), languages_of_menu=LANGUAGES, kind_names=KIND_NAMES,
        pos_renamed=line is not None and bool(extra.name) and extra.pos_name not in {"", line.name},
    )  # fmt: skip


def tree(survey: Survey, line: Line) -> Node:
    """Return a product with everything below it, up to `MOST_NODES`."""
    left = [MOST_NODES]

    def grown(one: Line, parent: str) -> Node:
        left[0] -= 1
        below = [survey.lines[child] for child in one.children if child in survey.lines]
        children = [grown(child, one.id) for child in below if left[0] > 0]
        return _node(one, parent, children)

    return grown(line, "")


def _node(line: Line, parent: str, children: list[Node]) -> Node:
    product, given = line.product, overloaded(line.product, parent)
    price, rule = given.price_of(product), given.quantity_of(product)
    return Node(
        line,
        None if price is UNSET else price.value,
        "" if price is UNSET else price.currency,
        None if rule is UNSET else (rule.min, rule.max),
        any(one is not None for one in given),
        children,
    )


async def save(visit: Visit) -> Response:
    """Keep what the merchant says of a product, in the draft."""
    product_id = visit.field("id")
    shop = await visit.read(visit.shop)
    line = shop.survey.lines.get(product_id)

    def change(document: MenuDocument) -> None:
        old = document.said_of(product_id)
        name = visit.field("name")
        # A name that is the POS's own is none of the merchant's.
        name = "" if line is not None and name == line.name else name
        pos_name = old.pos_name if old.name else (line.name if line else old.pos_name)
        edits.say(
            document,
            product_id,
            Extra(name, visit.field("description", 1024), old.photo, pos_name if name else "", translations(visit)),
        )

    return await _edited(visit, product_id, change, visit.say("Saved in the draft"), "texts")


def translations(visit: Visit) -> dict[str, Texts]:
    """Return the texts of a form's languages, those that are not empty."""
    found = {one: Texts(visit.field(f"name-{one}"), visit.field(f"description-{one}", 1024)) for one in LANGUAGES}
    return {language: texts for language, texts in found.items() if texts.name or texts.description}


async def take_name(visit: Visit) -> Response:
    """Use the name the POS sends now, or keep the merchant's own and know about it."""
    product_id, keep = visit.field("id"), visit.field("choice") == "keep"
    shop = await visit.read(visit.shop)
    pos_name = shop.survey.name(product_id)
    said = visit.say("Your name stays") if keep else visit.say("The name of the POS is used")
    return await _edited(
        visit, product_id, lambda document: edits.take_pos_name(document, product_id, pos_name, keep=keep), said, "name"
    )


async def put_photo(visit: Visit) -> Response:
    """Keep an uploaded photo, made small, or take the product's photo away."""
    product_id = visit.field("id")
    chosen = forms.upload(visit.form, "photo")
    name = ""
    if visit.field("choice") != "remove":
        if chosen is None:
            return visit.go(_address(visit, product_id), Notice(visit.say("Choose a picture first"), "bad"))
        given = await chosen.read(photos.MOST_BYTES + 1)
        try:
            name = await keep_photo(visit, given)
        except photos.PhotoError as fault:
            return visit.go(_address(visit, product_id), Notice(refused_photo(visit, str(fault)), "bad"))

    def change(document: MenuDocument) -> None:
        extra = document.said_of(product_id)
        extra = Extra(extra.name, extra.description, name, extra.pos_name, extra.translations)
        edits.say(document, product_id, extra)

    return await _edited(visit, product_id, change, visit.say("Saved in the draft"), "photo")


async def keep_photo(visit: Visit, given: bytes) -> str:
    """Keep an uploaded picture of the store, made small; return its name. Raises PhotoError."""
    body = await asyncio.to_thread(photos.encoded, given)
    return await visit.write(lambda desk: photos.keep(desk.transaction, visit.store.id, body, desk.login, desk.now))


def refused_photo(visit: Visit, why: str) -> str:
    """Return why an uploaded picture can not be used, in the reader's language."""
    if why == "size":
        return visit.say("The picture is too large: at most 10 MB and 50 million pixels")
    if why == "many":
        return visit.say(
            "This store has as many photos as it may have, %(most)s; those that nothing uses any more go after a day",
            most=most("photos"),
        )
    if why == "small":
        return visit.say("The picture is too small: at least 50 pixels a side")
    return visit.say("This is no picture that can be read: send JPEG, PNG or WebP")


async def _edited(
    visit: Visit, product_id: str, change: Callable[[MenuDocument], None], said: str, what: str
) -> Response:
    store = visit.store

    def job(desk: Desk) -> int:
        _, revision = storing.edit(desk, store.id, change, desk.login)
        desk.note(store.id, "product", product=product_id, what=what)
        return revision

    revision = await visit.write(job)
    undo = {"revision": str(revision), "back": _address(visit, product_id)}
    return visit.go(_address(visit, product_id), Notice(said, undo=f"{store.path}/menu/undo", fields=undo))


def _address(visit: Visit, product_id: str) -> str:
    return f"{visit.store.path}/product?{urlencode({'id': product_id})}"


PAGES = [
    Page(_path, Action.SEE_PRODUCTS, show, pos_only=True),
    Page(_path, Action.EDIT_MENU, save, "POST", pos_only=True),
    Page(f"{_path}/name", Action.EDIT_MENU, take_name, "POST", pos_only=True),
    Page(f"{_path}/photo", Action.EDIT_MENU, put_photo, "POST", photos.MOST_BYTES + 64 * 1024, 1, pos_only=True),
]
