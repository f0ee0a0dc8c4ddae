"""What an order must amount to, and what its delivery costs: DELIVERY_DISTANCE and PICKUP_RULE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.schedules.rule_data import prepared, text_of
from dstore.vocabulary.fnb import Money
from dstore.vocabulary.scenes import DeliveryTier, Discount, PickUpMinimum

if TYPE_CHECKING:
    from dstore.vocabulary.fnb import BusinessRule

DiscountType = Literal["REDUCE", "PERCENTAGE", "EXEMPTION"]
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least an order must amount to, and what it lacks; amounts in the smallest unit."""

    amount: int
    currency: str
    missing: int
    rule: str


@dataclass(frozen=True, slots=True)
class DiscountLine:
    """A discount that an order has earned: what it takes off the fee, in the smallest unit."""

    kind: DiscountType
    amount: int
    rule: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a delivery costs. `fee` is the tier's, `total` what is left of it after the discounts."""

    rule: str
    currency: str
    fee: int
    discounts: tuple[DiscountLine, ...]
    total: int
    minimum: Minimum | None


@dataclass(frozen=True, slots=True)
class NoQuote:
    """Why there is no delivery: the store has no tiers (`rule` is None), or none of them covers the distance."""

    rule: str | None


def delivery_quote(rules: list[BusinessRule] | UnsetType, distance_metres: int, amount: int) -> Quote | NoQuote:
    """Return what delivering an order over a distance costs. Of tiers that overlap the last one counts."""
    found = text_of(rules, "DELIVERY_DISTANCE")
    tiers = _tiers(found[1]) if found else None
    if found is None or not tiers:
        return NoQuote(None)
    for index in range(len(tiers) - 1, -1, -1):
        if tiers[index].from_ <= distance_metres < tiers[index].to:
            return _quote(tiers[index], amount, f"{found[0]}[{index}]")
    return NoQuote(found[0])


def pickup_minimum(rules: list[BusinessRule] | UnsetType, amount: int) -> Minimum | None:
    """Return what an order to be picked up must amount to; None when there is no such rule."""
    found = text_of(rules, "PICKUP_RULE")
    minimums = _pick_up_minimums(found[1]) if found else None
    if found is None or not minimums:
        return None
    return _minimum(minimums[-1].minimum_order_amount, amount, f"{found[0]}[{len(minimums) - 1}]")


def _quote(tier: DeliveryTier, amount: int, rule: str) -> Quote:
    fee, lines = tier.fee.amount_value, []
    left = fee
    for index, discount in enumerate([] if tier.discounts is UNSET else tier.discounts):
        threshold = discount.order_threshold_amount
        if threshold.currency == tier.fee.currency and amount >= threshold.amount_value:
            taken = _taken(discount, left, tier.fee.currency)
            left -= taken
            lines.append(DiscountLine(discount.discount_type, taken, f"{rule}.discounts[{index}]"))
    least = tier.minimum_order_amount
    minimum = None if least is UNSET else _minimum(least, amount, f"{rule}.minimumOrderAmount")
    return Quote(rule, tier.fee.currency, fee, tuple(lines), left, minimum)


def _taken(discount: Discount, left: int, currency: str) -> int:
    """Return what a discount takes off what is left of the fee; halves of the smallest unit are rounded up."""
    if discount.discount_type == "EXEMPTION":
        return left
    value = "" if discount.discount_value is UNSET else discount.discount_value
    try:
        if discount.discount_type == "PERCENTAGE":
            return min(left, (left * int(value) * 2 + _PERCENT) // (2 * _PERCENT))
        off = msgspec.json.decode(value, type=Money)
    except ValueError:  # the door refuses such values; a page must not fail over them
        return 0
    return min(left, off.amount_value) if off.currency == currency else 0


def _minimum(least: Money, amount: int, rule: str) -> Minimum:
    return Minimum(least.amount_value, least.currency, max(0, least.amount_value - amount), rule)


_tiers = prepared(list[DeliveryTier], tuple[DeliveryTier, ...])
_pick_up_minimums = prepared(list[PickUpMinimum], tuple[PickUpMinimum, ...])
