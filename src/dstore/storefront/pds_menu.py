"""An F&B store's tree as menus. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import ADDON, CATEGORY, ITEM, MENU, MODIFIER_GROUP
from dstore.storefront.resolved import (
    Category,
    Group,
    Item,
    Menu,
    Option,
    Price,
    Property,
    PropertyValue,
    Quantity,
    Sku,
    StoreCard,
)
from dstore.vocabulary.objects import CategoryInfo, MenuInfo, StoredGroup, StoredItem, StoreInfo

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.storage.port import Row
    from dstore.vocabulary import fnb
    from dstore.vocabulary.values import QuantityRule

_read_store = msgspec.json.Decoder(StoreInfo).decode
_read_menu = msgspec.json.Decoder(MenuInfo).decode
_read_category = msgspec.json.Decoder(CategoryInfo).decode
_read_item = msgspec.json.Decoder(StoredItem).decode
_read_group = msgspec.json.Decoder(StoredGroup).decode
_read_key = msgspec.json.Decoder(tuple[str, ...]).decode


def card(public_id: str, doc: bytes, _now: datetime) -> tuple[StoreCard, datetime | None]:
    """Return the store as diners see it now, and when that changes by itself."""
    store = _read_store(doc)
    phones = store.contact_phone_nos
    return StoreCard(
        id=public_id,
        name=store.name,
        feed="pds",
        open=store.store_status != "CLOSED",
        address=store.address,
        phone=phones[0] if phones else UNSET,
        time_zone=store.time_zone,
        description=store.description or UNSET,
        images=store.images,
    ), None


def menus(rows: list[Row]) -> tuple[list[Menu], list[Group]]:
    """Resolve a store's living entries, ordered rows of (kind, key, status, doc), into what is shown.

    What hangs on something that is deleted is not shown.
    """
    of: dict[int, list[Row]] = {}
    for row in rows:
        of.setdefault(row[0], []).append(row)
    addons = {key: (_read_item(doc), status != "SOLDOUT") for _, key, status, doc in of.get(ADDON.number, ())}
    groups = [_group(_read_group(doc), addons) for _, _, _, doc in of.get(MODIFIER_GROUP.number, ())]
    known = {group.id for group in groups}
    for group in groups:
        for option in group.options:
            option.groups = _living(option.groups, known)
    items: dict[tuple[str, ...], list[Item]] = {}
    for _, key, status, doc in of.get(ITEM.number, ()):
        items.setdefault(_read_key(key)[1:], []).append(_item(_read_item(doc), status != "SOLDOUT", known))
    categories: dict[tuple[str, ...], list[Category]] = {}
    for _, key, _, doc in of.get(CATEGORY.number, ()):
        names = _read_key(key)
        categories.setdefault(names[1:], []).append(_category(_read_category(doc), items.get(names, [])))
    shown = [_menu(_read_menu(doc), categories.get(_read_key(key), [])) for _, key, _, doc in of.get(MENU.number, ())]
    return [menu for menu in shown if menu is not None], groups


def _menu(info: MenuInfo, categories: list[Category]) -> Menu | None:
    if info.menu_status == "INVALID":
        return None
    return Menu(
        id=info.menu_id,
        title=info.title,
        type=info.menu_type,
        sub_title=info.sub_title or UNSET,
        description=info.description or UNSET,
        categories=categories,
    )


def _category(info: CategoryInfo, items: list[Item]) -> Category:
    return Category(
        id=info.category_id, title=info.title, sub_title=info.sub_title or UNSET, icon=info.icon or UNSET, items=items
    )


def _item(item: StoredItem, available: bool, known: set[str]) -> Item:
    return Item(
        id=item.item_id,
        name=item.item_title,
        price=_price(item.price_info),
        available=available,
        quantity=_quantity(item.quantity_rule),
        description=item.item_description or UNSET,
        images=item.images,
        groups=_living(item.modifier_group_ids, known),
        properties=_properties(item.sku_property_groups),
        skus=_skus(item.skus),
    )


def _group(group: StoredGroup, addons: dict[str, tuple[StoredItem, bool]]) -> Group:
    return Group(
        id=group.group_id,
        name=group.group_name,
        available=True,
        quantity=_quantity(group.quantity_rule),
        options=[_option(*addons[child]) for child in group.child_item_ids if child in addons],
    )


def _option(item: StoredItem, available: bool) -> Option:
    return Option(
        id=item.item_id,
        name=item.item_title,
        price=_price(item.price_info),
        available=available,
        quantity=_quantity(item.quantity_rule),
        description=item.item_description or UNSET,
        images=item.images,
        groups=item.modifier_group_ids,
    )


def _living(groups: list[str] | UnsetType, known: set[str]) -> list[str] | UnsetType:
    return UNSET if groups is UNSET else [group for group in groups if group in known] or UNSET


def _price(price: fnb.PriceInfo) -> Price:
    return Price(price.sale_amount, price.currency, price.origin_amount)


def _quantity(rule: QuantityRule | UnsetType) -> Quantity | UnsetType:
    return UNSET if rule is UNSET else Quantity(rule.min, rule.max)


def _properties(groups: list[fnb.SkuPropertyGroup] | UnsetType) -> list[Property] | UnsetType:
    if groups is UNSET:
        return UNSET
    return [
        Property(
            key=group.property_group_key,
            name=group.property_group_name,
            values=[PropertyValue(one.property_value, one.property_name) for one in group.properties],
        )
        for group in groups
    ]


def _skus(skus: list[fnb.Sku] | UnsetType) -> list[Sku] | UnsetType:
    if skus is UNSET:
        return UNSET
    return [
        Sku(id=sku.sku_id, properties=sku.sku_property_pairs, price=_price(sku.price_info), image=sku.image)
        for sku in skus
    ]
