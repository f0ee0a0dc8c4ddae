"""One F&B store without what is in it: adding, changing and deleting its own row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType

from dstore.catalog import entries, stores, trees, undo
from dstore.catalog.at_once import AtOnce
from dstore.catalog.pds_lookup import living_store
from dstore.catalog.pds_stores import check_links, pds_key
from dstore.results import ProcessFail

if TYPE_CHECKING:
    from dstore.catalog.patching import Patch
    from dstore.catalog.stores import Store, StoreKey
    from dstore.work import Work


@dataclass(frozen=True, slots=True)
class AddEmptyStore(AtOnce):
    """Add a store with nothing in it. One that was deleted comes back empty: nothing it had is shown again."""

    store_id: str
    doc: bytes
    path: str
    area_id: str | UnsetType = UNSET
    brand_id: str | UnsetType = UNSET
    is_short = False

    @property
    def home(self) -> StoreKey:
        """The store."""
        return pds_key(self.store_id)

    def apply(self, work: Work) -> None:
        """Write the store; refuse it when its area or brand is missing, or it is there already."""
        check_links(work, self.area_id, self.brand_id, f"{self.path}.")
        store = stores.lock(work, self.home) or stores.create(work, self.home, self.doc)
        if store.version and not store.deleted:
            raise ProcessFail(f"{self.path}.storeId: store '{self.store_id[:80]}' exists already; use the update call")
        columns: dict[str, Any] = {"doc": self.doc, "feed_hash": None}
        if store.deleted:
            columns |= {"deleted": 0, "hidden": 0, "tree": _empty_tree(work, store)}
        version = stores.change(work, store, **columns)
        if store.deleted:
            old = entries.stored(work.transaction, store.tree)
            undo.keep(work, store, version, undo.overwritten_by(old, {}))
        work.record(store.id, version, {"change": "add", "what": "store"})


def _empty_tree(work: Work, store: Store) -> int:
    trees.let_go(work.transaction, store.tree)
    tree = trees.make(work.transaction, work.now)
    trees.keep(work.transaction, tree)
    return tree


@dataclass(frozen=True, slots=True)
class PatchStore(AtOnce):
    """Change a store; what is in it stays. `area_id` and `brand_id` are the new ones, if there are."""

    store_id: str
    patch: Patch
    area_id: str | UnsetType = UNSET
    brand_id: str | UnsetType = UNSET

    @property
    def home(self) -> StoreKey:
        """The store."""
        return pds_key(self.store_id)

    def apply(self, work: Work) -> None:
        """Write the store's document if it differs."""
        store = living_store(work, self.store_id, "storeId")
        check_links(work, self.area_id, self.brand_id, "")
        doc, _ = self.patch(store.doc, None)
        if doc != store.doc:
            version = stores.change(work, store, doc=doc, feed_hash=None)
            work.record(store.id, version, {"change": "update", "what": "store"})


@dataclass(frozen=True, slots=True)
class DeleteStore(AtOnce):
    """Delete a store with all that is in it; one that is not there is a success."""

    store_id: str

    @property
    def home(self) -> StoreKey:
        """The store."""
        return pds_key(self.store_id)

    def apply(self, work: Work) -> None:
        """Leave the row, so that the store keeps its public id and its versions go on when it comes back."""
        store = stores.lock(work, self.home)
        if store is not None and not store.deleted:
            version = stores.change(work, store, deleted=1, feed_hash=None)
            work.record(store.id, version, {"change": "delete", "what": "store"})
