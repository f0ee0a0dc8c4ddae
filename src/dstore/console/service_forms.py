"""The settings of pickup, dine-in and delivery as forms, in the words of the family's rules."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from babel.numbers import get_currency_precision
from msgspec import UNSET, UnsetType

from dstore.vocabulary.fnb import Money, PickUpRule
from dstore.vocabulary.scenes import DeliveryTier, DineInOrder, Discount
from dstore.web.languages import marked

if TYPE_CHECKING:
    from dstore.catalog.merchant.settings import StoreSettings
    from dstore.console.visits import Visit

STEPS = (5, 10, 15, 20, 30, 45, 60)
SERVING = {
    "": marked("Not said"),
    "SERVE_TO_TABLE": marked("Served at the table"),
    "SELF_PICKUP": marked("Collected at the counter"),
}
DISCOUNTS = {
    "": marked("No discount"),
    "REDUCE": marked("An amount off the fee"),
    "PERCENTAGE": marked("A percentage off the fee"),
    "EXEMPTION": marked("Delivery is free"),
}
MOST_TIERS = 8
MOST_METRES = 1_000_000
MOST_DAYS = 30
MOST_MINUTES = 10_080
MOST_AMOUNT = 2_147_483_647
# Each day is stepped through from the hour at which a business day turns, so that a night belongs to its evening.
_TURN = "05:00"


class FormError(Exception):
    """Something of a form can not be; the text says what, in words that are `marked`."""


BAD_AMOUNT = marked("Write amounts as numbers, such as 12.50")
BAD_NUMBER = marked("Write whole numbers within the limits that are shown")
BAD_TIER = marked("Each distance needs a beginning before its end, and a fee")
BAD_DISCOUNT = marked("A discount needs the order amount from which it holds, and how much it is")
NO_CURRENCY = marked("Amounts can be set once the POS has sent a price")


class TierForm(NamedTuple):
    """A row of the delivery form, as its inputs show it."""

    start: str
    end: str
    fee: str
    minimum: str
    kind: str
    threshold: str
    value: str


def written(money: Money | UnsetType) -> str:
    """Return an amount as an input shows it; empty when there is none."""
    if money is UNSET:
        return ""
    digits = get_currency_precision(money.currency)
    return f"{Decimal(money.amount_value).scaleb(-digits):.{digits}f}"


def read_money(text: str, currency: str) -> Money | UnsetType:
    """Return an amount of an input; none when it is empty. Raises FormError."""
    if not text:
        return UNSET
    if not currency:
        raise FormError(NO_CURRENCY)
    try:
        amount = Decimal(text.replace(",", ".")).scaleb(get_currency_precision(currency))
        if not (0 <= amount <= MOST_AMOUNT and amount == int(amount)):
            raise FormError(BAD_AMOUNT)
    except (ArithmeticError, ValueError):
        raise FormError(BAD_AMOUNT) from None
    return msgspec.convert({"currency": currency, "amountValue": int(amount)}, Money)


def read_pickup(visit: Visit, said: StoreSettings, currency: str) -> None:
    """Take the pickup form into the settings. Raises FormError."""
    said.pick_up_rule = PickUpRule(
        start_time=_TURN,
        end_time=_TURN,
        step=_number(visit, "step", 5, 240),
        support_days=_number(visit, "days", 1, MOST_DAYS),
        min_prepare_minutes=_number(visit, "prepare", 0, MOST_MINUTES),
    )
    said.pick_up_minimum = read_money(visit.field("minimum", 20), currency)


def read_dine_in(visit: Visit, said: StoreSettings, _currency: str) -> None:
    """Take the dine-in form into the settings."""
    serving = visit.field("serving", 40)
    said.dine_in = DineInOrder(
        is_table_no_required=visit.field("table", 1) == "1",
        service_type=serving if serving and serving in SERVING else UNSET,
    )


def read_delivery(visit: Visit, said: StoreSettings, currency: str) -> None:
    """Take the delivery form into the settings: rows that are empty do not count. Raises FormError."""
    tiers = []
    for index in range(MOST_TIERS):
        given = TierForm(*(visit.field(f"{name}-{index}", 20) for name in TierForm._fields))
        if given._replace(kind="") != TierForm("", "", "", "", "", "", ""):
            tiers.append(_tier(given, currency))
    said.delivery_tiers = sorted(tiers, key=lambda tier: tier.from_)


def tier_rows(said: StoreSettings) -> list[TierForm]:
    """Return the rows of the delivery form: those there are, and empty ones up to the most."""
    rows = [_row(tier) for tier in said.delivery_tiers[:MOST_TIERS]]
    return rows + [TierForm("", "", "", "", "", "", "")] * (MOST_TIERS - len(rows))


def _row(tier: DeliveryTier) -> TierForm:
    discount = None if tier.discounts is UNSET or not tier.discounts else tier.discounts[0]
    kind, threshold, value = "", "", ""
    if discount is not None:
        kind, threshold = discount.discount_type, written(discount.order_threshold_amount)
        value = "" if discount.discount_value is UNSET else discount.discount_value
        value = written(msgspec.json.decode(value, type=Money)) if kind == "REDUCE" else value
    fee, minimum = written(tier.fee), written(tier.minimum_order_amount)
    return TierForm(_kilometres(tier.from_), _kilometres(tier.to), fee, minimum, kind, threshold, value)


def _tier(given: TierForm, currency: str) -> DeliveryTier:
    start, end = _metres(given.start or "0"), _metres(given.end)
    fee = read_money(given.fee, currency)
    if start >= end or fee is UNSET:
        raise FormError(BAD_TIER)
    more: dict[str, Any] = {"discounts": [_discount(given, currency)]} if given.kind else {}
    minimum = read_money(given.minimum, currency)
    return DeliveryTier(from_=start, to=end, fee=fee, minimum_order_amount=minimum, **more)


def _discount(given: TierForm, currency: str) -> Discount:
    threshold = read_money(given.threshold, currency)
    if threshold is UNSET or given.kind not in DISCOUNTS:
        raise FormError(BAD_DISCOUNT)
    value: str | UnsetType = UNSET
    if given.kind == "REDUCE":
        amount = read_money(given.value, currency)
        if amount is UNSET:
            raise FormError(BAD_DISCOUNT)
        value = msgspec.json.encode(amount).decode()
    elif given.kind == "PERCENTAGE":
        if not given.value.isdecimal() or not 1 <= int(given.value) <= 100:  # noqa: PLR2004 - of a hundred
            raise FormError(BAD_DISCOUNT)
        value = str(int(given.value))
    kind: Any = given.kind
    return Discount(discount_type=kind, order_threshold_amount=threshold, discount_value=value)


def _kilometres(metres: int) -> str:
    return f"{Decimal(metres) / 1000:f}"


def _metres(text: str) -> int:
    try:
        metres = Decimal(text.replace(",", ".")) * 1000
        if not 0 <= metres <= MOST_METRES:
            raise FormError(BAD_TIER)
        return int(metres)
    except (ArithmeticError, ValueError):
        raise FormError(BAD_TIER) from None


def _number(visit: Visit, name: str, least: int, most: int) -> int:
    text = visit.field(name, 6)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise FormError(BAD_NUMBER)
    return int(text)
