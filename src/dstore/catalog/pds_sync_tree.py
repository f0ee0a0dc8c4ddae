"""A store's tree while syncStore changes it: read as far as it is asked for, written once at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from dstore.catalog import entries, stores, undo
from dstore.catalog.entries import Delta, Entry, Stored
from dstore.catalog.kinds import ADDON, ITEM, KINDS, MENU

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.catalog.entries import Name
    from dstore.catalog.kinds import Kind
    from dstore.catalog.stores import Store
    from dstore.storage.port import Row
    from dstore.work import Work

_COLUMNS = "kind, key, position, status, deleted, doc"


class Living(NamedTuple):
    """An object that is there: its key, and its row."""

    key: str
    position: int
    status: str | None
    doc: bytes


class SyncedTree:
    """The entries of one store as they are and as they shall be."""

    def __init__(self, work: Work, store: Store, *, whole: bool) -> None:
        self.store = store
        self._work = work
        self._rows: dict[Name, dict[str, Stored]] = {}
        self._was: dict[Name, Stored | None] = {}
        self._is_whole = whole or not store.version
        if not store.version:
            return
        if whole:
            self._take(work.transaction.rows(f"select {_COLUMNS} from entry where tree = ?", (store.tree,)))
        else:
            self._take(
                work.transaction.rows(
                    f"select {_COLUMNS} from entry where tree = ? and kind = ?", (store.tree, MENU.number)
                )
            )

    def find(self, kind: Kind, own: str) -> list[Living]:
        """Return the living objects that carry an id."""
        return [
            Living(key, row.position, row.status, row.doc)
            for key, row in self._own(kind, own).items()
            if not row.deleted
        ]

    def get(self, kind: Kind, key: str) -> Living | None:
        """Return the living object of a key."""
        row = self._own(kind, kind.own_id(key)).get(key)
        return None if row is None or row.deleted else Living(key, row.position, row.status, row.doc)

    def all(self, kind: Kind) -> Iterator[Living]:
        """Yield all living objects of a kind, in no order; only menus can be asked for unless the whole was read."""
        for number, own in list(self._rows):
            if number == kind.number:
                yield from self.find(kind, own)

    def read_all(self, kind: Kind) -> None:
        """Read all objects of a kind, so that `all` yields them; what changed already stays so."""
        if self._is_whole:
            return
        rows = self._work.transaction.rows(
            f"select {_COLUMNS} from entry where tree = ? and kind = ?", (self.store.tree, kind.number)
        )
        self._take([row for row in rows if (kind.number, kind.own_id(row[1])) not in self._rows])

    def regrown(self, kind: Kind) -> Iterator[tuple[bytes | None, bytes]]:
        """Yield the documents, before and after, of objects of a kind that were stored once and are written anew.

        There is none before where the object was deleted.
        """
        for number, key in self.changed():
            was, now = self._was[number, key], self._now((number, key))
            if number == kind.number and was is not None and not now.deleted:
                yield None if was.deleted else was.doc, now.doc

    def put(self, kind: Kind, key: str, status: str | None, doc: bytes, position: int | None = None) -> None:
        """Write an object: in its old place, in the given one, or behind everything that is there."""
        rows = self._own(kind, kind.own_id(key))
        was = rows.get(key)
        self._was.setdefault((kind.number, key), was)
        if position is None:
            is_new = was is None or was.deleted
            position = entries.after_all(self.store.version + 1, len(self._was)) if is_new else rows[key].position
        rows[key] = Stored(position, status, 0, doc)

    def clear(self) -> None:
        """Leave tombstones of everything; for a store that was deleted and comes back."""
        for (number, _), rows in self._rows.items():
            for key, row in rows.items():
                if not row.deleted:
                    self._was.setdefault((number, key), row)
                    rows[key] = row._replace(deleted=1)

    def changed(self) -> list[Name]:
        """Return what is otherwise than it was, in the order in which it was written first."""
        return [name for name, was in self._was.items() if was != self._now(name)]

    def currency(self) -> str | None:
        """Return the currency of an item of the store, if there is one."""
        for kind in (ITEM, ADDON):
            found = next(self.all(kind), None)
            doc = found.doc if found is not None else None if self._is_whole else self._any_doc(kind)
            if doc is not None:
                return str(msgspec.json.decode(doc)["priceInfo"]["currency"])
        return None

    def write(self, columns: dict[str, Any]) -> None:
        """Write what changed and the store's columns as one new version; nothing when there is nothing."""
        delta = self._delta()
        if not delta and not columns:
            return
        version = stores.change(self._work, self.store, feed_hash=None, **columns)
        old = {name: was for name, was in self._was.items() if was is not None}
        undo.keep(self._work, self.store, version, undo.overwritten_part(old, delta))
        entries.write(self._work.transaction, self.store.tree, version, delta, tombstones=True)
        what = [f"{KINDS[number].word} {key}" for number, key in self.changed()[:50]]
        self._work.record(self.store.id, version, {"change": "sync", **delta.counts(), "what": what})

    def _delta(self) -> Delta:
        delta = Delta()
        for number, key in self.changed():
            was, now = self._was[number, key], self._now((number, key))
            if now.deleted:
                delta.removed.append((number, key))
            else:
                rows = delta.added if was is None else delta.changed
                rows.append((Entry(number, key, now.status, now.doc), now.position))
        return delta

    def _now(self, name: Name) -> Stored:
        kind = KINDS[name[0]]
        return self._rows[kind.number, kind.own_id(name[1])][name[1]]

    def _own(self, kind: Kind, own: str) -> dict[str, Stored]:
        """Return the rows that carry an id, deleted ones too."""
        rows = self._rows.get((kind.number, own))
        if rows is None:
            rows = self._rows[kind.number, own] = {}
            if not self._is_whole and kind is not MENU:
                low, high = kind.prefix(own)
                self._take(
                    self._work.transaction.rows(
                        f"select {_COLUMNS} from entry where tree = ? and kind = ? and key >= ? and key < ?",
                        (self.store.tree, kind.number, low, high),
                    )
                )
        return rows

    def _take(self, rows: list[Row]) -> None:
        for number, key, position, status, deleted, doc in rows:
            own = KINDS[number].own_id(key)
            self._rows.setdefault((number, own), {})[key] = Stored(position, status, deleted, bytes(doc))

    def _any_doc(self, kind: Kind) -> bytes | None:
        row = self._work.transaction.row(
            "select doc from entry where tree = ? and kind = ? and deleted = 0 limit 1", (self.store.tree, kind.number)
        )
        return None if row is None else bytes(row[0])
