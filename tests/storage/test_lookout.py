"""Looks at PostgreSQL on the event loop's own connection: cut, held up, from another loop, and after the end."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres import PostgresDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.databases import Postgres

pytestmark = pytest.mark.anyio
PROCESS = "select pg_backend_pid()"
COUNT = "select count(*) from thing"


@pytest.fixture
def database(postgres: Postgres) -> Iterator[PostgresDatabase]:
    with postgres.fresh_database() as url:
        one = PostgresDatabase(url, look_seconds=0.5)
        one.transact_now(lambda transaction: transaction.run("create table thing (id integer, name text)"))
        yield one
        one.close()


async def looked(database: PostgresDatabase, sql: str = COUNT, *params: Any) -> Any:
    row = await database.peek(sql, params)
    return row and row[0]


async def test_all_looks_of_a_moment_go_over_one_connection(database: PostgresDatabase) -> None:
    """Each asker gets the row of its own question, however many ask what at once."""
    questions = [f"select {number % 7}, pg_backend_pid()" for number in range(50)]
    rows = [row or () for row in await asyncio.gather(*(database.peek(one) for one in questions))]
    assert [row[0] for row in rows] == [number % 7 for number in range(50)]
    assert len({row[1] for row in rows}) == 1


async def test_a_look_after_the_connection_was_cut_is_made_over_another(
    database: PostgresDatabase, beside: psycopg.Connection[Any]
) -> None:
    before = await looked(database, PROCESS)
    beside.execute("select pg_terminate_backend(%s, 5000)", (before,))
    assert await looked(database, PROCESS) != before


@pytest.mark.parametrize("unread", [0, 100_000])
async def test_a_look_whose_connection_is_cut_under_way_is_made_again(
    database: PostgresDatabase, beside: psycopg.Connection[Any], unread: int
) -> None:
    """Also if the server has not read it all: the socket ends with an error then, which a loop may keep to itself."""
    before = await looked(database, PROCESS)
    beside.execute("begin")
    table = await looked(database, "select 'thing'::regclass::oid::integer")
    schema = await looked(database, "select current_schema()")
    beside.execute(f"lock table {schema}.thing in access exclusive mode")
    asked = "select count(*), length(?::text) from thing"
    under_way = asyncio.create_task(looked(database, asked, ""))
    also = asyncio.create_task(looked(database, asked, "x" * unread))
    waits = "select count(*) from pg_locks where relation = %s and not granted"
    await asyncio.sleep(0)  # the look sets out
    await asyncio.sleep(0)
    while not (beside.execute(waits, (table,)).fetchone() or (0,))[0]:
        assert not under_way.done()
    beside.execute("select pg_terminate_backend(%s, 5000)", (before,))
    beside.execute("commit")
    assert (await under_way, await also) == (0, 0)


async def test_a_look_that_is_held_up_ends_in_time_and_the_next_one_works(
    database: PostgresDatabase, beside: psycopg.Connection[Any]
) -> None:
    schema = await looked(database, "select current_schema()")
    beside.execute("begin")
    beside.execute(f"lock table {schema}.thing in access exclusive mode")
    began = time.monotonic()
    with pytest.raises(StorageUnavailableError, match=r"no answer within 0\.5 s"):
        await looked(database)
    assert time.monotonic() - began < 5
    beside.execute("rollback")
    assert await looked(database) == 0


async def test_a_look_that_nobody_waits_for_any_more_disturbs_no_other(database: PostgresDatabase) -> None:
    given_up = asyncio.create_task(looked(database))
    await asyncio.sleep(0)
    given_up.cancel()
    with suppress(asyncio.CancelledError):
        await given_up
    assert await asyncio.gather(*(looked(database) for _ in range(2))) == [0, 0]


async def test_more_questions_than_a_socket_holds_are_all_answered(database: PostgresDatabase) -> None:
    long = ["x" * 50_000 + str(number) for number in range(100)]
    assert await asyncio.gather(*(looked(database, "select ?::text", one) for one in long)) == long


def test_each_event_loop_looks_over_its_own_connection(database: PostgresDatabase) -> None:
    first, second = (asyncio.run(looked(database, PROCESS)) for _ in range(2))
    assert first != second


async def test_a_wrong_question_fails_by_itself_and_the_connection_is_kept(database: PostgresDatabase) -> None:
    before = await looked(database, PROCESS)
    with pytest.raises(psycopg.errors.UndefinedTable):
        await looked(database, "select * from no_such_table")
    assert await looked(database, PROCESS) == before


async def test_a_question_that_can_not_be_put_fails_by_itself_and_the_next_one_works(
    database: PostgresDatabase,
) -> None:
    with pytest.raises(TypeError):
        await looked(database, "select ?::text", object())
    assert await looked(database) == 0


async def test_a_server_that_is_not_there_is_said(tmp_path: Any) -> None:
    away = PostgresDatabase(f"postgresql:///nothing?host={tmp_path}", look_seconds=4)
    with pytest.raises(StorageUnavailableError, match="No such file"):
        await looked(away)
    away.close()


@pytest.mark.parametrize("turns", range(6))
async def test_a_look_that_the_database_is_closed_before_ends_with_it(postgres: Postgres, turns: int) -> None:
    """Whether its connection was not asked for yet, is being opened or has been, none is left open."""
    database = PostgresDatabase(postgres.url, look_seconds=0.5)
    look = database.peek("select 1")
    for _ in range(turns):
        await asyncio.sleep(0)
    database.close()
    with pytest.raises(StorageUnavailableError):
        await look
    gc.collect()  # a connection that was left open would say so now, and fail the test
