"""Short transactions on the event loop itself: held up, cut, given up, from another loop, and at the end."""

from __future__ import annotations

import asyncio
import gc
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres import PostgresDatabase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from dstore.storage.port import Reading, Transaction
    from harness.databases import Postgres

pytestmark = pytest.mark.anyio
PROCESS = "select pg_backend_pid()"
FIBRES = 2


@pytest.fixture
def database(postgres: Postgres) -> Iterator[PostgresDatabase]:
    """A database with two things and two berths."""
    with postgres.fresh_database() as url:
        one = PostgresDatabase(url, fibres=FIBRES)
        one.transact_now(lambda transaction: transaction.run("create table thing (id integer primary key, name text)"))
        one.transact_now(lambda transaction: transaction.load("thing", ("id", "name"), [(1, "a"), (2, "b")]))
        yield one
        one.close()


@pytest.fixture
def held(database: PostgresDatabase, beside: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else, who holds thing 1."""
    schema = database.rows_now("select current_schema()")[0][0]
    beside.execute("begin")
    beside.execute(f"select from {schema}.thing where id = 1 for update")
    yield beside
    beside.execute("rollback")


def rename(number: int, name: str) -> Callable[[Transaction], int]:
    return lambda transaction: transaction.run("update thing set name = ? where id = ?", (name, number))


def names(database: PostgresDatabase) -> list[str]:
    return [name for (name,) in database.rows_now("select name from thing order by id")]


async def process(database: PostgresDatabase) -> int:
    found: int = await database.transact(lambda transaction: transaction.rows(PROCESS)[0][0])
    return found


async def waiting_for_a_lock(beside: psycopg.Connection[Any], job: Awaitable[Any]) -> int:
    """Return the server's process of a job once that waits for what somebody holds."""
    assert asyncio.isfuture(job)
    asked = "select pid from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))"
    while not (found := beside.execute(asked).fetchone()):
        await asyncio.sleep(0)
        assert not job.done()
    pid: int = found[0]
    return pid


async def test_a_job_that_waits_for_a_lock_holds_up_no_other(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    job = database.transact(rename(1, "late"))
    await waiting_for_a_lock(held, job)
    assert await database.transact(rename(2, "at once")) == 1
    held.execute("commit")
    assert await job == 1
    assert names(database) == ["late", "at once"]


async def test_jobs_of_one_turn_come_one_after_another_and_hold_one_connection(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    """Though one waits for a lock, and many others for their turn, another store's job has a connection."""
    jobs = [database.transact(rename(1, f"job {number}"), "turn") for number in range(3 * FIBRES)]
    given_up = asyncio.ensure_future(jobs[1])
    await waiting_for_a_lock(held, jobs[0])
    assert await asyncio.gather(*(database.transact(rename(2, "at once"), number) for number in range(9))) == [1] * 9
    assert not any(job.done() for job in map(asyncio.ensure_future, jobs))
    given_up.cancel()
    held.execute("commit")
    assert await asyncio.ensure_future(jobs[-1]) == 1
    assert names(database) == [f"job {3 * FIBRES - 1}", "at once"]
    assert await database.transact(rename(1, "a turn that has ended begins anew"), "turn") == 1


async def test_a_job_that_fails_ends_its_turn(database: PostgresDatabase) -> None:
    wrong = database.transact(lambda transaction: transaction.run("select nothing"), "turn")
    after = database.transact(rename(1, "after"), "turn")
    with pytest.raises(psycopg.errors.UndefinedColumn):
        await wrong
    assert await after == 1


async def test_jobs_run_on_the_thread_of_the_loop_and_share_its_connections(database: PostgresDatabase) -> None:
    def job(number: int, transaction: Transaction) -> tuple[int, int, int]:
        (row,) = transaction.rows("select ?::integer, pg_backend_pid()", (number,))
        return row[0], row[1], threading.get_ident()

    found = await asyncio.gather(*(database.transact(partial(job, number)) for number in range(50)))
    assert [number for number, _, _ in found] == list(range(50))
    assert len({pid for _, pid, _ in found}) == FIBRES
    assert {thread for _, _, thread in found} == {threading.get_ident()}


async def test_a_failing_job_is_undone_and_the_connection_is_kept(database: PostgresDatabase) -> None:
    before = await process(database)

    def job(transaction: Transaction) -> None:
        rename(1, "wrong")(transaction)
        raise LookupError("the job's own")

    with pytest.raises(LookupError, match="the job's own"):
        await database.transact(job)
    assert (await process(database), names(database)) == (before, ["a", "b"])


async def test_a_statement_that_fails_is_its_callers_and_the_connection_is_kept(database: PostgresDatabase) -> None:
    before = await process(database)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await database.transact(lambda transaction: transaction.run("insert into thing (id) values (1)"))
    assert await process(database) == before


async def test_a_job_after_the_connection_was_cut_is_done_over_another(
    database: PostgresDatabase, beside: psycopg.Connection[Any]
) -> None:
    before = await process(database)
    beside.execute("select pg_terminate_backend(%s, 5000)", (before,))
    assert await process(database) != before


async def test_a_job_whose_connection_is_cut_under_way_fails_and_the_next_one_works(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    job = database.transact(rename(1, "never"))
    cut = await waiting_for_a_lock(held, job)
    held.execute("select pg_terminate_backend(%s, 5000)", (cut,))
    with pytest.raises(StorageUnavailableError):
        await job
    held.execute("commit")
    assert await process(database) != cut
    assert names(database) == ["a", "b"]


async def test_a_server_that_ends_before_it_has_read_everything_is_noticed(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    """The socket ends with an error then, which an event loop may keep to itself."""

    def job(transaction: Transaction) -> None:
        transaction.put("update thing set name = 'never' where id = 1")
        transaction.rows("select length(?::text)", ("x" * 100_000,))

    cut = database.transact(job)
    pid = await waiting_for_a_lock(held, cut)
    held.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    async with asyncio.timeout(10):
        with pytest.raises(StorageUnavailableError):
            await cut


async def test_a_job_that_ends_otherwise_than_by_its_cut_connection_leaves_nothing_of_it(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    """The next connection may have the number that its socket had, and the loop must not mix them up."""

    def cut(transaction: Transaction) -> None:
        try:
            transaction.rows("select pg_terminate_backend(pg_backend_pid())")
        except psycopg.Error:
            raise LookupError("the job's own") from None

    await process(database)  # so that the first connection has the lower number
    await asyncio.gather(process(database), process(database))
    waits = database.transact(rename(1, "second"))
    await waiting_for_a_lock(held, waits)
    with pytest.raises(LookupError):
        await database.transact(cut)
    held.execute("commit")
    await waits
    held.execute("select pg_terminate_backend(%s, 5000)", (await process(database),))
    async with asyncio.timeout(10):
        assert await process(database)
        assert await asyncio.gather(*(database.transact(rename(2, "other")) for _ in range(FIBRES))) == [1] * FIBRES


async def test_a_job_that_nobody_waits_for_any_more_is_not_begun(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    """One that was begun goes on: that its caller is gone is no reason to undo it."""
    begun = [database.transact(rename(1, f"begun {number}")) for number in range(FIBRES)]
    await waiting_for_a_lock(held, begun[0])
    done = []
    given_up = asyncio.ensure_future(database.transact(lambda _: done.append("given up")))
    last = database.transact(lambda _: done.append("last"))
    for one in (begun[0], given_up):
        asyncio.ensure_future(one).cancel()
    held.execute("commit")
    assert await begun[1] == 1
    await last
    assert done == ["last"]
    assert names(database)[0].startswith("begun")


async def test_more_than_a_socket_holds_is_sent_and_taken_in_both_ways(database: PostgresDatabase) -> None:
    long = ["x" * 5_000_000 + str(number) for number in range(FIBRES + 1)]

    def job(text: str, transaction: Transaction) -> str:
        found: str = transaction.rows("select ?::text", (text,))[0][0]
        return found

    assert await asyncio.gather(*(database.transact(partial(job, one)) for one in long)) == long


async def test_many_rows_are_loaded(database: PostgresDatabase) -> None:
    rows = [(number, f"thing {number}") for number in range(3, 1003)]
    await database.transact(lambda transaction: transaction.load("thing", ("id", "name"), rows))
    assert await database.read(lambda reading: reading.rows("select * from thing where id > 2 order by id")) == rows


async def test_a_read_sees_one_moment(database: PostgresDatabase, beside: psycopg.Connection[Any]) -> None:
    schema = database.rows_now("select current_schema()")[0][0]

    def query(reading: Reading) -> tuple[Any, Any]:
        before = reading.rows("select name from thing where id = 1")
        beside.execute(f"update {schema}.thing set name = 'later'")
        return before, reading.rows("select name from thing order by id")

    assert await database.read(query) == ([("a",)], [("a",), ("b",)])
    assert names(database) == ["later", "later"]


async def test_a_job_may_ask_another_database(database: PostgresDatabase, postgres: Postgres) -> None:
    """It waits for that one as any thread would: a connection belongs to one database."""
    asked = "select current_schema()"
    with postgres.fresh_database() as url:
        other = PostgresDatabase(url)

        def job(transaction: Transaction) -> tuple[Any, Any, Any]:
            return transaction.rows(asked), other.rows_now(asked), transaction.rows(asked)

        mine, others, again = await database.transact(job)
        other.close()
    assert mine == again != others


def test_each_event_loop_works_over_its_own_connections(database: PostgresDatabase) -> None:
    first, second = (asyncio.run(process(database)) for _ in range(2))
    assert first != second


def test_what_an_event_loop_left_under_way_holds_nothing(
    database: PostgresDatabase, held: psycopg.Connection[Any]
) -> None:
    """Its jobs are undone as soon as the next loop comes: nobody is there any more to hear of them."""

    async def leave() -> None:
        await waiting_for_a_lock(held, database.transact(rename(1, "left")))

    async def come() -> int:
        number = await database.transact(rename(2, "next"))
        held.execute("commit")
        return number + await database.transact(rename(1, "last"))

    asyncio.run(leave())
    assert asyncio.run(come()) == 2
    assert names(database) == ["last", "next"]


async def test_a_server_that_is_not_there_is_said_each_time(tmp_path: Any) -> None:
    away = PostgresDatabase(f"postgresql:///nothing?host={tmp_path}", fibres=1)
    for _ in range(2):
        with pytest.raises(StorageUnavailableError, match="No such file"):
            await away.transact(rename(1, "never"))
    away.close()


@pytest.mark.parametrize("connected", [0, 1, FIBRES])
@pytest.mark.parametrize("turns", range(6))
async def test_jobs_that_the_database_is_closed_before_are_done_or_said_not_to_be(
    database: PostgresDatabase, turns: int, connected: int
) -> None:
    """Whether a job's connection is being opened, it is under way or waits for another one: none is half done."""
    await asyncio.gather(*(process(database) for _ in range(connected)))
    add = "insert into thing (id, name) values (?, ?)"

    def adding(number: int) -> Callable[[Transaction], int]:
        return lambda transaction: transaction.run(add, (number, "a")) + transaction.run(add, (number + 1, "b"))

    numbers = range(10, 10 + 6 * FIBRES, 2)
    jobs = [asyncio.ensure_future(database.transact(adding(number))) for number in numbers]
    for _ in range(turns):
        await asyncio.sleep(0)
    database.close()
    found = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(one == 2 or isinstance(one, StorageUnavailableError) for one in found)
    assert connected < FIBRES or found.count(2) == len(jobs)
    with pytest.raises(StorageUnavailableError):
        await database.transact(rename(1, "after the end"))
    gc.collect()  # a connection that was left open would say so now, and fail the test
    again = PostgresDatabase(database.url)
    kept = [number for (number,) in again.rows_now("select id from thing where id >= 10 order by id")]
    again.close()
    done = [number for number, one in zip(numbers, found, strict=True) if one == 2]
    assert kept == [half for number in done for half in (number, number + 1)]


@pytest.mark.parametrize("fault", [StopIteration, KeyError, SystemExit])
async def test_whatever_a_job_raises_its_caller_hears_of_it_and_its_turn_ends(
    database: PostgresDatabase, fault: type[BaseException]
) -> None:
    def job(_: Transaction) -> None:
        raise fault

    wrong = database.transact(job, "turn")
    after = database.transact(rename(1, "after"), "turn")
    with pytest.raises(RuntimeError if fault is StopIteration else fault):
        await wrong
    assert await after == 1


async def test_changes_of_one_row_each_are_hoped_for_and_a_job_that_hoped_in_vain_is_told(
    database: PostgresDatabase,
) -> None:
    told = []

    def job(transaction: Transaction) -> bool:
        transaction.put("insert into thing (id, name) values (3, 'c')")
        are_there = transaction.change_each("update thing set name = ? where id = ?", [("x", 1), ("x", 9)])
        told.append(are_there)
        return are_there

    assert await database.transact(job) is False
    assert (told, names(database)) == ([True, False], ["x", "b", "c"])


async def test_jobs_under_way_are_finished_before_the_database_is_closed(database: PostgresDatabase) -> None:
    await asyncio.gather(*(process(database) for _ in range(FIBRES)))  # the connections are there
    jobs = [database.transact(rename(number, "done")) for number in (1, 2, 1, 2)]
    database.close()
    assert await asyncio.gather(*jobs) == [1, 1, 1, 1]
    again = PostgresDatabase(database.url)
    assert names(again) == ["done", "done"]
    again.close()
