"""What a series of calls leaves in the tables, to be put into another database of the same kind: quicker than the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore.storage.opening import dialect

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.storage.port import Reading, Transaction
    from harness.platform import Platform

TABLES = {
    "sqlite": "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
    "postgresql": "select tablename from pg_tables where schemaname = current_schema()",
}
# Trees written ahead of a commit and then not used are swept later, and the log of calls is written a little later:
# neither is a trace of a call in what is sold.
PASSING = {"loose_tree", "request_batch"}
_COUNTED = "select sequencename, last_value from pg_sequences where schemaname = current_schema()"
Rows = dict[str, list[Any]]


def all_rows(platform: Platform) -> Rows:
    """Return the rows of every table but the passing ones."""

    def read(reading: Reading) -> Rows:
        names = sorted({name for (name,) in reading.rows(TABLES[dialect(platform.url)])} - PASSING)
        return {name: reading.rows(f"select * from {name}") for name in names}

    return platform.database.read_now(read)


class Content:
    """What `calls` made of an empty platform; only the tables that they changed."""

    def __init__(self, platform: Platform, calls: Callable[[], None]) -> None:
        before = all_rows(platform)
        calls()
        self._rows = {name: rows for name, rows in all_rows(platform).items() if rows != before[name]}
        is_counted = dialect(platform.url) == "postgresql"
        self._counted = platform.rows(_COUNTED) if is_counted else []

    def put_into(self, platform: Platform) -> None:
        """Put it into a platform on which nothing has been called yet."""
        platform.transact(self._put)

    def _put(self, transaction: Transaction) -> None:
        for name, rows in self._rows.items():
            transaction.put(f"delete from {name}")
            marks = ", ".join("?" * len(rows[0]))
            transaction.put_many(f"insert into {name} values ({marks})", rows)
        for sequence, last in self._counted:
            if last is not None:
                transaction.rows(f"select setval('{sequence}', {last})")
