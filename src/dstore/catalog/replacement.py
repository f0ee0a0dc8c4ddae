"""Making a store's tree hold exactly what a feed sent, writing only what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.catalog import entries, stores, trees, undo
from dstore.catalog.kinds import KINDS
from dstore.clock import SystemClock, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.catalog.entries import Delta, Entry
    from dstore.catalog.stores import Store, StoreKey
    from dstore.storage.port import Database
    from dstore.work import Work

IN_PLACE = 2_000
NAMED = 50


class Replacement:
    """The entries that a store's tree shall hold.

    `feed_hash` is the digest of the bytes they came in, if those
    were worth hashing; it stays with the store until anything else changes it. `what` goes into the history.
    """

    def __init__(
        self, key: StoreKey, feed_hash: bytes | None, wanted: list[Entry], what: dict[str, Any] | None = None
    ) -> None:
        self.key = key
        self._what = what or {"change": "full"}
        self._feed_hash = feed_hash
        self._wanted = wanted
        self._delta: tuple[tuple[int, int], Delta, bytes] | None = None
        self._ahead: tuple[int, dict[str, Any]] | None = None
        self._overwritten: tuple[int, bytes] | None = None

    @property
    def may_write_ahead(self) -> bool:
        """Whether it may be so large that it is written ahead."""
        return len(self._wanted) > IN_PLACE

    def prepare(self, database: Database, store: Store | None, in_place: int = IN_PLACE) -> None:
        """Work out the difference before the transaction; write one of more than `in_place` ahead as a loose tree.

        `store` is the store as it was found, None if there was none; what changes meanwhile raises its version.
        """
        old = {} if store is None else entries.stored_now(database, store.tree)
        delta = entries.difference(old, self._wanted)
        if len(delta) > in_place:
            tree = trees.write_ahead(database, self._wanted, milliseconds(SystemClock().now()))
            self._ahead = (tree, _named(delta))
            self._overwritten = (store.version, undo.overwritten(old, delta)) if store else None
            self._wanted = []
        else:
            self._delta = (_state(store), delta, undo.overwritten(old, delta))

    def apply(
        self,
        work: Work,
        store: Store,
        *,
        tombstones: bool,
        meanwhile: Callable[[], None] | None = None,
        **columns: Any,
    ) -> None:
        """Write the difference and the store's columns as one new version; nothing when nothing differs.

        `meanwhile` is done while the database takes many new entries.
        """
        if self._ahead is not None:
            tree, named = self._ahead
            before = self._overwritten_by_tree(work, store, tree)
            trees.take_over(work.transaction, tree)
            trees.let_go(work.transaction, store.tree)
            version = stores.change(work, store, tree=tree, feed_hash=self._feed_hash, **columns)
        else:
            delta, before = self._fresh_delta(work, store)
            if not delta and not columns and store.version:
                stores.note_feed(work, store, self._feed_hash)
                return
            version = stores.change(work, store, feed_hash=self._feed_hash, **columns)
            entries.write(work.transaction, store.tree, version, delta, tombstones=tombstones, meanwhile=meanwhile)
            named = _named(delta)
        undo.keep(work, store, version, before)
        work.record(store.id, version, {**self._what, **named})

    def _fresh_delta(self, work: Work, store: Store) -> tuple[Delta, bytes]:
        if self._delta is not None and self._delta[0] == _state(store):
            return self._delta[1:]
        old = entries.stored(work.transaction, store.tree) if store.version else {}
        delta = entries.difference(old, self._wanted)
        return delta, undo.overwritten(old, delta)

    def _overwritten_by_tree(self, work: Work, store: Store, tree: int) -> bytes:
        """Return what the tree that was written ahead overwrites, also if the store changed meanwhile."""
        if self._overwritten is not None and self._overwritten[0] == store.version:
            return self._overwritten[1]
        old = entries.stored(work.transaction, store.tree)
        return undo.overwritten_by(old, entries.stored(work.transaction, tree)) if store.version else undo.NOTHING


def _state(store: Store | None) -> tuple[int, int]:
    """Return what tells one state of a tree from another; in a store that is new there is nothing, whichever it is."""
    return (0, 0) if store is None or not store.version else (store.id, store.version)


def _named(delta: Delta) -> dict[str, Any]:
    """Return what the history says of a difference: how many entries, and the first of them by name."""
    what: dict[str, Any] = dict(delta.counts())
    for word, names in (
        ("addedIds", [(entry.kind, entry.key) for entry, _ in delta.added[:NAMED]]),
        ("changedIds", [(entry.kind, entry.key) for entry, _ in delta.changed[:NAMED]]),
        ("removedIds", delta.removed[:NAMED]),
    ):
        if names:
            what[word] = [f"{KINDS[kind].word} {key}" for kind, key in names]
    return what
