"""The menu a merchant builds, as one document: menus by service, categories, products in order, and their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = ("", "DINEIN", "PICKUP")
"""The menu without a service serves every way of ordering that has none of its own."""
MOST_CATEGORIES = 200
MOST_PLACED = 20_000


class EditError(Exception):
    """An edit does not fit the menu as it is now, such as a category that somebody else removed."""


class Texts(msgspec.Struct, omit_defaults=True):
    """A name and a description in one language."""

    name: str = ""
    description: str = ""


class Extra(msgspec.Struct, omit_defaults=True):
    """What the merchant says of a product; empty members follow the POS.

    `pos_name` is what the POS called it when the merchant chose another name.
    """

    name: str = ""
    description: str = ""
    photo: str = ""
    pos_name: str = ""
    translations: dict[str, Texts] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said at all."""
        return not (self.name or self.description or self.photo or self.translations)


class Category(msgspec.Struct, omit_defaults=True):
    """A heading with products in order."""

    id: str
    name: str
    description: str = ""
    translations: dict[str, Texts] = {}
    items: list[str] = []


class Menu(msgspec.Struct, omit_defaults=True):
    """The categories for a service, or for all of them."""

    service: str = ""
    categories: list[Category] = []

    def category(self, category_id: str) -> Category:
        """Return a category; EditError when there is none of this id."""
        for category in self.categories:
            if category.id == category_id:
                return category
        raise EditError(f"no category {category_id}")


class MenuDocument(msgspec.Struct, omit_defaults=True):
    """All menus of a store and what is said of its products."""

    menus: list[Menu] = []
    products: dict[str, Extra] = {}

    def menu(self, service: str) -> Menu:
        """Return the menu of a service; EditError when it has none of its own."""
        for menu in self.menus:
            if menu.service == service:
                return menu
        raise EditError(f"no menu for {service or 'every service'}")

    def said_of(self, product_id: str) -> Extra:
        """Return what is said of a product; an empty one when nothing is."""
        return self.products.get(product_id) or Extra()

    def placed(self) -> Iterator[tuple[Menu, Category, str]]:
        """Yield every place of a product."""
        for menu in self.menus:
            for category in menu.categories:
                for product_id in category.items:
                    yield menu, category, product_id

    def placed_ids(self) -> set[str]:
        """Return every product that is on some menu."""
        return {product_id for _, _, product_id in self.placed()}


class _Places(msgspec.Struct):
    """The menus of a document alone."""

    menus: list[Menu] = []


_decode = msgspec.json.Decoder(MenuDocument).decode
_decode_places = msgspec.json.Decoder(_Places).decode


def empty() -> MenuDocument:
    """Return the menu of a store that has none: no categories, for every service."""
    return MenuDocument(menus=[Menu()])


def read(doc: bytes) -> MenuDocument:
    """Return a stored document."""
    return _decode(doc)


def read_places(doc: bytes) -> MenuDocument:
    """Return a stored document without what it says of products, which takes most of the time to read."""
    return MenuDocument(_decode_places(doc).menus)


def written(document: MenuDocument) -> bytes:
    """Return a document as it is stored."""
    return msgspec.json.encode(document)
