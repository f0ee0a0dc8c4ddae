"""Surveys of stores' products, kept while the store's version stands."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from dstore.catalog.kinds import PRODUCT
from dstore.catalog.merchant import sold_out, storing, survey

if TYPE_CHECKING:
    from dstore.catalog.merchant.sold_out import Mark, Thing
    from dstore.catalog.merchant.storing import Draft, Version
    from dstore.catalog.merchant.survey import Line, Survey
    from dstore.console.stores import StoreLine
    from dstore.storage.port import Reading

MOST_KEPT = 8


class Shop(NamedTuple):
    """A POS store as its merchant works on it: the products, the draft, what is published, what is marked sold out."""

    survey: Survey
    draft: Draft
    published: Version | None
    marks: dict[Thing, Mark]

    def waiting(self) -> list[Line]:
        """Return the products one would look for on a menu and that are on none."""
        placed = self.draft.document.placed_ids()
        return [line for line in self.survey.lines.values() if line.is_expected and line.id not in placed]

    def gone(self) -> list[str]:
        """Return the products the merchant has placed or described and the POS does not send."""
        document = self.draft.document
        named = dict.fromkeys([*(product_id for _, _, product_id in document.placed()), *document.products])
        return [one for one in named if one not in self.survey.lines]

    def is_new(self, line: Line) -> bool:
        """Return whether a product came after the last publishing."""
        return self.published is not None and line.id not in self.published.known

    def is_marked(self, product_id: str) -> bool:
        """Return whether the merchant has marked a product as sold out, whatever the POS says."""
        return (PRODUCT.number, product_id) in self.marks

    def is_off(self, line: Line) -> bool:
        """Return whether diners can not order a product: the POS says that it is sold out, or the merchant."""
        return line.is_sold_out or self.is_marked(line.id)

    def name(self, product_id: str) -> str:
        """Return what a product is called here: by the merchant, else by the POS, else its id."""
        extra = self.draft.document.said_of(product_id)
        line = self.survey.lines.get(product_id)
        return extra.name or (line.name if line else "") or extra.pos_name or product_id


class Surveys:
    """The surveys one process keeps of one database."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], Survey] = OrderedDict()

    def survey(self, reading: Reading, store: StoreLine) -> Survey:
        """Return the products of a store."""
        key = (store.tree, store.version)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = survey.of_tree(reading, store.tree)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def shop(self, reading: Reading, store: StoreLine, now: int) -> Shop:
        """Return a store as its merchant works on it at a moment in milliseconds."""
        draft, published = storing.draft(reading, store.id), storing.newest(reading, store.id)
        return Shop(self.survey(reading, store), draft, published, sold_out.marks(reading, store.id, now))
