"""Release 2's objects into the stored documents: what is passed replaces, what is not stays. Pure functions.

`old` is the document as it is, None where the object is inserted; then everything that inserting takes is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.pds_sync_hours import schedule_offset, weekly_hours
from dstore.catalog.pds_sync_texts import (
    Texts,
    item_contents,
    property_column,
    property_value_column,
    store_contents,
)
from dstore.vocabulary.fnb import ContactDetail, Location, PriceInfo, Sku, SkuProperty, SkuPropertyGroup
from dstore.vocabulary.objects import CategoryInfo, MenuInfo, StoredGroup, StoredItem, StoreInfo
from dstore.vocabulary.release2 import LAST
from dstore.vocabulary.values import Amount

if TYPE_CHECKING:
    from dstore.vocabulary.release2 import (
        Contact,
        Place,
        SyncCategory,
        SyncItem,
        SyncMenu,
        SyncModifierGroup,
        SyncSku,
        SyncSkuPropertyGroup,
        SyncStore,
    )
    from dstore.vocabulary.words import Currency

T = TypeVar("T", bound=msgspec.Struct)
_PLAIN = ("area_id", "brand_id", "service_schedules", "extend_info")


def store_info(given: SyncStore, old: StoreInfo | None) -> StoreInfo:
    """Return a store's document; whether it is hidden stands in its row."""
    texts = Texts(UNSET if old is None else old.multi_language_details)
    changes: dict[str, Any] = {name: getattr(given, name) for name in _PLAIN}
    changes["store_type"] = given.type
    changes["business_rules"] = given.biz_rules
    if given.name is not UNSET:
        changes["name"] = texts.put("name", given.name)
    if given.location is not UNSET:
        changes |= _place(given.location, texts)
    if given.contacts is not UNSET:
        changes |= _contacts(given.contacts, texts)
    if given.contents is not UNSET:
        changes |= _clearing(store_contents(given.contents, texts))
    if given.status not in (UNSET, "INVALID"):
        changes["store_status"] = given.status
    if given.service_schedules is not UNSET:
        changes["service_availability_list"] = weekly_hours(given.service_schedules) or _CLEARED
        changes["time_zone"] = schedule_offset(given.service_schedules) or UNSET
    return _replaced(StoreInfo, old, {"store_id": given.store_id}, changes, texts)


def _place(place: Place, texts: Texts) -> dict[str, Any]:
    postcode = place.postcode
    if postcode is UNSET and (place.latitude is UNSET or place.longitude is UNSET):
        postcode = ""
    location = Location(
        place.latitude, place.longitude, str(postcode) if isinstance(postcode, int) else cast("Any", postcode)
    )
    found: dict[str, Any] = {"location": location}
    if place.address is not UNSET:
        found["address"] = texts.put("address", place.address)
    return found


def _contacts(contacts: list[Contact], texts: Texts) -> dict[str, Any]:
    texts.drop("pickUpContactDetails")
    details = [
        ContactDetail(
            UNSET if one.name is UNSET else texts.put(f"pickUpContactDetails[{index}].name", one.name), one.phone_no
        )
        for index, one in enumerate(contacts)
    ]
    phones = [one.phone_no for one in contacts if one.phone_no is not UNSET]
    return {"contact_phone_nos": phones, "pick_up_contact_details": details}


def menu_info(given: SyncMenu, old: MenuInfo | None) -> MenuInfo:
    """Return a menu's document."""
    texts = Texts(UNSET if old is None else old.multi_language_details)
    changes: dict[str, Any] = {"min_prepare_minutes": given.min_prepare_minutes, "menu_status": given.status}
    if given.name is not UNSET:
        changes["title"] = texts.put("title", given.name)
    return _replaced(MenuInfo, old, {"menu_id": given.menu_id, "menu_type": given.type}, changes, texts)


def category_info(given: SyncCategory, old: CategoryInfo | None) -> CategoryInfo:
    """Return a category's document; whether it is hidden stands in its row's status."""
    texts = Texts(UNSET if old is None else old.multi_language_details)
    changes: dict[str, Any] = {}
    if given.icon_url is not UNSET:
        changes["icon"] = given.icon_url or _CLEARED
    if given.name is not UNSET:
        changes["title"] = texts.put("title", given.name)
    return _replaced(CategoryInfo, old, {"category_id": given.category_id}, changes, texts)


