"""Edits of a menu. Each changes the document it is given, or raises EditError and leaves it as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from dstore.catalog.merchant.menus import MOST_CATEGORIES, MOST_PLACED, SERVICES, Category, EditError, Menu

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.merchant.menus import Extra, MenuDocument, Texts


def add_menu(document: MenuDocument, service: str) -> None:
    """Give a service a menu of its own, which begins as a copy of the general one."""
    if service not in SERVICES or any(menu.service == service for menu in document.menus):
        raise EditError(f"there is a menu for {service} already, or no such service")
    general = document.menu("")
    copied = msgspec.json.decode(msgspec.json.encode(general.categories), type=list[Category])
    document.menus.append(Menu(service=service, categories=copied))


def remove_menu(document: MenuDocument, service: str) -> None:
    """Let a service use the general menu again."""
    if not service:
        raise EditError("the general menu stays")
    document.menus.remove(document.menu(service))


def add_category(document: MenuDocument, service: str, name: str) -> str:
    """Add a category at the end; return its id."""
    menu = document.menu(service)
    if not name or len(menu.categories) >= MOST_CATEGORIES:
        raise EditError(f"a category needs a name, and a menu has at most {MOST_CATEGORIES}")
    taken = {category.id for category in menu.categories}
    number = len(taken) + 1
    while f"c{number}" in taken:
        number += 1
    menu.categories.append(Category(id=f"c{number}", name=name))
    return f"c{number}"


def edit_category(
    document: MenuDocument, service: str, category_id: str, texts: Texts, translations: dict[str, Texts]
) -> None:
    """Give a category other texts; an empty name leaves the one it has."""
    category = document.menu(service).category(category_id)
    category.name = texts.name or category.name
    category.description = texts.description
    category.translations = translations


def remove_category(document: MenuDocument, service: str, category_id: str) -> None:
    """Take a category off the menu, with the products in it."""
    menu = document.menu(service)
    menu.categories.remove(menu.category(category_id))


def move_category(document: MenuDocument, service: str, category_id: str, index: int) -> None:
    """Put a category at a place among the others, counted from 0."""
    menu = document.menu(service)
    category = menu.category(category_id)
    menu.categories.remove(category)
    menu.categories.insert(_within(index, len(menu.categories)), category)


def place(document: MenuDocument, service: str, category_id: str, product_ids: Sequence[str]) -> int:
    """Add products to the end of a category, those that are not in it yet; return how many came."""
    category = document.menu(service).category(category_id)
    there = set(category.items)
    new = [one for one in dict.fromkeys(product_ids) if one not in there]
    if sum(1 for _ in document.placed()) + len(new) > MOST_PLACED:
        raise EditError(f"all menus of a store hold at most {MOST_PLACED} products")
    category.items = [*category.items, *new]
    return len(new)


def remove(document: MenuDocument, service: str, category_id: str, product_id: str) -> None:
    """Take a product out of a category."""
    category = document.menu(service).category(category_id)
    if product_id not in category.items:
        raise EditError(f"{product_id} is not in this category")
    category.items = [one for one in category.items if one != product_id]


def move(document: MenuDocument, service: str, category_id: str, product_id: str, index: int) -> None:
    """Put a product at a place in its category, counted from 0."""
    category = document.menu(service).category(category_id)
    if product_id not in category.items:
        raise EditError(f"{product_id} is not in this category")
    others = [one for one in category.items if one != product_id]
    others.insert(_within(index, len(others)), product_id)
    category.items = others


def transfer(document: MenuDocument, service: str, category_id: str, product_id: str, target_id: str) -> None:
    """Put a product at the end of another category."""
    target = document.menu(service).category(target_id)
    remove(document, service, category_id, product_id)
    target.items = [*(one for one in target.items if one != product_id), product_id]


def say(document: MenuDocument, product_id: str, extra: Extra) -> None:
    """Say something of a product; what is empty follows the POS again."""
    if extra.is_empty:
        document.products.pop(product_id, None)
    else:
        document.products[product_id] = extra


def take_pos_name(document: MenuDocument, product_id: str, pos_name: str, *, keep: bool) -> None:
    """Answer "POS now says …": use the POS's name from now on, or keep one's own and know about it."""
    extra = document.said_of(product_id)
    if keep:
        say(document, product_id, msgspec.structs.replace(extra, pos_name=pos_name))
    else:
        say(document, product_id, msgspec.structs.replace(extra, name="", pos_name=""))


def _within(index: int, most: int) -> int:
    return max(0, min(index, most))
