"""Prepared statements of one PostgreSQL connection, sent ahead of their results by libpq's pipeline mode.

A small transaction is a handful of statements, and most of its time would go into cursors and round trips. Here
a statement whose result nobody waits for travels with the next one that somebody does.
"""

from __future__ import annotations

import re
import select
from itertools import count
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from psycopg.pq.abc import PGresult

    from dstore.storage.port import Row

AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
"""What the driver raises when the database is at fault, and not the statement."""
CUT = (errors.AdminShutdown, errors.CrashShutdown, errors.DatabaseDropped)
"""What a server says before it ends a connection."""
MOST_PREPARED = 200
_BINARY = pq.Format.BINARY
# As plain numbers, which are compared for every statement.
_GOOD = (int(pq.ExecStatus.COMMAND_OK), int(pq.ExecStatus.TUPLES_OK))
_BAD, _NO_PIPELINE = int(pq.ConnStatus.BAD), int(pq.PipelineStatus.OFF)
_STALE = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)


class Session:
    """Statements of one connection; used by one thread at a time.

    `wait` returns when the connection may be ready for events of `select.poll`; a session without it polls.
    """

    def __init__(self, connection: psycopg.Connection[Any], wait: Callable[[int], None] | None = None) -> None:
        self.connection = connection
        self.may_block = wait is None
        """Whether psycopg's own functions may be used, which hold up the thread while they wait."""
        self._wait = wait or self._poll_socket
        self.answered = False
        """Whether the server has done anything since this was last set to False."""
        self._pq = connection.pgconn
        self.socket = self._pq.socket
        """The descriptor of the connection's socket, also when that is closed."""
        self._pq.nonblocking = 1
        self._poll = select.poll()
        self._loader = Transformer(connection)
        self._names: dict[str, bytes] = {}
        self._types: dict[str, list[int]] = {}
        self._numbers = count()
        # What was sent and not settled: the statement of a preparation, where to put the result of one that is
        # carried out, or None where it goes with the others'.
        self._sent: list[str | list[PGresult] | None] = []

    def queue(self, sql: str, params: Sequence[Any] = (), apart: list[PGresult] | None = None) -> None:
        """Send a statement with the next one that is waited for; a fault of it shows there.

        Its result is put `apart` if that is given, else it comes with those of the next `settle`.
        """
        if self._pq.pipeline_status == _NO_PIPELINE:
            self._pq.enter_pipeline_mode()
        values, formats = _encode(params)
        name = self._names.get(sql) or self._prepare(sql)
        if name is None:
            self._pq.send_query_params(_numbered(sql), values, None, formats, _BINARY)
        else:
            self._pq.send_query_prepared(name, values, formats, _BINARY)
        self._sent.append(apart)

    def settle(self) -> list[PGresult]:
        """Wait until everything queued is done; return the statements' results, or raise the first fault."""
        settling = self.settling()
        try:
            while True:
                self._wait(next(settling))
                self._pq.consume_input()
        except StopIteration as end:
            results: list[PGresult] = end.value
        return results

    def settling(self) -> Generator[int, None, list[PGresult]]:
        """Do what `settle` does, and give what the connection has to be ready for wherever that has to be waited for.

        The events are those of `select.poll`; after them, what the server has sent must be taken in.
        """
        sent, self._sent = self._sent, []
        if not sent:
            return []
        self._pq.pipeline_sync()
        while self._pq.flush():
            yield select.POLLIN | select.POLLOUT
        results: list[PGresult] = []
        fault: psycopg.Error | None = None
        is_busy = self._pq.is_busy
        for prepared in sent:
            while is_busy():
                yield select.POLLIN
            found = self._sort_in(self._next_result(), prepared, results)
            fault = fault or found
            if self._pq.status == _BAD:  # no mark stands behind a fault that ended the connection
                raise fault or psycopg.OperationalError(self._pq.get_error_message())
            while is_busy():
                yield select.POLLIN
            if self._pq.get_result() is not None:  # the mark between two results
                raise psycopg.OperationalError("the server sent more results than statements")
        while is_busy():
            yield select.POLLIN
        self._next_result()  # of the synchronisation itself
        if fault is not None:
            self._forget(fault, sent)
            raise fault
        return results

    def loaded(self, result: PGresult) -> list[Row]:
        """Return the rows of a result."""
        self._loader.set_pgresult(result)
        return self._loader.load_rows(0, result.ntuples, tuple)

    def changed(self) -> int:
        """Return how many rows the statement queued last changed."""
        return self.settle()[-1].command_tuples or 0

    def take_in(self) -> None:
        """Take what the server has sent, without waiting; raise psycopg.Error when the connection has ended."""
        self._pq.consume_input()

    def types(self, sql: str) -> list[int]:
        """Return the type of each column that a query gives; the query is asked once."""
        known = self._types.get(sql)
        if known is None:
            self.queue(sql)
            result = self.settle()[-1]
            known = self._types[sql] = [result.ftype(index) for index in range(result.nfields)]
        return known

    def leave_pipeline(self) -> psycopg.Connection[Any]:
        """Finish what is queued and give the connection for psycopg's own use, until the next statement."""
        self.settle()
        if self._pq.pipeline_status != _NO_PIPELINE:
            self._pq.exit_pipeline_mode()
        return self.connection

    def _forget(self, fault: psycopg.Error, sent: list[str | list[PGresult] | None]) -> None:
        """Forget the names that may stand for nothing: a fault takes the preparations behind it with it."""
        if isinstance(fault, _STALE):
            self._names.clear()
        for sql in sent:
            if isinstance(sql, str):
                self._names.pop(sql, None)

    def _prepare(self, sql: str) -> bytes | None:
        if len(self._names) >= MOST_PREPARED:
            return None
        # A number is never used twice: whether a statement near a fault was prepared is not known.
        name = self._names[sql] = b"s%d" % next(self._numbers)
        self._pq.send_prepare(name, _numbered(sql))
        self._sent.append(sql)
        return name

    def _sort_in(
        self, result: PGresult, prepared: str | list[PGresult] | None, results: list[PGresult]
    ) -> psycopg.Error | None:
        """Put a result where it is wanted, or return what is wrong; nothing is if only a statement before it failed."""
        if result.status in _GOOD:
            self.answered = True
            if not isinstance(prepared, str):
                (results if prepared is None else prepared).append(result)
            return None
        return None if result.status == pq.ExecStatus.PIPELINE_ABORTED else errors.error_from_result(result)

    def _next_result(self) -> PGresult:
        result = self._pq.get_result()
        if result is None:
            raise psycopg.OperationalError(self._pq.get_error_message())
        return result

    def _poll_socket(self, events: int) -> None:
        # libpq's own wait would hold the interpreter's lock.
        self._poll.register(self.socket, events)
        self._poll.poll()


def _numbered(sql: str) -> bytes:
    numbers = count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", sql).encode()


def _encode(params: Sequence[Any]) -> tuple[list[bytes | None], list[int]]:
    """Return parameters as libpq takes them: numbers as text, text and bytes as they are, with their lengths."""
    values: list[bytes | None] = []
    formats: list[int] = []
    for one in params:
        kind = type(one)
        values.append(
            one.encode() if kind is str else b"%d" % one if kind is int else None if one is None else bytes(one)
        )  # fmt: skip
        formats.append(0 if kind is int else 1)
    return values, formats
