"""What a basket costs, line by line, or why it can not be ordered as it stands. Pure functions.

The price of a piece is that of the item (or its SKU) and of everything chosen with it: each option's own price, an
overload's or a schedule's, times how often it is chosen for one piece of what it hangs on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import UNSET

from dstore.catalog.choices import QUANTITY_RULE, demands

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dstore.catalog.choices import Choice, Chosen, Group, Item, Money, Reason, RulePaths, Selection, Sku

DINEIN = "DINEIN"
"""The service for which nothing is added for taking food away."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An item where it stands: its menu with the menu's service, and its category."""

    item: Item
    menu: str
    category: str
    service: str | None
    closed: Reason | None
    """Why nothing of this menu can be ordered, if so."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A store at a moment: all items by their ids, the groups, and why items that are hidden are so."""

    items: Mapping[str, Sequence[Placed]]
    groups: Mapping[str, Group]
    hidden: Mapping[str, Reason]
    plain_price: str
    """The name of the member that a price comes from when no rule sets it."""
    paths: RulePaths
    """Where the rules of groups and options stand in what was fed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the price. `quantity` counts the pieces of the whole basket line; `set_by` is a member or rule."""

    path: str
    kind: str
    id: str
    name: str
    quantity: int
    each: int
    amount: int
    set_by: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a part of the basket can not be ordered: a code with its values, or the reason that the offer gives.

    `rule` is the path of the quantity rule that is broken, in what was fed.
    """

    path: str
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    reason: Reason | None = None
    rule: str | None = None


@dataclass(slots=True)
class Explanation:
    """The price of a basket; worth something only while nothing is refused."""

    lines: list[Line] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    currency: str | None = None

    @property
    def total(self) -> int:
        """What all lines amount to, in the currency's smallest unit."""
        return sum(line.amount for line in self.lines)


def explain(offer: Offer, selections: Sequence[Selection]) -> Explanation:
    """Return the price of a basket line by line, and everything that keeps it from being ordered."""
    basket = _Basket(offer)
    for index, selection in enumerate(selections):
        basket.take(selection, f"selections[{index}]")
    basket.check_least()
    return basket.explanation


