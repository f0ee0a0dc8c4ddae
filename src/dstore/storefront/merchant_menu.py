"""A merchant's published menu laid over what the POS sends: which menus there are, and what products are called.

Pure functions. Prices and statuses are not the merchant's: they stay with the products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET, UnsetType

from dstore.catalog.language_tags import tag
from dstore.catalog.merchant import photos
from dstore.storefront.arrangement import Arrangement, Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dstore.catalog.merchant.menus import Menu, MenuDocument, Texts
    from dstore.catalog.schedules.serving import Service
    from dstore.storefront.languages import Texts as ReaderTexts
    from dstore.vocabulary.products import StoredProduct

ALL = "all"
TITLE = "Menu"


class Said(NamedTuple):
    """What diners read of a product, before the language is chosen."""

    name: str
    description: str
    images: list[str] | UnsetType
    texts: ReaderTexts | None


class Voice:
    """Says what products are called in a store: what the merchant says, else what the POS says."""

    def __init__(self, document: MenuDocument | None, public_id: str) -> None:
        self._products = document.products if document is not None else {}
        self._public_id = public_id

    def of(self, product: StoredProduct) -> Said:
        """Return what is said of a product or group."""
        extra = self._products.get(product.pos_product_id)
        if extra is None:
            return Said(product.name, "", UNSET, None)
        images = [photos.address(self._public_id, extra.photo)] if extra.photo else UNSET
        return Said(extra.name or product.name, extra.description, images, _texts(extra.translations, "name"))


def arrangements(document: MenuDocument, offered: Sequence[Service]) -> list[Arrangement]:
    """Return a store's menus: one for every way of ordering, or, where a service has its own, one for each service."""
    own = {menu.service: menu for menu in document.menus}
    general = own.get("")
    if own.keys() <= {""}:
        return [_arrangement(general, None)] if general else []
    found = [(own.get(service, general), service) for service in offered]
    return [_arrangement(menu, service) for menu, service in found if menu is not None]


def languages(document: MenuDocument | None) -> Iterable[str]:
    """Yield the tags of all languages that the merchant has written in, repeatedly."""
    if document is not None:
        for extra in document.products.values():
            yield from map(tag, extra.translations)
        for menu in document.menus:
            for category in menu.categories:
                yield from map(tag, category.translations)


def _arrangement(menu: Menu, service: Service | None) -> Arrangement:
    shelves = [
        Shelf(one.id, one.name, one.items, one.description, _texts(one.translations, "title"))
        for one in menu.categories
    ]
    return Arrangement(service.lower() if service else ALL, TITLE, shelves, service)


def _texts(translations: Mapping[str, Texts], name_column: str) -> ReaderTexts | None:
    """Return translations by column, as readers look them up."""
    texts: ReaderTexts = {}
    for language, said in translations.items():
        for column, text in ((name_column, said.name), ("description", said.description)):
            if text:
                texts.setdefault(column, {})[tag(language)] = text
    return texts or None
