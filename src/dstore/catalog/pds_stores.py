"""F&B stores: what initializeStore replaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import stores
from dstore.catalog.kinds import BRAND, SHOPPING_AREA, Kind
from dstore.catalog.patching import one_spelling
from dstore.catalog.pds_sync_hours import weekly_hours
from dstore.catalog.pds_trees import flatten
from dstore.catalog.replacement import IN_PLACE, Replacement
from dstore.catalog.shelf import has
from dstore.catalog.stores import PDS, StoreKey
from dstore.results import ParamIllegal

if TYPE_CHECKING:
    from dstore.protocol.envelope import Caller
    from dstore.storage.port import Database
    from dstore.vocabulary.objects import StoreInfo
    from dstore.vocabulary.tree import InitStore
    from dstore.work import Work


def pds_key(store_id: str) -> StoreKey:
    """Return the key of a store of this family."""
    return StoreKey(PDS, "", store_id)


class Planned(Protocol):
    """A store's tree, ready to be written."""

    key: StoreKey

    def prepare(self, database: Database, partner_id: int, in_place: int) -> None:
        """Do ahead what would hold the transaction up: the writing of more than `in_place` entries."""
        ...

    def apply(self, work: Work) -> None:
        """Write the difference."""
        ...


@dataclass(slots=True)
class PlannedStore:
    """A checked store: its own document and the entries below it."""

    key: StoreKey
    doc: bytes
    area_id: str | UnsetType
    brand_id: str | UnsetType
    replacement: Replacement
    path: str

    @classmethod
    def of(cls, store: InitStore, feed_hash: bytes | None, path: str) -> PlannedStore:
        """Flatten a checked store."""
        info = store.store_info
        key = pds_key(info.store_id)
        return cls(key, store_doc(info), info.area_id, info.brand_id, Replacement(key, feed_hash, flatten(store)), path)

    def prepare(self, database: Database, partner_id: int, in_place: int) -> None:
        """Work out the difference before the transaction."""
        self.replacement.prepare(database, stores.find_now(database, partner_id, self.key), in_place)

    def apply(self, work: Work) -> None:
        """Write the store and the difference below it; a store that was hidden or deleted is shown again."""
        check_links(work, self.area_id, self.brand_id, f"{self.path}.storeInfo.")
        store = stores.lock(work, self.key) or stores.create(work, self.key, self.doc)
        columns: dict[str, Any] = {}
        if store.doc != self.doc:
            columns["doc"] = self.doc
        if store.deleted or store.hidden:
            columns |= {"deleted": 0, "hidden": 0}
        self.replacement.apply(work, store, tombstones=True, **columns)


def store_doc(info: StoreInfo) -> bytes:
    """Return a store's document: its rules under one name, schedules with the weekly hours they give if it has none."""
    info = one_spelling(info)
    if info.service_schedules is not UNSET and not info.service_availability_list:
        hours = weekly_hours(info.service_schedules) or UNSET
        info = msgspec.structs.replace(info, service_availability_list=hours)
    return msgspec.json.encode(info)


def check_links(work: Work, area_id: str | UnsetType, brand_id: str | UnsetType, path: str) -> None:
    """Refuse a store whose shopping area or brand has not been fed; `path` is what stands in front of the member."""
    links: list[tuple[Kind, str | UnsetType]] = [(SHOPPING_AREA, area_id), (BRAND, brand_id)]
    for kind, name in links:
        if name is not UNSET and not has(work, kind, name):
            raise ParamIllegal(f"{path}{kind.own}: no {kind.word} '{name[:80]}' has been fed, or it is deleted")


@dataclass(slots=True)
class InitializeStores:
    """Replace the trees of the listed stores, all or none; other stores stay as they are."""

    planned: list[Planned] = field(default_factory=list)
    is_short = False
    home = None

    def prepare(self, database: Database, caller: Caller) -> None:
        """Prepare one store after the other; together they may leave to the transaction what one store may."""
        for one in self.planned:
            one.prepare(database, caller.partner_id, IN_PLACE // len(self.planned))

    def foresee(self, work: Work) -> None:
        """Which store is asked for first depends on what was written ahead."""

    def apply(self, work: Work) -> None:
        """Write every store, in an order that is the same for all calls, so that two never wait for each other."""
        for one in sorted(self.planned, key=lambda one: one.key.ref):
            one.apply(work)
