"""The objects of release 2's syncStore: a store's tree in which everything but the ids may be left out.

What must be there depends on whether the object is known already; `REQUIRED` says what inserting takes. Where the
pages leave a shape open, both likely ones are read: an amount as a number or with its currency, a property's name as
text or in several languages.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.vocabulary import fields, fnb
from dstore.vocabulary.limits import most
from dstore.vocabulary.scenes import Schedules
from dstore.vocabulary.values import Amount, QuantityRule, Value
from dstore.vocabulary.words import ItemState, StoreState

LAST = 65_535
"""The sequence of what is given none: behind everything that has one."""
REQUIRED: dict[str, tuple[str, ...]] = {
    "store": ("name", "type", "location", "contacts", "service_schedules"),
    "menu": ("name", "type"),
    "category": ("name",),
    "item": ("name", "sale_type", "sale_amount"),
    "modifier group": ("name", "quantity_rule", "child_items"),
}
"""What the pages ask for when an object is inserted, beside its id."""

Texts = Annotated[
    dict[fields.LanguageKey, fields.Title],
    Meta(min_length=1, max_length=most("text_languages"), description="The text by language; en-US is shown first."),
]
LongTexts = Annotated[
    dict[fields.LanguageKey, fields.Address],
    Meta(min_length=1, max_length=most("text_languages"), description="The text by language; en-US is shown first."),
]


class MultiLanguageText(Value, frozen=True, gc=False):
    """A short text in one language or several; written as a whole."""

    value: Texts


class MultiLanguageLongText(Value, frozen=True, gc=False):
    """A longer text, such as an address, in one language or several; written as a whole."""

    value: LongTexts


AnyText = MultiLanguageText | MultiLanguageLongText
PostCodeNumber = Annotated[int, Meta(ge=0, le=most("amount"), description="Post code as a number.", examples=[68877])]
Hiding = Annotated[Literal["VALID", "INVALID"], Meta(description="INVALID hides it; nothing is deleted.")]
ItemHiding = Annotated[
    ItemState, Meta(description="INVALID hides the item in this category, SOLDOUT shows it as sold out.")
]
StoreHiding = Annotated[StoreState, Meta(description="OPEN or CLOSED; INVALID hides the store.", examples=["OPEN"])]
ContentKind = Annotated[Literal["TEXT", "IMAGE"], Meta(description="What the content is.", examples=["TEXT"])]
ContentScene = Annotated[
    str,
    Meta(min_length=1, max_length=64, description="Where it is shown: ANNOUNCEMENT, DESCRIPTION, BACKGROUND …"),
]
ContentValue = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=most("rule_data"),
        description="TEXT: JSON text of a MultiLanguageText. IMAGE: the picture's address, or such JSON text of it.",
        examples=['{"value": {"en-US": "Closed on Mondays."}}'],
    ),
]


class Place(Value, frozen=True, gc=False, kw_only=True):
    """Where a store is."""

    address: MultiLanguageLongText | UnsetType = UNSET
    latitude: fnb.Coordinate | float | UnsetType = UNSET
    longitude: fnb.Coordinate | float | UnsetType = UNSET
    postcode: fields.PostCode | PostCodeNumber | UnsetType = UNSET


class Contact(Value, frozen=True, gc=False, kw_only=True):
    """Whom to call."""

    name: MultiLanguageText | UnsetType = UNSET
    phone_no: fields.PhoneNo | UnsetType = UNSET


class Content(Value, frozen=True, gc=False, kw_only=True):
    """A text or picture."""

    type: ContentKind
    scene: ContentScene
    value: ContentValue


Contacts = Annotated[
    list[Contact],
    Meta(
        max_length=most("store_contacts"), description="Whom to call.", extra_json_schema={"x-limit": "store_contacts"}
    ),
]
Contents = Annotated[
    list[Content],
    Meta(max_length=most("contents"), description="Texts and pictures.", extra_json_schema={"x-limit": "contents"}),
]


class SyncSkuProperty(Value, frozen=True, gc=False):
    """One value of a property, such as Large."""

    property_name: fields.PropertyName | MultiLanguageText
    property_value: fields.PropertyValue


SyncProperties = Annotated[
    list[SyncSkuProperty], Meta(min_length=1, max_length=most("sku_properties"), description="The values.")
]


class SyncSkuPropertyGroup(Value, frozen=True, gc=False):
    """A property that SKUs differ in, such as size."""

    property_group_key: fields.PropertyKey
    property_group_name: fields.PropertyGroupName | MultiLanguageText
    properties: SyncProperties


class SyncSku(Value, frozen=True, gc=False, kw_only=True):
    """A variant of an item with a price of its own: in `saleAmount`, or in `priceInfo` as release 1 has it."""

    sku_id: fields.SkuId
    sku_property_pairs: fnb.SkuPropertyPairs
    sale_amount: fields.AmountValue | Amount | UnsetType = UNSET
    origin_amount: fields.AmountValue | Amount | UnsetType = UNSET
    price_info: fnb.PriceInfo | UnsetType = UNSET
    image: fields.Url | UnsetType = UNSET
    biz_rules: fnb.BusinessRules | UnsetType = UNSET


SyncSkus = Annotated[list[SyncSku], Meta(max_length=most("skus"), description="All variants.")]
SyncSkuPropertyGroups = Annotated[
    list[SyncSkuPropertyGroup],
    Meta(max_length=most("sku_properties"), description="All properties that SKUs may differ in."),
]


class SyncItem(Value, frozen=True, kw_only=True):
    """An item in a category, or an add-on item in a modifier group; the id alone shares one that is known."""

    item_id: fields.ItemId
    name: MultiLanguageText | UnsetType = UNSET
    sale_type: fields.Sale | UnsetType = UNSET
    sale_amount: fields.AmountValue | Amount | UnsetType = UNSET
    origin_amount: fields.AmountValue | Amount | UnsetType = UNSET
    currency: fields.Currency | UnsetType = UNSET
    status: ItemHiding | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    contents: Contents | UnsetType = UNSET
    biz_rules: fnb.BusinessRules | UnsetType = UNSET
    sku_property_groups: SyncSkuPropertyGroups | UnsetType = UNSET
    skus: SyncSkus | UnsetType = UNSET
    sequence: fnb.Sequence | UnsetType = UNSET
    modifier_groups: SyncModifierGroups | UnsetType = UNSET


class SyncModifierGroup(Value, frozen=True, kw_only=True):
    """A group of add-ons to choose from; the id alone shares one that is known."""

    group_id: fields.GroupId
    name: MultiLanguageText | UnsetType = UNSET
    quantity_rule: QuantityRule | UnsetType = UNSET
    sequence: fnb.Sequence | UnsetType = UNSET
    child_items: SyncChildItems | UnsetType = UNSET


SyncModifierGroups = Annotated[
    list[SyncModifierGroup],
    Meta(max_length=most("links"), description="Groups that are new to the item or change."),
]
SyncChildItems = Annotated[
    list[SyncItem], Meta(max_length=most("links"), description="Add-on items that are new to the group or change.")
]
SyncItems = Annotated[
    list[SyncItem], Meta(max_length=most("items"), description="Items that are new to the category or change.")
]


class SyncCategory(Value, frozen=True, kw_only=True):
    """A heading of a menu."""

    category_id: fields.CategoryId
    name: MultiLanguageText | UnsetType = UNSET
    icon_url: fields.Url | UnsetType = UNSET
    status: Hiding | UnsetType = UNSET
    items: SyncItems | UnsetType = UNSET


SyncCategories = Annotated[
    list[SyncCategory],
    Meta(max_length=most("categories"), description="Categories that are new to the menu or change."),
]


class SyncMenu(Value, frozen=True, kw_only=True):
    """A menu for one way of ordering; the id alone shares one that another store has."""

    menu_id: fields.MenuId
    name: MultiLanguageText | UnsetType = UNSET
    type: fields.MenuKind | UnsetType = UNSET
    status: Hiding | UnsetType = UNSET
    min_prepare_minutes: fnb.MinPrepareMinutes | UnsetType = UNSET
    categories: SyncCategories | UnsetType = UNSET


SyncMenus = Annotated[
    list[SyncMenu], Meta(max_length=most("menus"), description="Menus that are new to the store or change.")
]


class SyncStore(Value, frozen=True, kw_only=True):
    """A store with what is new or changes below it."""

    store_id: fields.StoreId
    area_id: fields.AreaId | UnsetType = UNSET
    brand_id: fields.BrandId | UnsetType = UNSET
    name: MultiLanguageText | UnsetType = UNSET
    type: fields.StoreKind | UnsetType = UNSET
    location: Place | UnsetType = UNSET
    contacts: Contacts | UnsetType = UNSET
    status: StoreHiding | UnsetType = UNSET
    service_schedules: Schedules | UnsetType = UNSET
    biz_rules: fnb.BusinessRules | UnsetType = UNSET
    contents: Contents | UnsetType = UNSET
    menus: SyncMenus | UnsetType = UNSET
    extend_info: fields.ExtendInfo | UnsetType = UNSET


def missing(given: Any, kind: str) -> list[str]:
    """Return the members, as they are written, that inserting an object of this kind takes and that are not given."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(given)}
    return [names[name] for name in REQUIRED[kind] if getattr(given, name) is UNSET]


def base_text(text: AnyText) -> str:
    """Return the text that stands where there is room for one language: the English one, else the first."""
    english = (
        words for language, words in text.value.items() if language.lower().replace("_", "-").split("-")[0] == "en"
    )
    return next(english, next(iter(text.value.values())))
