"""What can be chosen: items, options and groups as far as rules of quantity and price look at them. Pure functions.

Shapes are protocols, as whoever shows a menu has objects of its own for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple, Protocol

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

    @property
    def rule(self) -> str | UnsetType:
        """The path of the overload that set it, in the option."""
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


class RulePaths(NamedTuple):
    """Where groups and options stand in what was fed; `children` is the member of a group that its options stand in.

    Without one, options stand where groups do.
    """

    groups: str
    children: str | None = None

    def group(self, group_id: str) -> str:
        """Return the path of a group."""
        return f"{self.groups}[{group_id}]"

    def option(self, group_id: str, option_id: str) -> str:
        """Return the path of an option in a group."""
        return f"{self.group(group_id)}.{self.children}[{option_id}]" if self.children else self.group(option_id)

    def quantity(self, group: Group, option: Choice | None = None) -> str:
        """Return the path of the quantity rule of a group, or of the one that an option has in it."""
        if option is None:
            return f"{self.group(group.id)}.{QUANTITY_RULE}"
        own = UNSET if option.quantity is UNSET else option.quantity.rule
        return f"{self.option(group.id, option.id)}.{QUANTITY_RULE if own is UNSET else own}"


QUANTITY_RULE = "quantityRule"
PRODUCTS = RulePaths("products")
"""A till's groups and options are its products."""
MODIFIER_GROUPS = RulePaths("modifierGroups", "childItems")
"""Groups of F&B stores hold their add-on items."""


class Least(NamedTuple):
    """The least number that a group, or an option in it, asks for, and the number chosen."""

    asked: int
    chosen: int
    option: Choice | None = None


def demands(group: Group, counts: Mapping[str, int], singles: Mapping[tuple[str, str], int]) -> Iterator[Least]:
    """Yield what a group and each of its options ask for."""
    if group.quantity is not UNSET:
        yield Least(group.quantity.min, counts.get(group.id, 0))
    for option in group.options:
        if option.quantity is not UNSET:
            yield Least(option.quantity.min, singles.get((group.id, option.id), 0), option)


def is_lacking(option: Choice) -> bool:
    """Return whether an option must be chosen and can not be ordered."""
    return not option.available and option.quantity is not UNSET and option.quantity.min > 0


def can_be_chosen(group: Group) -> bool:
    """Return whether the options that can be ordered suffice for what the group and its options ask for."""
    if any(map(is_lacking, group.options)):
        return False
    if group.quantity is UNSET or group.quantity.min == 0:
        return True
    room = 0
    for one in group.options:
        if one.available:
            room += group.quantity.min if one.quantity is UNSET else one.quantity.max
    return room >= group.quantity.min
