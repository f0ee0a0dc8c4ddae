"""The verbs of a transaction on a SQLite connection."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import apsw

    from dstore.storage.port import Query, Row

T = TypeVar("T")

LOAD_ROWS = 50


class SqliteTransaction:
    """The verbs of a transaction on one connection."""

    FOR_UPDATE = ""
    SKIP_LOCKED = ""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()

    def foresee(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Nothing: no question travels."""

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        return self._cursor.execute(sql, params).fetchall()

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        # Rows are read to the end: an unfinished RETURNING statement would hold its savepoint open.
        rows = self._cursor.execute(sql, params).fetchall()
        return rows[0] if rows else None

    def each(self, *queries: Query) -> list[list[Row]]:
        """Return the rows of several statements, one after another."""
        return [self.rows(sql, params) for sql, params in queries]

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Execute one statement; return how many rows it changed."""
        before = self._connection.total_changes()
        self._cursor.execute(sql, params)
        return self._connection.total_changes() - before

    def put(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Execute one statement."""
        self._cursor.execute(sql, params)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Execute one statement for each row; return how many rows were changed in all."""
        before = self._connection.total_changes()
        self._cursor.executemany(sql, rows)
        return self._connection.total_changes() - before

    def change_each(self, sql: str, rows: Iterable[Sequence[Any]]) -> bool:
        """Execute one statement for each row; return whether all changed one."""
        many = list(rows)
        return self.many(sql, many) == len(many)

    def put_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each row."""
        self._cursor.executemany(sql, rows)

    def load(
        self,
        table: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        shared: Mapping[str, Any] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Insert many new rows, some dozens with each statement: every statement gives up the interpreter's lock."""
        if meanwhile is not None:
            meanwhile()
        same = shared or {}
        into = f"insert into {table} ({','.join((*same, *columns))}) values "
        # A numbered parameter may stand in many places; those without a number go on from the highest one.
        numbered = [f"?{number}" for number in range(1, len(same) + 1)]
        row = f"({','.join([*numbered, *'?' * len(columns)])})"
        values, width, first = list(chain.from_iterable(rows)), len(columns) * LOAD_ROWS, tuple(same.values())
        whole = len(values) - len(values) % width
        dozens = ((*first, *values[start : start + width]) for start in range(0, whole, width))
        self._cursor.executemany(into + ",".join([row] * LOAD_ROWS), dozens)
        self._cursor.executemany(into + row, ((*first, *one) for one in rows[whole // len(columns) :]))

    def attempt(self, work: Callable[[], T]) -> T:
        """Run `work` under a savepoint."""
        self._cursor.execute("savepoint attempt")
        try:
            done = work()
        except BaseException:
            if self._connection.in_transaction:  # a full disk may have rolled everything back already
                self._cursor.execute("rollback to attempt; release attempt")
            raise
        self._cursor.execute("release attempt")
        return done
