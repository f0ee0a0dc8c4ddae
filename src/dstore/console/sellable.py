"""What a store sells, product by product and option by option, whichever family feeds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.catalog.kinds import ADDON, ITEM, PRODUCT
from dstore.vocabulary.objects import StoredItem

if TYPE_CHECKING:
    from dstore.catalog.merchant.sold_out import Thing
    from dstore.console.catalogues import Shop
    from dstore.console.stores import StoreLine
    from dstore.console.visits import Visit
    from dstore.storage.port import Reading

_read_item = msgspec.json.Decoder(StoredItem).decode


class Sellable(NamedTuple):
    """A product or an option, with what its feed says of it."""

    kind: int
    key: str
    name: str
    fed_name: str
    photo: str
    is_option: bool
    is_fed_sold_out: bool

    @property
    def thing(self) -> Thing:
        """What marks call it."""
        return self.kind, self.key

    @property
    def value(self) -> str:
        """What forms call it."""
        return f"{self.kind}:{self.key}"

    @property
    def words(self) -> str:
        """What it can be found by."""
        return f"{self.name}\n{self.fed_name}\n{self.key}"


def things(visit: Visit, reading: Reading) -> list[Sellable]:
    """Return everything the store of a visit sells, each once, in the order of its feed."""
    return _of_till(visit.shop(reading)) if visit.store.is_pos else _of_partner(reading, visit.store)


def _of_till(shop: Shop) -> list[Sellable]:
    said = shop.draft.document
    return [
        Sellable(
            PRODUCT.number,
            line.id,
            shop.name(line.id),
            line.name,
            said.said_of(line.id).photo,
            line.kind == "MODIFIER" or line.is_part,
            line.is_sold_out,
        )
        for line in shop.survey.lines.values()
        if line.kind != "GROUP"
    ]


def _of_partner(reading: Reading, store: StoreLine) -> list[Sellable]:
    """An item may stand in several categories: it is one thing, sold out at the source where it is so everywhere."""
    rows = reading.rows(
        "select kind, status, doc from entry where tree = ? and kind in (?, ?) and deleted = 0 order by kind, position",
        (store.tree, ITEM.number, ADDON.number),
    )
    found: dict[Thing, Sellable] = {}
    for kind, status, doc in rows:
        item = _read_item(doc)
        is_off = status == "SOLDOUT"
        known = found.get((kind, item.item_id))
        if known is None:
            name = item.item_title
            found[kind, item.item_id] = Sellable(kind, item.item_id, name, name, "", kind == ADDON.number, is_off)
        elif known.is_fed_sold_out and not is_off:
            found[kind, item.item_id] = known._replace(is_fed_sold_out=False)
    return list(found.values())
