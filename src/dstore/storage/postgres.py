"""What only PostgreSQL needs: connections of the event loop and of threads, and the retry of lost races."""

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
from dstore.storage.fibres import Fibres
from dstore.storage.lookout import Lookout
from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres_session import AWAY, CUT, Session
from dstore.storage.postgres_transaction import HOPED_IN_VAIN, PostgresTransaction
from dstore.storage.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable, Sequence

    from dstore.storage.fibres import Berth
    from dstore.storage.port import Reading, Row, Transaction

T = TypeVar("T")

TRIES = 5
FIBRES = 12
"""So many short jobs of a process are under way at once, on its event loop."""
THREADS = 6
"""So many threads do what is not short."""
CONNECTING = 2
"""So many more open the event loop's connections: what is short does not wait for what is long."""
READ_SECONDS = 5
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


class _Seat(threading.local):
    """The connection of each thread that works, as a berth is that of a fibre."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self.session: Session | None = None
        self._connect = connect

    def connect(self) -> Session:
        """Open a connection."""
        self.session = Session(self._connect())
        return self.session

    def drop(self) -> None:
        """Let go of the connection."""
        session, self.session = self.session, None
        if session is not None:
            with suppress(psycopg.Error):
                session.connection.close()


class PostgresDatabase:
    """A PostgreSQL database: short jobs are fibres of the event loop, a few threads do the others."""

    def __init__(
        self, url: str, *, fibres: int = FIBRES, threads: int = THREADS, look_seconds: float = READ_SECONDS
    ) -> None:
        self.url = url
        # What the URL says goes first; its options may name a schema (`?options=-csearch_path%3Dname`).
        given = _parameters(url)
        self._parameters: dict[str, Any] = {
            **_PATIENCE,
            **given,
            "options": f"{given.get('options') or ''} {_SESSION}".strip(),
        }
        self._open: list[psycopg.Connection[Any]] = []
        self._opening = threading.Lock()
        self._is_closed = False
        self._workers = Workers(threads, "dstore-postgres")
        self._seat = _Seat(self._connect)
        self._connecting = Workers(CONNECTING, "dstore-connect")
        self._fibres = Fibres(fibres, lambda: self._connecting.take(self._connect))
        self._lookout = Lookout(lambda: self._connecting.take(lambda: Session(self._connect())), look_seconds)

    loads_beside = True

    def transact(self, job: Callable[[Transaction], T], turn: Hashable | None = None) -> Awaitable[T]:
        """Run the job as a fibre of the event loop, after those of its turn."""
        return self._fibres.take(partial(self.transact_now, job), turn)

    def transact_long(self, job: Callable[[Transaction], T]) -> Awaitable[T]:
        """Run the job on a worker's thread."""
        return self._workers.take(partial(self.transact_now, job))

    def transact_now(self, job: Callable[[Transaction], T]) -> T:
        """Run the job on a connection of this fibre or thread; races lost to another transaction are run again.

        So is a job of which a row was not there that it wanted to change: with its first statements it hopes.
        """
        try:
            return self._raced(job, hopes=True)
        except HOPED_IN_VAIN:
            return self._raced(job, hopes=False)

    def _raced(self, job: Callable[[Transaction], T], *, hopes: bool) -> T:
        for again in reversed(range(TRIES)):
            try:
                return self._guarded(
                    lambda session: job(PostgresTransaction(session, hopes=hopes)), ("begin",), ("commit",)
                )
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
        """Run `query` as a fibre of the event loop; a server that hangs may not hold up whoever asks."""
        return await _in_time(self._fibres.take(partial(self.read_now, query)))

    async def read_long(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on a worker's thread, as patiently."""
        return await _in_time(self._workers.take(partial(self.read_now, query)))

    def read_now(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on one snapshot, on a connection of this fibre or thread."""
        begin = "begin isolation level repeatable read read only"
        return self._guarded(lambda session: query(PostgresTransaction(session)), (begin,), ("commit",))

    def close(self) -> None:
        """Finish what is queued and close every connection; from then on none is opened."""
        self._fibres.close()
        self._workers.close()
        self._connecting.close()
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
        place = self._fibres.here() or self._seat
        try:
            try:
                return _between(place, work, before, after)
            except _CutError:
                return _between(place, work, before, after)
        except _LOST_RACE:
            raise
        except (*AWAY, _CutError) as fault:
            place.drop()
            raise StorageUnavailableError(str(fault)) from fault

    def _connect(self) -> psycopg.Connection[Any]:
        """Open a connection; it is closed with the database at the latest, also if nobody waits for it any more."""
        connection = psycopg.connect("", autocommit=True, **self._parameters)
        with self._opening:
            if self._is_closed:
                connection.close()
                raise StorageUnavailableError("the database has been closed")
            self._open = [connection, *(one for one in self._open if not one.closed)]
        return connection


async def _in_time(found: asyncio.Future[T]) -> T:
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await found
    except TimeoutError:
        raise StorageUnavailableError(f"no answer within {READ_SECONDS} s") from None


def _between(place: Berth | _Seat, work: Callable[[Session], T], before: Sequence[str], after: Sequence[str]) -> T:
    kept = place.session
    may_be_cut = kept is not None and not kept.connection.closed
    if kept is not None and not may_be_cut:
        place.drop()
    session = place.session or place.connect()
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
            place.drop()
            raise _CutError(str(fault)) from fault
        with suppress(psycopg.Error):
            session.settle()
        with suppress(psycopg.Error):
            session.queue("rollback")
            session.settle()
        if session.connection.closed:  # the next connection may have the number of its socket
            place.drop()
        raise
    return done


class _CutError(Exception):
    """The connection was gone before it gave an answer."""
