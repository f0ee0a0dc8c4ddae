"""What only PostgreSQL needs: a connection for each worker thread, COPY, and the retry of lost races."""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from dstore.mendable import MendableError
from dstore.storage.lookout import Lookout
from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres_session import AWAY, CUT, Session
from dstore.storage.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from psycopg.pq.abc import PGresult

    from dstore.storage.port import Query, Reading, Row, Transaction

T = TypeVar("T")

TRIES = 5
THREADS = 8
READ_SECONDS = 5
FEW = 16
"""Up to so many rows are inserted one by one: COPY takes more round trips."""
_LOST_RACE = (errors.SerializationFailure, errors.DeadlockDetected)
# In seconds, and one in milliseconds: a server whose machine is gone is given up within half a minute.
_PATIENCE = {
    "connect_timeout": 3, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000,
}  # fmt: skip
_SESSION = "-c lock_timeout=5000 -c statement_timeout=30000 -c timezone=UTC -c jit=off"


class UnreadableUrlError(MendableError, ValueError):
    """The database URL can not be read; nothing of it is said, as a password may stand anywhere in it."""

    def __init__(self) -> None:
        super().__init__(
            "the database URL can not be read: write postgresql://user:password@host:port/name,"
            " special characters of each part as %XX"
        )


def _parameters(url: str) -> dict[str, Any]:
    """Return what a URL says; raise UnreadableUrlError, where the driver would name what it stumbles over."""
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise UnreadableUrlError from None
    # What stands behind the colon is taken for a port where a password has a slash.
    if not re.fullmatch(r"[\d,]*", str(given.get("port") or "")):
        raise UnreadableUrlError
    return given


