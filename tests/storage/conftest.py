"""A database with one small table, of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from dstore.storage.opening import dialect, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.storage.port import Database
    from harness.databases import Postgres

BLOB = {"sqlite": "blob", "postgresql": "bytea"}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with a table `thing` of a number, a text, bytes and a large number."""
    one = open_database(database_url)
    columns = f"id integer primary key, name text, doc {BLOB[dialect(database_url)]}, size bigint"
    one.transact_now(lambda transaction: transaction.run(f"create table thing ({columns})"))
    yield one
    one.close()


@pytest.fixture
def beside(postgres: Postgres) -> Iterator[psycopg.Connection[Any]]:
    """A connection of somebody else."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        yield connection
