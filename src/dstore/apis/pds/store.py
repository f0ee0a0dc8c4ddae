"""Stores of the F&B family, each with its whole tree (page initializeStore)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dstore.apis.pds.checks import (
    check_addon,
    check_group,
    check_item,
    check_menu,
    check_once,
    check_store,
    check_store_members,
    check_texts,
)
from dstore.apis.pds.updates import patch_of
from dstore.catalog import stores
from dstore.catalog.pds_store_changes import AddEmptyStore, DeleteStore, PatchStore
from dstore.catalog.pds_stores import InitializeStores, Planned, PlannedStore, pds_key, store_doc
from dstore.catalog.pds_trees import check_tree
from dstore.findings import Finding
from dstore.protocol import reading
from dstore.protocol.api import Change, Clears, api, refuse_errors
from dstore.vocabulary import fields, fnb
from dstore.vocabulary.limits import most
from dstore.vocabulary.objects import StoreInfo
from dstore.vocabulary.tree import InitItem, InitStore
from dstore.vocabulary.values import Message, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.catalog.stores import StoreKey
    from dstore.storage.port import Database
    from dstore.work import Work

Stores = Annotated[
    list[InitStore], Meta(min_length=1, max_length=most("stores"), description="Stores, each with its whole tree.")
]
RawStores = Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=most("stores"))]


class InitializeStore(Message, frozen=True):
    """Stores with their menus, categories, items, SKUs and modifier groups."""

    request_id: fields.RequestId
    stores: Stores
    app_id: fields.AppId | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check each store, and that none is there twice."""
        yield from _check_names([store.store_info.store_id for store in self.stores])
        for index, store in enumerate(self.stores):
            yield from check_init_store(store, f"stores[{index}]")


class _StoreHead(Value, frozen=True, gc=False):
    """As much of a store as names it."""

    store_id: fields.StoreId


class _InitStoreHead(Value, frozen=True, gc=False):
    """As much of a store's tree as names the store."""

    store_info: _StoreHead


class InitializeLargeStore(Message, frozen=True):
    """The same message with each store still in bytes."""

    request_id: fields.RequestId
    stores: RawStores
    app_id: fields.AppId | UnsetType = UNSET

    def change(self, doubts: list[Finding]) -> Change:
        """Return a change that reads one store after the other, and only those that differ from what was last sent."""
        heads = [reading.read_part(raw, _InitStoreHead, f"stores[{index}]") for index, raw in enumerate(self.stores)]
        names = [head.store_info.store_id for head in heads]
        refuse_errors(_check_names(names))
        planned: list[Planned] = [
            LargeStore(pds_key(name), raw, hashlib.sha256(raw).digest(), f"stores[{index}]", doubts)
            for index, (name, raw) in enumerate(zip(names, self.stores, strict=True))
        ]
        return InitializeStores(planned)


@dataclass(slots=True)
class LargeStore:
    """A store in bytes; one that is byte for byte what was last sent is not even read."""

    key: StoreKey
    raw: msgspec.Raw
    digest: bytes
    path: str
    doubts: list[Finding]
    inner: PlannedStore | None = None

    def prepare(self, database: Database, partner_id: int, in_place: int) -> None:
        """Read, check and compare the store unless it is as last sent."""
        store = stores.find_now(database, partner_id, self.key)
        if store is None or not store.stands_as_fed(self.digest):
            self.inner = self._read()
            self.inner.replacement.prepare(database, store, in_place)

    def apply(self, work: Work) -> None:
        """Write the difference, if there is any."""
        if self.inner is None:
            store = stores.lock(work, self.key)
            if store is not None and store.stands_as_fed(self.digest):
                return
            self.inner = self._read()
        self.inner.apply(work)

    def _read(self) -> PlannedStore:
        store: InitStore = reading.read_part(self.raw, InitStore, self.path)
        self.doubts.extend(refuse_errors(check_init_store(store, self.path)))
        return PlannedStore.of(store, self.digest, self.path)


@api("/v2/pds/store/initializeStore", large=InitializeLargeStore, may_defer=True)
def initialize_store(message: InitializeStore) -> Change:
    """Feed up to 20 stores, each with its whole tree of menus, categories, items, SKUs and modifier groups.

    A listed store's tree is replaced; other stores stay. All stores are applied or none. Of groups and add-on
    items that are repeated in a store the first record counts. Areas and brands must have been fed before.
    """
    return InitializeStores(
        [PlannedStore.of(store, None, f"stores[{index}]") for index, store in enumerate(message.stores)]
    )


