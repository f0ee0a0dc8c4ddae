"""The shape that diners' clients read: one document a store, the same for both feeds."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

Id = Annotated[str, Meta(description="The feed's own id.")]
Name = Annotated[str, Meta(description="The name diners read.")]
Title = Annotated[str, Meta(description="The heading diners read.")]
SubTitle = Annotated[str, Meta(description="A second line under the heading.")]
Description = Annotated[str, Meta(description="A text about it.")]
Image = Annotated[str, Meta(description="Address of a picture.")]
Images = Annotated[list[str], Meta(description="Addresses of pictures.")]
Available = Annotated[bool, Meta(description="Whether it can be ordered.")]
GroupIds = Annotated[
    list[str], Meta(description="Ids of the groups to choose from, in order; see `groups` of the document.")
]


class Shown(msgspec.Struct, rename="camel", omit_defaults=True, gc=False):
    """A part of the document; absent members are left out."""


class Price(Shown):
    """Money in the currency's smallest unit; `list_amount` is what it was before, where the feed says so."""

    amount: Annotated[int, Meta(description="What is to be paid.")]
    currency: Annotated[str, Meta(description="ISO 4217 code.")]
    list_amount: Annotated[int, Meta(description="What it was listed at.")] | UnsetType = UNSET


class Quantity(Shown):
    """How few and how many may be chosen."""

    min: Annotated[int, Meta(description="The least.")]
    max: Annotated[int, Meta(description="The most.")]


class Option(Shown, kw_only=True):
    """A choice inside a group, with the price and quantity that hold in this place."""

    id: Id
    name: Name
    price: Price | UnsetType = UNSET
    available: Available
    quantity: Quantity | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    images: Images | UnsetType = UNSET
    groups: GroupIds | UnsetType = UNSET


class Group(Shown, kw_only=True):
    """A group of choices; items and options name it by id, so that a shared group stands here once."""

    id: Id
    name: Name
    available: Available
    quantity: Quantity | UnsetType = UNSET
    options: list[Option]


class Sku(Shown, kw_only=True):
    """A variant of an item: the value chosen for each property, and its price."""

    id: Id
    properties: Annotated[dict[str, str], Meta(description="The value chosen for each property, by their keys.")]
    price: Price
    image: Image | UnsetType = UNSET


class Property(Shown, kw_only=True):
    """A property that SKUs differ in, with its values in order."""

    key: Annotated[str, Meta(description="Names the property in SKUs.")]
    name: Name
    values: list[PropertyValue]


class PropertyValue(Shown):
    """One value of a property."""

    value: Annotated[str, Meta(description="Names the value in SKUs.")]
    name: Name


class Item(Shown, kw_only=True):
    """Something a diner can order."""

    id: Id
    name: Name
    price: Price | UnsetType = UNSET
    available: Available
    quantity: Quantity | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    images: Images | UnsetType = UNSET
    groups: GroupIds | UnsetType = UNSET
    properties: list[Property] | UnsetType = UNSET
    skus: list[Sku] | UnsetType = UNSET


class Category(Shown, kw_only=True):
    """A heading with its items in order."""

    id: Id
    title: Title
    sub_title: SubTitle | UnsetType = UNSET
    icon: Image | UnsetType = UNSET
    items: list[Item]


class Menu(Shown, kw_only=True):
    """The categories for a way of ordering; without a type it serves every way."""

    id: Id
    title: Title
    type: Annotated[str, Meta(description="PICKUP, DINEIN or DELIVERY.")] | UnsetType = UNSET
    sub_title: SubTitle | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    categories: list[Category]


class StoreCard(Shown, kw_only=True):
    """What identifies a store to diners."""

    id: Annotated[str, Meta(description="The public id, the same for ever.")]
    name: Name
    feed: Annotated[str, Meta(description="pos or pds: which family feeds the store.")]
    open: Annotated[bool, Meta(description="Whether it takes orders.")]
    closed_until: Annotated[str, Meta(description="When it opens by itself: ISO 8601 with offset.")] | UnsetType = UNSET
    address: Annotated[str, Meta(description="Where it is.")] | UnsetType = UNSET
    phone: Annotated[str, Meta(description="Its phone number.")] | UnsetType = UNSET
    time_zone: Annotated[str, Meta(description="The zone of its times of day.")] | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    images: Images | UnsetType = UNSET


class Document(Shown, kw_only=True):
    """The whole menu of a store as it stands."""

    store: StoreCard
    version: Annotated[int, Meta(description="Rises with every change of the store.")]
    menus: list[Menu]
    groups: list[Group]
