"""A store as a file: what its partner fed, its documents byte for byte, and the way back into a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from dstore.catalog import trees
from dstore.catalog.stores import POS
from dstore.mendable import MendableError

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Transaction

FORMAT = "dstore store 1"
# Columns of `store` that are members of the file as they are.
_STORE = ("public_id", "feed", "account", "ref", "version", "tree_since", "changed", "deleted", "hidden")
_ENTRY = ("kind", "key", "position", "status", "deleted", "version", "doc")


class StoreFileError(MendableError):
    """A store can not be exported or imported; the text says why."""


class EntryRow(msgspec.Struct, rename="camel"):
    """An entry, living or deleted; its kind is the number that the database keeps."""

    kind: int
    key: str
    position: int
    status: str | None
    deleted: int
    version: int
    document: msgspec.Raw


class RemovedRow(msgspec.Struct, rename="camel"):
    """The name of an entry that left without a tombstone."""

    version: int
    kind: int
    key: str


class ChangeRow(msgspec.Struct, rename="camel"):
    """A row of the history; times are milliseconds since 1970. Without a clientId it was no partner's doing."""

    version: int
    at: int
    client_id: str | None
    api: str
    request_id: str
    request_time: str
    what: msgspec.Raw


class StoreFile(msgspec.Struct, rename="camel", kw_only=True):
    """All of a store that its partner fed; not what its merchant added, nor what changes overwrote."""

    format: Annotated[str, Meta(pattern=f"^{FORMAT}$")] = FORMAT
    public_id: str
    client_id: str
    feed: Literal["pos", "pds", "shelf"]
    account: str
    ref: str
    version: int
    tree_since: int
    changed: int
    deleted: int
    hidden: int = 0
    feed_hash: bytes | None
    document: msgspec.Raw
    entries: list[EntryRow]
    removed: list[RemovedRow]
    history: list[ChangeRow]


def find(reading: Reading, name: str) -> int:
    """Return the row of the one store that a name means: its public id, or client-id/ref. Raises StoreFileError."""
    client_id, _, ref = name.partition("/")
    rows = reading.rows(
        "select s.id, s.public_id from store s join partner p on p.id = s.partner_id"
        " where s.public_id = ? or (p.client_id = ? and s.ref = ? and s.feed <> 'shelf') order by s.public_id",
        (name, client_id, ref),
    )
    if not rows:
        raise StoreFileError(f"there is no store {name}")
    if len(rows) > 1:
        raise StoreFileError(f"{name} means several stores; name one by its id: {', '.join(row[1] for row in rows)}")
    return int(rows[0][0])


def export(reading: Reading, store_id: int) -> StoreFile:
    """Return a store as a file holds it; raises StoreFileError when there is none."""
    row = reading.row(
        f"select {', '.join(f's.{name}' for name in _STORE)}, p.client_id, s.feed_hash, s.doc, s.tree"
        " from store s join partner p on p.id = s.partner_id where s.id = ?",
        (store_id,),
    )
    if row is None:
        raise StoreFileError("the store is gone")
    *columns, client_id, feed_hash, doc, tree = row
    entries = reading.rows(f"select {', '.join(_ENTRY)} from entry where tree = ? order by kind, key", (tree,))
    removed = reading.rows("select version, kind, key from removed where tree = ? order by version, kind, key", (tree,))
    history = reading.rows(
        "select h.version, h.at, p.client_id, h.api, h.request_id, h.request_time, h.what from history h"
        " left join partner p on p.id = h.partner_id where h.store_id = ? order by h.version, h.id",
        (store_id,),
    )
    return StoreFile(
        **dict(zip(_STORE, columns, strict=True)),
        client_id=client_id,
        feed_hash=None if feed_hash is None else bytes(feed_hash),
        document=msgspec.Raw(doc),
        entries=[
            EntryRow(kind, key, position, status, deleted, version, msgspec.Raw(document))
            for kind, key, position, status, deleted, version, document in entries
        ],
        removed=[RemovedRow(*one) for one in removed],
        history=[
            ChangeRow(version, at, client_id, api, request_id, request_time, msgspec.Raw(what))
            for version, at, client_id, api, request_id, request_time, what in history
        ],
    )


def restore(transaction: Transaction, one: StoreFile) -> None:
    """Make a store of a file, just as it was. Raises StoreFileError, with nothing written, when it can not be made.

    The partner must be there, the store must not, and a POS account must not belong to another partner.
    """
    partners: dict[str, int] = dict(transaction.rows("select client_id, id from partner"))
    if one.client_id not in partners:
        raise StoreFileError(f"there is no partner {one.client_id}; add it first: dstore partner add")
    partner_id = partners[one.client_id]
    if one.feed == POS:
        _claim(transaction, one.account, partner_id)
    tree = trees.make(transaction, one.changed)
    row = transaction.row(
        f"insert into store ({', '.join(_STORE)}, partner_id, tree, feed_hash, doc)"
        f" values ({'?, ' * len(_STORE)}?, ?, ?, ?) on conflict do nothing returning id",
        (*(getattr(one, name) for name in _STORE), partner_id, tree, one.feed_hash, bytes(one.document)),
    )
    if row is None:
        raise StoreFileError(f"the store {one.public_id} is there already; nothing was changed")
    trees.keep(transaction, tree)
    transaction.load("entry", _ENTRY, [_columns(entry) for entry in one.entries], {"tree": tree})
    transaction.many(
        "insert into removed (tree, version, kind, key) values (?, ?, ?, ?)",
        [(tree, gone.version, gone.kind, gone.key) for gone in one.removed],
    )
    transaction.many(
        "insert into history (store_id, version, at, partner_id, api, request_id, request_time, what)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row[0], change.version, change.at, partners.get(change.client_id or "", 0), change.api,
                change.request_id, change.request_time, bytes(change.what),
            )
            for change in one.history
        ],
    )  # fmt: skip


def _columns(entry: EntryRow) -> tuple[int, str, int, str | None, int, int, bytes]:
    return (
        entry.kind, entry.key, entry.position, entry.status, entry.deleted, entry.version, bytes(entry.document),
    )  # fmt: skip


def _claim(transaction: Transaction, account: str, partner_id: int) -> None:
    transaction.run(
        "insert into account (pos_account_id, partner_id) values (?, ?) on conflict do nothing", (account, partner_id)
    )
    row = transaction.row("select partner_id from account where pos_account_id = ?", (account,))
    if row is None or row[0] != partner_id:
        raise StoreFileError(f"account {account} belongs to another partner")
