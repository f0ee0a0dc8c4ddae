"""What stands beside a database: a seat that one process at a time may hold, and room for another program's tables."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from dstore.storage.opening import dialect
from dstore.storage.port import StorageUnavailableError

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 3
_NUMBER = 7317


class Room(NamedTuple):
    """Where tables that are not ours go: a URL, the schema's name, and what `connect` is given besides."""

    url: str
    schema: str
    connecting: dict[str, Any]


def room_beside(url: str) -> Room:
    """Return the room that belongs to a database; SQLite has a file for it, made if need be.

    Raises StorageUnavailableError.
    """
    if dialect(url) != "postgresql":
        from dstore.storage.clocked import ClockedConnection  # noqa: PLC0415 - nobody else has use for Python's SQLite

        path = url.removeprefix("sqlite:///") + "-deferred"
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        return Room(f"sqlite:///{path}", "main", {"factory": ClockedConnection})
    import psycopg  # noqa: PLC0415 - nobody with SQLite waits for it

    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            row = connection.execute("select current_schema()").fetchone()
    except psycopg.Error as fault:
        raise StorageUnavailableError(str(fault)) from fault
    return Room(
        url, "dbos" if row is None or row[0] == "public" else f"{row[0]}_dbos", {"application_name": "dstore-deferred"}
    )


class Seat(Protocol):
    """The seat of one kind of work on one database; it is free again the moment its holder dies."""

    def take(self) -> bool:
        """Take the seat if it is free; return whether this process holds it now."""
        ...

    def leave(self) -> None:
        """Give the seat up, if it is held."""
        ...


def seat_beside(url: str) -> Seat:
    """Return the seat that belongs to a database."""
    return PostgresSeat(url) if dialect(url) == "postgresql" else FileSeat(url.removeprefix("sqlite:///") + "-seat")


class FileSeat:
    """A seat for the processes of one machine: a lock on a file, which the kernel lets go of."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take the seat if it is free."""
        if self._file is None:
            file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)
                return False
            self._file = file
        return True

    def leave(self) -> None:
        """Give the seat up."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class PostgresSeat:
    """A seat for all processes at a PostgreSQL schema: an advisory lock, held as long as its connection."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[Any] | None = None

    def take(self) -> bool:
        """Take the seat if it is free; one whose connection was cut is taken anew."""
        import psycopg  # noqa: PLC0415 - nobody with SQLite waits for it

        try:
            if self._connection is not None:
                self._connection.execute("select 1")
                return True
            connection = psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS)
            got = connection.execute(
                "select pg_try_advisory_lock(%s, hashtext(current_schema()))", (_NUMBER,)
            ).fetchone()
        except psycopg.Error:
            self.leave()
            return False
        if got is None or not got[0]:
            connection.close()
            return False
        self._connection = connection
        return True

    def leave(self) -> None:
        """Give the seat up."""
        if self._connection is not None:
            with suppress(Exception):
                self._connection.close()
            self._connection = None
