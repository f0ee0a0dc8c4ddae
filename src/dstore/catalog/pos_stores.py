"""POS stores: what syncStore creates, opens and closes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import stores
from dstore.catalog.at_once import AtOnce
from dstore.results import ParamIllegal

if TYPE_CHECKING:
    from dstore.catalog.stores import Store, StoreKey
    from dstore.work import Work


class PosStoreDoc(msgspec.Struct, rename="camel", omit_defaults=True):
    """What is kept of a POS store. `closing_end_time` is only there while CLOSED has an end."""

    name: str
    status: str = "OPEN"
    full_address: str | UnsetType = UNSET
    mobile_no: str | UnsetType = UNSET
    closing_end_time: str | UnsetType = UNSET
    extend_info: dict[str, Any] | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class ChangePosStore(AtOnce):
    """Create a store, or change what is given of one that exists.

    `closing_end_time` is UNSET when nothing is said of it, None when closing has no end.
    """

    key: StoreKey
    given: dict[str, Any]
    closing_end_time: str | UnsetType | None

    @property
    def home(self) -> StoreKey:
        """The store."""
        return self.key

    def apply(self, work: Work) -> None:
        """Write the store's document if it changes."""
        store = lock_or_create(work, self.key, self.given.get("name"), "store.name")
        old = msgspec.json.decode(store.doc, type=PosStoreDoc)
        new = msgspec.structs.replace(old, **self.given)
        if "status" in self.given or self.closing_end_time is not UNSET:
            new.closing_end_time = (self.closing_end_time or UNSET) if new.status == "CLOSED" else UNSET
        doc = msgspec.json.encode(new)
        if doc != store.doc or store.version == 0:
            version = stores.change(work, store, doc=doc)
            work.record(store.id, version, {"change": "store", "given": sorted(self.given), "status": new.status})


def lock_or_create(work: Work, key: StoreKey, name: str | None, path: str) -> Store:
    """Return the store, held until the commit; make it when it is new and named."""
    store = stores.lock(work, key)
    if store is not None:
        return store
    stores.claim_account(work, key.account)
    if name is None:
        raise ParamIllegal(f"{path}: is required, {key.words} does not exist yet")
    return stores.create(work, key, msgspec.json.encode(PosStoreDoc(name)))
