"""SQLite's write-ahead log: when it is copied into the database, and by whom."""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    from collections.abc import Callable

CHECKPOINT_PAGES = 1_000
LONGEST_PAGES = 8_000


class WriteAheadLog:
    """Copies the log into the database on a thread of its own: commits go on meanwhile.

    What is written during a copy keeps the log from starting anew; once it has grown long, the writer makes a copy itself.
    """

    def __init__(self, opened: Callable[[], apsw.Connection]) -> None:
        self._opened = opened
        self._pages = self._copied = 0
        self._wanted: SimpleQueue[bool] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def note(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        """Take note of the log's length after a commit."""
        if pages < self._pages:
            self._copied = 0
        self._pages = pages
        return apsw.SQLITE_OK

    def shorten(self, connection: apsw.Connection) -> None:
        """Have the log copied if it is time."""
        if self._pages - self._copied < CHECKPOINT_PAGES:
            return
        self._copied = self._pages
        if self._pages > LONGEST_PAGES:
            _checkpoint(connection)
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="dstore-log", daemon=True)
            self._thread.start()
        self._wanted.put(True)

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._wanted.put(False)
            self._thread.join()

    def _work(self) -> None:
        connection: apsw.Connection | None = None
        while self._wanted.get():
            with suppress(apsw.Error):
                connection = connection or self._opened()
                _checkpoint(connection)
        if connection is not None:
            connection.close()


def _checkpoint(connection: apsw.Connection) -> None:
    # Another process may be at it; and what is wrong with the file will show at the next commit.
    with suppress(apsw.Error):
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
