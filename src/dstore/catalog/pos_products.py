"""POS catalogues: what syncProduct replaces or marks."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from dstore.catalog import pos_stores, stores
from dstore.catalog.at_once import AtHome, AtOnce
from dstore.catalog.entries import Entry
from dstore.catalog.kinds import PRODUCT, PRODUCT_GROUP
from dstore.results import ParamIllegal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dstore.catalog.late_check import LateCheck
    from dstore.catalog.replacement import Replacement
    from dstore.catalog.stores import Store, StoreKey
    from dstore.protocol.envelope import Caller
    from dstore.storage.port import Database
    from dstore.vocabulary.products import Product
    from dstore.work import Work

FEW = 50
NAMED = 50
_encode_lines = msgspec.json.Encoder().encode_lines


def product_entries(products: Sequence[Product]) -> list[Entry]:
    """Turn checked products into entries: the document as sent, its status also in a column of its own.

    The column is what holds: a status update writes it alone.
    """
    single, group = PRODUCT.number, PRODUCT_GROUP.number
    # All documents at once, then taken apart: inside JSON there are no line ends.
    docs = _encode_lines(products).split(b"\n")
    return [
        Entry(group if one.type == "GROUP" else single, one.pos_product_id, one.status, doc)
        for one, doc in zip(products, docs, strict=False)
    ]


def statuses_of(products: Sequence[Product]) -> dict[str, tuple[int, str]]:
    """Return each product's place and status in a status update; of one that is named again the last one counts."""
    return {one.pos_product_id: (index, one.status) for index, one in enumerate(products)}


@dataclass(frozen=True, slots=True)
class ReplaceProducts(AtHome):
    """Replace the whole catalogue of a store, making the store when it is new and named."""

    replacement: Replacement
    store_name: str | None
    check: LateCheck
    is_short = False

    def prepare(self, database: Database, caller: Caller) -> None:
        """Work the difference out before the transaction."""
        self.prepare_for(database, caller, stores.find_now(database, caller.partner_id, self.replacement.key))

    def prepare_for(self, database: Database, caller: Caller, store: Store | None) -> None:
        """Do the same for the store that was found, or none; what will be refused is not written ahead.

        Only a new catalogue may be checked later, as then there is a moment for that.
        """
        if store is not None or self.replacement.may_write_ahead or not database.loads_beside:
            self.check.make()
        if store is None and self.replacement.may_write_ahead and self._is_refused(database, caller):
            return
        self.replacement.prepare(database, store)

    def _is_refused(self, database: Database, caller: Caller) -> bool:
        account = self.replacement.key.account
        return self.store_name is None or stores.is_anothers(database, account, caller.partner_id)

    @property
    def home(self) -> StoreKey:
        """The store."""
        return self.replacement.key

    def apply(self, work: Work) -> None:
        """Write the difference."""
        with self.check.made_by_the_end():
            store = pos_stores.lock_or_create(work, self.replacement.key, self.store_name, "store.name")
            renamed = _renamed(store, self.store_name)
            self.replacement.apply(work, store, tombstones=False, meanwhile=self.check.make, **renamed)


def rename(work: Work, store: Store, name: str | None) -> None:
    """Change only the store's name, if it is given and another."""
    columns = _renamed(store, name)
    if columns:
        work.record(store.id, stores.change(work, store, **columns), {"change": "store", "given": ["name"]})


def _renamed(store: Store, name: str | None) -> dict[str, Any]:
    if name is None:
        return {}
    doc = msgspec.json.decode(store.doc, type=pos_stores.PosStoreDoc)
    if doc.name == name:
        return {}
    return {"doc": msgspec.json.encode(msgspec.structs.replace(doc, name=name))}


@dataclass(frozen=True, slots=True)
class SetStatuses(AtOnce):
    """Set the status of products wherever they are used."""

    key: StoreKey
    statuses: dict[str, tuple[int, str]]
    """For each product its place in the request and its status."""

    @property
    def is_short(self) -> bool:
        """It is a statement for each product."""
        return len(self.statuses) <= FEW

    @property
    def home(self) -> StoreKey:
        """The store."""
        return self.key

    def apply(self, work: Work) -> None:
        """Write the statuses; refuse all when one names nothing that has a status of its own."""
        store = stores.lock(work, self.key)
        if store is None or store.version == 0:
            stores.claim_account(work, self.key.account)
            raise ParamIllegal(f"store.posStoreId: {self.key.words} has no catalogue yet; send a full sync first")
        version = store.version + 1
        are_all_there = work.transaction.change_each(
            "update entry set status = ?, version = ? where tree = ? and kind = ? and key = ?",
            [(status, version, store.tree, PRODUCT.number, product) for product, (_, status) in self.statuses.items()],
        )
        if not are_all_there:
            raise self._unknown(work, store)
        stores.change(work, store, feed_hash=None)
        what = {
            "change": "status",
            "count": len(self.statuses),
            "products": [f"{name} {status}" for name, (_, status) in islice(self.statuses.items(), NAMED)],
        }
        work.record(store.id, version, what)

    def _unknown(self, work: Work, store: Store) -> ParamIllegal:
        of_tree, names = (store.tree, PRODUCT_GROUP.number), list(self.statuses)
        sql = "select kind, key from entry where tree = ? and kind <= ?"
        if self.is_short:
            asked = [(f"{sql} and key = ?", (*of_tree, name)) for name in names]
            found = work.transaction.each(*asked, (f"{sql} limit 1", of_tree))
            kinds = {key: kind for rows in found for kind, key in rows}
        else:
            kinds = {key: kind for kind, key in work.transaction.rows(sql, of_tree)}
        for product, (index, _) in self.statuses.items():
            path = f"products[{index}].posProductId"
            if kinds.get(product) == PRODUCT_GROUP.number:
                return ParamIllegal(
                    f"{path}: '{product}' is a GROUP; only a SINGLE or MODIFIER has a status of its own"
                )
            if product not in kinds:
                hint = "" if kinds else "; the store has no catalogue yet, send a full sync first"
                return ParamIllegal(f"{path}: no product '{product}' in {self.key.words}{hint}")
        raise AssertionError("every product is there, but not every status was written")
