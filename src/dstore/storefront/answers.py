"""The shapes of the storefront's answers beside the menu: slots, quotes, prices, translations."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.catalog.choices import Selection
from dstore.storefront.resolved import Because, Id, Moment, Name, Price, ServiceType, Shown, StoreCard
from dstore.vocabulary.limits import most

Path = Annotated[str, Meta(description="Where in the request it stands.")]
SetBy = Annotated[str, Meta(description="The member, overload or rule that set it, in the object as it was fed.")]
Currency = Annotated[str, Meta(description="ISO 4217 code.")]
Minimum = Annotated[Price, Meta(description="The least an order must amount to.")]
Missing = Annotated[int, Meta(description="What the order lacks to the minimum; 0: it is met.")]


class StoreList(Shown, kw_only=True):
    """Up to a hundred stores, in the order of their ids."""

    stores: Annotated[list[StoreCard], Meta(description="The stores.")]
    next: (
        Annotated[str, Meta(description="Where to go on: pass it as `after`. Absent on the last page.")] | UnsetType
    ) = UNSET


class Slot(Shown):
    """A time a diner may choose."""

    start: Moment
    end: Annotated[str, Meta(description="When the next one begins at the earliest: ISO 8601 with offset.")]


class Day(Shown):
    """The slots of a day in the store's zone."""

    date: Annotated[str, Meta(description="ISO 8601.")]
    slots: Annotated[list[Slot], Meta(description="In order.")]


class SlotList(Shown, kw_only=True):
    """The times a diner may choose for a service."""

    service: ServiceType
    from_: Annotated[str, Meta(description="From when on: ISO 8601 with offset.")] = msgspec.field(name="from")
    reason: Because | UnsetType = UNSET
    days: Annotated[list[Day], Meta(description="Days with slots, in order.")]


class FeeLine(Shown, kw_only=True):
    """A line of a delivery quote."""

    kind: Annotated[str, Meta(description="FEE, or a discount: REDUCE, PERCENTAGE or EXEMPTION.")]
    amount: Annotated[int, Meta(description="What it adds; negative for a discount.")]
    set_by: SetBy


class DeliveryQuote(Shown, kw_only=True):
    """What delivering an order costs, or why the store does not deliver it."""

    distance: Annotated[int, Meta(description="Metres, as asked.")]
    amount: Annotated[int, Meta(description="What the order amounts to, as asked.")]
    available: Annotated[bool, Meta(description="Whether the store delivers over the distance.")]
    reason: Because | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    lines: Annotated[list[FeeLine], Meta(description="The fee and each discount the order has earned.")]
    total: Annotated[int, Meta(description="What is to be paid for the delivery.")] | UnsetType = UNSET
    minimum: Minimum | UnsetType = UNSET
    missing: Missing | UnsetType = UNSET


class Gap(Shown, kw_only=True):
    """A text that is not there in a language."""

    language: Annotated[str, Meta(description="Language tag.")]
    kind: Annotated[str, Meta(description="store, menu, category, item, add-on item or modifier group.")]
    id: Id
    where: Annotated[list[str], Meta(description="Ids of what it stands in, the nearest first.")] | UnsetType = UNSET
    column: Annotated[str, Meta(description="The member to translate, as multiLanguageDetails names it.")]
    text: Annotated[str, Meta(description="The plain text.")]


class Coverage(Shown, kw_only=True):
    """How far a store is translated into a language."""

    language: Annotated[str, Meta(description="Language tag.")]
    texts: Annotated[int, Meta(description="How many texts the store has.")]
    translated: Annotated[int, Meta(description="How many are there in the language.")]


class Translations(Shown, kw_only=True):
    """What is translated of a store, and what is missing."""

    version: Annotated[int, Meta(description="The store's version.")]
    languages: Annotated[list[Coverage], Meta(description="Each language that any text is in, or the one asked for.")]
    missing: Annotated[list[Gap], Meta(description="What is missing, object by object.")]


class Basket(msgspec.Struct, rename="camel", kw_only=True):
    """What a diner wants to order."""

    selections: Annotated[list[Selection], Meta(min_length=1, max_length=most("links"), description="The lines.")]
    expected_total: Annotated[int, Meta(description="What the client thinks it costs.")] | UnsetType = UNSET


class PriceLine(Shown, kw_only=True):
    """A line of a price."""

    path: Path
    kind: Annotated[str, Meta(description="item, sku, option or takeawayFee.")]
    id: Id
    name: Name
    quantity: Annotated[int, Meta(description="How many pieces in all.")]
    each: Annotated[int, Meta(description="The price of one.")]
    amount: Annotated[int, Meta(description="The price of all.")]
    set_by: SetBy


class BasketPrice(Shown, kw_only=True):
    """What a basket costs, line by line, in the currency's smallest unit."""

    service: ServiceType | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    total: Annotated[int, Meta(description="The sum of all lines.")]
    lines: Annotated[list[PriceLine], Meta(description="Items, options and fees, in the order of the basket.")]
    minimum: Minimum | UnsetType = UNSET
    missing: Missing | UnsetType = UNSET
    expected_total: Annotated[int, Meta(description="As it was sent.")] | UnsetType = UNSET
    agrees: Annotated[bool, Meta(description="Whether the total is the expected one.")] | UnsetType = UNSET
    valid_until: (
        Annotated[str, Meta(description="Until when the price stands by itself; absent: for ever.")] | UnsetType
    ) = UNSET


class Refusal(Shown, kw_only=True):
    """Why a part of a basket can not be ordered."""

    path: Path
    code: Annotated[str, Meta(description="A word for programs.")]
    text: Annotated[str, Meta(description="A sentence for diners.")]
    rule: Annotated[str, Meta(description="The rule that decides, in the object as it was fed.")] | UnsetType = UNSET
    until: Annotated[str, Meta(description="When it may change next.")] | UnsetType = UNSET
