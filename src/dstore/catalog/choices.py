"""What can be chosen: items, options and groups as far as rules of quantity and price look at them. Pure functions.

Shapes are protocols, as whoever shows a menu has objects of its own for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Protocol

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.vocabulary import fields
from dstore.vocabulary.limits import most


class Money(Protocol):
    """A price and, if a rule set it, which one."""

    @property
    def amount(self) -> int:
        """In the currency's smallest unit."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        ...

    @property
    def rule(self) -> str | UnsetType:
        """The path of the overload or schedule."""
        ...


class Reason(Protocol):
    """Why something can not be ordered."""

    @property
    def code(self) -> str:
        """A word for programs."""
        ...

    @property
    def text(self) -> str:
        """A sentence for people."""
        ...

    @property
    def rule(self) -> str | UnsetType:
        """The path of the rule that decides."""
        ...

    @property
    def until(self) -> str | UnsetType:
        """When it may change next."""
        ...


class Quantity(Protocol):
    """How few and how many."""

    @property
    def min(self) -> int:
        """The least."""
        ...

    @property
    def max(self) -> int:
        """The most."""
        ...


class Choice(Protocol):
    """An item or an option."""

    @property
    def id(self) -> str:
        """The feed's own id."""
        ...

    @property
    def name(self) -> str:
        """The name diners read."""
        ...

    @property
    def price(self) -> Money | UnsetType:
        """The price of one, in this place."""
        ...

    @property
    def available(self) -> bool:
        """Whether it can be ordered."""
        ...

    @property
    def reason(self) -> Reason | UnsetType:
        """Why not."""
        ...

    @property
    def quantity(self) -> Quantity | UnsetType:
        """How many may be chosen in this place."""
        ...

    @property
    def takeaway_fee(self) -> Money | UnsetType:
        """What is added to each piece."""
        ...

    @property
    def groups(self) -> Sequence[str] | UnsetType:
        """Ids of the groups to choose from."""
        ...


class Sku(Protocol):
    """A variant of an item."""

    @property
    def id(self) -> str:
        """The feed's own id."""
        ...

    @property
    def price(self) -> Money:
        """The price of one."""
        ...

    @property
    def available(self) -> bool:
        """Whether it can be ordered."""
        ...

    @property
    def reason(self) -> Reason | UnsetType:
        """Why not."""
        ...

    @property
    def properties(self) -> Mapping[str, str]:
        """The value of each property."""
        ...


class Value(Protocol):
    """A value of a property."""

    @property
    def value(self) -> str:
        """Names it in SKUs."""
        ...

    @property
    def name(self) -> str:
        """The name diners read."""
        ...


class Property(Protocol):
    """What SKUs differ in."""

    @property
    def key(self) -> str:
        """Names it in SKUs."""
        ...

    @property
    def values(self) -> Sequence[Value]:
        """Its values."""
        ...


class Item(Choice, Protocol):
    """Something that is ordered by itself."""

    @property
    def skus(self) -> Sequence[Sku] | UnsetType:
        """Its variants."""
        ...

    @property
    def properties(self) -> Sequence[Property] | UnsetType:
        """What the variants differ in."""
        ...


class Group(Protocol):
    """A group of options."""

    @property
    def id(self) -> str:
        """The feed's own id."""
        ...

    @property
    def name(self) -> str:
        """The name diners read."""
        ...

    @property
    def quantity(self) -> Quantity | UnsetType:
        """How many may be chosen in all."""
        ...

    @property
    def options(self) -> Sequence[Choice]:
        """What there is to choose."""
        ...


class Chosen(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """An option as a diner chose it, for one piece of what it hangs on."""

    option: fields.ItemId
    group: fields.GroupId | UnsetType = UNSET
    quantity: Pieces = 1
    options: Annotated[list[Chosen], Meta(max_length=most("links"), description="What is chosen with it.")] = (
        msgspec.field(default_factory=list)
    )


class Selection(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """An item as a diner chose it."""

    item: fields.ItemId
    sku: fields.SkuId | UnsetType = UNSET
    quantity: Pieces = 1
    menu: fields.MenuId | UnsetType = UNSET
    category: fields.CategoryId | UnsetType = UNSET
    options: Annotated[list[Chosen], Meta(max_length=most("links"), description="What is chosen with it.")] = (
        msgspec.field(default_factory=list)
    )


Pieces = Annotated[int, Meta(ge=1, le=most("quantity"), description="How many.")]


def demands(
    group: Group, counts: Mapping[str, int], singles: Mapping[tuple[str, str], int]
) -> Iterator[tuple[int, str, int]]:
    """Yield the least number that a group and each of its options ask for, with a name and the number chosen."""
    if group.quantity is not UNSET:
        yield group.quantity.min, group.name, counts.get(group.id, 0)
    for option in group.options:
        if option.quantity is not UNSET:
            yield option.quantity.min, option.name, singles.get((group.id, option.id), 0)


def can_be_chosen(group: Group) -> bool:
    """Return whether the options that can be ordered suffice for what the group and its options ask for."""
    if any(not one.available and one.quantity is not UNSET and one.quantity.min > 0 for one in group.options):
        return False
    if group.quantity is UNSET or group.quantity.min == 0:
        return True
    room = 0
    for one in group.options:
        if one.available:
            room += group.quantity.min if one.quantity is UNSET else one.quantity.max
    return room >= group.quantity.min