class PostgresTransaction:
    """The verbs of a transaction on one connection."""

    FOR_UPDATE = " for update"
    SKIP_LOCKED = " limit 1 for update skip locked"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._foreseen: dict[tuple[str, tuple[Any, ...]], list[PGresult]] = {}

    def foresee(self, sql: str, params: Sequence[Any] = ()) -> None:
        """Send a query together with the next statement that is waited for; `rows` finds its result."""
        apart: list[PGresult] = []
        self._foreseen[sql, tuple(params)] = apart
        self._session.queue(sql, params, apart)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return all rows."""
        apart = self._foreseen.pop((sql, tuple(params)), None) if self._foreseen else None
        if apart is None:
            self._session.queue(sql, params)
            return self._session.rows()
        if not apart:
            self._session.settle()
        return self._session.loaded(apart[0])

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def each(self, *queries: Query) -> list[list[Row]]:
        """Return the rows of several statements, for which one round trip is made."""
        for sql, params in queries:
            self._session.queue(sql, params)
        return self._session.rows_of(len(queries))

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

    def put_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for each row, together with the next statement that is waited for."""
        for row in rows:
            self._session.queue(sql, row)

    def load(
        self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], shared: Mapping[str, Any] | None = None
    ) -> None:
        """Insert many new rows by COPY in its binary form; a few with the next statement that is waited for."""
        same = shared or {}
        names, first = ",".join((*same, *columns)), tuple(same.values())
        if len(rows) <= FEW:
            marks = ",".join("?" * (len(same) + len(columns)))
            self.put_many(f"insert into {table} ({names}) values ({marks})", [(*first, *row) for row in rows])
            return
        types = self._session.types(f"select {names} from {table} limit 0")
        with self._session.leave_pipeline().cursor().copy(f"copy {table} ({names}) from stdin (format binary)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row((*first, *row))

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


class PostgresDatabase:
    """A PostgreSQL database, reached through a small pool of threads that hold a connection each."""

    def __init__(self, url: str, *, threads: int = THREADS, look_seconds: float = READ_SECONDS) -> None:
        self.url = url
        # What the URL says goes first; its options may name a schema (`?options=-csearch_path%3Dname`).
        given = _parameters(url)
        self._parameters: dict[str, Any] = {
            **_PATIENCE,
            **given,
            "options": f"{given.get('options') or ''} {_SESSION}".strip(),
        }
        self._workers = Workers(threads, "dstore-postgres")
        self._local = threading.local()
        self._open: list[psycopg.Connection[Any]] = []
        self._opening = threading.Lock()
        self._is_closed = False
        self._lookout = Lookout(lambda: self._workers.take(self._connect), look_seconds)

    async def transact(self, job: Callable[[Transaction], T]) -> T:
        """Run the job on a worker's thread and await its commit."""
        done: T = await self._workers.take(partial(self.transact_now, job))
        return done

    def transact_now(self, job: Callable[[Transaction], T]) -> T:
        """Run the job on this thread's connection; races lost to another transaction are run again."""
        for again in reversed(range(TRIES)):
            try:
                return self._guarded(lambda session: job(PostgresTransaction(session)), ("begin",), ("commit",))
            except _LOST_RACE as fault:
                if not again:
                    raise StorageUnavailableError(str(fault)) from fault
        raise AssertionError("unreachable")

    def peek(self, sql: str, params: Sequence[Any] = ()) -> Awaitable[Row | None]:
        """Return the first row of one statement; equal looks of one moment share it."""
        return self._lookout.at((sql, tuple(params)))

    def rows_now(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of one statement."""
        return self._guarded(lambda session: PostgresTransaction(session).rows(sql, params), (), ())

    def commits(self) -> int | None:
        """Return None: only the server could tell."""
        return None

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on a worker's thread; a server that hangs may not hold up whoever asks."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                found: T = await self._workers.take(partial(self.read_now, query))
        except TimeoutError:
            raise StorageUnavailableError(f"no answer within {READ_SECONDS} s") from None
        return found

    async def read_long(self, query: Callable[[Reading], T]) -> T:
        """Do the same: no read runs on the event loop."""
        return await self.read(query)

    def read_now(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on one snapshot of this thread's connection."""
        begin = "begin isolation level repeatable read read only"
        return self._guarded(lambda session: query(PostgresTransaction(session)), (begin,), ("commit",))

    def close(self) -> None:
        """Finish what is queued and close every connection; from then on none is opened."""
        self._workers.close()
        self._lookout.close()
        with self._opening:
            self._is_closed = True
            for connection in self._open:
                connection.close()

    def _guarded(self, work: Callable[[Session], T], before: Sequence[str], after: Sequence[str]) -> T:
        """Work between two statements; a fault of the database drops the connection, a fault of the work rolls back.

        A connection that was cut since its last use is known by its giving no answer at all: then all is done
        again on a new one.
        """
        try:
            try:
                return self._between(work, before, after)
            except _CutError:
                return self._between(work, before, after)
        except _LOST_RACE:
            raise
        except (*AWAY, _CutError) as fault:
            self._drop()
            raise StorageUnavailableError(str(fault)) from fault

    def _between(self, work: Callable[[Session], T], before: Sequence[str], after: Sequence[str]) -> T:
        session, may_be_cut = self._session()
        session.answered = False
        try:
            for statement in before:
                session.queue(statement)
            done = work(session)
            may_be_cut = may_be_cut and not after  # from here on a commit may have been done though no answer came
            for statement in after:
                session.queue(statement)
            session.settle()
        except BaseException as fault:
            broken = session.connection.broken or isinstance(fault, CUT)
            if may_be_cut and broken and isinstance(fault, psycopg.OperationalError) and not session.answered:
                self._drop()
                raise _CutError(str(fault)) from fault
            with suppress(psycopg.Error):
                session.settle()
            with suppress(psycopg.Error):
                session.queue("rollback")
                session.settle()
            raise
        return done

    def _session(self) -> tuple[Session, bool]:
        """Return this thread's session, and whether it was there before."""
        kept: Session | None = getattr(self._local, "session", None)
        if kept is not None and not kept.connection.closed:
            return kept, True
        self._local.session = session = self._connect()
        return session, False

    def _connect(self) -> Session:
        """Open a connection; it is closed with the database at the latest, also if nobody waits for it any more."""
        connection = psycopg.connect("", autocommit=True, **self._parameters)
        with self._opening:
            if self._is_closed:
                connection.close()
                raise StorageUnavailableError("the database has been closed")
            self._open = [connection, *(one for one in self._open if not one.closed)]
        return Session(connection)

    def _drop(self) -> None:
        session: Session | None = getattr(self._local, "session", None)
        if session is not None:
            self._local.session = None
            with suppress(psycopg.Error):
                session.connection.close()


class _CutError(Exception):
    """The connection was gone before it gave an answer."""
