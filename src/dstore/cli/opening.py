"""What every command needs: the settings, and the database in this program's schema."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from dstore import settings
from dstore.clock import SystemClock
from dstore.partners import ensure_platform_key
from dstore.storage import schema
from dstore.storage.opening import dialect, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.storage.port import Database

DatabaseUrl = Annotated[
    str | None, Parameter(name="--database", help="Database URL; default $DSTORE_DATABASE or sqlite:///dstore.db.")
]


def migrate(url: str) -> list[str]:
    """Bring a database to this program's schema and give the platform its first key; return the applied steps."""
    database = open_database(url)
    try:
        applied = schema.migrate(database, dialect(url))
        database.transact_now(lambda transaction: ensure_platform_key(transaction, SystemClock().now()))
    finally:
        database.close()
    return applied


def make_ready(url: str) -> None:
    """Set up an empty database; leave any other as it is, to be checked."""
    database = open_database(url)
    try:
        at = database.read_now(lambda reading: schema.version(reading, dialect(url)))
    finally:
        database.close()
    if at == 0:
        migrate(url)


@contextmanager
def opened(url: str | None) -> Iterator[Database]:
    """Open the database of a command, set up if it is new, and close it afterwards."""
    chosen, _ = settings.load(database=url)
    make_ready(chosen.database)
    database = open_database(chosen.database, synchronous=chosen.durability)
    try:
        schema.check(database, dialect(chosen.database))
        yield database
    finally:
        database.close()
