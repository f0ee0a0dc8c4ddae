"""Fixtures: one server for all tests of this process; each uses ids of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness import databases


KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two workers, on each database."""
    if request.param == "sqlite":
        with Server(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'dstore.db'}", workers=2) as one:
            yield one
        return
    postgres: databases.Postgres = request.getfixturevalue("postgres")
    with postgres.fresh_database() as url, Server(url, workers=2) as one:
        yield one
