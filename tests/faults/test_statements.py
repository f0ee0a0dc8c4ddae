"""The database fails at the first, the second, the third ... statement of every API: all or nothing, every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import apsw
import psycopg
import pytest

from dstore import apis, app, samples
from dstore.protocol.api import collect
from dstore.storage.postgres_transaction import PostgresTransaction
from dstore.storage.sqlite_transaction import SqliteTransaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform

VERBS = ("rows", "row", "each", "run", "put", "many", "put_many", "load")
TABLES = ("account", "store", "given", "history", "entry where tree in (select tree from store)")


@dataclass
class Trouble:
    """Lets the database fail at one statement, counted from now."""

    fault: Exception
    left: int = 0
    was_hit: bool = False

    def between(self, verb: Callable[..., Any]) -> Callable[..., Any]:
        """Return the verb, failing when its turn comes."""

        def troubled(*arguments: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                self.was_hit = True
                raise self.fault
            return verb(*arguments)

        return troubled


async def nothing(*_: Any) -> None:
    """Do nothing."""


@pytest.fixture
def trouble(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Trouble:
    """Trouble with the database that the platform uses; sweep and request log in the background take none of its turns."""
    monkeypatch.setattr(app, "_tend", nothing)
    platform.restart(request_log="none")
    platform.get("/readyz")
    is_sqlite = platform.url.startswith("sqlite")
    transaction: type = SqliteTransaction if is_sqlite else PostgresTransaction
    one = Trouble(apsw.IOError("made up") if is_sqlite else psycopg.OperationalError("made up"))
    for verb in VERBS:
        if hasattr(transaction, verb):
            monkeypatch.setattr(transaction, verb, one.between(getattr(transaction, verb)))
    application = platform.application

    async def until_answered(*asgi: Any) -> None:
        await application(*asgi)
        one.left = 0

    monkeypatch.setattr(platform, "application", until_answered)
    return one


def everything(platform: Platform) -> list[Any]:
    """Return all that requests have left behind."""
    return [sorted(map(repr, platform.rows(f"select * from {table}"))) for table in TABLES]


def test_a_fault_at_any_statement_of_any_api_leaves_nothing_and_the_retry_succeeds(
    platform: Platform, trouble: Trouble
) -> None:
    paths = {(path.split("/")[2], one.name): path for path, one in collect(apis).items() if path == one.path}
    faults = 0
    for sample in samples.all():
        before = everything(platform)
        for statement in range(1, 1000):
            trouble.left, trouble.was_hit = statement, False
            answer = platform.call(paths[sample.family, sample.api], sample.body)
            if not trouble.was_hit:
                break
            faults += 1
            assert answer.code == "UNKNOWN_EXCEPTION", (sample.name, statement, answer.result)
            assert everything(platform) == before, (sample.name, statement)
        assert answer.code == "SUCCESS", (sample.name, answer.result)
        assert everything(platform) != before
    print(f"\n{faults} faults, one at each statement of {len(samples.all())} requests")
