"""Stores of both feeds: finding, making and changing their rows."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from dstore.catalog import trees
from dstore.results import AccessDenied

if TYPE_CHECKING:
    from dstore.catalog.entries import TreeTerm
    from dstore.storage.port import Database, Reading, Row, Transaction
    from dstore.work import Work

POS = "pos"
PDS = "pds"
SHELF = "shelf"
"""Not a store: where the shopping areas and brands stand that all stores of a partner share."""
_FIELDS = "id, tree, version, feed_hash, deleted, hidden, doc"


class Writing(Protocol):
    """An open transaction and the moment of the change in milliseconds: a call's work, or a merchant's."""

    @property
    def transaction(self) -> Transaction:
        """Where it is written."""
        ...

    @property
    def now(self) -> int:
        """When."""
        ...


class StoreKey(NamedTuple):
    """What names a store: its feed, the partner's account (POS) and the partner's own id."""

    feed: str
    account: str
    ref: str

    @property
    def words(self) -> str:
        """The store as messages name it."""
        return f"store '{self.ref}'" + (f" of account '{self.account}'" if self.account else "")


class Store(msgspec.Struct, frozen=True, gc=False):
    """A store's row."""

    id: int
    tree: int
    version: int
    feed_hash: bytes | None
    deleted: bool
    hidden: bool
    """Whether its partner hid it from diners."""
    doc: bytes

    @classmethod
    def of(cls, row: Row) -> Store:
        """Return the store of a row of `_FIELDS`."""
        feed_hash = None if row[3] is None else bytes(row[3])
        return cls(row[0], row[1], row[2], feed_hash, bool(row[4]), bool(row[5]), bytes(row[6]))

    def stands_as_fed(self, digest: bytes) -> bool:
        """Return whether the bytes of a digest are what it was last fed with, and diners see it."""
        return self.feed_hash == digest and not self.deleted and not self.hidden


def public_id(client_id: str, key: StoreKey) -> str:
    """Return the id under which diners see a store: made from what names it, so that it is the same everywhere."""
    named = f"{client_id}\0{key.feed}\0{key.account}\0{key.ref}".encode()
    return base64.b32encode(hashlib.sha256(named).digest()[:10]).decode().lower()


_BY_KEY = f"select {_FIELDS} from store where partner_id = ? and feed = ? and account = ? and ref = ?"


def find(reading: Reading, partner_id: int, key: StoreKey, lock: str = "") -> Store | None:
    """Return a partner's store, deleted or not."""
    row = reading.row(_BY_KEY + lock, (partner_id, key.feed, key.account, key.ref))
    return None if row is None else Store.of(row)


def foresee(work: Work, key: StoreKey) -> None:
    """Say that the store will be locked first of all."""
    work.transaction.foresee(_BY_KEY + work.transaction.FOR_UPDATE, (work.partner_id, key.feed, key.account, key.ref))


def tree_of(work: Work, key: StoreKey) -> TreeTerm:
    """Return the tree of a partner's store for statements that travel with the one that locks it."""
    expression = "(select tree from store where partner_id = ? and feed = ? and account = ? and ref = ?)"
    return expression, (work.partner_id, *key)


def find_now(database: Database, partner_id: int, key: StoreKey) -> Store | None:
    """Return the same by itself, on a thread that may wait."""
    rows = database.rows_now(_BY_KEY, (partner_id, key.feed, key.account, key.ref))
    return Store.of(rows[0]) if rows else None


def lock(work: Work, key: StoreKey) -> Store | None:
    """Return a partner's store and hold it until the commit, so that changes of one store come one after another."""
    store = find(work.transaction, work.partner_id, key, work.transaction.FOR_UPDATE)
    if store is not None and store.version:  # one without a version is being made, and may be undone
        work.stores.setdefault(store.id, 0)
    return store


def hold(writing: Writing, store_id: int) -> Store:
    """Return a store by its row's id and hold it until the commit; LookupError when there is none."""
    transaction = writing.transaction
    row = transaction.row(f"select {_FIELDS} from store where id = ?{transaction.FOR_UPDATE}", (store_id,))
    if row is None:
        raise LookupError(f"no store {store_id}")
    return Store.of(row)


_OWNER = "select partner_id from account where pos_account_id = ?"


def is_anothers(database: Database, account: str, partner_id: int) -> bool:
    """Return whether an account belongs to another partner, on a thread that may wait."""
    rows = database.rows_now(_OWNER, (account,))
    return bool(rows) and rows[0][0] != partner_id


def claim_account(work: Work, account: str) -> None:
    """Give an account to the first partner that uses it, unless accounts are granted; refuse everybody else."""
    if work.may_claim:
        work.transaction.put(
            "insert into account (pos_account_id, partner_id) values (?, ?) on conflict do nothing",
            (account, work.partner_id),
        )
    row = work.transaction.row(_OWNER, (account,))
    if row is None or row[0] != work.partner_id:
        owner = "nobody yet; ask the operator to grant it" if row is None else "another partner"
        raise AccessDenied(f"posAccountId: account '{account[:80]}' belongs to {owner}")


def create(work: Work, key: StoreKey, doc: bytes) -> Store:
    """Make a store's row with an empty tree, or return the one that another call made meanwhile."""
    transaction = work.transaction
    tree = trees.make(transaction, work.now)
    transaction.put(
        "insert into store (public_id, feed, partner_id, account, ref, tree, version, changed, doc)"
        " values (?, ?, ?, ?, ?, ?, 0, ?, ?) on conflict do nothing",
        (
            public_id(work.call.caller.client_id, key),
            key.feed,
            work.partner_id,
            key.account,
            key.ref,
            tree,
            work.now,
            doc,
        ),
    )
    trees.keep(transaction, tree)  # should another call have made the store, this tree is nobody's and empty
    store = lock(work, key)
    if store is None:
        raise AssertionError(f"{key.words} was neither made nor found")
    return store


def change(work: Writing, store: Store, **columns: Any) -> int:
    """Write columns of a store and raise its version; return the new version.

    A new tree is noted with the version that brought it: its entries do not tell what was there before.
    """
    version = store.version + 1
    if "tree" in columns:
        columns["tree_since"] = version
    names = "".join(f", {name} = ?" for name in columns)
    work.transaction.put(
        f"update store set version = ?, changed = ?{names} where id = ?",
        (version, work.now, *columns.values(), store.id),
    )
    return version


def note_feed(work: Work, store: Store, feed_hash: bytes | None) -> None:
    """Remember what bytes the store's unchanged catalogue came in."""
    if store.feed_hash != feed_hash:
        work.transaction.put("update store set feed_hash = ? where id = ?", (feed_hash, store.id))
