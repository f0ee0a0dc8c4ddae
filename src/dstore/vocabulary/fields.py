"""Each field's type, limits, words and example, once. Messages list these; nothing is computed here.

A field that may be absent is `Field | UnsetType = UNSET` in its message; JSON null is never a value.
Lengths come from `limits`, which says which of them a page documents; `x-limit` names the limit in the reference.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from dstore.vocabulary.limits import most
from dstore.vocabulary.words import Currency as CurrencyCode
from dstore.vocabulary.words import (
    Day,
    Deleted,
    ItemStatus,
    MenuType,
    ProductType,
    SaleType,
    StoreStatus,
    StoreType,
    Validity,
)


def _id(description: str, example: str, limit: str = "id") -> Meta:
    return Meta(
        min_length=1,
        max_length=most(limit),
        description=description,
        examples=[example],
        extra_json_schema={"x-limit": limit},
    )


def _name(description: str, example: str, limit: str = "name") -> Meta:
    return Meta(
        min_length=1,
        max_length=most(limit),
        description=description,
        examples=[example],
        extra_json_schema={"x-limit": limit},
    )


def _text(description: str, example: str = "", limit: str = "description") -> Meta:
    return Meta(
        max_length=most(limit), description=description, examples=[example], extra_json_schema={"x-limit": limit}
    )


def _list(description: str, limit: str, least: int | None = None) -> Meta:
    return Meta(min_length=least, max_length=most(limit), description=description, extra_json_schema={"x-limit": limit})


def _what(description: str, example: Any = None) -> Meta:
    return Meta(description=description, examples=None if example is None else [example])


# Requests of both families.
RequestId = Annotated[
    str,
    _id(
        "Names the request: the same id on the same API always gets the same result.",
        "sync-2026-11-22-001",
        "request_id",
    ),
]
AppId = Annotated[str, _text("The mini program's id, assigned by the platform.", "2102026000000001", "app_id")]
ExtendInfo = Annotated[
    dict[str, Any], _what("Further attributes; stored, not interpreted. At most 4,096 characters as compact JSON.")
]

# POS family.
StoreAccountId = Annotated[
    str,
    _id(
        "The merchant's account at the POS provider; one digital store with any number of locations.",
        "kopi-and-co",
        "pos_account_id_store",
    ),
]
ProductAccountId = Annotated[
    str,
    _id(
        "The merchant's account at the POS provider; one digital store with any number of locations.",
        "kopi-and-co",
        "pos_account_id_product",
    ),
]
PosStoreId = Annotated[str, _id("The store's id at the POS provider.", "coffee")]
StoreName = Annotated[str, _name("The store's name as diners see it.", "Kopi & Co")]
FullAddress = Annotated[str, _text("The store's address, free text.", "12 Beach Road, Singapore")]
MobileNo = Annotated[str, _text("The store's phone number, free text.", "61230001", "short_text")]
Status = Annotated[StoreStatus, _what("Whether the store takes orders.", "OPEN")]
ProductId = Annotated[str, _id("The product's id at the POS provider, unique in the store.", "latte")]
ProductKind = Annotated[
    ProductType, _what("SINGLE is sold, MODIFIER changes another product, GROUP holds the choices.", "SINGLE")
]
ProductStatus = Annotated[ItemStatus, _what("Whether the product can be ordered.", "AVAILABLE")]
ProductName = Annotated[str, _name("The product's name as diners see it.", "Caffè latte")]

# Amounts and quantities.
AmountValue = Annotated[
    int,
    Meta(
        ge=0,
        le=most("amount"),
        description="Amount in the currency's smallest unit: 1000 is SGD 10.00.",
        examples=[1000],
        extra_json_schema={"x-limit": "amount"},
    ),
]
Currency = Annotated[CurrencyCode, _what("ISO 4217 code.", "SGD")]
Quantity = Annotated[
    int,
    Meta(
        ge=0,
        le=most("quantity"),
        description="How many may be chosen.",
        examples=[1],
        extra_json_schema={"x-limit": "quantity"},
    ),
]

# F&B family: ids.
StoreId = Annotated[str, _id("The store's id, assigned by the ISV.", "ah-seng")]
AreaId = Annotated[str, _id("The shopping area's id, assigned by the ISV.", "toa-payoh")]
BrandId = Annotated[str, _id("The brand's id, assigned by the ISV.", "ah-seng-foods")]
MenuId = Annotated[str, _id("The menu's id, assigned by the ISV.", "night")]
CategoryId = Annotated[str, _id("The category's id, assigned by the ISV.", "wok")]
ItemId = Annotated[str, _id("The item's id, assigned by the ISV.", "hor-fun")]
GroupId = Annotated[
    str, _id("The modifier group's id, assigned by the ISV; a group can serve several items.", "toppings")
]
SkuId = Annotated[str, _id("The SKU's id, assigned by the ISV, unique in its item.", "hf-large")]

# F&B family: texts.
AreaName = Annotated[str, _name("The shopping area's name, in English.", "Toa Payoh Night Market", "area_name")]
BrandName = Annotated[str, _name("The brand's name, in English.", "Ah Seng Foods", "brand_name")]
Title = Annotated[str, _name("Title shown to diners, in English.", "Hor fun with prawns")]
SubTitle = Annotated[str, _text("Second line under the title, in English.", "", "name")]
Description = Annotated[str, _text("Description shown to diners, in English.", "Flat rice noodles from a hot wok.")]
Address = Annotated[str, _name("Address, in English.", "Block 210, Lorong 8 Toa Payoh", "description")]
OptionalAddress = Annotated[str, _text("Address, in English.", "Counter beside gate 2")]
ShortText = Annotated[str, _text("Short text.", "", "short_text")]
ContactName = Annotated[str, _text("Whom to ask for.", "Mei", "short_text")]
PhoneNo = Annotated[str, _text("Phone number, free text.", "+65 6200 0017", "short_text")]
PostCode = Annotated[str, _text("Post code; stands in for coordinates.", "068877", "short_text")]
ContentType = Annotated[str, _text("The kind of content; TEXT is known.", "TEXT", "short_text")]
TextColumn = Annotated[
    str,
    _name(
        "The member that the text translates; of one inside a list its path, skuPropertyGroups[0].propertyGroupName.",
        "itemTitle",
        "short_text",
    ),
]
LanguageKey = Annotated[str, _name("The language of the text.", "zh_cn", "short_text")]
PropertyKey = Annotated[str, _name("Names the property in skuPropertyPairs.", "size", "short_text")]
PropertyGroupName = Annotated[str, _name("The property as diners read it.", "Size", "short_text")]
PropertyName = Annotated[str, _name("The value as diners read it.", "Large", "short_text")]
PropertyValue = Annotated[str, _name("Names the value in skuPropertyPairs.", "L", "short_text")]
DineInService = Annotated[str, _text("How the order gets to the table, free text.", "SERVE_TO_TABLE", "short_text")]
DiscountValue = Annotated[
    str,
    _text("PERCENTAGE: whole percent, as text. REDUCE: JSON text of an amount. EXEMPTION: absent.", "20", "short_text"),
]
Cuisine = Annotated[str, _text("The kind of food, free text.", "noodles", "name")]
Url = Annotated[
    str, _text("Address of a picture or page; never fetched by the server.", "https://www.example.com/a.jpg", "url")
]
Images = Annotated[list[Url], _list("Addresses of pictures; replaced as a whole.", "images")]
Phones = Annotated[list[ShortText], _list("Phone numbers.", "contacts")]
TimeZone = Annotated[
    str, _name("The zone of all times of day: GMT+8:00, +08:00 or an IANA name.", "GMT+8:00", "short_text")
]
TimeOfDay = Annotated[str, _name("HH:MM, 24 hours, local to the store; an offset may follow.", "10:00", "short_text")]
Moment = Annotated[str, _name("ISO 8601 with offset.", "2026-09-21T00:00:00+08:00", "short_text")]

# F&B family: words.
Sale = Annotated[
    SaleType, _what("SINGLE is ordered on its own and belongs to a category; ADDON belongs to the store.", "SINGLE")
]
MenuKind = Annotated[MenuType, _what("How the order reaches the diner.", "PICKUP")]
Availability = Annotated[ItemStatus, _what("Whether the item can be ordered.", "AVAILABLE")]
StoreKind = Annotated[
    StoreType, _what("RESTAURANT with full service, or HAWKER: a stall in a hawker centre.", "HAWKER")
]
MenuStatus = Annotated[Validity, _what("INVALID hides the menu.", "VALID")]
DayOfWeek = Annotated[Day, _what("Day of the week in the store's zone.", "MONDAY")]
IsDeleted = Annotated[Deleted, _what("DELETED removes the object; it can be added again.", "DELETED")]
