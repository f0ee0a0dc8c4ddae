"""Trees of entries: a store points at one. A large tree is written ahead, loose, and taken over by the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.catalog import entries
from dstore.results import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dstore.catalog.entries import Entry
    from dstore.storage.port import Database, Transaction

CHUNK_BYTES = 250_000
SWEEP_ROWS = 1_000
ABANDONED_MILLISECONDS = 15 * 60 * 1000


def make(transaction: Transaction, now: int) -> int:
    """Return the number of a new tree; it is loose until `keep`."""
    row = transaction.row("insert into loose_tree (since) values (?) returning tree", (now,))
    if row is None:
        raise AssertionError("a tree without a number")
    return int(row[0])


def keep(transaction: Transaction, tree: int) -> None:
    """Take a tree off the list of loose ones: a store points at it now."""
    transaction.put("delete from loose_tree where tree = ?", (tree,))


def take_over(transaction: Transaction, tree: int) -> None:
    """Take a tree that was written ahead off the list; UnavailableError when sweeping it has begun meanwhile."""
    if not transaction.run("delete from loose_tree where tree = ? and since > 0", (tree,)):
        raise UnavailableError("what was written ahead waited for too long and has been swept")


def let_go(transaction: Transaction, tree: int) -> None:
    """Leave a tree that no store points at any more to be swept."""
    transaction.put("insert into loose_tree (tree, since) values (?, 0)", (tree,))


def write_ahead(database: Database, new: Sequence[Entry], now: int) -> int:
    """Write entries as a loose tree, in transactions short enough to let other calls pass; return its number."""
    tree = database.transact_now(lambda transaction: make(transaction, now))
    placed = [(entry, index * entries.STEP) for index, entry in enumerate(new)]
    start = size = 0
    for end, (entry, _) in enumerate(placed, 1):
        size += len(entry.doc)
        if size >= CHUNK_BYTES or end == len(placed):
            database.transact_now(_loading(tree, placed[start:end]))
            start, size = end, 0
    return tree


def _loading(tree: int, chunk: list[tuple[Entry, int]]) -> Callable[[Transaction], None]:
    return lambda transaction: entries.load(transaction, tree, 0, chunk)


def sweep(database: Database, now: int) -> int:
    """Delete rows of trees that nobody points at, a bounded number in a transaction; return how many went."""

    def some(transaction: Transaction) -> int:
        row = transaction.row(
            "select tree from loose_tree where since < ? order by tree" + transaction.SKIP_LOCKED,
            (now - ABANDONED_MILLISECONDS,),
        )
        if row is None:
            return 0
        transaction.put("update loose_tree set since = 0 where tree = ?", (row[0],))  # nobody may take it over now
        gone = transaction.run(
            "delete from entry where tree = ? and key in (select key from entry where tree = ? limit ?)",
            (row[0], row[0], SWEEP_ROWS),
        )
        if gone < SWEEP_ROWS:
            transaction.run("delete from removed where tree = ?", (row[0],))
            transaction.run("delete from loose_tree where tree = ?", (row[0],))
        return gone + 1

    return database.transact_now(some)
