"""Fixtures: two empty PostgreSQL databases, and a folder with a partner, made once."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest

from docs import shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from harness import databases

# A platform with the partner mypos, as the first part of the README leaves it.
PARTNER = """\
dstore key new mypos.pem
dstore partner add "My POS" --client-id mypos --public-key mypos.pem.pub
dstore key show > platform.pub
"""
_numbers = count(1)


@pytest.fixture
def two_databases(postgres: databases.Postgres) -> Iterator[tuple[str, str]]:
    """The URLs of two empty PostgreSQL databases."""
    names = [f"docs_{os.getpid()}_{next(_numbers)}" for _ in range(2)]
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        for name in names:
            connection.execute(f"create database {name}")
        first, second = (urlsplit(postgres.url)._replace(path=f"/{name}").geturl() for name in names)
        yield first, second
        for name in names:
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database, keys and platform key of a partner."""
    folder = tmp_path_factory.mktemp("partner")
    shell.run([], folder, before=PARTNER)
    return folder
