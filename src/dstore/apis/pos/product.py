"""syncProduct: replace a store's catalogue, or change statuses only (page syncProduct)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog import stores
from dstore.catalog.at_once import AtHome
from dstore.catalog.late_check import CHECKED, LateCheck
from dstore.catalog.pos_products import ReplaceProducts, SetStatuses, product_entries, rename, statuses_of
from dstore.catalog.products import check_catalogue, check_statuses, is_status_update
from dstore.catalog.replacement import Replacement
from dstore.catalog.stores import POS, StoreKey
from dstore.findings import Finding
from dstore.protocol import reading
from dstore.protocol.api import Change, api, refuse_errors
from dstore.vocabulary import fields
from dstore.vocabulary.limits import most
from dstore.vocabulary.products import Product
from dstore.vocabulary.values import Message, Value, extend_info_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.protocol.envelope import Caller
    from dstore.storage.port import Database
    from dstore.work import Work

Products = Annotated[
    list[Product],
    msgspec.Meta(
        min_length=1,
        max_length=most("products"),
        description="All products of the store, or those whose status changes.",
    ),
]


class Store(Value, frozen=True, gc=False):
    """The store whose products are sent."""

    pos_store_id: fields.PosStoreId
    name: fields.StoreName | UnsetType = UNSET


class SyncProduct(Message, frozen=True, gc=False):
    """The products of one store."""

    request_id: fields.RequestId
    pos_account_id: fields.ProductAccountId
    store: Store
    products: Products
    extend_info: fields.ExtendInfo | UnsetType = UNSET

    def check(self) -> Iterator[Finding]:
        """Apply the rules of the mode that the entries decide."""
        yield from extend_info_findings(self.extend_info, "extendInfo")
        if len(self.pos_account_id) > most("pos_account_id_store"):
            yield Finding(
                "posAccountId", "account.length", f"has {len(self.pos_account_id)} characters; orders carry at most 64"
            )
        check = check_statuses if is_status_update(self.products) else check_catalogue
        yield from check(self.products)


class SyncLargeProduct(Message, frozen=True):
    """The same message with its products still in bytes."""

    request_id: fields.RequestId
    pos_account_id: fields.ProductAccountId
    store: Store
    products: msgspec.Raw
    extend_info: fields.ExtendInfo | UnsetType = UNSET

    def change(self, doubts: list[Finding]) -> Change:
        """Return a change that reads the products only if they are not those last sent."""
        refuse_errors(extend_info_findings(self.extend_info, "extendInfo"))
        return SyncLarge(self, hashlib.sha256(self.products).digest(), doubts)

    def whole(self) -> SyncProduct:
        """Read the products."""
        products = reading.read_part(self.products, Products, "products")
        return SyncProduct(self.request_id, self.pos_account_id, self.store, products, self.extend_info)


@dataclass(slots=True)
class SyncLarge(AtHome):
    """Sync a large catalogue; one that is byte for byte what the store took last is not even read."""

    message: SyncLargeProduct
    digest: bytes
    doubts: list[Finding]
    inner: Change | None = None
    is_short = False

    def prepare(self, database: Database, caller: Caller) -> None:
        """Read, check and compare the products unless they are those last sent."""
        store = stores.find_now(database, caller.partner_id, _key(self.message))
        if store is None or store.feed_hash != self.digest:
            self.inner = self._read()
            if isinstance(self.inner, ReplaceProducts):
                self.inner.prepare_for(database, caller, store)

    @property
    def home(self) -> StoreKey:
        """The store."""
        return _key(self.message)

    def apply(self, work: Work) -> None:
        """Write the difference, if there is any."""
        if self.inner is None:
            store = stores.lock(work, self.home)
            if store is not None and store.feed_hash == self.digest:
                rename(work, store, _name(self.message))
                return
            self.inner = self._read()
        self.inner.apply(work)

    def _read(self) -> Change:
        message = self.message.whole()
        return _change(message, self.digest, LateCheck(lambda: self.doubts.extend(refuse_errors(message.check()))))


@api("/v2/pos/syncProduct", "/v2/pds/store/syncProduct", large=SyncLargeProduct)
def sync_product(message: SyncProduct) -> Change:
    """Replace the whole catalogue of a store, or change the status of some of its products.

    It is a status update when every entry of `products` carries only `posProductId` and `status`; anything
    else is a full sync, and then every entry must be complete. A full sync of an unknown store needs `store.name`.
    """
    return _change(message, None, CHECKED)


def _change(message: SyncProduct, digest: bytes | None, check: LateCheck) -> Change:
    if is_status_update(message.products):
        check.make()
        return SetStatuses(_key(message), statuses_of(message.products))
    replacement = Replacement(_key(message), digest, product_entries(message.products))
    return ReplaceProducts(replacement, _name(message), check)


def _key(message: SyncProduct | SyncLargeProduct) -> StoreKey:
    return StoreKey(POS, message.pos_account_id, message.store.pos_store_id)


def _name(message: SyncProduct | SyncLargeProduct) -> str | None:
    return None if message.store.name is UNSET else message.store.name