def check_init_store(store: InitStore, path: str) -> Iterator[Finding]:
    """Yield what is wrong anywhere in a store's tree."""
    yield from check_store(store.store_info, f"{path}.storeInfo")
    for index, menu in enumerate(store.menus):
        yield from check_menu(menu.menu_info, f"{path}.menus[{index}].menuInfo")
        for place, category in enumerate(menu.categories):
            where = f"{path}.menus[{index}].categories[{place}]"
            yield from check_texts(category.category_info, f"{where}.categoryInfo")
            for at, item in enumerate([] if category.items is UNSET else category.items):
                yield from _check_item(item, f"{where}.items[{at}]", most("nesting") + 1)
    yield from check_tree(store, path)


def _check_item(item: InitItem, path: str, levels: int) -> Iterator[Finding]:
    """Check an item and what is below it, to a depth that `check_tree` refuses."""
    yield from check_item(item.item_info, f"{path}.itemInfo")
    if item.modifier_groups is UNSET or not levels:
        return
    for index, group in enumerate(item.modifier_groups):
        where = f"{path}.modifierGroups[{index}]"
        yield from check_group(group.modifier_group_info, f"{where}.modifierGroupInfo")
        for place, child in enumerate(group.child_items):
            yield from _check_item(child, f"{where}.childItems[{place}]", levels - 1)
            if child.item_info.skus:
                yield from check_addon(child.item_info.skus, f"{where}.childItems[{place}].itemInfo")


def _check_names(names: list[str]) -> Iterator[Finding]:
    yield from check_once(names, "stores", "storeInfo.storeId", "store")


class AddStore(Message, frozen=True, gc=False):
    """One store to add, without what is in it."""

    request_id: fields.RequestId
    store: StoreInfo
    app_id: fields.AppId | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check the store."""
        yield from check_store(self.store, "store")


@api("/v2/pds/store/addStore")
def add_store(message: AddStore) -> Change:
    """Add a store with nothing in it; menus, categories, items and groups follow in calls of their own.

    Its area and brand must have been fed; a store that exists already is refused. One that was deleted comes back
    empty, under the same public id.
    """
    store = message.store
    return AddEmptyStore(store.store_id, store_doc(store), "store", store.area_id, store.brand_id)


class UpdateStore(Message, frozen=True, gc=False, kw_only=True):
    """What changes of a store; absent members stay, empty ones are deleted, given ones replace."""

    store_id: fields.StoreId
    app_id: fields.AppId | UnsetType = UNSET
    area_id: fields.AreaId | UnsetType = UNSET
    brand_id: fields.BrandId | UnsetType = UNSET
    name: fields.StoreName | UnsetType = UNSET
    store_type: fields.StoreKind | UnsetType = UNSET
    address: fields.Address | UnsetType = UNSET
    location: fnb.Location | UnsetType = UNSET
    time_zone: fields.TimeZone | UnsetType = UNSET
    contact_phone_nos: fields.Phones | UnsetType = UNSET
    images: fields.Images | UnsetType = UNSET
    announcement: fnb.Announcements | UnsetType = UNSET
    description: fields.Description | UnsetType = UNSET
    cuisine: fields.Cuisine | UnsetType = UNSET
    pick_up_address: fields.OptionalAddress | UnsetType = UNSET
    pick_up_contact_details: fnb.ContactDetails | UnsetType = UNSET
    banners: fnb.Banners | UnsetType = UNSET
    recommend_item_ids: fnb.ItemIds | UnsetType = UNSET
    store_status: fields.Status | UnsetType = UNSET
    service_availability_list: fnb.ServiceAvailabilityList | UnsetType = UNSET
    multi_language_details: fnb.MultiLanguageDetails | UnsetType = UNSET
    business_rules: fnb.BusinessRules | UnsetType = UNSET
    business_rule: fnb.SameBusinessRules | UnsetType = UNSET
    is_deleted: fields.IsDeleted | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Check what the message itself says."""
        yield from check_store_members(self, "")


@api("/v2/pds/store/updateStore")
def update_store(message: UpdateStore, clears: Clears) -> Change:
    """Change or delete a store; what is in it stays as it is, and goes with a deleted one.

    Absent members stay, given ones replace, empty ones are deleted; required ones can not be. Texts are merged by
    column and language. An area or brand that is given must have been fed. A deleted store comes back with addStore
    or initializeStore.
    """
    patch = patch_of(message, clears, StoreInfo, check_store)
    if message.is_deleted == "DELETED":
        return DeleteStore(message.store_id)
    return PatchStore(message.store_id, patch, message.area_id, message.brand_id)