def stored_item(given: SyncItem, old: StoredItem | None, currency: str) -> StoredItem:
    """Return an item's document but for its groups; whether it is hidden or sold out stands in its row's status."""
    texts = Texts(UNSET if old is None else old.multi_language_details)
    changes: dict[str, Any] = {"quantity_rule": given.quantity_rule, "business_rules": given.biz_rules}
    if given.name is not UNSET:
        changes["item_title"] = texts.put("itemTitle", given.name)
    if given.contents is not UNSET:
        changes |= _clearing(item_contents(given.contents, texts))
    if given.sku_property_groups is not UNSET:
        texts.drop("skuPropertyGroups")
        groups = [_property_group(one, index, texts) for index, one in enumerate(given.sku_property_groups)]
        changes["sku_property_groups"] = groups or _CLEARED
    if given.skus is not UNSET:
        changes["skus"] = [_sku(one, currency) for one in given.skus] or _CLEARED
    changes["price_info"] = _price(given, None if old is None else old.price_info, currency)
    return _replaced(StoredItem, old, {"item_id": given.item_id}, changes, texts)


def _price(given: SyncItem | SyncSku, old: PriceInfo | None, currency: str) -> PriceInfo | UnsetType:
    sale, origin = _number(given.sale_amount), _number(given.origin_amount)
    if old is None:
        return UNSET if sale is UNSET else PriceInfo(sale_amount=sale, currency=_known(currency), origin_amount=origin)
    if sale is UNSET and origin is UNSET and currency == old.currency:
        return UNSET
    return PriceInfo(
        sale_amount=old.sale_amount if sale is UNSET else sale,
        currency=_known(currency),
        origin_amount=old.origin_amount if origin is UNSET else origin,
    )


def _known(currency: str) -> Currency:
    return cast("Currency", currency)


def _number(amount: int | Amount | UnsetType) -> int | UnsetType:
    return amount.value if isinstance(amount, Amount) else amount


def _sku(sku: SyncSku, currency: str) -> Sku:
    price = sku.price_info if sku.price_info is not UNSET else _price(sku, None, sku_currency(sku) or currency)
    return Sku(
        sku_id=sku.sku_id,
        sku_property_pairs=sku.sku_property_pairs,
        price_info=cast("PriceInfo", price),
        image=sku.image,
        business_rules=sku.biz_rules,
    )


def sku_currency(sku: SyncSku) -> str | None:
    """Return the currency that a SKU's own price names."""
    return sku.sale_amount.currency if isinstance(sku.sale_amount, Amount) else None


def item_currency(item: SyncItem) -> str | None:
    """Return the currency that an item names, inside its price or beside it."""
    if isinstance(item.sale_amount, Amount):
        return item.sale_amount.currency
    return None if item.currency is UNSET else item.currency


def _property_group(group: SyncSkuPropertyGroup, index: int, texts: Texts) -> SkuPropertyGroup:
    return SkuPropertyGroup(
        group.property_group_key,
        texts.put(property_column(index), group.property_group_name),
        [
            SkuProperty(texts.put(property_value_column(index, place), one.property_name), one.property_value)
            for place, one in enumerate(group.properties)
        ],
    )


def stored_group(given: SyncModifierGroup, old: StoredGroup | None) -> StoredGroup:
    """Return a group's document but for the add-on items that are new to it."""
    texts = Texts(UNSET if old is None else old.multi_language_details)
    changes: dict[str, Any] = {"quantity_rule": given.quantity_rule}
    if given.sequence is not UNSET:
        changes["sequence"] = _CLEARED if given.sequence == LAST else given.sequence
    if given.name is not UNSET:
        changes["group_name"] = texts.put("groupName", given.name)
    return _replaced(StoredGroup, old, {"group_id": given.group_id, "child_item_ids": []}, changes, texts)


_CLEARED = object()
"""Takes a member out, where UNSET leaves it as it is."""


def _clearing(members: dict[str, Any]) -> dict[str, Any]:
    return {name: _CLEARED if value is UNSET else value for name, value in members.items()}


def _replaced(shape: type[T], old: T | None, first: dict[str, Any], changes: dict[str, Any], texts: Texts) -> T:
    """Return the old document with the changes, or a new one with what it has at first."""
    given = {name: UNSET if value is _CLEARED else value for name, value in changes.items() if value is not UNSET}
    given["multi_language_details"] = texts.details
    return shape(**first, **given) if old is None else msgspec.structs.replace(old, **given)