class _Basket:
    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._pieces: Counter[str] = Counter()
        self._most: dict[str, int] = {}
        self._first: dict[tuple[str, str, str], tuple[Placed, str]] = {}
        self.explanation = Explanation()

    def take(self, selection: Selection, path: str) -> None:
        """Price one selection, or refuse it."""
        placed = self._find(selection)
        if placed is None:
            self._refuse_unknown(selection, path)
            return
        if placed.closed is not None:
            self._refuse(path, placed.closed.code, reason=placed.closed)
        if placed.service is not None:
            self.explanation.services.add(placed.service)
        item = placed.item
        if not item.available:
            self._refuse_for(path, item.reason)
        self._check_pieces(selection, placed, path)
        self._price_item(item, selection, path)
        self._options(item, selection.options, path, selection.quantity, placed.service)
        self._fee(item, path, selection.quantity, placed.service)

    def _find(self, selection: Selection) -> Placed | None:
        """Return the first place of the item that is meant; one whose menu can be ordered from goes first."""
        places = [
            one
            for one in self._offer.items.get(selection.item, ())
            if selection.menu in {UNSET, one.menu} and selection.category in {UNSET, one.category}
        ]
        return next((one for one in places if one.closed is None), places[0] if places else None)

    def _refuse_unknown(self, selection: Selection, path: str) -> None:
        hidden = self._offer.hidden.get(selection.item)
        if hidden is None:
            self._refuse(f"{path}.item", "NO_ITEM", id=selection.item[:80])
        else:
            self._refuse(path, hidden.code, reason=hidden)

    def _check_pieces(self, selection: Selection, placed: Placed, path: str) -> None:
        """An item's rule counts its pieces in the whole basket, on however many lines, from whatever places they are.

        Where the places have rules of their own, each of them holds.
        """
        item = placed.item
        self._pieces[item.id] += selection.quantity
        self._first.setdefault((item.id, placed.menu, placed.category), (placed, path))
        if item.quantity is not UNSET:
            self._most[item.id] = min(item.quantity.max, self._most.get(item.id, item.quantity.max))
        most = self._most.get(item.id)
        if most is not None and self._pieces[item.id] > most:
            self._refuse(f"{path}.quantity", "TOO_MANY", rule=QUANTITY_RULE, most=most, name=item.name)

    def check_least(self) -> None:
        """Refuse items of which the whole basket has too few, at the first line from each place."""
        for placed, path in self._first.values():
            item, rule = placed.item, placed.item.quantity
            if rule is not UNSET and self._pieces[item.id] < rule.min:
                self._refuse(f"{path}.quantity", "TOO_FEW", rule=QUANTITY_RULE, least=rule.min, name=item.name)

    def _price_item(self, item: Item, selection: Selection, path: str) -> None:
        if item.skus is UNSET or not item.skus:
            if selection.sku is not UNSET:
                self._refuse(f"{path}.sku", "NO_VARIANT_OF", id=selection.sku[:80], name=item.name)
            self._line(path, "item", item.id, item.name, selection.quantity, item.price)
            return
        sku = next((one for one in item.skus if one.id == selection.sku), None)
        if selection.sku is UNSET:
            self._refuse(f"{path}.sku", "VARIANT_NEEDED", name=item.name)
        elif sku is None:
            self._refuse(f"{path}.sku", "NO_VARIANT_OF", id=selection.sku[:80], name=item.name)
        else:
            if not sku.available:
                self._refuse_for(f"{path}.sku", sku.reason)
            self._line(path, "sku", sku.id, _named(item, sku), selection.quantity, sku.price)

    def _options(self, parent: Choice, chosen: Sequence[Chosen], path: str, pieces: int, service: str | None) -> None:
        """Price what is chosen below an item or option, and hold it to the rules of each group."""
        groups = [self._offer.groups[name] for name in parent.groups or () if name in self._offer.groups]
        counts: Counter[str] = Counter()
        singles: Counter[tuple[str, str]] = Counter()
        for index, one in enumerate(chosen):
            where = f"{path}.options[{index}]"
            found = self._option(groups, one, where)
            if found is None:
                continue
            group, option = found
            counts[group.id] += one.quantity
            singles[group.id, option.id] += one.quantity
            if not option.available:
                self._refuse_for(where, option.reason)
            self._check_most(group, option, counts[group.id], singles[group.id, option.id], where)
            self._line(where, "option", option.id, option.name, one.quantity * pieces, option.price)
            self._options(option, one.options, where, one.quantity * pieces, service)
            self._fee(option, where, one.quantity * pieces, service)
        for group in groups:
            for least, number, asking in demands(group, counts, singles):
                if number < least:
                    name, rule = (asking or group).name, self._offer.paths.quantity(group, asking)
                    self._refuse(f"{path}.options", "TOO_FEW", rule=rule, least=least, name=name)

    def _check_most(self, group: Group, option: Choice, in_group: int, of_option: int, path: str) -> None:
        paths = self._offer.paths
        if option.quantity is not UNSET and of_option > option.quantity.max:
            rule = paths.quantity(group, option)
            self._refuse(path, "TOO_MANY", rule=rule, most=option.quantity.max, name=option.name)
        elif group.quantity is not UNSET and in_group > group.quantity.max:
            rule = paths.quantity(group)
            self._refuse(path, "TOO_MANY", rule=rule, most=group.quantity.max, name=group.name)

    def _option(self, groups: Sequence[Group], one: Chosen, path: str) -> tuple[Group, Choice] | None:
        """Return the option that is meant with its group; refuse one that is nowhere, or in several groups."""
        found = [
            (group, option)
            for group in groups
            if one.group in {UNSET, group.id}
            for option in group.options
            if option.id == one.option
        ]
        if len(found) == 1:
            return found[0]
        self._refuse(f"{path}.option", "WHICH_GROUP" if found else "NO_OPTION", id=one.option[:80])
        return None

    def _fee(self, thing: Choice, path: str, pieces: int, service: str | None) -> None:
        """Add the takeaway fee. Groups serve menus of every kind, so that their options keep theirs till they are chosen."""
        if thing.takeaway_fee is not UNSET and service != DINEIN:
            self._line(path, "takeawayFee", thing.id, thing.name, pieces, thing.takeaway_fee, "takeawayFee")

    def _line(
        self, path: str, kind: str, name_id: str, name: str, quantity: int, price: Money | Any, set_by: str = ""
    ) -> None:
        if price is UNSET:
            self._refuse(path, "NO_PRICE", name=name)
            return
        if self.explanation.currency is None:
            self.explanation.currency = price.currency
        if price.currency != self.explanation.currency:
            self._refuse(path, "OTHER_CURRENCY", name=name)
        rule = price.rule if price.rule is not UNSET else set_by or self._offer.plain_price
        amount = quantity * price.amount
        self.explanation.lines.append(Line(path, kind, name_id, name, quantity, price.amount, amount, rule))

    def _refuse(
        self, path: str, code: str, reason: Reason | None = None, rule: str | None = None, **values: Any
    ) -> None:
        self.explanation.refused.append(Refused(path, code, values, reason, rule))

    def _refuse_for(self, path: str, reason: Reason | Any) -> None:
        self._refuse(path, "SOLD_OUT" if reason is UNSET else reason.code, None if reason is UNSET else reason)


def _named(item: Item, sku: Sku) -> str:
    """Return an item's name with the values of the SKU's properties."""
    words = {(one.key, value.value): value.name for one in item.properties or () for value in one.values}
    said = [words.get(pair, pair[1]) for pair in sku.properties.items()]
    return f"{item.name} ({', '.join(said)})" if said else item.name
