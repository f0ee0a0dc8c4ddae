"""A POS store's products as a menu: one category, until a merchant makes another. Pure functions.

What is shown where (`arrangement.py`) is apart from what is sold (products, prices, statuses), which the till alone says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from dstore.catalog.choices import PRODUCTS
from dstore.catalog.kinds import PRODUCT, PRODUCT_GROUP
from dstore.catalog.merchant import photos, settings
from dstore.catalog.products import only_parts, overloaded
from dstore.storefront import merchant_menu
from dstore.storefront.arrangement import Arrangement, Shelf
from dstore.storefront.merchant_menu import ALL, TITLE, Voice
from dstore.storefront.merchant_terms import terms_of
from dstore.storefront.resolved import Category, Group, Item, Menu, Option, Price, Quantity, StoreCard
from dstore.storefront.settling import Settling
from dstore.storefront.standing import Offered, Terms
from dstore.storefront.view import Body, Front, View, hide, quantity
from dstore.storefront.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.pos_stores import PosStoreDoc
    from dstore.catalog.schedules.serving import Service
    from dstore.storefront.decoded import Entry, Store
    from dstore.storefront.resolved import Hidden, Reason
    from dstore.storefront.standing import Standing
    from dstore.vocabulary.products import StoredProduct
    from dstore.vocabulary.values import Amount, QuantityRule


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
    said = settings.read(store.settings)
    card.description = view.optional(None, "description", said.description)
    card.announcements = [said.announcement] if said.announcement else UNSET
    card.images = [photos.address(store.public_id, one) for one in said.pictures] or UNSET
    return Front(card, offered(store, zone))


def offered(store: Store, zone: str) -> Offered:
    """Return the terms on which a store is open: what the till says of it, and what its merchant set."""
    info = cast("PosStoreDoc", store.top.info)
    terms = Terms(
        status=info.status,
        status_name="status",
        zone=zone_of(zone),
        codes=("STORE_CLOSED", "OUTSIDE_HOURS"),
        closed_until=info.closing_end_time,
    )
    own = terms_of(store.settings, zone)
    empty = frozenset() if store.layer is None else _without_menu(store, own.services)
    return Offered(
        [terms, *own.terms],
        own.rules,
        [name for name in own.services if name not in empty],
        [name for name in own.services if name in empty],
        own.pick_up_rules,
        "merchant.",
    )


def _without_menu(store: Store, services: Sequence[Service]) -> frozenset[Service]:
    """Return the services on whose published menu nothing stands."""
    products, _ = _entries(store)
    shown = arrangements(store)
    filled = [one for one in shown if any(name in products for shelf in one.shelves for name in shelf.products)]
    if any(one.service is None for one in filled):
        return frozenset()
    return frozenset(services) - {one.service for one in filled}


def arrangements(store: Store) -> list[Arrangement]:
    """Return what a merchant has published, or everything as it comes."""
    if store.layer is None:
        return [arrange(store)]
    return merchant_menu.arrangements(store.layer, settings.read(store.settings).services)


def arrange(store: Store) -> Arrangement:
    """Return the menu of a store that nobody has arranged: what is sold by itself, in the till's order."""
    products, groups = _entries(store)
    parts = only_parts({name: one.info for name, one in products.items()}, (one.info for one in groups.values()))
    names = [name for name, entry in products.items() if entry.info.type == "SINGLE" and name not in parts]
    return Arrangement(ALL, TITLE, [Shelf(ALL, "Products", names)])


def body(store: Store, view: View, standing: Standing, arrangements: Sequence[Arrangement]) -> Body:
    """Resolve products into what is shown."""
    products, groups = _entries(store)
    voice = Voice(store.layer, store.public_id)
    shown = [_group(entry, products, view, voice) for entry in groups.values()]
    settling = Settling(shown, PRODUCTS, view.explainer)
    menus: list[Menu] = []
    hidden: list[Hidden] = []
    for one in arrangements:
        if view.service is not None and one.service not in {None, view.service}:
            reason = view.explainer.why("OTHER_SERVICE")
            hidden.append(hide("menu", one.id, one.title, reason))
            continue
        closed = standing.closed(one.service or view.service)
        menus.append(
            Menu(
                id=one.id,
                title=one.title,
                type=UNSET if one.service is None else one.service,
                available=closed is None,
                reason=UNSET if closed is None else closed,
                categories=_categories(one, products, view, voice, settling),
            )
        )
    return Body(menus, shown, hidden)


