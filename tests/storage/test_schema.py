"""Migrations: from nothing to the newest schema, once, forward only, the same on both databases."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dstore.storage import schema
from dstore.storage.opening import dialect, open_database
from dstore.storage.schema import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.storage.port import Database

COLUMNS = {
    "sqlite": "select m.name, p.name from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and m.name not like 'sqlite%'",
    "postgresql": "select table_name, column_name from information_schema.columns where table_schema = current_schema()",
}


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database with nothing in it."""
    one = open_database(database_url)
    yield one
    one.close()


def version(database: Database, url: str) -> int:
    return database.read_now(lambda reading: schema.version(reading, dialect(url)))


def columns(database: Database, url: str) -> set[Any]:
    return set(database.read_now(lambda reading: reading.rows(COLUMNS[dialect(url)])))


def test_an_empty_database_is_brought_to_the_newest_schema_once(empty: Database, database_url: str) -> None:
    kind = dialect(database_url)
    assert version(empty, database_url) == 0
    assert schema.migrate(empty, kind) == [name for _, name, _ in schema.steps()]
    assert version(empty, database_url) == schema.newest()
    before = columns(empty, database_url)
    assert schema.migrate(empty, kind) == []
    assert columns(empty, database_url) == before
    schema.check(empty, kind)


def test_two_that_migrate_at_once_apply_each_step_once(empty: Database, database_url: str) -> None:
    others = [open_database(database_url) for _ in range(3)]
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(lambda one: schema.migrate(one, dialect(database_url)), [empty, *others]))
    for one in others:
        one.close()
    assert sorted(name for names in applied for name in names) == [name for _, name, _ in schema.steps()]


def test_a_database_that_was_not_migrated_is_refused_with_what_to_do(empty: Database, database_url: str) -> None:
    with pytest.raises(SchemaError, match=r"has schema 0, this program needs \d+: run `dstore migrate`"):
        schema.check(empty, dialect(database_url))


def test_a_newer_schema_is_refused_and_left_alone(empty: Database, database_url: str) -> None:
    kind = dialect(database_url)
    schema.migrate(empty, kind)
    newer = schema.newest() + 1
    empty.transact_now(lambda one: one.run("insert into schema_step (number, name) values (?, 'newer')", (newer,)))
    before = columns(empty, database_url)
    with pytest.raises(SchemaError, match="use a newer program"):
        schema.check(empty, kind)
    with pytest.raises(SchemaError, match="use a newer program"):
        schema.migrate(empty, kind)
    assert columns(empty, database_url) == before


def test_a_step_that_fails_leaves_the_schema_as_it_was(
    empty: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = dialect(database_url)
    schema.migrate(empty, kind)
    before = columns(empty, database_url)
    broken = [
        *schema.steps(),
        (9998, "9998_good.sql", "create table late (id integer)"),
        (9999, "9999_bad.sql", "create nonsense"),
    ]
    monkeypatch.setattr(schema, "steps", lambda: broken)
    with pytest.raises(Exception, match=r"(?i)syntax"):
        schema.migrate(empty, kind)
    assert columns(empty, database_url) == before


def test_steps_are_numbered_without_gaps_and_say_why() -> None:
    numbers = [number for number, _, _ in schema.steps()]
    assert numbers == list(range(1, len(numbers) + 1))
    for _, name, sql in schema.steps():
        assert sql.startswith("-- "), f"{name} begins with its reason"


def test_both_databases_have_the_same_tables_and_columns(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found = []
    with request.getfixturevalue("postgres").fresh_database() as postgres_url:
        for url in (f"sqlite:///{tmp_path / 'x.db'}", postgres_url):
            one = open_database(url)
            schema.migrate(one, dialect(url))
            found.append(columns(one, url))
            one.close()
    assert found[0] == found[1]
    assert len(found[0]) > 40


def test_a_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    """It holds the platform's private key."""
    path = tmp_path / "new folder" / "dstore.db"
    one = open_database(f"sqlite:///{path}")
    schema.migrate(one, "sqlite")
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    one.close()
