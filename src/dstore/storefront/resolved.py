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


Moment = Annotated[str, Meta(description="ISO 8601 with offset, in the store's zone.")]
Rule = Annotated[str, Meta(description="The path of the rule that decides, in the object as it was fed.")]
ServiceType = Annotated[str, Meta(description="PICKUP, DINEIN or DELIVERY.")]


class Shown(msgspec.Struct, rename="camel", omit_defaults=True, gc=False):
    """A part of the document; absent members are left out."""


class Lasting(msgspec.Struct, rename="camel", omit_defaults=True, gc=False, frozen=True):
    """A part that is the same in one document after another, until something is to be said otherwise of it."""


class Reason(Shown):
    """Why something can not be ordered, or is not shown."""

    code: Annotated[str, Meta(description="A word for programs; the explanation lists all.")]
    text: Annotated[str, Meta(description="A sentence for diners, in English or Chinese.")]
    rule: Rule | UnsetType = UNSET
    until: Annotated[str, Meta(description="When it may change next: ISO 8601 with offset.")] | UnsetType = UNSET


Because = Annotated[Reason, Meta(description="Why not; absent where all is well.")]


class Price(Shown):
    """Money in the currency's smallest unit; `list_amount` is what it was before, where the feed says so."""

    amount: Annotated[int, Meta(description="What is to be paid.")]
    currency: Annotated[str, Meta(description="ISO 4217 code.")]
    list_amount: Annotated[int, Meta(description="What it was listed at.")] | UnsetType = UNSET
    rule: (
        Annotated[str, Meta(description="The overload or schedule that set it; absent for the price as fed.")]
        | UnsetType
    ) = UNSET


class Quantity(Shown):
    """How few and how many may be chosen."""

    min: Annotated[int, Meta(description="The least.")]
    max: Annotated[int, Meta(description="The most.")]
    rule: Annotated[str, Meta(description="The overload that set it; absent for the rule as fed.")] | UnsetType = UNSET


TakeawayFee = Annotated[Price, Meta(description="Added to each piece that leaves the restaurant.")]


class Option(Lasting, frozen=True, kw_only=True):
    """A choice inside a group, with the price and quantity that hold in this place."""

    id: Id
    name: Name
    price: Price | UnsetType = UNSET
    available: Available
    reason: Because | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    images: Images | UnsetType = UNSET
    takeaway_fee: TakeawayFee | UnsetType = UNSET
    groups: GroupIds | UnsetType = UNSET


class Group(Shown, kw_only=True):
    """A group of choices; items and options name it by id, so that a shared group stands here once."""

    id: Id
    name: Name
    available: Annotated[bool, Meta(description="Whether enough of its options can be ordered.")]
    reason: Because | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET
    options: list[Option]


class Sku(Lasting, frozen=True, kw_only=True):
    """A variant of an item: the value chosen for each property, and its price."""

    id: Id
    properties: Annotated[dict[str, str], Meta(description="The value chosen for each property, by their keys.")]
    price: Price
    available: Available
    reason: Because | UnsetType = UNSET
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


class Item(Lasting, frozen=True, kw_only=True):
    """Something a diner can order."""

    id: Id
    name: Name
    price: Price | UnsetType = UNSET
    available: Available
    reason: Because | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    images: Images | UnsetType = UNSET
    takeaway_fee: TakeawayFee | UnsetType = UNSET
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
    type: ServiceType | UnsetType = UNSET
    available: Annotated[bool, Meta(description="Whether its service takes orders.")]
    reason: Because | UnsetType = UNSET
    sub_title: SubTitle | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    categories: list[Category]


