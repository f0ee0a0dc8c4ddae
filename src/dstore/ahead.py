"""The database as a change sees it while it is prepared, ahead of its transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from dstore.storage.port import Database, Reading, Row, Transaction


class StoppingError(BaseException):
    """The process is ending. Not an Exception: nobody may take it for the outcome of the work."""


class Ahead:
    """Reads and writes as the database does; every use of it is a place to stop.

    `look` is called before the first thing is written: it may raise what makes the rest superfluous.
    """

    def __init__(self, database: Database, stopping: threading.Event, look: Callable[[], None] | None = None) -> None:
        self._database = database
        self.loads_beside = database.loads_beside
        self._stopping = stopping
        self._look = look

    def ask(self, job: Callable[[], Any]) -> Any:
        """Do a job unless the process is ending."""
        if self._stopping.is_set():
            raise StoppingError
        return job()

    def rows_now(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of one statement."""
        rows: list[Row] = self.ask(lambda: self._database.rows_now(sql, params))
        return rows

    def read_now(self, query: Callable[[Reading], Any]) -> Any:
        """Read on a consistent view."""
        return self.ask(lambda: self._database.read_now(query))

    def transact_now(self, job: Callable[[Transaction], Any]) -> Any:
        """Write and commit."""
        if self._look is not None:
            look, self._look = self._look, None
            look()
        return self.ask(lambda: self._database.transact_now(job))
