"""What changes by the clock on one item: whether it is shown, what it costs, whether it can be ordered; its SKUs likewise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET, UnsetType

from dstore.catalog.schedules.availability import visibility_of
from dstore.catalog.schedules.timed import prices_of, statuses_of

if TYPE_CHECKING:
    from dstore.catalog.schedules.availability import Visibility
    from dstore.catalog.schedules.timed import Prices, Statuses, Turns
    from dstore.vocabulary.fnb import BusinessRule
    from dstore.vocabulary.objects import StoredItem


class Clock(NamedTuple):
    """What decides at a moment, whatever the amounts: equal for things of which the same holds at every moment."""

    visible: Visibility | None = None
    price: Turns | None = None
    status: Statuses | None = None


class Times(NamedTuple):
    """The rules of an item or SKU, read once; no prices where it has no schedule of them.

    `skus` are those of an item's SKUs in their order, none at all where no SKU has any.
    """

    clock: Clock = Clock()
    prices: Prices | None = None
    skus: tuple[Times, ...] = ()


NONE = Times()


def times_of(item: StoredItem) -> Times:
    """Return the rules of an item and of its SKUs, in their order."""
    rules, hours, skus = item.business_rules, item.service_availability_list, item.skus
    if rules is UNSET and hours is UNSET and not skus:
        return NONE
    found = () if skus is UNSET else tuple(_times(None, sku.business_rules) for sku in skus)
    has_none = all(one is NONE for one in found)
    return _times(visibility_of(hours), rules, () if has_none else found)


def _times(visible: Visibility | None, rules: list[BusinessRule] | UnsetType, skus: tuple[Times, ...] = ()) -> Times:
    if visible is None and rules is UNSET and not skus:
        return NONE
    prices = prices_of(rules)
    return Times(Clock(visible, None if prices is None else prices.turns, statuses_of(rules)), prices, skus)