class Service(Shown, kw_only=True):
    """A way of ordering: whether it is on, and what an order must have."""

    type: ServiceType
    available: Annotated[bool, Meta(description="Whether it takes orders.")]
    reason: Because | UnsetType = UNSET
    opens_at: Annotated[str, Meta(description="When it takes orders next, if it does not now.")] | UnsetType = UNSET
    minimum: Annotated[Price, Meta(description="The least an order must amount to.")] | UnsetType = UNSET
    table_number_required: (
        Annotated[bool, Meta(description="Whether diners must give the number of their table.")] | UnsetType
    ) = UNSET
    serving: Annotated[str, Meta(description="How the food gets to the table, as fed.")] | UnsetType = UNSET


class Banner(Shown, kw_only=True):
    """A picture at the top of the store's page, and where it leads."""

    image: Image
    link: Annotated[str, Meta(description="Where it leads.")] | UnsetType = UNSET


class Named(Shown):
    """A shopping area or brand."""

    id: Id
    name: Name


class StoreCard(Shown, kw_only=True):
    """What identifies a store to diners, and whether it takes orders."""

    id: Annotated[str, Meta(description="The public id, the same for ever.")]
    name: Name
    feed: Annotated[str, Meta(description="pos or pds: which family feeds the store.")]
    open: Annotated[bool, Meta(description="Whether it takes orders.")]
    opens_at: Annotated[str, Meta(description="When it opens next, if it is not open.")] | UnsetType = UNSET
    reason: Because | UnsetType = UNSET
    address: Annotated[str, Meta(description="Where it is.")] | UnsetType = UNSET
    phone: Annotated[str, Meta(description="Its phone number.")] | UnsetType = UNSET
    time_zone: Annotated[str, Meta(description="The zone of its times of day.")] | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    images: Images | UnsetType = UNSET
    cuisine: Annotated[str, Meta(description="The kind of food.")] | UnsetType = UNSET
    pick_up_address: Annotated[str, Meta(description="Where orders are picked up.")] | UnsetType = UNSET
    announcements: Annotated[list[str], Meta(description="Notices to diners.")] | UnsetType = UNSET
    banners: Annotated[list[Banner], Meta(description="Pictures at the top of the page.")] | UnsetType = UNSET
    recommended: Annotated[list[str], Meta(description="Ids of items to put forward.")] | UnsetType = UNSET
    area: Annotated[Named, Meta(description="The shopping area it stands in.")] | UnsetType = UNSET
    brand: Annotated[Named, Meta(description="The brand it carries.")] | UnsetType = UNSET
    services: Annotated[list[Service], Meta(description="The ways of ordering.")]


class Hidden(Shown, kw_only=True):
    """Something that is fed but not shown."""

    kind: Annotated[str, Meta(description="menu, category, item, option or group.")]
    id: Id
    name: Name | UnsetType = UNSET
    where: Annotated[dict[str, str], Meta(description="The ids of what it would stand in, by kind.")] | UnsetType = (
        UNSET
    )
    reason: Reason


class Fallback(Shown):
    """How many texts are shown in another language than the one asked for."""

    language: Annotated[str, Meta(description="Language tag; empty for the plain field, whose language is not said.")]
    texts: Annotated[int, Meta(description="How many.")]


class Document(Shown, kw_only=True):
    """The menu of a store at a moment, for a service, in a language."""

    store: StoreCard
    version: Annotated[int, Meta(description="Rises with every change of the store.")]
    at: Annotated[str, Meta(description="The moment that was asked for; absent: now.")] | UnsetType = UNSET
    service: Annotated[str, Meta(description="The service that was asked for; absent: all.")] | UnsetType = UNSET
    language: Annotated[str, Meta(description="The language of the texts; empty: the plain fields.")]
    languages: Annotated[list[str], Meta(description="The languages that texts were fed in.")]
    fallbacks: Annotated[list[Fallback], Meta(description="Texts that are not in the language.")]
    valid_until: (
        Annotated[str, Meta(description="When anything of this changes by itself; absent: never.")] | UnsetType
    ) = UNSET
    menus: list[Menu]
    groups: list[Group]
    hidden: Annotated[list[Hidden], Meta(description="What is fed but not shown, and why.")]
