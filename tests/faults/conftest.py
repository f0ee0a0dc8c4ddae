"""Fixtures: one undisturbed server for tests that only misbehave as clients, a PostgreSQL that may be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from faults.own_postgres import OwnPostgres
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness import databases


KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two workers, on each database, for all tests of this process: each uses stores of its own."""
    if request.param == "sqlite":
        with Server(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'dstore.db'}", workers=2) as one:
            yield one
        return
    postgres: databases.Postgres = request.getfixturevalue("postgres")
    with postgres.fresh_database() as url, Server(url, workers=2) as one:
        yield one


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL server of this test process alone: it may be stopped, frozen and started."""
    with OwnPostgres() as one:
        yield one
