"""The rules that each object of the F&B family must keep, beyond its types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from dstore.apis.pds.rules import check_availability, check_pick_up_rules, check_rules, check_schedules
from dstore.catalog.moments import read_zone
from dstore.catalog.skus import check_skus
from dstore.findings import Finding
from dstore.vocabulary.scenes import ITEM_SCENES, SKU_SCENES, STORE_SCENES
from dstore.vocabulary.values import extend_info_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.vocabulary.objects import ItemInfo, MenuInfo, ModifierGroupInfo, ShoppingArea, StoreInfo


def check_area(area: ShoppingArea, path: str) -> Iterator[Finding]:
    """Check zone, place and times."""
    yield from _check_zone(area.time_zone, f"{path}.timeZone")
    yield from area.location.check(f"{path}.location")
    yield from check_availability(area.service_availability_list, f"{path}.serviceAvailabilityList")


def check_store(store: StoreInfo, path: str) -> Iterator[Finding]:
    """Check zone, place, times and rules."""
    yield from _check_zone(store.time_zone, f"{path}.timeZone")
    yield from store.location.check(f"{path}.location")
    yield from check_availability(store.service_availability_list, f"{path}.serviceAvailabilityList")
    yield from check_schedules(store.service_schedules, f"{path}.serviceSchedules")
    yield from extend_info_findings(store.extend_info, f"{path}.extendInfo")
    yield from check_rules(store, STORE_SCENES, path)


def check_menu(menu: MenuInfo, path: str) -> Iterator[Finding]:
    """Check the pick-up rules."""
    yield from check_pick_up_rules(menu.pick_up_rules, f"{path}.pickUpRules")


def check_item(item: ItemInfo, path: str) -> Iterator[Finding]:
    """Check quantities, SKUs, times and rules."""
    if item.quantity_rule is not UNSET:
        yield from item.quantity_rule.check(f"{path}.quantityRule")
    if item.sku_property_groups is not UNSET or item.skus is not UNSET:
        yield from check_skus(item.sku_property_groups, item.skus, item.price_info, path)
        for index, sku in enumerate([] if item.skus is UNSET else item.skus):
            yield from check_rules(sku, SKU_SCENES, f"{path}.skus[{index}]")
    if item.service_availability_list is not UNSET:
        yield from check_availability(item.service_availability_list, f"{path}.serviceAvailabilityList")
    yield from check_rules(item, ITEM_SCENES, path)


def check_group(group: ModifierGroupInfo, path: str) -> Iterator[Finding]:
    """Check the quantities."""
    yield from group.quantity_rule.check(f"{path}.quantityRule")


def _check_zone(zone: str, path: str) -> Iterator[Finding]:
    if read_zone(zone) is None:
        yield Finding(path, "zone.unknown", f"{zone[:40]!r} is not a time zone")
