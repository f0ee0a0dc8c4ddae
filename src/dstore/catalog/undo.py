"""What changes of a catalogue overwrote, kept for a while: the catalogue before a change, and what the change did.

Each change keeps the entries it overwrote, as they were. Applied backwards from the present one after another they
give every earlier catalogue. Statuses set by themselves are no changes of the catalogue and keep nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dstore.catalog import entries
from dstore.catalog.entries import Entry, Stored
from dstore.packing import packed, plain, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dstore.catalog.entries import Delta, Name
    from dstore.catalog.stores import Store
    from dstore.storage.port import Database, Reading, Transaction
    from dstore.work import Work

NOTHING = b""
"""Kept of the first catalogue of a store: there was none before."""
WORTH_COMPRESSING = 4 * 1024
SWEEP_ROWS = 100

_Was = tuple[int, str, int, str | None, int, bytes | None]
"""Kind, key, position, status, deleted and document; no document when the entry was not there."""
Tree = dict["Name", Stored]

_decode = msgspec.msgpack.Decoder(list[_Was]).decode


class Step(NamedTuple):
    """An entry before and after a change; None where it is not there."""

    kind: int
    key: str
    before: Stored | None
    after: Stored | None


def overwritten(old: Mapping[Name, Stored], delta: Delta) -> bytes:
    """Return what a difference overwrites of `old`, packed."""
    return overwritten_part(old, delta) if old else NOTHING


def overwritten_part(old: Mapping[Name, Stored], delta: Delta) -> bytes:
    """Return what a difference overwrites, packed, where `old` is only as much of a tree as the difference touches."""
    return _packed(old, _names(delta))


def overwritten_by(old: Mapping[Name, Stored], new: Mapping[Name, Stored]) -> bytes:
    """Return what putting `new` in the place of `old` overwrites, packed."""
    if not old:
        return NOTHING
    return _packed(old, [name for name in {**old, **new} if old.get(name) != new.get(name)])


def _names(delta: Delta) -> list[Name]:
    return [(entry.kind, entry.key) for entry, _ in delta.added + delta.changed] + delta.removed


def _packed(old: Mapping[Name, Stored], names: Sequence[Name]) -> bytes:
    was: list[_Was] = []
    for name in names:
        one = old.get(name)
        was.append((*name, 0, None, 0, None) if one is None else (*name, *one))
    raw = msgspec.msgpack.encode(was)
    return plain(raw) if len(raw) < WORTH_COMPRESSING else packed(raw)


def _unpacked(doc: bytes) -> list[_Was]:
    return [] if doc == NOTHING else _decode(unpacked(doc))


def keep(work: Work, store: Store, version: int, doc: bytes) -> None:
    """Keep what a change overwrote, in the change's own transaction."""
    work.transaction.put(
        "insert into undo (store_id, version, at, doc) values (?, ?, ?, ?)", (store.id, version, work.now, doc)
    )


def is_kept(reading: Reading, store_id: int, version: int) -> bool:
    """Return whether the catalogue before a version is still known."""
    return reading.row("select 1 from undo where store_id = ? and version = ?", (store_id, version)) is not None


def kept_versions(reading: Reading, store_id: int) -> set[int]:
    """Return the versions whose changes can be looked at and undone."""
    return {int(row[0]) for row in reading.rows("select version from undo where store_id = ?", (store_id,))}


def before(reading: Reading, store_id: int, tree: int, version: int) -> Tree | None:
    """Return a store's entries as they were before a version; None when that is no longer known."""
    now = entries.stored(reading, tree)
    kept = _kept_since(reading, store_id, version)
    if not kept or kept[-1][0] != version:
        return None
    for _, doc in kept:
        _take_back(now, doc)
    return now


def steps(reading: Reading, store_id: int, tree: int, version: int) -> list[Step] | None:
    """Return what a change did to each entry it touched; None when that is no longer known."""
    now = entries.stored(reading, tree)
    kept = _kept_since(reading, store_id, version)
    if not kept or kept[-1][0] != version:
        return None
    for _, doc in kept[:-1]:
        _take_back(now, doc)
    last = kept[-1][1]
    if last == NOTHING:
        return [Step(*name, None, after) for name, after in now.items()]
    return [
        Step(kind, key, None if doc is None else Stored(position, status, deleted, doc), now.get((kind, key)))
        for kind, key, position, status, deleted, doc in _unpacked(last)
    ]


def _kept_since(reading: Reading, store_id: int, version: int) -> list[tuple[int, bytes]]:
    rows = reading.rows(
        "select version, doc from undo where store_id = ? and version >= ? order by version desc", (store_id, version)
    )
    return [(int(row[0]), bytes(row[1])) for row in rows]


def _take_back(tree: Tree, doc: bytes) -> None:
    """Put entries back as they were before one change."""
    if doc == NOTHING:
        tree.clear()
    for kind, key, position, status, deleted, was in _unpacked(doc):
        if was is None:
            tree.pop((kind, key), None)
        else:
            tree[kind, key] = Stored(position, status, deleted, was)


def wanted_again(now: Mapping[Name, Stored], then: Mapping[Name, Stored]) -> list[Entry]:
    """Return the entries of an earlier catalogue in their order.

    What is there now keeps the status it has now: whether a dish is sold out is not a matter of the catalogue.
    """
    living = sorted((was.position, name) for name, was in then.items() if not was.deleted)
    found = []
    for _, name in living:
        here = now.get(name)
        status = then[name].status if here is None or here.deleted else here.status
        found.append(Entry(*name, status, then[name].doc))
    return found


def sweep(database: Database, until: int) -> int:
    """Forget what changes before a moment overwrote, a bounded number of them; return how many went."""

    def some(transaction: Transaction) -> int:
        rows = transaction.rows("select store_id, version from undo where at < ? limit ?", (until, SWEEP_ROWS))
        return transaction.many("delete from undo where store_id = ? and version = ?", rows)

    return database.transact_now(some)
