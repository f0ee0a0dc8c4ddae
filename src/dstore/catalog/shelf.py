"""What all stores of a partner share: shopping areas and brands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dstore.catalog import entries, stores
from dstore.catalog.at_once import AtOnce
from dstore.catalog.entries import Delta, Entry, Stored
from dstore.catalog.stores import SHELF, StoreKey

if TYPE_CHECKING:
    from dstore.catalog.kinds import Kind
    from dstore.catalog.stores import Store
    from dstore.work import Work

KEY = StoreKey(SHELF, "", "")


def has(work: Work, kind: Kind, name: str) -> bool:
    """Return whether the partner has fed a thing and not deleted it."""
    row = work.transaction.row(
        "select 1 from entry e join store s on s.tree = e.tree"
        " where s.partner_id = ? and s.feed = ? and s.account = '' and s.ref = '' and e.kind = ? and e.key = ? and e.deleted = 0",
        (work.partner_id, SHELF, kind.number, name),
    )
    return row is not None


def hold(work: Work) -> Store:
    """Return the partner's shelf, held until the commit; it is made when the first thing is put on it."""
    return stores.lock(work, KEY) or stores.create(work, KEY, b"{}")


@dataclass(frozen=True, slots=True)
class PutOnShelf(AtOnce):
    """Put things on the shelf; each replaces the one of its id, others stay."""

    wanted: list[Entry]

    @property
    def home(self) -> StoreKey:
        """The shelf."""
        return KEY

    def apply(self, work: Work) -> None:
        """Write what differs."""
        shelf = hold(work)
        delta = Delta()
        found = work.transaction.each(
            *(entries.at(entries.known(shelf.tree), (entry.kind, entry.key)) for entry in self.wanted)
        )
        for index, (entry, rows) in enumerate(zip(self.wanted, found, strict=True)):
            was = Stored(*rows[0]) if rows else None
            if was is None:
                delta.added.append((entry, entries.after_all(shelf.version, index)))
            elif was.doc != entry.doc or was.deleted:
                delta.changed.append((entry, was.position))
        if delta:
            version = stores.change(work, shelf)
            entries.write(work.transaction, shelf.tree, version, delta, tombstones=True)
            work.record(shelf.id, version, {"change": "shelf", **delta.counts()})
