"""Fixtures: a fresh database of each kind, the platform in process, the platform as real processes."""

from __future__ import annotations

import gc
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from harness import databases
from harness.platform import Platform
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The same examples in every run, on a machine as busy as it may be; nothing is kept beside the sources.
settings.register_profile(
    "dstore", derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("dstore")


# Tests of a module here share servers or browsers, for each kind of database: one process starts them, not each.
SHARING = ("tests/browser/", "tests/clients/", "tests/faults/", "tests/cli/test_demo.py")


class _OneProcessForAServer(LoadScopeScheduling):
    """Gives each test to the process that is free first, and those that share something to one process."""

    def _split_scope(self, nodeid: str) -> str:
        if not nodeid.startswith(SHARING):
            return nodeid
        kind = re.search(r"\[(sqlite|postgresql)", nodeid)
        return nodeid.partition("::")[0] + (kind[1] if kind else "")


def pytest_collection_finish() -> None:
    """Spare the collector the tests themselves, which are there to the end."""
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Share the tests out by what they share."""
    return _OneProcessForAServer(config, log)


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Both loops under which the server may run."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Postgres]:
    """A PostgreSQL server: the one of DSTORE_TEST_POSTGRES, else one of our own."""
    # No test cuts the power, and a short test would wait for the disk most of its time.
    with databases.postgres_server("-c fsync=off -c full_page_writes=off") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; every test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'dstore.db'}"
        return
    server: databases.Postgres = request.getfixturevalue("postgres")
    with server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database as a migration leaves it, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "dstore.db"
    databases.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that has its tables, and nothing in them; both kinds likewise."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('migrated_file'), tmp_path / 'dstore.db')}"
        return
    server: databases.Postgres = request.getfixturevalue("postgres")
    with server.migrated_database() as url:
        yield url


@pytest.fixture
def platform(migrated_url: str) -> Iterator[Platform]:
    """The platform in this process, with one partner `c1`."""
    one = Platform(migrated_url)
    yield one
    one.close()


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """The platform as `dstore serve --workers 2`, with one partner `c1`."""
    with Server(database_url, workers=2) as one:
        yield one
