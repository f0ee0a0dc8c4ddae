"""Python's own SQLite tells the time in milliseconds, whichever version Python was linked with."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from dstore.storage.clocked import ClockedConnection


@pytest.mark.parametrize("since", [(3, 42), (99,)])
def test_it_tells_the_seconds_with_three_decimals(monkeypatch: pytest.MonkeyPatch, since: tuple[int, ...]) -> None:
    monkeypatch.setattr("dstore.storage.clocked._SINCE", since)
    with closing(ClockedConnection(":memory:")) as connection:
        # As the engine's tables have it: a default, and a part of a condition.
        connection.execute("create table one (at bigint not null default (unixepoch('subsec') * 1000), name text)")
        before = int(time.time() * 1000)
        connection.execute("insert into one (name) values ('x')")
        after = int(time.time() * 1000) + 1
        [(at,)] = connection.execute("select at from one where at <= cast(unixepoch('subsec') * 1000 as bigint) + 1")
        assert before - 1 <= at <= after
