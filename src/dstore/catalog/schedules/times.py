"""What changes by the clock on one item: whether it is shown, what it costs, whether it can be ordered; its SKUs likewise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from dstore.catalog.schedules.availability import visibility_of
from dstore.catalog.schedules.timed import prices_of, statuses_of

if TYPE_CHECKING:
    from dstore.catalog.schedules.availability import Visibility
    from dstore.catalog.schedules.timed import Prices, Statuses
    from dstore.vocabulary.fnb import Sku
    from dstore.vocabulary.objects import StoredItem


class Times(NamedTuple):
    """The rules of an item or SKU, read once; None where it has none of a kind. Things with equal rules share them.

    `skus` are those of an item's SKUs in their order, none at all where no SKU has any.
    """

    visible: Visibility | None = None
    price: Prices | None = None
    status: Statuses | None = None
    skus: tuple[Times, ...] = ()


NONE = Times()


def times_of(item: StoredItem) -> Times:
    """Return the rules of an item and of its SKUs, in their order."""
    rules, hours, skus = item.business_rules, item.service_availability_list, item.skus
    if rules is UNSET and hours is UNSET and not skus:
        return NONE
    found = () if skus is UNSET else tuple(map(_of_sku, skus))
    return Times(visibility_of(hours), prices_of(rules), statuses_of(rules), found if any(map(any, found)) else ())


def _of_sku(sku: Sku) -> Times:
    rules = sku.business_rules
    return NONE if rules is UNSET else Times(None, prices_of(rules), statuses_of(rules))
