"""A basket as its page shows it: each line with what it costs and what keeps it from being ordered; the sums."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
from msgspec import UNSET, Meta

from dstore.catalog.choices import Selection
from dstore.storefront.answers import Basket
from dstore.storefront.baskets import price_basket
from dstore.storefront.quotes import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dstore.storefront.answers import BasketPrice, DeliveryQuote, PriceLine, Refusal
    from dstore.storefront.decoded import Store
    from dstore.storefront.questions import Question
    from dstore.storefront.resolved import Document, Item, Price

MOST_LINES = 100
_INDEX = re.compile(r"selections\[(\d+)\]")


class BasketLine(msgspec.Struct):
    """A line as the browser keeps it: its key there, what was chosen, what it cost and was called when last seen."""

    key: Annotated[str, Meta(max_length=40)]
    selection: Selection
    seen: int = 0
    name: Annotated[str, Meta(max_length=255)] = ""


class KeptBasket(msgspec.Struct):
    """A basket as the browser keeps it; `distance` in metres, for deliveries."""

    lines: Annotated[list[BasketLine], Meta(max_length=MOST_LINES)] = []
    note: Annotated[str, Meta(max_length=500)] = ""
    distance: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class PricedLine(NamedTuple):
    """A line with its price; `parts` are its options and fees, each with how deep it stands."""

    kept: BasketLine
    item: Item | None
    name: str
    parts: list[tuple[PriceLine, int]]
    amount: int
    refusals: list[Refusal]

    @property
    def has_changed(self) -> bool:
        """Whether it costs something else than when it was last seen."""
        return bool(self.kept.seen) and self.kept.seen != self.amount and not self.refusals


class Priced(NamedTuple):
    """A whole basket: what can be ordered of it makes up the sums."""

    lines: list[PricedLine]
    refusals: list[Refusal]
    currency: str
    food: int
    fees: int
    delivery: DeliveryQuote | None
    minimum: Price | None
    missing: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        carried = 0 if self.delivery is None or self.delivery.total is UNSET else self.delivery.total
        return self.food + self.fees + carried

    @property
    def pieces(self) -> int:
        """How many pieces there are of all items."""
        return sum(line.kept.selection.quantity for line in self.lines)

    @property
    def is_fine(self) -> bool:
        """Whether nothing keeps it from being ordered."""
        faults = self.refusals or self.missing or any(line.refusals for line in self.lines)
        return bool(self.lines) and not faults and (self.delivery is None or self.delivery.available)


def priced(store: Store, shown: Document, question: Question, now: datetime, pos_zone: str, kept: KeptBasket) -> Priced:
    """Return a basket with the prices that hold at the moment of the question."""
    items = items_of(shown)
    for line in kept.lines:
        _settle(line.selection, items)
    if not kept.lines:
        return Priced([], [], "", 0, 0, None, None, 0)
    basket = Basket(selections=[line.selection for line in kept.lines])
    price, refusals = price_basket(store, question, now, pos_zone, basket)
    lines = [_line(index, line, items, price, refusals) for index, line in enumerate(kept.lines)]
    fees = sum(one.amount for one in price.lines if one.kind == "takeawayFee")
    carried = None
    if question.service == "DELIVERY" and kept.distance:
        carried = quote(store, question, kept.distance, price.total, now, pos_zone)
    minimum, missing = _least(price, carried)
    general = [one for one in refusals if _index(one.path) is None]
    currency = price.currency or ""
    return Priced(lines, general, currency, price.total - fees, fees, carried, minimum, missing)


def items_of(shown: Document) -> dict[tuple[str, str, str], Item]:
    """Return the items of a document by the ids of menu, category and item."""
    return {
        (menu.id, category.id, item.id): item
        for menu in shown.menus
        for category in menu.categories
        for item in category.items
    }


def _settle(selection: Selection, items: Mapping[tuple[str, str, str], Item]) -> None:
    """Let an item be looked for anywhere when it is not where it was chosen, as in the menu of another service."""
    if (selection.menu, selection.category, selection.item) not in items:
        selection.menu = selection.category = UNSET


def _line(
    index: int,
    kept: BasketLine,
    items: Mapping[tuple[str, str, str], Item],
    price: BasketPrice,
    refusals: Sequence[Refusal],
) -> PricedLine:
    chosen = kept.selection
    own = [one for one in price.lines if _index(one.path) == index]
    head = next((one for one in own if one.kind in {"item", "sku"}), None)
    item = items.get((str(chosen.menu), str(chosen.category), chosen.item)) or next(
        (one for key, one in items.items() if key[2] == chosen.item), None
    )
    return PricedLine(
        kept=kept,
        item=item,
        name=head.name if head is not None else kept.name or chosen.item if item is None else item.name,
        parts=[(one, one.path.count(".options[")) for one in own if one is not head and one.kind == "option"],
        amount=sum(one.amount for one in own),
        refusals=[one for one in refusals if _index(one.path) == index],
    )


def _least(price: BasketPrice, carried: DeliveryQuote | None) -> tuple[Price | None, int]:
    if carried is not None:
        return carried.minimum or None, carried.missing or 0
    return price.minimum or None, price.missing or 0


def _index(path: str) -> int | None:
    found = _INDEX.match(path)
    return int(found[1]) if found else None
