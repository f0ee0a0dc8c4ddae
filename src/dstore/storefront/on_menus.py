"""Whether anything stands on a merchant's menus, told without reading all products of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.catalog.kinds import PRODUCT
from dstore.storefront.decoded import read_entries

if TYPE_CHECKING:
    from dstore.catalog.merchant.menus import Menu, MenuDocument
    from dstore.storage.port import Reading, Row
    from dstore.storefront.decoded import Entries

AT_ONCE = 8


def samples(reading: Reading, tree: int, layer: MenuDocument) -> Entries:
    """Return a product of each menu on which any stands; a product that the POS does not send has no place."""
    return read_entries([row for menu in layer.menus for row in _first(reading, tree, menu)], None)


def _first(reading: Reading, tree: int, menu: Menu) -> list[Row]:
    """Return a row of a menu's products, or none. Nearly always one of the first is still there."""
    names = [name for category in menu.categories for name in category.items]
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        places = ", ".join("?" * len(some))
        rows = reading.rows(
            "select kind, key, position, status, doc from entry"
            f" where tree = ? and kind = ? and deleted = 0 and key in ({places}) limit 1",
            (tree, PRODUCT.number, *some),
        )
        if rows:
            return rows
    return []
