"""What only PostgreSQL needs: a connection for each worker thread, COPY, and the retry of lost races."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from dstore.storage.port import StorageUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dstore.storage.port import Reading, Row, Transaction

T = TypeVar("T")

TRIES = 5
THREADS = 4
READ_SECONDS = 5
_LOST_RACE = (errors.SerializationFailure, errors.DeadlockDetected)
# In seconds, and one in milliseconds: a server whose machine is gone is given up within half a minute.
_PATIENCE = {
    "connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000,
}  # fmt: skip
_CUT = (errors.AdminShutdown, errors.CrashShutdown, errors.DatabaseDropped)
_SESSION = "-c lock_timeout=5000 -c statement_timeout=30000 -c timezone=UTC -c jit=off"


@lru_cache(maxsize=1000)
def _marks(sql: str) -> str:
    return sql.replace("?", "%s")


class PostgresTransaction:
    """The verbs of a transaction on one connection."""

    FOR_UPDATE = " for update"
    SKIP_LOCKED = " limit 1 for update skip locked"

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._cursor = connection.cursor(binary=True)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        return self._cursor.execute(_marks(sql), params).fetchall()

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        return self._cursor.execute(_marks(sql), params).fetchone()

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Execute one statement; return how many rows it changed."""
        return self._cursor.execute(_marks(sql), params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Execute one statement for each row, pipelined; return how many rows were changed in all."""
        batch = list(rows)
        if not batch:
            return 0
        if len(batch) == 1:
            return self.run(sql, batch[0])
        self._cursor.executemany(_marks(sql), batch)
        return self._cursor.rowcount

    def load(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many new rows by COPY."""
        with self._cursor.copy(f"copy {table} ({','.join(columns)}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)

    def attempt(self, work: Callable[[], T]) -> T:
        """Run `work` under a savepoint."""
        self._cursor.execute("savepoint attempt")
        try:
            done = work()
        except psycopg.Error:
            raise
        except BaseException:
            self._cursor.execute("rollback to savepoint attempt")
            raise
        self._cursor.execute("release savepoint attempt")
        return done


class PostgresDatabase:
    """A PostgreSQL database, reached through a small pool of threads that hold a connection each."""

    def __init__(self, url: str, *, threads: int = THREADS) -> None:
        self.url = url
        # What the URL says goes first; its options may name a schema (`?options=-csearch_path%3Dname`).
        given = conninfo_to_dict(url)
        self._parameters: dict[str, Any] = {
            **_PATIENCE,
            **given,
            "options": f"{given.get('options') or ''} {_SESSION}".strip(),
        }
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="dstore-postgres")
        self._local = threading.local()
        self._open: list[psycopg.Connection[Any]] = []

    async def transact(self, job: Callable[[Transaction], T]) -> T:
        """Run the job on a pool thread and await its commit."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.transact_now, job)

    def transact_now(self, job: Callable[[Transaction], T]) -> T:
        """Run the job on this thread's connection; races lost to another transaction are run again."""
        for again in reversed(range(TRIES)):
            try:
                return self._transact(job)
            except _LOST_RACE as fault:
                if not again:
                    raise StorageUnavailableError(str(fault)) from fault
        raise AssertionError("unreachable")

    async def peek(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row of one statement, on a pool thread."""
        return await self._in_time(self._peek_now, sql, params)

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on a pool thread."""
        return await self._in_time(self.read_now, query)

    async def _in_time(self, look: Callable[..., T], *arguments: Any) -> T:
        """Run a look on a pool thread; a server that hangs may not hold up whoever asks."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(self._pool, look, *arguments)
        except TimeoutError:
            raise StorageUnavailableError(f"no answer within {READ_SECONDS} s") from None

    def read_now(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on one snapshot of this thread's connection."""
        return self._guarded(
            lambda connection: query(PostgresTransaction(connection)), "begin isolation level repeatable read read only"
        )

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self._pool.shutdown(wait=True)
        for connection in self._open:
            connection.close()

    def _peek_now(self, sql: str, params: Sequence[Any]) -> Row | None:
        try:
            return self._first(lambda connection: PostgresTransaction(connection).row(sql, params))
        except psycopg.Error as fault:
            self._drop()
            raise StorageUnavailableError(str(fault)) from fault

    def _transact(self, job: Callable[[Transaction], T]) -> T:
        return self._guarded(lambda connection: job(PostgresTransaction(connection)), "begin")

    def _guarded(self, work: Callable[[psycopg.Connection[Any]], T], begin: str) -> T:
        """Begin, work, commit; a fault of the database drops the connection, a fault of the work rolls back."""

        def start(connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
            connection.execute(begin)
            return connection

        try:
            connection = self._first(start)
            try:
                done = work(connection)
                connection.execute("commit")
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("rollback")
                raise
        except _LOST_RACE:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as fault:
            self._drop()
            raise StorageUnavailableError(str(fault)) from fault
        return done

    def _first(self, statement: Callable[[psycopg.Connection[Any]], T]) -> T:
        """Run a transaction's first statement; on a new connection if this thread's was cut since its last use."""
        kept: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if kept is not None:
            try:
                return statement(kept)
            except psycopg.OperationalError as fault:
                if not kept.broken and not isinstance(fault, _CUT):
                    raise
                self._drop()
        return statement(self._connection())

    def _connection(self) -> psycopg.Connection[Any]:
        connection: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            connection = psycopg.connect("", autocommit=True, prepare_threshold=2, **self._parameters)
            self._local.connection = connection
            self._open.append(connection)
        return connection

    def _drop(self) -> None:
        connection: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            self._open.remove(connection)
            with suppress(psycopg.Error):
                connection.close()
