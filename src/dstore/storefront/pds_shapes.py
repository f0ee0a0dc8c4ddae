"""An F&B store's items and options as they are shown where nothing else is to be said.

In the plain language, orderable, at their own price: most are at most moments, so this is made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import UNSET, UnsetType

from dstore.catalog.pricing import DINEIN
from dstore.storefront.resolved import Item, Option, Price, Property, PropertyValue, Sku
from dstore.storefront.view import quantity

if TYPE_CHECKING:
    from dstore.vocabulary import fnb
    from dstore.vocabulary.objects import StoredItem

_Thing = TypeVar("_Thing", Item, Option)


def plain_option(info: StoredItem) -> Option:
    """Return an option."""
    return _plain(Option, info, takeaway_fee=_fee(info.takeaway_fee))


def plain_item(info: StoredItem, service: str) -> Item:
    """Return an item of a menu for a service."""
    return _plain(
        Item,
        info,
        takeaway_fee=UNSET if service == DINEIN else _fee(info.takeaway_fee),
        properties=_properties(info.sku_property_groups),
        skus=UNSET if info.skus is UNSET else [_plain_sku(sku) for sku in info.skus],
    )


def _plain(shape: type[_Thing], info: StoredItem, **more: Any) -> _Thing:
    return shape(
        id=info.item_id,
        name=info.item_title,
        price=_own_price(info.price_info),
        available=True,
        quantity=quantity(info.quantity_rule),
        description=info.item_description or UNSET,
        images=info.images,
        groups=info.modifier_group_ids or UNSET,
        **more,
    )


def _plain_sku(sku: fnb.Sku) -> Sku:
    return Sku(
        id=sku.sku_id,
        properties=sku.sku_property_pairs,
        price=_own_price(sku.price_info),
        available=True,
        image=sku.image,
    )


def _own_price(base: fnb.PriceInfo) -> Price:
    return Price(base.sale_amount, base.currency, base.origin_amount)


def _fee(fee: fnb.Money | UnsetType) -> Price | UnsetType:
    return UNSET if fee is UNSET or fee.amount_value == 0 else Price(fee.amount_value, fee.currency)


def _properties(given: list[fnb.SkuPropertyGroup] | UnsetType) -> list[Property] | UnsetType:
    if given is UNSET:
        return UNSET
    return [
        Property(
            key=group.property_group_key,
            name=group.property_group_name,
            values=[PropertyValue(one.property_value, one.property_name) for one in group.properties],
        )
        for group in given
    ]
