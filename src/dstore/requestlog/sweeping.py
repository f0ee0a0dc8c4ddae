"""Deleting calls that are too old or too many, a bounded number in a transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dstore.clock import milliseconds

if TYPE_CHECKING:
    from dstore.clock import Clock
    from dstore.storage.port import Database, Reading, Transaction

PIECE = 1_000
ID_BITS = 20


def sweep(database: Database, clock: Clock, *, days: int, rows: int) -> int:
    """Delete what is older than `days` or beyond `rows`; return how many calls went."""
    oldest = milliseconds(clock.now() - timedelta(days=days)) << ID_BITS
    first = database.read_now(lambda reading: max(oldest, _first_of(reading, rows)))
    gone = 0
    while some := database.transact_now(lambda transaction: _piece(transaction, first)):
        gone += some
    return gone


def _first_of(reading: Reading, rows: int) -> int:
    """Return the id from which on there are `rows` calls, or 0 when there are not so many."""
    row = reading.row("select id from request order by id desc limit 1 offset ?", (rows,))
    return 0 if row is None else int(row[0]) + 1


def _piece(transaction: Transaction, first: int) -> int:
    gone = transaction.run(
        "delete from request where id in (select id from request where id < ? order by id limit ?)", (first, PIECE)
    )
    if gone < PIECE:
        # Texts are shared by neighbours: one that an early remaining call needs stays.
        row = transaction.row("select min(text_id) from (select text_id from request order by id limit ?) t", (PIECE,))
        needed = first if row is None or row[0] is None else min(first, int(row[0]))
        transaction.run("delete from request_text where id < ?", (needed,))
        transaction.run("delete from request_store where request < ?", (first,))
    return gone if gone == PIECE else 0
