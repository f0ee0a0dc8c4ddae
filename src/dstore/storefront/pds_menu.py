"""An F&B store's tree as menus at a moment. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec import UNSET, UnsetType

from dstore.catalog.kinds import CATEGORY, ITEM, MENU
from dstore.catalog.pds_sync_hours import weekly_hours
from dstore.catalog.pds_sync_texts import announcement_column
from dstore.catalog.schedules.serving import elements_of
from dstore.storefront.merchant_terms import closing_of
from dstore.storefront.pds_items import INVALID, ItemsAt, Shelf, where_of
from dstore.storefront.resolved import Banner, Category, Menu, Named, StoreCard
from dstore.storefront.standing import SERVICES, Offered, Terms, services_with_rules
from dstore.storefront.view import Body, Front, View, hide
from dstore.storefront.zones import zone_of

if TYPE_CHECKING:
    from dstore.catalog.schedules.serving import Element
    from dstore.storefront.decoded import Entry, Store
    from dstore.storefront.languages import Reader, Texts
    from dstore.storefront.resolved import Hidden, Item
    from dstore.storefront.standing import Standing
    from dstore.vocabulary.fnb import Announcements, Banners
    from dstore.vocabulary.objects import CategoryInfo, MenuInfo, ShoppingArea, StoreInfo


def front(store: Store, view: View) -> Front:
    """Return the store's card, and the terms on which it is open."""
    info = cast("StoreInfo", store.top.info)
    return Front(_card(store, info, view), offered(store))


def offered(store: Store) -> Offered:
    """Return the terms on which a store is open, and the services it has menus for."""
    info = cast("StoreInfo", store.top.info)
    terms = [
        Terms(
            status=info.store_status,
            status_name="storeStatus",
            zone=zone_of(info.time_zone),
            codes=("STORE_CLOSED", "OUTSIDE_HOURS"),
            hours=info.service_availability_list,
            schedule=_schedule(info),
        ),
        *closing_of(store.settings, info.time_zone),
        *_area_terms(store),
    ]
    types = {entry.info.menu_type for entry in _valid_menus(store)}
    services = [name for name in SERVICES if name in types]
    others = [name for name in services_with_rules(info.business_rules) if name not in types]
    return Offered(terms, info.business_rules, services, others)


def _schedule(info: StoreInfo) -> tuple[Element, ...]:
    """Return release 2's schedules, unless release 1 has changed the weekly hours since."""
    schedules = info.service_schedules
    if schedules is UNSET or (weekly_hours(schedules) or UNSET) != info.service_availability_list:
        return ()
    try:
        return elements_of(schedules)
    except ValueError:  # the door refuses such times; a page must not fail over them
        return ()


def _area_terms(store: Store) -> list[Terms]:
    entry = store.shared.area
    if entry is None:
        return []
    area = cast("ShoppingArea", entry.info)
    return [
        Terms(
            status=area.shopping_area_status,
            status_name="shoppingAreaStatus",
            zone=zone_of(area.time_zone),
            codes=("AREA_CLOSED", "OUTSIDE_AREA_HOURS"),
            hours=area.service_availability_list,
            path="shoppingArea.",
            is_gone=store.shared.area_gone,
        )
    ]


def _valid_menus(store: Store) -> list[Entry]:
    return [entry for entry in store.entries.get(MENU.number, {}).values() if entry.info.menu_status != "INVALID"]


def _card(store: Store, info: StoreInfo, view: View) -> StoreCard:
    texts, reader = store.top.texts, view.reader
    area, brand = store.shared.area, store.shared.brand
    phones = info.contact_phone_nos
    return StoreCard(
        id=store.public_id,
        name=reader.text(texts, "name", info.name),
        feed="pds",
        open=True,
        address=reader.text(texts, "address", info.address),
        phone=phones[0] if phones else UNSET,
        time_zone=info.time_zone,
        description=view.optional(texts, "description", info.description),
        images=info.images,
        cuisine=view.optional(texts, "cuisine", info.cuisine),
        pick_up_address=view.optional(texts, "pickUpAddress", info.pick_up_address),
        announcements=_announcements(info.announcement, texts, reader),
        banners=_banners(info.banners),
        recommended=info.recommend_item_ids or UNSET,
        area=UNSET if area is None else Named(area.info.area_id, reader.text(area.texts, "name", area.info.name)),
        brand=UNSET
        if brand is None
        else Named(brand.info.brand_id, reader.text(brand.texts, "brandName", brand.info.brand_name)),
        services=[],
    )


