"""What a transaction sends ahead or assumes, and what is done while it loads: the same on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from storage.thing import INSERT, Wrong, insert, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.storage.port import Database, Transaction


def test_a_query_that_was_foreseen_gives_what_it_would_have_given(database: Database) -> None:
    database.transact_now(insert(1, "a"))
    asked = "select name from thing where id = ?"

    def job(transaction: Transaction) -> list[Any]:
        transaction.foresee(asked, (1,))
        changed = transaction.run("update thing set size = 5 where id = 1")
        found = [transaction.row(asked, (1,)), transaction.row(asked, (2,))]
        transaction.put("update thing set name = 'b' where id = 1")
        return [changed, *found, transaction.row(asked, (1,))]

    assert database.transact_now(job) == [1, ("a",), None, ("b",)]


def test_a_query_that_was_foreseen_and_not_asked_disturbs_nothing(database: Database) -> None:
    def job(transaction: Transaction) -> int:
        transaction.foresee("select id from thing")
        transaction.foresee("select name from thing")
        return transaction.many(INSERT, [(1, "a", None, None), (2, "b", None, None)])

    assert database.transact_now(job) == 2
    assert [row[0] for row in rows(database)] == [1, 2]


def test_changes_of_one_row_each_tell_whether_all_were_there(database: Database) -> None:
    """Whether that is known at once or later, nothing is left of what a job did before it was told."""
    database.transact_now(insert(1, "a"))
    database.transact_now(insert(2, "b"))

    def rename(name: str, *numbers: int) -> Callable[[Transaction], bool]:
        def job(transaction: Transaction) -> bool:
            found = transaction.change_each(
                "update thing set name = ? where id = ?", [(name, number) for number in numbers]
            )
            transaction.put("update thing set size = coalesce(size, 0) + 1 where id = 1")
            return found

        return job

    assert database.transact_now(rename("c", 1, 2)) is True
    assert [row[1] for row in rows(database)] == ["c", "c"]
    assert database.transact_now(rename("d")) is True
    assert database.transact_now(rename("e", 1, 9, 2)) is False
    assert [row[1] for row in rows(database)] == ["e", "e"]
    assert rows(database)[0][3] == 3


def test_a_job_that_gives_up_as_a_row_is_not_there_leaves_nothing(database: Database) -> None:
    database.transact_now(insert(1, "a"))

    def job(transaction: Transaction) -> None:
        if not transaction.change_each("update thing set name = ? where id = ?", [("b", 1), ("b", 2)]):
            raise Wrong

    with pytest.raises(Wrong):
        database.transact_now(job)
    assert [row[1] for row in rows(database)] == ["a"]


@pytest.mark.parametrize("number", [4, 5_000, 100_000])
@pytest.mark.parametrize("twins", [False, True])
def test_what_is_done_while_rows_are_loaded_may_refuse_them(database: Database, number: int, twins: bool) -> None:
    """Its exception goes before what the database has to say of the rows; the connection is in order afterwards."""
    values = [(one // 2 if twins else one, "x" * 100) for one in range(number)]
    done = []

    def refuse() -> None:
        done.append("refused")
        raise Wrong

    def job(transaction: Transaction) -> None:
        transaction.put(INSERT, (1_000_000, "before", None, None))
        transaction.load("thing", ("id", "name"), values, meanwhile=refuse)

    for _ in range(2):
        with pytest.raises(Wrong):
            database.transact_now(job)
        assert done == ["refused"]
        done.clear()
        assert database.transact_now(lambda transaction: transaction.rows("select id from thing")) == []
    assert (
        database.transact_now(
            lambda transaction: transaction.load(
                "thing", ("id", "name"), values[::3][:2], meanwhile=lambda: done.append("done")
            )
        )
        is None
    )
    assert (len(rows(database)), done) == (2, ["done"])
