"""What every database promises: one suite, run on each kind."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from dstore.storage.opening import UnknownDatabaseError, dialect, open_database
from dstore.storage.port import StorageUnavailableError
from storage.thing import INSERT, Wrong, insert, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dstore.storage.port import Database, Transaction


def test_what_is_written_is_read_back_as_it_was(database: Database) -> None:
    values = [
        (1, "", b"", 0),
        (2, "💥 é ' \" \\ % ? \n\t\x01\x7f", bytes(range(256)), 2**63 - 1),
        (3, None, None, None),
        (4, "x" * 100_000, b"\0" * 100_000, -(2**63)),
        (2**31 - 1, "\ufeff\U0010ffff", b'{"a": 1}', 1 << 40),
    ]
    for row in values:
        database.transact_now(insert(*row))
    found = [(*row[:2], None if row[2] is None else bytes(row[2]), row[3]) for row in rows(database)]
    assert found == values


def test_a_statement_tells_how_many_rows_it_changed(database: Database) -> None:
    def job(transaction: Transaction) -> list[int]:
        return [
            transaction.run(INSERT, (1, "a", None, None)),
            transaction.many(INSERT, [(number, "b", None, None) for number in (2, 3, 4)]),
            transaction.many(INSERT, []),
            transaction.run(f"{INSERT} on conflict do nothing", (1, "c", None, None)),
            transaction.run("update thing set name = ? where id > ?", ("d", 1)),
            transaction.many("update thing set name = ? where id = ?", [("e", 1), ("e", 9), ("e", 2)]),
            transaction.run("delete from thing where id > ?", (2,)),
        ]

    assert database.transact_now(job) == [1, 3, 0, 0, 3, 2, 2]
    assert [row[:2] for row in rows(database)] == [(1, "e"), (2, "e")]


def test_a_row_is_the_first_or_none(database: Database) -> None:
    def job(transaction: Transaction) -> list[Any]:
        transaction.load("thing", ("id",), [(1,), (2,)], {"name": "a"})
        return [
            transaction.row("select name from thing order by id"),
            transaction.row("select 1 from thing where id = 3"),
        ]

    assert database.transact_now(job) == [("a",), None]


@pytest.mark.anyio
@pytest.mark.parametrize("verb", ["transact", "transact_long"])
async def test_what_a_job_holds_is_let_go_when_it_is_done(database: Database, verb: str) -> None:
    gone = threading.Event()

    class Catalogue:
        def __del__(self) -> None:
            gone.set()

    def job(_transaction: Transaction, _held: Catalogue = Catalogue()) -> None:  # noqa: B008 - held by the job alone
        """Do nothing."""

    await getattr(database, verb)(job)
    del job
    assert await asyncio.to_thread(gone.wait, 5)


def test_several_questions_asked_together_are_answered_in_their_order(database: Database) -> None:
    def job(transaction: Transaction) -> list[Any]:
        transaction.put_many(INSERT, [(number, f"n{number}", None, None) for number in (1, 2, 3)])
        transaction.put_many(INSERT, [])
        by_size = "select id from thing where id > ? order by id"
        return [
            transaction.each(),
            transaction.each((by_size, (1,)), ("select name from thing where id = ?", (2,)), (by_size, (3,))),
            transaction.run("delete from thing where id = ?", (1,)),
        ]

    assert database.transact_now(job) == [[], [[(2,), (3,)], [("n2",)], []], 1]


def test_a_statement_that_was_first_sent_behind_a_broken_one_works_the_next_time(database: Database) -> None:
    insert_name = "insert into thing (id, name) values (?, ?)"

    def broken(transaction: Transaction) -> None:
        transaction.put(INSERT, (1, "a", None, None))
        transaction.put(INSERT, (1, "twin", None, None))
        transaction.put(insert_name, (2, "behind"))

    with pytest.raises(Exception, match=r"(?i)unique"):
        database.transact_now(broken)
    for number in range(1, 20):  # on whichever thread
        database.transact_now(lambda one, number=number: one.run(insert_name, (number, "b")))  # type: ignore[misc]
    assert len(rows(database)) == 19


@pytest.mark.parametrize("count", [1, 40])
def test_a_load_of_rows_that_are_there_already_leaves_nothing_behind(database: Database, count: int) -> None:
    database.transact_now(insert(count))
    names = [(number, "a") for number in range(1, count + 1)]
    with pytest.raises(Exception, match=r"(?i)unique"):
        database.transact_now(lambda one: one.load("thing", ("id", "name"), names))
    assert [row[:2] for row in rows(database)] == [(count, None)]


def test_a_load_of_many_rows_keeps_every_value(database: Database) -> None:
    many = [(number, f"näme {number}\t\\N", b"\0\\x" + bytes([number % 256]), None) for number in range(5_000)]
    database.transact_now(lambda one: one.load("thing", ("id", "name", "doc", "size"), many))
    assert [(row[0], row[1], bytes(row[2]), row[3]) for row in rows(database)] == many
    database.transact_now(lambda one: one.load("thing", ("id", "name"), []))


@pytest.mark.parametrize("count", [1, 16, 17, 50, 123])
def test_a_load_gives_what_is_shared_to_every_row(database: Database, count: int) -> None:
    many = [(number, b"%d" % number) for number in range(count)]
    database.transact_now(lambda one: one.load("thing", ("id", "doc"), many, {"name": "n", "size": 7}))
    assert [(row[0], row[1], bytes(row[2]), row[3]) for row in rows(database)] == [
        (number, "n", doc, 7) for number, doc in many
    ]


def test_one_statement_by_itself_gives_its_rows(database: Database) -> None:
    database.transact_now(insert(2))
    assert database.rows_now("select id from thing where id > ? order by id", (0,)) == [(2,)]
    assert database.rows_now("select id from thing where id = 9") == []


def test_a_job_that_raises_leaves_nothing_behind_and_passes_its_exception_on(database: Database) -> None:
    def job(transaction: Transaction) -> None:
        transaction.run(INSERT, (1, "a", None, None))
        transaction.put(INSERT, (2, "b", None, None))
        transaction.load("thing", ("id",), [(3,)])
        raise Wrong

    with pytest.raises(Wrong):
        database.transact_now(job)
    assert rows(database) == []


def test_a_broken_statement_is_no_fault_of_the_database_and_leaves_nothing_behind(database: Database) -> None:
    database.transact_now(insert(1))
    twin = (1, "twin", None, None)

    def deferred(transaction: Transaction) -> None:
        transaction.put(INSERT, (2, "a", None, None))
        transaction.put(INSERT, twin)

    def deferred_among_many(transaction: Transaction) -> None:
        transaction.put(INSERT, (2, "a", None, None))
        transaction.many(INSERT, [(3, "b", None, None), twin])

    wrong: list[Callable[[Transaction], Any]] = [
        lambda one: [one.run(INSERT, (2, "a", None, None)), one.run(INSERT, twin)],
        lambda one: [one.run(INSERT, (2, "a", None, None)), one.run("select * from no_such_table")],
        lambda one: one.load("thing", ("id",), [(2,), (1,)]),
        deferred,
        deferred_among_many,
    ]
    for job in wrong:
        with pytest.raises(Exception) as fault:  # noqa: PT011 - each database has its own, but not this one:
            database.transact_now(job)
        assert not isinstance(fault.value, StorageUnavailableError)
        assert [row[0] for row in rows(database)] == [1]
    assert database.transact_now(insert(2)) == 1


def test_an_attempt_undoes_its_own_part_alone(database: Database) -> None:
    def part(transaction: Transaction) -> None:
        transaction.run(INSERT, (2, "b", None, None))
        transaction.put(INSERT, (3, "c", None, None))
        raise Wrong

    def job(transaction: Transaction) -> int:
        transaction.run(INSERT, (1, "a", None, None))
        with pytest.raises(Wrong):
            transaction.attempt(lambda: part(transaction))
        return transaction.attempt(lambda: transaction.run(INSERT, (4, "d", None, None)))

    assert database.transact_now(job) == 1
    assert [row[0] for row in rows(database)] == [1, 4]


def test_a_transaction_sees_its_own_changes_and_others_see_them_after_the_commit(database: Database) -> None:
    inside, may_go_on = threading.Event(), threading.Event()

    def job(transaction: Transaction) -> Any:
        transaction.put(INSERT, (1, "a", None, None))
        seen = transaction.row("select count(*) from thing")
        inside.set()
        may_go_on.wait(10)
        return seen

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(database.transact_now, job)
        assert inside.wait(10)
        assert rows(database) == []
        may_go_on.set()
        assert seen.result() == (1,)
    assert len(rows(database)) == 1


def test_a_read_is_of_one_moment(database: Database) -> None:
    """What is committed between two statements of one read is not seen by the second."""

    def query(reading: Any) -> list[Any]:
        first = reading.row("select count(*) from thing")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(database.transact_now, insert(1)).result()
        return [first, reading.row("select count(*) from thing")]

    assert database.read_now(query) == [(0,), (0,)]
    assert len(rows(database)) == 1


def test_a_long_read_leaves_the_event_loop_and_sees_what_is_committed(database: Database) -> None:
    database.transact_now(insert(1, "a"))

    def query(reading: Any) -> tuple[int, list[Any]]:
        return threading.get_ident(), reading.rows("select name from thing")

    def wrong(_reading: Any) -> None:
        raise Wrong

    async def read() -> tuple[int, list[Any]]:
        with pytest.raises(Wrong):
            await database.read_long(wrong)
        return await database.read_long(query)

    thread, found = asyncio.run(read())
    assert thread != threading.get_ident()
    assert found == [("a",)]


def test_a_read_can_not_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only|not allowed|attempt to write"):
        database.read_now(lambda reading: reading.rows("insert into thing (id) values (1)"))
    assert rows(database) == []


def test_jobs_of_one_loop_are_all_done_and_failures_stay_their_own(database: Database) -> None:
    def job(number: int) -> Callable[[Transaction], int]:
        def work(transaction: Transaction) -> int:
            transaction.run(INSERT, (number, "n", None, None))
            if number % 3 == 0:
                raise Wrong
            return number

        return work

    async def together() -> list[Any]:
        return await asyncio.gather(*(database.transact(job(number)) for number in range(90)), return_exceptions=True)

    outcomes = asyncio.run(together())
    for number, outcome in enumerate(outcomes):
        assert isinstance(outcome, Wrong) if number % 3 == 0 else outcome == number
    assert [row[0] for row in rows(database)] == [number for number in range(90) if number % 3]


def test_writers_of_two_openings_do_not_lose_each_others_updates(database: Database, database_url: str) -> None:
    """As two processes: fifty writers, no job refused, none lost."""
    other = open_database(database_url)
    database.transact_now(insert(1, size=0))

    def raise_it(transaction: Transaction) -> None:
        row = transaction.row("select size from thing where id = 1" + transaction.FOR_UPDATE)
        transaction.run("update thing set size = ? where id = 1", ((row or (0,))[0] + 1,))

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit((database, other)[number % 2].transact_now, raise_it) for number in range(100)]
        for job in jobs:
            job.result(timeout=30)
    other.close()
    assert rows(database, "select size from thing") == [(100,)]


def test_a_look_sees_what_was_committed_before_it(database: Database) -> None:
    async def looks() -> list[Any]:
        seen: list[Any] = [await database.peek("select count(*) from thing")]
        for number in range(5):
            await database.transact(insert(number))
            many = await asyncio.gather(*(database.peek("select count(*) from thing") for _ in range(10)))
            seen.append(set(many))
        seen.append(await database.peek("select name from thing where id = ?", (99,)))
        return seen

    assert asyncio.run(looks()) == [(0,), {(1,)}, {(2,)}, {(3,)}, {(4,)}, {(5,)}, None]


def test_a_wrong_look_or_read_says_so_and_the_next_one_works(database: Database) -> None:
    async def peek() -> Any:
        return await database.peek("select * from no_such_table")

    for wrong in (lambda: asyncio.run(peek()), lambda: rows(database, "select * from no_such_table")):
        with pytest.raises(Exception, match="no_such_table"):
            wrong()
    assert rows(database) == []


def test_closing_finishes_what_is_queued(database: Database, database_url: str) -> None:
    other = open_database(database_url)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(other.transact_now, insert(number)) for number in range(40)]
        for job in jobs:
            job.result(timeout=30)
    other.close()
    assert len(rows(database)) == 40


@pytest.mark.parametrize("url", ["mysql://host/db", "dstore.db", "", "sqlite3:///x"])
def test_another_kind_of_database_is_refused_by_its_name(url: str) -> None:
    with pytest.raises(UnknownDatabaseError, match=r"use sqlite:///path/to/file\.db or postgresql://"):
        open_database(url)


@pytest.mark.parametrize(("url", "kind"), [("sqlite:///a.db", "sqlite"), ("postgresql://h/d", "postgresql"), ("postgres://h/d", "postgresql")])  # fmt: skip
def test_a_url_names_its_kind(url: str, kind: str) -> None:
    assert dialect(url) == kind


def test_commits_are_noticed_where_that_costs_nothing(database: Database, database_url: str) -> None:
    async def run() -> None:
        seen = database.commits()
        assert (seen is None) == database_url.startswith("postgresql")  # only a server could tell
        if seen is None:
            return
        await asyncio.sleep(0)
        assert database.commits() == seen
        other = open_database(database_url)
        other.transact_now(insert(1))
        other.close()
        assert database.commits() == seen, "a turn of the loop is told one thing"
        await asyncio.sleep(0)
        after = database.commits()
        assert after != seen
        await database.transact(insert(2))
        assert database.commits() not in {seen, after}

    asyncio.run(run())


def test_a_thread_that_takes_many_turns_lets_others_in_between(tmp_path: Path) -> None:
    """On SQLite threads write in turns: who came first is served first, whoever had the last turn."""
    database = open_database(f"sqlite:///{tmp_path}/turns.db")
    began, go = threading.Event(), threading.Event()
    order: list[str] = []

    def long(_: Transaction) -> None:
        began.set()
        go.wait(10)

    async def small() -> None:
        await database.transact(lambda _: order.append("small"))

    def many() -> None:
        database.transact_now(long)
        database.transact_now(lambda _: order.append("next turn"))

    with ThreadPoolExecutor(2) as pool:
        turns = pool.submit(many)
        began.wait(10)
        waiting = pool.submit(asyncio.run, small())
        while not database._is_awaited:  # type: ignore[attr-defined]
            time.sleep(0.001)
        go.set()
        turns.result()
        waiting.result()
    database.close()
    assert order == ["small", "next turn"]