def _announcements(given: Announcements | UnsetType, texts: Texts | None, reader: Reader) -> list[str] | UnsetType:
    found = ((announcement_column(index), one) for index, one in enumerate(given or ()))
    return [reader.text(texts, column, one.value) for column, one in found if one.content_type == "TEXT"] or UNSET


def _banners(given: Banners | UnsetType) -> list[Banner] | UnsetType:
    return [Banner(image=one.image_url, link=one.landing_url or UNSET) for one in given or ()] or UNSET


def body(store: Store, view: View, standing: Standing, *, is_to_be_written: bool = False) -> Body:
    """Resolve a store's living entries into what is shown, and name what is not, with the reason.

    What hangs on something that is deleted is not shown.
    """
    items_at = ItemsAt(store, view, is_to_be_written=is_to_be_written)
    hidden = items_at.hidden
    categories: dict[tuple[str, ...], list[Category]] = {}
    menus = {entry.key: entry for entry in store.entries.get(MENU.number, {}).values()}
    headings = store.entries.get(CATEGORY.number, {})
    shown = {key for key, entry in menus.items() if _is_shown(entry, view)}
    shelves = {name: _shelf(entry, entry.key[1:] in shown) for name, entry in headings.items()}
    for entry in store.entries.get(ITEM.number, {}).values():
        items_at.place(entry, shelves.get(entry.above))
    for name, entry in headings.items():
        key, items = entry.key, shelves[name].items
        if items is not None:
            categories.setdefault(key[1:], []).append(_category(entry, items, view))
        elif key[1:] not in menus or key[1:] in shown:
            reason = view.explainer.why("HIDDEN", "status") if key[1:] in shown else view.explainer.why("PARENT_GONE")
            hidden.append(hide("category", key[0], entry.info.title, reason, {"menu": key[1], "type": key[2]}))
    hidden += [_hidden_menu(entry, view) for key, entry in menus.items() if key not in shown]
    found = [_menu(menus[key], categories.get(key, []), view, standing) for key in menus if key in shown]
    return Body(found, items_at.groups, hidden)


def _shelf(entry: Entry, is_menu_shown: bool) -> Shelf:
    return Shelf(where_of(entry.key), [] if is_menu_shown and entry.status != INVALID else None)


def _is_shown(entry: Entry, view: View) -> bool:
    info = cast("MenuInfo", entry.info)
    return info.menu_status != "INVALID" and view.service in {None, info.menu_type}


def _hidden_menu(entry: Entry, view: View) -> Hidden:
    info = cast("MenuInfo", entry.info)
    is_off = info.menu_status == "INVALID"
    reason = (
        view.explainer.why("MENU_HIDDEN", "menuStatus") if is_off else view.explainer.why("OTHER_SERVICE", "menuType")
    )
    return hide("menu", info.menu_id, info.title, reason, {"type": info.menu_type})


def _menu(entry: Entry, categories: list[Category], view: View, standing: Standing) -> Menu:
    info = cast("MenuInfo", entry.info)
    closed = standing.closed(info.menu_type)
    return Menu(
        id=info.menu_id,
        title=view.reader.text(entry.texts, "title", info.title),
        type=info.menu_type,
        available=closed is None,
        reason=UNSET if closed is None else closed,
        sub_title=view.optional(entry.texts, "subTitle", info.sub_title),
        description=view.optional(entry.texts, "description", info.description),
        categories=categories,
    )


def _category(entry: Entry, items: list[Item], view: View) -> Category:
    info = cast("CategoryInfo", entry.info)
    return Category(
        id=info.category_id,
        title=view.reader.text(entry.texts, "title", info.title),
        sub_title=view.optional(entry.texts, "subTitle", info.sub_title),
        icon=info.icon or UNSET,
        items=items,
    )