def _categories(
    arrangement: Arrangement, products: dict[str, Entry], view: View, voice: Voice, settling: Settling
) -> list[Category]:
    """Return the headings below which something stands: a product the till does not send has no place."""
    categories = []
    for shelf in arrangement.shelves:
        items = [settling.settled(_item(products[name], view, voice)) for name in shelf.products if name in products]
        if items or shelf.id == ALL:
            title = view.reader.text(shelf.texts, "title", shelf.title)
            sub_title = view.optional(shelf.texts, "description", shelf.sub_title)
            categories.append(Category(id=shelf.id, title=title, sub_title=sub_title, items=items))
    return categories


def _entries(store: Store) -> tuple[dict[str, Entry], dict[str, Entry]]:
    return store.entries.get(PRODUCT.number, {}), store.entries.get(PRODUCT_GROUP.number, {})


def _item(entry: Entry, view: View, voice: Voice) -> Item:
    product = cast("StoredProduct", entry.info)
    said = voice.of(product)
    reason = _sold_out(entry, view)
    return Item(
        id=product.pos_product_id,
        name=view.reader.text(said.texts, "name", said.name),
        description=view.optional(said.texts, "description", said.description),
        images=said.images,
        price=_price(product.price),
        available=reason is None,
        reason=UNSET if reason is None else reason,
        quantity=quantity(product.quantity_rule),
        groups=product.sub_products or UNSET,
    )


def _group(entry: Entry, products: dict[str, Entry], view: View, voice: Voice) -> Group:
    group = cast("StoredProduct", entry.info)
    said = voice.of(group)
    is_available = entry.status == "AVAILABLE"
    reason = UNSET if is_available else view.explainer.why("SOLD_OUT", f"{PRODUCTS.group(group.pos_product_id)}.status")
    children = [products[child] for child in group.sub_products or () if child in products]
    options = [_option(child, group.pos_product_id, view, voice) for child in children]
    if not is_available:
        options = [replace(one, available=False, reason=reason) if one.available else one for one in options]
    return Group(
        id=group.pos_product_id,
        name=view.reader.text(said.texts, "name", said.name),
        available=is_available,
        reason=reason,
        quantity=quantity(group.quantity_rule),
        options=options,
    )


def _option(entry: Entry, group_id: str, view: View, voice: Voice) -> Option:
    product = cast("StoredProduct", entry.info)
    said = voice.of(product)
    given = overloaded(product, group_id)
    reason = _sold_out(entry, view)
    return Option(
        id=product.pos_product_id,
        name=view.reader.text(said.texts, "name", said.name),
        description=view.optional(said.texts, "description", said.description),
        images=said.images,
        price=_price(product.price) if given.price is None else _overload_price(*given.price),
        available=reason is None,
        reason=UNSET if reason is None else reason,
        quantity=quantity(product.quantity_rule) if given.quantity is None else _overload_quantity(*given.quantity),
        groups=product.sub_products or UNSET,
    )


def _sold_out(entry: Entry, view: View) -> Reason | None:
    """Return why a product can not be ordered: the till says so, or the merchant."""
    if entry.status != "AVAILABLE":
        return view.explainer.why("SOLD_OUT", "status")
    return view.marks.why(PRODUCT.number, entry.key[0])


def _price(amount: Amount | UnsetType) -> Price | UnsetType:
    return UNSET if amount is UNSET else Price(amount.value, amount.currency)


def _overload_price(amount: Amount, index: int) -> Price:
    return Price(amount.value, amount.currency, rule=f"overloads[{index}].price")


def _overload_quantity(rule: QuantityRule, index: int) -> Quantity:
    return Quantity(rule.min, rule.max, rule=f"overloads[{index}].quantityRule")
