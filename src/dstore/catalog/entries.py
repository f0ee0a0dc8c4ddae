"""A tree's entries: what is there, what shall be there, and the difference that is written.

Comparison is by the documents' own bytes, which is exact and cheaper than hashing them. Positions have gaps, so
that an insertion in the middle moves nobody else's row.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dstore.storage.port import Database, Query, Reading, Row, Transaction

STEP = 1024
REMOVED_VERSIONS = 1_000
"""For how many versions of a store the names of entries that left without a tombstone are kept."""
_COLUMNS = ("kind", "key", "position", "status", "doc")
_STORED = "select kind, key, position, status, deleted, doc from entry where tree = ?"
Name = tuple[int, str]
TreeTerm = tuple[str, tuple[Any, ...]]
"""An SQL expression for a tree's number, with its parameters: the number, or a query that finds it."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An entry as it shall be; its position is its place in the list it comes in."""

    kind: int
    key: str
    status: str | None
    doc: bytes


class Stored(NamedTuple):
    """An entry as it is."""

    position: int
    status: str | None
    deleted: int
    doc: bytes


@dataclass(slots=True)
class Delta:
    """What must be written to make a tree hold what it shall."""

    added: list[tuple[Entry, int]] = field(default_factory=list)
    changed: list[tuple[Entry, int]] = field(default_factory=list)
    removed: list[Name] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed)

    def counts(self) -> dict[str, int]:
        """Return how many entries come, change and go."""
        return {"added": len(self.added), "changed": len(self.changed), "removed": len(self.removed)}


def stored(reading: Reading, tree: int) -> dict[Name, Stored]:
    """Read all entries of a tree."""
    return _by_name(reading.rows(_STORED, (tree,)))


def stored_now(database: Database, tree: int) -> dict[Name, Stored]:
    """Read all entries of a tree by themselves, on a thread that may wait."""
    return _by_name(database.rows_now(_STORED, (tree,)))


def _by_name(rows: Iterable[Row]) -> dict[Name, Stored]:
    return {(kind, key): Stored(position, status, deleted, doc) for kind, key, position, status, deleted, doc in rows}


def known(tree: int) -> TreeTerm:
    """Return a tree whose number is known."""
    return "?", (tree,)


def at(term: TreeTerm, name: Name) -> Query:
    """Return the query for an entry of a tree, living or not; its row makes a `Stored`."""
    tree, named = term
    sql = f"select position, status, deleted, doc from entry where tree = {tree} and kind = ? and key = ?"
    return sql, (*named, *name)


def difference(old: dict[Name, Stored], new: Sequence[Entry]) -> Delta:
    """Return what changes when exactly `new`, in this order, is to be in the tree."""
    if not old:
        return Delta(added=list(zip(new, range(0, len(new) * STEP, STEP), strict=True)))
    delta = Delta()
    for entry, position in zip(new, _positions(old, new), strict=True):
        was = old.get((entry.kind, entry.key))
        if was is None:
            delta.added.append((entry, position))
        elif was.doc != entry.doc or was.position != position or was.status != entry.status or was.deleted:
            delta.changed.append((entry, position))
    kept = {(entry.kind, entry.key) for entry in new}
    delta.removed = [name for name, was in old.items() if name not in kept and not was.deleted]
    return delta


def write(
    transaction: Transaction,
    tree: int,
    version: int,
    delta: Delta,
    *,
    tombstones: bool,
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Write a difference. Removed entries are deleted, or kept as tombstones.

    `meanwhile` is done while the database takes those that were added, if there are any.
    """
    if delta.added:
        load(transaction, tree, version, delta.added, meanwhile)
    transaction.put_many(
        "update entry set position = ?, status = ?, deleted = 0, version = ?, doc = ? where tree = ? and kind = ? and key = ?",
        [
            (position, entry.status, version, entry.doc, tree, entry.kind, entry.key)
            for entry, position in delta.changed
        ],
    )
    if delta.removed:
        (_bury if tombstones else _remove)(transaction, tree, version, delta.removed)


def _bury(transaction: Transaction, tree: int, version: int, names: Sequence[Name]) -> None:
    sql = "update entry set deleted = 1, version = ? where tree = ? and kind = ? and key = ?"
    transaction.put_many(sql, [(version, tree, kind, key) for kind, key in names])


def _remove(transaction: Transaction, tree: int, version: int, names: Sequence[Name]) -> None:
    """Delete entries; their names are kept for as long as a change feed looks back."""
    transaction.put_many(
        "delete from entry where tree = ? and kind = ? and key = ?", [(tree, kind, key) for kind, key in names]
    )
    transaction.put("delete from removed where tree = ? and version <= ?", (tree, version - REMOVED_VERSIONS))
    transaction.put_many(
        "insert into removed (tree, version, kind, key) values (?, ?, ?, ?)",
        [(tree, version, kind, key) for kind, key in names],
    )


def load(
    transaction: Transaction,
    tree: int,
    version: int,
    added: Iterable[tuple[Entry, int]],
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Insert entries that are new to the tree; do something else while the database takes them."""
    rows = [(entry.kind, entry.key, position, entry.status, entry.doc) for entry, position in added]
    # Rows that come in the order of their keys are appended to the index, not fitted in; two plain sorts beat one of pairs.
    rows.sort(key=itemgetter(1))
    rows.sort(key=itemgetter(0))
    transaction.load("entry", _COLUMNS, rows, {"tree": tree, "deleted": 0, "version": version}, meanwhile)


def _positions(old: dict[Name, Stored], new: Sequence[Entry]) -> list[int]:
    """Keep the positions of entries that stay in order and fit new ones between; else number all anew."""
    positions: list[int] = []
    last = -STEP
    waiting = 0
    for entry in new:
        was = old.get((entry.kind, entry.key))
        if was is None:
            waiting += 1
            continue
        gap = was.position - last
        if gap <= waiting:
            return [index * STEP for index in range(len(new))]
        step = gap // (waiting + 1)
        positions.extend(last + step * (index + 1) for index in range(waiting))
        positions.append(was.position)
        last, waiting = was.position, 0
    positions.extend(last + STEP * (index + 1) for index in range(waiting))
    return positions


def after_all(version: int, index: int = 0) -> int:
    """Return a position behind everything a full sync or an earlier version has placed."""
    return (1 << 40) + version * (1 << 20) + index
