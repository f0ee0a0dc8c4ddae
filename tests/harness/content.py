"""What calls leave in the tables, to be put back, or into another database of the same kind: quicker than the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.storage.opening import dialect

if TYPE_CHECKING:
    from dstore.storage.port import Reading, Transaction
    from harness.platform import Platform

TABLES = {
    "sqlite": "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
    "postgresql": "select tablename from pg_tables where schemaname = current_schema()",
}
# Trees written ahead of a commit and then not used are swept later, and the log of calls is written a little later:
# neither is a trace of a call in what is sold.
PASSING = {"loose_tree", "request_batch"}
CHANGING = ("accepted", "account", "entry", "given", "history", "removed", "store", "undo")
_COUNTED = "select sequencename, last_value from pg_sequences where schemaname = current_schema()"
Rows = dict[str, list[Any]]


def all_rows(platform: Platform) -> Rows:
    """Return the rows of every table but the passing ones."""

    def read(reading: Reading) -> Rows:
        names = sorted({name for (name,) in reading.rows(TABLES[dialect(platform.url)])} - PASSING)
        return {name: reading.rows(f"select * from {name}") for name in names}

    return platform.database.read_now(read)


class Content:
    """What calls have stored in a platform up to now: `rows` by the table."""

    def __init__(self, platform: Platform) -> None:
        self.rows = {name: platform.rows(f"select * from {name}") for name in CHANGING}
        self._counted = platform.rows(_COUNTED) if dialect(platform.url) == "postgresql" else []

    def put_into(self, platform: Platform) -> None:
        """Have a platform hold just this; the numbers that it gives go on behind those that were given."""
        platform.transact(self._put)

    def _put(self, transaction: Transaction) -> None:
        for name in (*CHANGING, "loose_tree"):
            transaction.run(f"delete from {name}")
        for name, rows in self.rows.items():
            if rows:
                transaction.many(f"insert into {name} values ({','.join('?' * len(rows[0]))})", rows)
        for sequence, last in self._counted:
            if last is not None:
                transaction.rows(f"select setval('{sequence}', greatest(last_value, {last})) from {sequence}")
