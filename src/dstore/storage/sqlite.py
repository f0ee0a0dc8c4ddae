"""What only SQLite needs: one writer thread with group commit, pragmas, the bulk verbs.

Jobs queue up in batches; the writer takes what is waiting, runs each job under its own savepoint inside one
`BEGIN IMMEDIATE`, commits once, and only then gives the results out. Full durability costs a tenth that way.
A thread that may wait takes the writer's connection for a turn instead: two changes of threads are saved.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

import apsw

from dstore.storage.port import StorageUnavailableError
from dstore.storage.sqlite_transaction import SqliteTransaction
from dstore.storage.tickets import Counter, Ticket, give_out
from dstore.storage.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from dstore.storage.port import Reading, Row, Transaction

T = TypeVar("T")

BUSY_SECONDS = 5.0
GROUP_LIMIT = 64
LONG_SECONDS = 0.004
LONG_READERS = 2
CHECKPOINT_PAGES = 4_000
_PAUSE = 0.0005
# Faults of the database itself; any other apsw error is the fault of the statement that raised it.
_BROKEN = (
    apsw.BusyError,
    apsw.LockedError,
    apsw.FullError,
    apsw.IOError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.NoMemError,
    OSError,
)


def _busy_handler() -> Callable[[int], bool]:
    """Wait for another process's commit in half milliseconds: SQLite's own steps grow to a tenth of a second."""
    began = 0.0

    def busy(tries: int) -> bool:
        nonlocal began
        now = time.monotonic()
        if tries == 0:
            began = now
        if now - began > BUSY_SECONDS:
            return False
        time.sleep(_PAUSE)
        return True

    return busy


def connect(path: str, *, synchronous: str, read_only: bool = False) -> apsw.Connection:
    """Open one connection with the pragmas that all connections share."""
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    connection = apsw.Connection(path, flags=flags | apsw.SQLITE_OPEN_NOMUTEX, statementcachesize=200)
    connection.set_busy_handler(_busy_handler())
    if not read_only:
        _use_log(connection)
    connection.execute(
        f"pragma synchronous={synchronous}; pragma foreign_keys=off; pragma cache_size=-32000; pragma mmap_size=0"
    )
    return connection


def _use_log(connection: apsw.Connection) -> None:
    """Have changes written to a log; while a file is new, SQLite asks nobody to wait who does the same at once."""
    may_wait = _busy_handler()
    for tries in count():
        try:
            connection.execute("pragma journal_mode=wal")
        except apsw.BusyError:
            if not may_wait(tries):
                raise
        else:
            return


class SqliteDatabase:
    """A SQLite file: a writing connection that is used in turns, and a reading one for each thread that reads."""

    def __init__(self, path: str, *, synchronous: str = "FULL") -> None:
        self.path = path
        self._synchronous = synchronous
        _create_private(path)
        self._batches: SimpleQueue[list[Ticket] | None] = SimpleQueue()
        self._counter = Counter(self._batches.put)
        self._local = threading.local()
        self._readers: list[apsw.Connection] = []
        self._connection: apsw.Connection | None = None
        self._turn = threading.Lock()
        """Held by whoever uses the writing connection."""
        self._pause_until = 0.0
        self._is_awaited = False
        """Whether the writer waits for its turn; it would lose it again and again to a thread that takes many."""
        self._is_closed = False
        self._log_pages = 0
        self._noted: tuple[asyncio.AbstractEventLoop, int] | None = None
        """What `commits` says in this turn of an event loop."""
        self._beside = Workers(LONG_READERS, "dstore-read")
        self._writer = threading.Thread(target=self._write, name="dstore-writer", daemon=True)
        self._writer.start()

    loads_beside = False

    async def transact(self, job: Callable[[Transaction], T], turn: Hashable | None = None) -> T:  # noqa: ARG002 - one writer
        """Queue the job for the writer and await its commit."""
        done: T = await self._counter.take(job)
        return done

    async def transact_long(self, job: Callable[[Transaction], T]) -> T:
        """Do the same: no job runs on the event loop."""
        return await self.transact(job)

    def transact_now(self, job: Callable[[Transaction], T]) -> T:
        """Run the job on this thread and commit it; behind others that wait, have the writer do it in its turn."""
        done: Future[T] = Future()
        ticket = Ticket(job, done)
        if self._is_awaited or not self._batches.empty() or not self._turn.acquire(blocking=False):
            self._batches.put([ticket])
            return done.result()
        try:
            self._commit_in_time([ticket])
            if self._log_pages >= CHECKPOINT_PAGES:
                self._batches.put([])  # the writer tidies up: nobody here needs to wait for that
        finally:
            self._turn.release()
        return done.result()

    async def peek(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """Return the first row of one statement."""
        rows = self.rows_now(sql, params)
        return rows[0] if rows else None

    def rows_now(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of one statement."""
        try:
            return SqliteTransaction(self._reader()).rows(sql, params)
        except apsw.Error as fault:
            raise StorageUnavailableError(str(fault)) from fault

    def commits(self) -> int | None:
        """Return SQLite's own note of commits by other connections; this one only reads.

        All who ask in one turn of the event loop are told the same: their requests were there when it began.
        """
        loop = asyncio.get_running_loop()
        if self._noted is not None and self._noted[0] is loop:
            return self._noted[1]
        try:
            noted: int = self._reader().execute("pragma data_version").get
        except apsw.Error as fault:
            raise StorageUnavailableError(str(fault)) from fault
        self._noted = loop, noted
        loop.call_soon(self._forget_note)
        return noted

    def _forget_note(self) -> None:
        self._noted = None

    async def read(self, query: Callable[[Reading], T]) -> T:
        """Run `query` here: a read of a local file is quicker than a change of threads."""
        return self.read_now(query)

    async def read_long(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on a thread for long reads."""
        found: T = await self._beside.take(partial(self.read_now, query))
        return found

    def read_now(self, query: Callable[[Reading], T]) -> T:
        """Run `query` on this thread's reading connection, on one snapshot."""
        try:
            reader = self._reader()
            reader.execute("begin")
            try:
                return query(SqliteTransaction(reader))
            finally:
                reader.execute("rollback")
        except apsw.Error as fault:
            raise StorageUnavailableError(str(fault)) from fault

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        self._beside.close()
        self._batches.put(None)
        self._writer.join()
        with self._turn:
            self._is_closed = True
            if self._connection is not None:
                self._connection.close()
        for reader in self._readers:
            reader.close()

    def _reader(self) -> apsw.Connection:
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self.path, synchronous=self._synchronous)
            connection.execute("pragma query_only=on")
            self._readers.append(connection)
        return connection

    # The writer thread.

    def _write(self) -> None:
        while (group := self._next_group()) is not None:
            self._is_awaited = True
            with self._turn:
                self._is_awaited = False
                self._commit_in_time(group)
            group = []  # what its jobs hold is not held until the next ones come
            self._tidy()

    def _tidy(self) -> None:
        """Do after a commit, when its results are given out, what those who waited for it need not wait for."""
        if self._log_pages >= CHECKPOINT_PAGES:
            self._log_pages = 0
            # Another process may be at it; and what is wrong with the file will show at the next commit.
            with self._turn, suppress(apsw.Error):
                if self._connection is not None:
                    self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def _next_group(self) -> list[Ticket] | None:
        """Wait for a batch, then take what else is waiting; None when the database is being closed."""
        group = self._batches.get()
        while group is not None and len(group) < GROUP_LIMIT and not self._batches.empty():
            following = self._batches.get()
            if following is None:
                self._batches.put(None)
                break
            group = group + following
        return group

    # What follows is called in turn.

    def _commit_in_time(self, group: list[Ticket]) -> None:
        """Commit, but leave the file to other processes for a moment if the last commit was long.

        They look for SQLite's lock every half millisecond; it is given to nobody in turn.
        """
        began = time.monotonic()
        if began < self._pause_until:
            time.sleep(self._pause_until - began)
            began = time.monotonic()
        self._commit(group)
        ended = time.monotonic()
        self._pause_until = ended + 2 * _PAUSE if ended - began > LONG_SECONDS else 0.0

    def _commit(self, group: list[Ticket]) -> None:
        """Do a group's jobs and give their results out; a fault of the database is the fault of all."""
        if not group:
            return
        try:
            self._connection = self._connection or self._writing_connection()
            self._commit_group(self._connection, group)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the writer lives on
            _abandon(self._connection)
            self._connection = None
            for ticket in group:
                ticket.fault = StorageUnavailableError(str(fault))
            give_out(group)

    def _writing_connection(self) -> apsw.Connection:
        if self._is_closed:
            raise StorageUnavailableError("the database has been closed")
        connection = connect(self.path, synchronous=self._synchronous)
        # In the place of SQLite's own checkpoint, which would hold up the commit that fills the log.
        connection.set_wal_hook(self._note_log)
        return connection

    def _note_log(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._log_pages = pages
        return apsw.SQLITE_OK

    def _commit_group(self, connection: apsw.Connection, group: list[Ticket]) -> None:
        transaction = SqliteTransaction(connection)
        waited_for = [ticket for ticket in group if not ticket.done.done()]  # a caller may have given up
        connection.execute("begin immediate")
        if len(waited_for) == 1:
            # Its exception undoes the whole transaction; that needs no savepoint.
            _run(waited_for[0], partial(waited_for[0].job, transaction))
            connection.execute("commit" if waited_for[0].fault is None else "rollback")
        else:
            for ticket in waited_for:
                _run(ticket, partial(transaction.attempt, partial(ticket.job, transaction)))
            connection.execute("commit")
        give_out(waited_for)


def _run(ticket: Ticket, job: Callable[[], Any]) -> None:
    try:
        ticket.value = job()
    except _BROKEN:
        raise
    except Exception as fault:  # noqa: BLE001 - the job's own exception belongs to its caller
        ticket.fault = fault


def _abandon(connection: apsw.Connection | None) -> None:
    """Drop a connection whose transaction failed; the next group opens a new one."""
    if connection is not None:
        with suppress(apsw.Error):
            if connection.in_transaction:
                connection.execute("rollback")
        with suppress(apsw.Error):
            connection.close(True)


def _create_private(path: str) -> None:
    """Make the file readable by its owner alone: it holds the platform's private key."""
    if not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
