"""Release 2's syncStore: one call that inserts, changes or hides a store and anything below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.apis.pds.checks import check_addon, check_once
from dstore.apis.pds.languages import check_text
from dstore.apis.pds.rules import check_rules, check_schedules
from dstore.catalog.pds_sync import SyncOfStore
from dstore.catalog.pds_sync_docs import item_currency
from dstore.catalog.pds_sync_texts import content_text, image, is_kept
from dstore.findings import Finding
from dstore.protocol import reading
from dstore.protocol.api import Change, api
from dstore.vocabulary import fields
from dstore.vocabulary.fnb import Location
from dstore.vocabulary.limits import most
from dstore.vocabulary.release2 import Contents, SyncCategory, SyncItem, SyncSku, SyncStore
from dstore.vocabulary.scenes import ITEM_SCENES, SKU_SCENES, STORE_SCENES
from dstore.vocabulary.values import Message, extend_info_findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any


class SyncStoreTree(Message, frozen=True):
    """A store with what is new or changes; what is left out stays as it is."""

    request_id: fields.RequestId
    store: SyncStore
    app_id: fields.AppId | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check everything that the message says by itself; what inserting takes is known where the store is."""
        yield from _check_store(self.store)
        for path, category in _categories(self.store):
            yield from check_text(category.name, f"{path}.name")
            yield from _check_once(category.items, "item", f"{path}.items")
        for path, item in items(self.store):
            yield from _check_item(item, path)


@api("/v2/pds/store/syncStore")
def sync_store(message: SyncStoreTree) -> Change:
    """Insert, change or hide a store, its menus, categories, items, SKUs and modifier groups: all of it or nothing.

    What is not known by its id is inserted and must be complete; what is known changes in the members that are passed.
    Menus, categories, items, groups and add-on items are merged by their ids; every other object or list replaces the
    one before. INVALID hides. A menuId, itemId or groupId alone shares what another store, category, item or group has,
    and a change of something shared holds wherever it is.
    """
    named = list(items(message.store))
    currency = next((found for _, item in named if (found := item_currency(item))), None)
    return SyncOfStore(message.store, len(named), currency, reading.faults_of)


def _check_store(store: SyncStore) -> Iterator[Finding]:
    if store.location is not UNSET:
        coordinates = Location(store.location.latitude, store.location.longitude, "")
        yield from coordinates.check("store.location")
    yield from check_text(store.name, "store.name")
    if store.location is not UNSET:
        yield from check_text(store.location.address, "store.location.address")
    yield from check_schedules(store.service_schedules, "store.serviceSchedules")
    yield from check_rules(store, STORE_SCENES, "store")
    yield from _check_contents(store.contents, "store.contents")
    yield from extend_info_findings(store.extend_info, "store.extendInfo")
    yield from _check_once(store.menus, "menu", "store.menus")
    for index, menu in enumerate([] if store.menus is UNSET else store.menus):
        yield from check_text(menu.name, f"store.menus[{index}].name")
        yield from _check_once(menu.categories, "category", f"store.menus[{index}].categories")


def _check_item(item: SyncItem, path: str) -> Iterator[Finding]:
    yield from check_text(item.name, f"{path}.name")
    if item.quantity_rule is not UNSET:
        yield from item.quantity_rule.check(f"{path}.quantityRule")
    yield from check_rules(item, ITEM_SCENES, path)
    yield from _check_contents(item.contents, f"{path}.contents")
    for index, sku in enumerate([] if item.skus is UNSET else item.skus):
        yield from _check_sku(sku, item, f"{path}.skus[{index}]")
    yield from _check_once(item.modifier_groups, "group", f"{path}.modifierGroups")
    for index, group in enumerate([] if item.modifier_groups is UNSET else item.modifier_groups):
        where = f"{path}.modifierGroups[{index}]"
        if group.quantity_rule is not UNSET:
            yield from group.quantity_rule.check(f"{where}.quantityRule")
        yield from check_text(group.name, f"{where}.name")
        yield from _check_once(group.child_items, "item", f"{where}.childItems")
        for place, child in enumerate([] if group.child_items is UNSET else group.child_items):
            yield from check_addon(child.skus, f"{where}.childItems[{place}]")


def _check_sku(sku: SyncSku, item: SyncItem, path: str) -> Iterator[Finding]:
    yield from check_rules(sku, SKU_SCENES, path)
    if sku.sale_amount is UNSET and sku.price_info is UNSET:
        yield Finding(f"{path}.saleAmount", "type.missing", "is required")
    if sku.biz_rules is not UNSET and item.sku_property_groups is UNSET:
        cause = "goes together with skuPropertyGroups when the rules of SKUs change"
        yield Finding(f"{path}.bizRules", "sku.pairing", cause)


def _check_contents(contents: Contents | UnsetType, path: str) -> Iterator[Finding]:
    """Check that texts are JSON text of texts, and pictures addresses that are short enough."""
    pictures = 0
    for index, content in enumerate([] if contents is UNSET else contents):
        where = f"{path}[{index}]"
        pictures += content.type == "IMAGE"
        text = content_text(content) if content.type == "TEXT" else UNSET
        yield from check_text(text or UNSET, f"{where}.value")
        if text is None:
            cause = 'is not JSON text of {"value": {language: text}}, or one of its texts is too long'
            yield Finding(f"{where}.value", "content.value", cause)
        elif content.type == "IMAGE" and len(image(content)) > most("url"):
            cause = f"the address has {len(image(content))} characters, at most {most('url')} are allowed"
            yield Finding(f"{where}.value", "content.value", cause)
        elif not is_kept(content):
            yield Finding(f"{where}.scene", "content.scene", f"{content.scene} has no place and is not kept")
    if pictures > most("images"):
        yield Finding(path, "type.size", f"has {pictures} pictures, at most {most('images')} are allowed")


def _check_once(elements: Sequence[Any] | UnsetType, noun: str, path: str) -> Iterator[Finding]:
    if elements is not UNSET:
        yield from check_once((getattr(one, f"{noun}_id") for one in elements), path, f"{noun}Id", noun)


def _categories(store: SyncStore) -> Iterator[tuple[str, SyncCategory]]:
    for index, menu in enumerate([] if store.menus is UNSET else store.menus):
        for place, category in enumerate([] if menu.categories is UNSET else menu.categories):
            yield f"store.menus[{index}].categories[{place}]", category


def items(store: SyncStore) -> Iterator[tuple[str, SyncItem]]:
    """Yield every item and add-on item of a message with its path, in document order."""
    for path, category in _categories(store):
        yield from _below(category.items, f"{path}.items")


def _below(elements: Sequence[SyncItem] | UnsetType, path: str) -> Iterator[tuple[str, SyncItem]]:
    for index, item in enumerate([] if elements is UNSET else elements):
        where = f"{path}[{index}]"
        yield where, item
        for place, group in enumerate([] if item.modifier_groups is UNSET else item.modifier_groups):
            yield from _below(group.child_items, f"{where}.modifierGroups[{place}].childItems")
