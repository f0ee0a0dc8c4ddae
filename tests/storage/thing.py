"""The rows of the table `thing`, and a job's own exception."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.storage.port import Database

INSERT = "insert into thing (id, name, doc, size) values (?, ?, ?, ?)"


class Wrong(Exception):  # noqa: N818 - a job's own exception, named for what it is
    """A job changed its mind."""


def rows(database: Database, sql: str = "select id, name, doc, size from thing order by id") -> list[Any]:
    return database.read_now(lambda reading: reading.rows(sql))


def insert(
    number: int, name: str | None = None, doc: bytes | None = None, size: int | None = None
) -> Callable[..., int]:
    return lambda transaction: transaction.run(INSERT, (number, name, doc, size))
