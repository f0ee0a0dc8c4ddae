"""From a database URL to an open database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dstore.mendable import MendableError
from dstore.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from dstore.storage.port import Database


class UnknownDatabaseError(MendableError, ValueError):
    """The URL names no database that is supported."""


def dialect(url: str) -> str:
    """Return `sqlite` or `postgresql`."""
    scheme = url.partition(":")[0]
    if scheme in {"postgresql", "postgres"}:
        return "postgresql"
    if scheme == "sqlite":
        return "sqlite"
    raise UnknownDatabaseError(f"{scheme}: use sqlite:///path/to/file.db or postgresql://user@host/name")


def open_database(url: str, *, synchronous: str = "FULL") -> Database:
    """Open `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://…`."""
    if dialect(url) == "postgresql":
        # The driver is a third of what a command takes to start; with SQLite nobody waits for it.
        from dstore.storage.postgres import PostgresDatabase  # noqa: PLC0415

        return PostgresDatabase(url)
    return SqliteDatabase(url.removeprefix("sqlite:///"), synchronous=synchronous)
