"""The kinds of thing a tree holds: a number for the row, a word for people, and how many ids make its key."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from dstore.findings import Finding
from dstore.results import ParamIllegal

KEY_BYTES = 2_500
"""PostgreSQL indexes no row of more than 2,704 bytes; ids of 255 characters of four bytes each would be longer."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry. `parents` are the members that, after the own id, complete the key."""

    number: int
    word: str
    own: str
    parents: tuple[str, ...] = ()

    def key(self, own: str, *parents: str) -> str:
        """Return an entry's key: the id, or own id and parents' ids as a JSON list, own id first.

        Raises ParamIllegal when the ids together are longer than every database can index.
        """
        if not self.parents:
            return own
        key = msgspec.json.encode([own, *parents])
        if len(key) > KEY_BYTES:
            cause = f"has {len(key):,} bytes together with the ids above it, at most {KEY_BYTES:,} can be kept"
            raise ParamIllegal.because([Finding(self.own, "type.length", cause)])
        return key.decode()

    def own_id(self, key: str) -> str:
        """Return the own id in a key."""
        return str(msgspec.json.decode(key)[0]) if self.parents else key

    def prefix(self, own: str, *parents: str) -> tuple[str, str]:
        """Return the range of keys (from, up to and without) whose leading ids are these."""
        if not self.parents:
            # Only a longer id with a NUL could come between, and text has none.
            return own, own + "\x01"
        start = msgspec.json.encode([own, *parents]).decode()[:-1]
        # The next character is ',' or ']': keys of this very id, and of no longer one.
        return start + ",", start + "^"


PRODUCT = Kind(1, "product", "posProductId")
PRODUCT_GROUP = Kind(2, "product group", "posProductId")
MENU = Kind(3, "menu", "menuId", ("menuType",))
CATEGORY = Kind(4, "category", "categoryId", ("menuId", "menuType"))
ITEM = Kind(5, "item", "itemId", ("categoryId", "menuId", "menuType"))
ADDON = Kind(6, "add-on item", "itemId")
MODIFIER_GROUP = Kind(7, "modifier group", "groupId")
SHOPPING_AREA = Kind(8, "shopping area", "areaId")
BRAND = Kind(9, "brand", "brandId")

INDEXED_BY_KEY = "kind >= 3"
"""The kinds that are looked for by key in all stores at once: a query must say this to use the index of them.

POS products are not among them; their catalogues are written whole, and an index more would be felt.
"""

KINDS = {
    kind.number: kind
    for kind in (PRODUCT, PRODUCT_GROUP, MENU, CATEGORY, ITEM, ADDON, MODIFIER_GROUP, SHOPPING_AREA, BRAND)
}
