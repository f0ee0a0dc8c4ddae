"""Deleting calls that are too old or too many, a bounded number of rows in a transaction."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from dstore.clock import milliseconds
from dstore.results import UnavailableError

if TYPE_CHECKING:
    from dstore.clock import Clock
    from dstore.storage.port import Database, Reading

PIECE = 50
SERIAL_BITS = 20


async def sweep(database: Database, clock: Clock, *, days: int, rows: int) -> None:
    """Delete what is older than `days` or beyond the newest `rows` calls; a database that is away keeps it longer."""
    oldest = milliseconds(clock.now() - timedelta(days=days)) << SERIAL_BITS
    with suppress(UnavailableError):
        end = max(oldest, await database.read(lambda reading: _end_of_surplus(reading, rows)))
        gone = PIECE
        while gone == PIECE:
            gone = await database.transact_long(
                lambda transaction: transaction.run(
                    "delete from request_batch where id in (select id from request_batch where id < ? order by id limit ?)",
                    (end, PIECE),
                )
            )


def _end_of_surplus(reading: Reading, rows: int) -> int:
    """Return the id from which on there are at least `rows` calls."""
    row = reading.row(
        "select max(id) from (select id, sum(calls) over (order by id desc) as newer from request_batch) t"
        " where newer >= ?",
        (rows,),
    )
    return 0 if row is None or row[0] is None else int(row[0])
