"""What the demo's merchant made of the coffee shop: a published menu, a draft, things sold out, hours."""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw

from dstore.catalog.kinds import PRODUCT
from dstore.catalog.merchant import edits, photos, settings, sold_out, storing
from dstore.catalog.merchant.menus import Extra, Texts
from dstore.catalog.merchant.survey import of_tree
from dstore.clock import milliseconds
from dstore.console import accounts
from dstore.console.roles import Role
from dstore.console.visits import Desk
from dstore.sandbox import seeds
from dstore.vocabulary.fnb import TimePeriod
from dstore.vocabulary.scenes import Schedule

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.catalog.merchant.menus import MenuDocument
    from dstore.catalog.merchant.settings import StoreSettings
    from dstore.storage.port import Transaction

OWNER = "owner"
HOUR = 3600 * 1000
_PEOPLE = (
    (OWNER, "Mei Tan", Role.OWNER),
    ("staff", "Arif Rahman", Role.STAFF),
    ("operator", "Priya Nair", Role.OPERATOR),
)
# A category, its name in Chinese, and its products.
_CATEGORIES = (
    ("Coffee and tea", "咖啡与茶", ("kopi", "latte", "teh-tarik")),
    ("Breakfast", "早餐", ("kaya-toast", "eggs")),
)
# What the merchant says of a product: description, Chinese name, and the colours of its photo: ground, plate, dish.
_SAID = {
    "kopi": ("Thick and sweet, as every morning since 1962.", "咖啡", ("#efe3d0", "#ffffff", "#4b2e1e")),
    "latte": ("Two shots under steamed milk.", "拿铁", ("#dfe7e3", "#ffffff", "#b98a5e")),
    "teh-tarik": ("Pulled by hand until it froths.", "拉茶", ("#f3ddc8", "#ffffff", "#c47a3d")),
    "kaya-toast": ("Coconut jam and cold butter between warm toast.", "咖椰吐司", ("#e4ecd6", "#ffffff", "#d9a441")),
}


class Login(NamedTuple):
    """Somebody who may sign in, and the password made up for them."""

    login: str
    role: Role
    password: str


def add_people(transaction: Transaction, client_id: str, now: datetime) -> list[Login]:
    """Make an owner and staff for the demo's account, and an operator, with passwords made up."""
    made = []
    for login, name, role in _PEOPLE:
        password = secrets.token_urlsafe(12)
        user = accounts.add(transaction, login, name, role, accounts.hashed(password), now)
        if role is not Role.OPERATOR:
            accounts.bind_account(transaction, user, client_id, seeds.ACCOUNT)
        made.append(Login(login, role, password))
    return made


def set_up_shops(transaction: Transaction, now: datetime) -> None:
    """Publish a menu for the coffee shop, go on with its draft, mark something sold out, give the burger shop hours."""
    desk = Desk(transaction, OWNER, milliseconds(now))
    coffee, tree = _store(transaction, "coffee")
    pictures = {
        name: photos.keep(transaction, coffee, _photo(*colours), OWNER, desk.now)
        for name, (*_, colours) in _SAID.items()
    }
    _, revision = storing.edit(desk, coffee, lambda document: _build(document, pictures), OWNER)
    number = storing.publish(desk, coffee, revision, "First menu", list(of_tree(transaction, tree).lines), OWNER)
    desk.note(coffee, "publish", number=number)
    storing.edit(desk, coffee, _go_on, OWNER)
    sold_out.mark(desk, coffee, [(PRODUCT.number, "latte")], "kitchen", desk.now + 2 * HOUR, OWNER)
    settings.edit(desk, coffee, _introduce, OWNER)
    settings.edit(desk, _store(transaction, "burger")[0], _open_daily, OWNER)


def _store(transaction: Transaction, ref: str) -> tuple[int, int]:
    row = transaction.row("select id, tree from store where ref = ? and account = ?", (ref, seeds.ACCOUNT))
    if row is None:
        raise LookupError(ref)
    return int(row[0]), int(row[1])


def _build(document: MenuDocument, pictures: dict[str, str]) -> None:
    for title, chinese, products in _CATEGORIES:
        category = edits.add_category(document, "", title)
        edits.edit_category(document, "", category, Texts(title), {"zh": Texts(chinese)})
        edits.place(document, "", category, products)
    for product, (description, chinese, _) in _SAID.items():
        said = Extra(description=description, photo=pictures[product], translations={"zh": Texts(chinese)})
        edits.say(document, product, said)
    named = document.said_of("teh-tarik")
    edits.say(
        document, "teh-tarik", Extra("Pulled tea", named.description, named.photo, "Teh tarik", named.translations)
    )


def _go_on(document: MenuDocument) -> None:
    category = edits.add_category(document, "", "For two")
    edits.place(document, "", category, ["kaya-toast"])


def _introduce(chosen: StoreSettings) -> None:
    chosen.announcement = "Fresh kaya every morning from seven."
    chosen.description = "A kopitiam by the sea."
    chosen.language = "en"
    chosen.exceptions = [settings.DayException("2026-12-25", "Christmas Day")]


def _open_daily(chosen: StoreSettings) -> None:
    noon, evening = TimePeriod("11:00", "15:00"), TimePeriod("17:00", "22:00")
    chosen.hours = Schedule(schedule_type="WEEKLY", schedules={day: [noon, evening] for day in seeds.WEEK})


def _photo(ground: str, plate: str, dish: str) -> bytes:
    """Return a picture of a plate from above."""
    picture = Image.new("RGB", (800, 600), ground)
    drawing = ImageDraw.Draw(picture)
    for colour, radius in ((plate, 250), (ground, 215), (plate, 205), (dish, 160)):
        drawing.ellipse((400 - radius, 300 - radius, 400 + radius, 300 + radius), fill=colour)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return photos.encoded(target.getvalue())
