"""What is prepared ahead of a call's transaction stops when the process ends, and looks before it writes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from dstore.ahead import Ahead, StoppingError

if TYPE_CHECKING:
    from dstore.storage.port import Database


class SuperfluousError(Exception):
    pass


def test_every_use_of_the_database_is_a_place_to_stop(database: Database) -> None:
    stopping = threading.Event()
    ahead = Ahead(database, stopping)
    assert ahead.rows_now("select 1") == [(1,)]
    assert ahead.read_now(lambda reading: reading.rows("select 2")) == [(2,)]
    assert ahead.transact_now(lambda transaction: transaction.rows("select 3")) == [(3,)]
    stopping.set()
    for use in (
        lambda: ahead.rows_now("select 1"),
        lambda: ahead.read_now(lambda reading: reading.rows("select 2")),
        lambda: ahead.transact_now(lambda transaction: transaction.rows("select 3")),
    ):
        with pytest.raises(StoppingError):
            use()


def test_a_look_is_taken_once_before_anything_is_written(database: Database) -> None:
    looks: list[str] = []
    ahead = Ahead(database, threading.Event(), lambda: looks.append("looked"))
    ahead.rows_now("select 1")
    assert looks == []
    ahead.transact_now(lambda transaction: transaction.rows("select 1"))
    ahead.transact_now(lambda transaction: transaction.rows("select 1"))
    assert looks == ["looked"]


def test_what_a_look_raises_keeps_everything_from_being_written(database: Database) -> None:
    def look() -> None:
        raise SuperfluousError

    ahead = Ahead(database, threading.Event(), look)
    with pytest.raises(SuperfluousError):
        ahead.transact_now(lambda transaction: transaction.run("delete from thing"))
