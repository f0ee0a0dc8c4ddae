"""A POS store's products as a menu: one category, until a merchant makes another. Pure functions.

What is shown where (`Arrangement`) is apart from what is sold (products, prices, statuses), which the till alone says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import PRODUCT, PRODUCT_GROUP
from dstore.storefront.resolved import Category, Group, Item, Menu, Option, Price, StoreCard
from dstore.storefront.settling import Settling
from dstore.storefront.standing import Offered, Terms
from dstore.storefront.view import Body, Front, View, quantity
from dstore.storefront.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dstore.catalog.pos_stores import PosStoreDoc
    from dstore.storefront.decoded import Entry, Store
    from dstore.storefront.standing import Standing
    from dstore.vocabulary.products import Overload, StoredProduct
    from dstore.vocabulary.values import Amount, QuantityRule

ALL = "all"
_KIND = "products"


class Shelf(NamedTuple):
    """A heading and the ids of the products below it, in order."""

    id: str
    title: str
    products: Sequence[str]


class Arrangement(NamedTuple):
    """A menu as headings with products."""

    id: str
    title: str
    shelves: Sequence[Shelf]


def front(store: Store, view: View, zone: str) -> Front:
    """Return the store's card, and the terms on which it is open."""
    info = cast("PosStoreDoc", store.top.info)
    card = StoreCard(
        id=store.public_id,
        name=view.reader.text(None, "name", info.name),
        feed="pos",
        open=True,
        address=info.full_address,
        phone=info.mobile_no,
        time_zone=zone,
        services=[],
    )
    return Front(card, offered(store, zone))


def offered(store: Store, zone: str) -> Offered:
    """Return the terms on which a store is open: its status, with the end of a closure that has one."""
    info = cast("PosStoreDoc", store.top.info)
    terms = Terms(
        status=info.status,
        status_name="status",
        zone=zone_of(zone),
        codes=("STORE_CLOSED", "OUTSIDE_HOURS"),
        closed_until=info.closing_end_time,
    )
    return Offered([terms], services=("PICKUP", "DINEIN"))


def arrange(store: Store) -> Arrangement:
    """Return the menu of a store that nobody has arranged: what is sold by itself, in the till's order."""
    products, groups = _entries(store)
    parts = _only_parts(products, groups)
    names = [name for name, entry in products.items() if entry.info.type == "SINGLE" and name not in parts]
    return Arrangement(ALL, "Menu", [Shelf(ALL, "Products", names)])


def body(store: Store, view: View, standing: Standing, arrangement: Arrangement) -> Body:
    """Resolve products into what is shown."""
    products, groups = _entries(store)
    shown = [_group(entry, products, view) for entry in groups.values()]
    settling = Settling(shown, _KIND, view.explainer)
    categories = []
    for shelf in arrangement.shelves:
        items = [_item(products[name], view) for name in shelf.products if name in products]
        for item in items:
            settling.settle(item)
        categories.append(Category(id=shelf.id, title=shelf.title, items=items))
    closed = standing.closed(view.service)
    menu = Menu(
        id=arrangement.id,
        title=arrangement.title,
        available=closed is None,
        reason=UNSET if closed is None else closed,
        categories=categories,
    )
    return Body([menu], shown, [])


def _entries(store: Store) -> tuple[dict[str, Entry], dict[str, Entry]]:
    return store.entries.get(PRODUCT.number, {}), store.entries.get(PRODUCT_GROUP.number, {})


def _only_parts(products: dict[str, Entry], groups: dict[str, Entry]) -> set[str]:
    """Return the products that are sold only inside others: some group holds them at their own price.

    Where every group that holds a product gives it another price, its own can only be that of selling it alone
    (the combo and bundle examples of the syncProduct page); such a product is shown by itself as well.
    """
    parts: set[str] = set()
    for name, entry in groups.items():
        for child in () if entry.info.sub_products is UNSET else entry.info.sub_products:
            if child in products and _overloaded(products[child].info, name).price is None:
                parts.add(child)
    return parts


class _Overloaded(NamedTuple):
    """What overloads give a product inside a group, with the paths; None where its own holds."""

    price: tuple[Amount, str] | None
    quantity: QuantityRule | None


def _overloaded(product: StoredProduct, group_id: str) -> _Overloaded:
    if product.overloads is UNSET:
        return _Overloaded(None, None)
    price, rule = None, None
    for index, overload in _of_group(product.overloads, group_id):
        if price is None and overload.price is not UNSET:
            price = overload.price, f"overloads[{index}].price"
        if rule is None and overload.quantity_rule is not UNSET:
            rule = overload.quantity_rule
    return _Overloaded(price, rule)


def _of_group(overloads: Sequence[Overload], group_id: str) -> Iterator[tuple[int, Overload]]:
    return ((index, one) for index, one in enumerate(overloads) if group_id in one.pos_product_ids)


def _item(entry: Entry, view: View) -> Item:
    product = cast("StoredProduct", entry.info)
    is_available = entry.status == "AVAILABLE"
    return Item(
        id=product.pos_product_id,
        name=view.reader.text(None, "name", product.name),
        price=_price(product.price),
        available=is_available,
        reason=UNSET if is_available else view.explainer.why("SOLD_OUT", "status"),
        quantity=quantity(product.quantity_rule),
        groups=product.sub_products or UNSET,
    )


def _group(entry: Entry, products: dict[str, Entry], view: View) -> Group:
    group = cast("StoredProduct", entry.info)
    is_available = entry.status == "AVAILABLE"
    reason = UNSET if is_available else view.explainer.why("SOLD_OUT", f"{_KIND}[{group.pos_product_id}].status")
    children = [products[child] for child in group.sub_products or () if child in products]
    options = [_option(child, group.pos_product_id, view) for child in children]
    for option in options:
        if option.available and not is_available:
            option.available, option.reason = False, reason
    return Group(
        id=group.pos_product_id,
        name=view.reader.text(None, "name", group.name),
        available=is_available,
        reason=reason,
        quantity=quantity(group.quantity_rule),
        options=options,
    )


def _option(entry: Entry, group_id: str, view: View) -> Option:
    product = cast("StoredProduct", entry.info)
    given = _overloaded(product, group_id)
    is_available = entry.status == "AVAILABLE"
    return Option(
        id=product.pos_product_id,
        name=view.reader.text(None, "name", product.name),
        price=_price(product.price) if given.price is None else _price(*given.price),
        available=is_available,
        reason=UNSET if is_available else view.explainer.why("SOLD_OUT", "status"),
        quantity=quantity(product.quantity_rule if given.quantity is None else given.quantity),
        groups=product.sub_products or UNSET,
    )


def _price(amount: Amount | UnsetType, rule: str | UnsetType = UNSET) -> Price | UnsetType:
    return UNSET if amount is UNSET else Price(amount.value, amount.currency, rule=rule)
