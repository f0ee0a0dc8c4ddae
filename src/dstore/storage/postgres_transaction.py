"""The verbs of a transaction on PostgreSQL: statements that travel together, COPY, savepoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from psycopg.pq.abc import PGresult

    from dstore.storage.port import Query, Row
    from dstore.storage.postgres_session import Session

T = TypeVar("T")

FEW = 16
"""Up to so many rows are inserted one by one: COPY takes more round trips."""
_SURELY = "with changed as ({} returning 1) select 1 / count(*) from changed"
"""Fails where a statement changes nothing, so that nothing behind it is done, the commit included."""
HOPED_IN_VAIN = errors.DivisionByZero


class PostgresTransaction:
    """The verbs of a transaction on one connection."""

    FOR_UPDATE = " for update"
    SKIP_LOCKED = " limit 1 for update skip locked"

    def __init__(self, session: Session, *, hopes: bool = False) -> None:
        """With `hopes`, `change_each` of a short job takes it that all rows are there, and fails later if they are not."""
        self._session = session
        self._hopes = hopes and not session.may_block
        self._foreseen: dict[tuple[str, tuple[Any, ...]], list[PGresult]] = {}

    def foresee(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Send a query together with the next statement that is waited for; who asks it later finds its result."""
        apart: list[PGresult] = []
        self._foreseen[sql, tuple(params)] = apart
        self._session.queue(sql, params, apart)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        return self.each((sql, params))[0]

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def each(self, *queries: Query) -> list[list[Row]]:
        """Return the rows of several statements, for which one round trip is made, or none if all were foreseen."""
        found = [self._asked(sql, params) for sql, params in queries]
        if not all(found):
            self._session.settle()
        return [self._session.loaded(apart[0]) for apart in found]

    def _asked(self, sql: str, params: Sequence[Any]) -> list[PGresult]:
        """Return where the result of a query is put: it may have been sent before, and be there."""
        apart = self._foreseen.pop((sql, tuple(params)), None) if self._foreseen else None
        if apart is None:
            apart = []
            self._session.queue(sql, params, apart)
        return apart

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Execute one statement; return how many rows it changed."""
        self._session.queue(sql, params)
        return self._session.changed()

    def put(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Execute one statement together with the next that is waited for."""
        self._session.queue(sql, params)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Execute one statement for each row, pipelined; return how many rows were changed in all."""
        many = list(rows)
        self.put_many(sql, many)
        return sum(result.command_tuples or 0 for result in self._session.settle()[-len(many) :]) if many else 0

    def change_each(self, sql: str, rows: Iterable[Sequence[Any]]) -> bool:
        """Execute one statement for each row, pipelined; return whether all changed one."""
        many = list(rows)
        if not self._hopes:
            return self.many(sql, many) == len(many)
        self.put_many(_SURELY.format(sql), many)
        return True

    def put_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each row, together with the next statement that is waited for."""
        for row in rows:
            self._session.queue(sql, row)

    def load(
        self,
        table: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[Any]],
        shared: Mapping[str, Any] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Insert many new rows by COPY in its binary form; a few, and all of a short job, with the next statement."""
        wanted = meanwhile or _nothing
        same = shared or {}
        names, first = ",".join((*same, *columns)), tuple(same.values())
        if len(rows) <= FEW or not self._session.may_block:
            marks = ",".join("?" * (len(same) + len(columns)))
            self.put_many(f"insert into {table} ({names}) values ({marks})", [(*first, *row) for row in rows])
            wanted()
            return
        types = self._session.types(f"select {names} from {table} limit 0")
        with self._session.leave_pipeline().cursor().copy(f"copy {table} ({names}) from stdin (format binary)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row((*first, *row))
            wanted()

    def attempt(self, work: Callable[[], T]) -> T:
        """Run `work` under a savepoint."""
        self._session.queue("savepoint attempt")
        try:
            done = work()
        except psycopg.Error:
            raise
        except BaseException:
            self.run("rollback to savepoint attempt")
            raise
        self.run("release savepoint attempt")
        return done


def _nothing() -> None:
    """Do nothing meanwhile."""
