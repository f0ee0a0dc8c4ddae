"""The rules that each object of the F&B family must keep, beyond its types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import UNSET

from dstore.apis.pds.languages import are_languages, check_details
from dstore.apis.pds.rules import check_availability, check_pick_up_rules, check_rules, check_schedules
from dstore.catalog.moments import read_zone
from dstore.catalog.skus import check_skus
from dstore.findings import Finding
from dstore.vocabulary.scenes import ITEM_SCENES, SKU_SCENES, STORE_SCENES
from dstore.vocabulary.values import extend_info_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from msgspec import UnsetType

    from dstore.apis.pds.item import UpdateItem
    from dstore.apis.pds.menu import UpdateMenu
    from dstore.apis.pds.modifier_group import UpdateModifierGroup
    from dstore.apis.pds.shopping_area import UpdateShoppingArea
    from dstore.apis.pds.store import UpdateStore
    from dstore.vocabulary.fnb import Location, MultiLanguageDetail
    from dstore.vocabulary.objects import ItemInfo, MenuInfo, ModifierGroupInfo, ShoppingArea, StoreInfo


class Translated(Protocol):
    """An object with texts in further languages."""

    @property
    def multi_language_details(self) -> list[MultiLanguageDetail] | UnsetType:
        """The texts."""
        ...


def check_area(area: ShoppingArea | UpdateShoppingArea, path: str) -> Iterator[Finding]:
    """Check zone, place and times, as far as they are given."""
    yield from _check_zone(area.time_zone, at(path, "timeZone"))
    yield from _check_place(area.location, at(path, "location"))
    yield from check_availability(area.service_availability_list, at(path, "serviceAvailabilityList"))
    yield from check_texts(area, path)


def check_store(store: StoreInfo, path: str) -> Iterator[Finding]:
    """Check a whole store."""
    yield from check_store_members(store, path)
    yield from check_schedules(store.service_schedules, at(path, "serviceSchedules"))
    yield from extend_info_findings(store.extend_info, at(path, "extendInfo"))


def check_store_members(store: StoreInfo | UpdateStore, path: str) -> Iterator[Finding]:
    """Check zone, place, times and rules, as far as they are given."""
    yield from _check_zone(store.time_zone, at(path, "timeZone"))
    yield from _check_place(store.location, at(path, "location"))
    yield from check_availability(store.service_availability_list, at(path, "serviceAvailabilityList"))
    yield from check_rules(store, STORE_SCENES, path)
    yield from check_texts(store, path)


def check_menu(menu: MenuInfo | UpdateMenu, path: str) -> Iterator[Finding]:
    """Check the pick-up rules."""
    yield from check_pick_up_rules(menu.pick_up_rules, at(path, "pickUpRules"))
    yield from check_texts(menu, path)


def check_item(item: ItemInfo, path: str) -> Iterator[Finding]:
    """Check a whole item: SKUs against property groups and price, and its members."""
    if item.sku_property_groups is not UNSET or item.skus is not UNSET:
        yield from check_skus(item.sku_property_groups, item.skus, item.price_info, path)
    yield from check_item_members(item, path)


def check_item_members(item: ItemInfo | UpdateItem, path: str) -> Iterator[Finding]:
    """Check quantities, times and rules, as far as they are given."""
    if item.quantity_rule is not UNSET:
        yield from item.quantity_rule.check(at(path, "quantityRule"))
    for index, sku in enumerate([] if item.skus is UNSET else item.skus):
        yield from check_rules(sku, SKU_SCENES, at(path, f"skus[{index}]"))
    yield from check_availability(item.service_availability_list, at(path, "serviceAvailabilityList"))
    yield from check_rules(item, ITEM_SCENES, path)
    texts = item.multi_language_details
    if texts is not UNSET and not are_languages([one.language_key for one in texts]):
        yield from check_texts(item, path)


def check_addon(skus: Sequence[object] | UnsetType, path: str) -> Iterator[Finding]:
    """Warn of SKUs that an add-on item has: it is chosen as it is, at its own price."""
    if skus:
        yield Finding(at(path, "skus"), "sku.addon", "are not offered: an add-on item is chosen as it is")


def check_group(group: ModifierGroupInfo | UpdateModifierGroup, path: str) -> Iterator[Finding]:
    """Check the quantities."""
    if group.quantity_rule is not UNSET:
        yield from group.quantity_rule.check(at(path, "quantityRule"))
    if group.multi_language_details is not UNSET:
        yield from check_texts(group, path)


def check_texts(translated: Translated, path: str) -> Iterator[Finding]:
    """Check the languages that an object's texts are in."""
    yield from check_details(translated.multi_language_details, at(path, "multiLanguageDetails"))


def check_once(ids: Iterable[str], path: str, member: str, noun: str) -> Iterator[Finding]:
    """Check that no id of a list is there twice; `member` is where each element of `path` has its own."""
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield Finding(f"{path}[{index}].{member}", "list.duplicate", f"{noun} '{one[:60]}' is there twice")
        seen.add(one)


def check_links(links: list[str] | UnsetType, path: str) -> Iterator[Finding]:
    """Check that no id is there twice."""
    if links is not UNSET and len(set(links)) != len(links):
        yield Finding(path, "list.duplicate", "names one twice")


def at(path: str, member: str) -> str:
    """Return a member's path below a path, which is empty for the message itself."""
    return f"{path}.{member}" if path else member


def _check_place(place: Location | UnsetType, path: str) -> Iterator[Finding]:
    if place is not UNSET:
        yield from place.check(path)


def _check_zone(zone: str | UnsetType, path: str) -> Iterator[Finding]:
    if zone is not UNSET and read_zone(zone) is None:
        yield Finding(path, "zone.unknown", f"{zone[:40]!r} is not a time zone")
