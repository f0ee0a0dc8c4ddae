"""Fresh databases for each round: SQLite files, and a PostgreSQL server of our own."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench import loads, processes
from dstore import partners
from dstore.cli import opening
from dstore.storage.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# The PostgreSQL server that the tests start.
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from harness import databases as harness

SQLITE = "SQLite FULL"
POSTGRES = "PostgreSQL"


class Sqlite:
    """Files in a folder of their own; their CPU time is the server's."""

    label = SQLITE
    pid: int | None = None

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give the URL of a file that does not exist yet."""
        with tempfile.TemporaryDirectory(prefix="dstore-bench-") as folder:
            yield f"sqlite:///{folder}/dstore.db"

    def cpu_seconds(self) -> float:
        """Nothing: SQLite works inside the server's process."""
        return 0.0


class Postgres:
    """Databases of one PostgreSQL server, whose processes share the core of the load client."""

    label = POSTGRES

    def __init__(self, server: harness.Postgres) -> None:
        self._server = server
        pid = server.data / "postmaster.pid" if server.data else None
        self.pid = int(pid.read_text().splitlines()[0]) if pid else None

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Give the URL of an empty database."""
        with self._server.fresh_database() as url:
            yield url

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its processes; 0 for a server that was given by URL."""
        return processes.cpu_seconds(self.pid) if self.pid else 0.0


Kind = Sqlite | Postgres


@contextmanager
def both(cores: set[int], wanted: set[str]) -> Iterator[list[Kind]]:
    """Give the wanted kinds of database; PostgreSQL's processes run on `cores`."""
    kinds: list[Kind] = []
    with ExitStack() as stack:
        if SQLITE in wanted:
            kinds.append(Sqlite())
        if POSTGRES in wanted:
            with processes.on_cores(cores):
                kinds.append(Postgres(stack.enter_context(harness.postgres_server())))
        yield kinds


@dataclass
class Prepared:
    """A database with the benchmark's partner in it, and the platform's key."""

    url: str
    platform: RSAPrivateKey


def prepare(url: str) -> Prepared:
    """Set a database up for the product."""
    opening.migrate(url)
    database = open_database(url)
    try:
        now = datetime.now(UTC)
        pem = loads.partner_public_pem()
        database.transact_now(lambda one: partners.add_partner(one, "Bench", loads.CLIENT_ID, pem, now))
        return Prepared(url, database.read_now(partners.read_ring).platform.key)
    finally:
        database.close()
