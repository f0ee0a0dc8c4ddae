"""The shape that diners' clients read: one document a store, the same for both feeds."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType


class Shown(msgspec.Struct, rename="camel", omit_defaults=True, gc=False):
    """A part of the document; absent members are left out."""


class Price(Shown):
    """Money in the currency's smallest unit; `list_amount` is what it was before, where the feed says so."""

    amount: int
    currency: str
    list_amount: int | UnsetType = UNSET


class Quantity(Shown):
    """How few and how many may be chosen."""

    min: int
    max: int


class Option(Shown, kw_only=True):
    """A choice inside a group, with the price and quantity that hold in this place."""

    id: str
    name: str
    price: Price | UnsetType = UNSET
    available: bool
    quantity: Quantity | UnsetType = UNSET
    description: str | UnsetType = UNSET
    images: list[str] | UnsetType = UNSET
    groups: list[str] | UnsetType = UNSET


class Group(Shown, kw_only=True):
    """A group of choices; items and options name it by id, so that a shared group stands here once."""

    id: str
    name: str
    available: bool
    quantity: Quantity | UnsetType = UNSET
    options: list[Option]


class Sku(Shown, kw_only=True):
    """A variant of an item: the value chosen for each property, and its price."""

    id: str
    properties: dict[str, str]
    price: Price
    image: str | UnsetType = UNSET


class Property(Shown, kw_only=True):
    """A property that SKUs differ in, with its values in order."""

    key: str
    name: str
    values: list[PropertyValue]


class PropertyValue(Shown):
    """One value of a property."""

    value: str
    name: str


class Item(Shown, kw_only=True):
    """Something a diner can order."""

    id: str
    name: str
    price: Price | UnsetType = UNSET
    available: bool
    quantity: Quantity | UnsetType = UNSET
    description: str | UnsetType = UNSET
    images: list[str] | UnsetType = UNSET
    groups: list[str] | UnsetType = UNSET
    properties: list[Property] | UnsetType = UNSET
    skus: list[Sku] | UnsetType = UNSET


class Category(Shown, kw_only=True):
    """A heading with its items in order."""

    id: str
    title: str
    sub_title: str | UnsetType = UNSET
    icon: str | UnsetType = UNSET
    items: list[Item]


class Menu(Shown, kw_only=True):
    """The categories for a way of ordering; without a type it serves every way."""

    id: str
    title: str
    type: str | UnsetType = UNSET
    sub_title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    categories: list[Category]


class StoreCard(Shown, kw_only=True):
    """What identifies a store to diners."""

    id: str
    name: str
    feed: str
    open: bool
    closed_until: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    images: list[str] | UnsetType = UNSET


class Document(Shown, kw_only=True):
    """The whole menu of a store as it stands."""

    store: StoreCard
    version: int
    menus: list[Menu]
    groups: list[Group]
