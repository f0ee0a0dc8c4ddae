"""A POS store's products as a menu: one category, until a merchant makes another. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import PRODUCT, PRODUCT_GROUP
from dstore.catalog.moments import read_moment
from dstore.catalog.pos_stores import PosStoreDoc
from dstore.storefront.resolved import Category, Group, Item, Menu, Option, Price, Quantity, StoreCard
from dstore.vocabulary.products import StoredProduct

if TYPE_CHECKING:
    from datetime import datetime

    from dstore.storage.port import Row
    from dstore.vocabulary.values import Amount, QuantityRule

_read_product = msgspec.json.Decoder(StoredProduct).decode


def card(public_id: str, doc: bytes, now: datetime, zone: str) -> tuple[StoreCard, datetime | None]:
    """Return the store as diners see it now, and when that changes by itself."""
    store = msgspec.json.decode(doc, type=PosStoreDoc)
    end = read_moment(store.closing_end_time) if store.closing_end_time is not UNSET else None
    is_open = store.status == "OPEN" or (end is not None and end <= now)
    return StoreCard(
        id=public_id,
        name=store.name,
        feed="pos",
        open=is_open,
        closed_until=UNSET if is_open else store.closing_end_time,
        address=store.full_address,
        phone=store.mobile_no,
        time_zone=zone,
    ), (None if is_open else end)


def menus(rows: list[Row]) -> tuple[list[Menu], list[Group]]:
    """Resolve products, ordered rows of (kind, key, status, doc), into what is shown."""
    products: dict[str, tuple[StoredProduct, bool]] = {}
    groups: list[tuple[StoredProduct, bool]] = []
    for kind, key, status, doc in rows:
        product = _read_product(doc)
        if kind == PRODUCT.number:
            products[key] = (product, status == "AVAILABLE")
        elif kind == PRODUCT_GROUP.number:
            groups.append((product, status == "AVAILABLE"))
    only_parts = _only_parts(products, groups)
    items = [
        _item(product, available)
        for product, available in products.values()
        if product.type == "SINGLE" and product.pos_product_id not in only_parts
    ]
    category = Category(id="all", title="Products", items=items)
    return [Menu(id="all", title="Menu", categories=[category])], [
        _group(group, available, products) for group, available in groups
    ]


def _only_parts(products: dict[str, tuple[StoredProduct, bool]], groups: list[tuple[StoredProduct, bool]]) -> set[str]:
    """Return the products that are sold only inside others: some group holds them at their own price.

    Where every group that holds a product gives it another price, its own can only be that of selling it alone
    (the combo and bundle examples of the syncProduct page); such a product is shown by itself as well.
    """
    parts: set[str] = set()
    for group, _ in groups:
        for child in () if group.sub_products is UNSET else group.sub_products:
            if child in products and overload_price(products[child][0], group.pos_product_id) is UNSET:
                parts.add(child)
    return parts


def overload_price(product: StoredProduct, group_id: str) -> Amount | UnsetType:
    """Return the price an overload gives a product inside a group."""
    if product.overloads is not UNSET:
        for overload in product.overloads:
            if overload.price is not UNSET and group_id in overload.pos_product_ids:
                return overload.price
    return UNSET


def overload_quantity(product: StoredProduct, group_id: str) -> QuantityRule | UnsetType:
    """Return the quantity rule of a product inside a group: an overload's, or its own."""
    if product.overloads is not UNSET:
        for overload in product.overloads:
            if overload.quantity_rule is not UNSET and group_id in overload.pos_product_ids:
                return overload.quantity_rule
    return product.quantity_rule


def _item(product: StoredProduct, available: bool) -> Item:
    return Item(
        id=product.pos_product_id,
        name=product.name,
        price=_price(product.price),
        available=available,
        quantity=_quantity(product.quantity_rule),
        groups=product.sub_products,
    )


def _group(group: StoredProduct, available: bool, products: dict[str, tuple[StoredProduct, bool]]) -> Group:
    children = (
        [] if group.sub_products is UNSET else [products[child] for child in group.sub_products if child in products]
    )
    return Group(
        id=group.pos_product_id,
        name=group.name,
        available=available,
        quantity=_quantity(group.quantity_rule),
        options=[_option(product, is_available, group.pos_product_id) for product, is_available in children],
    )


def _option(product: StoredProduct, available: bool, group_id: str) -> Option:
    price = product.price
    quantity = product.quantity_rule
    if product.overloads is not UNSET:
        price = overload_price(product, group_id) or price
        quantity = overload_quantity(product, group_id)
    return Option(
        id=product.pos_product_id,
        name=product.name,
        price=_price(price),
        available=available,
        quantity=_quantity(quantity),
        groups=product.sub_products,
    )


def _price(amount: Amount | UnsetType) -> Price | UnsetType:
    return UNSET if amount is UNSET else Price(amount.value, amount.currency)


def _quantity(rule: QuantityRule | UnsetType) -> Quantity | UnsetType:
    return UNSET if rule is UNSET else Quantity(rule.min, rule.max)
