"""The request log beside the calls: what is kept, what is dropped, what leaves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dstore import settings
from dstore.clock import milliseconds
from dstore.requestlog import naming, searching, writing
from dstore.requestlog.records import Head, Text
from dstore.requestlog.searching import Wanted
from dstore.storage.port import StorageUnavailableError

if TYPE_CHECKING:
    from harness.platform import Platform


class Log:
    """A log of its own on a platform's database; its calls went out."""

    def __init__(self, platform: Platform, **chosen: Any) -> None:
        self.platform = platform
        self.told: list[tuple[str, int]] = []
        load = settings.load({}, **chosen)[0]
        self.log = writing.RequestLog(
            platform.database, platform.clock, load, lambda word, number: self.told.append((word, number))
        )

    def note(self, *names: str, body: bytes = b"{}") -> None:
        at = milliseconds(self.platform.clock.now())
        for name in names:
            head = Head(at, "out", "c1", None, "/notify", name, "SUCCESS", "", "new", 1, len(body), 0, "")
            self.log.note_out(head, Text("POST", b"/notify", [], body, len(body), [], b"", []))

    def flush(self) -> None:
        asyncio.run(self.log.flush())

    def kept(self) -> list[str]:
        found = self.platform.database.read_now(
            lambda reading: searching.search(reading, Wanted(direction="out"), 9999)
        )
        return [call.head.request_id for call in found]


def test_calls_are_written_many_at_once_and_found_newest_first(platform: Platform) -> None:
    log = Log(platform)
    names = [f"r{number}" for number in range(250)]
    log.note(*names)
    log.flush()
    assert log.kept() == names[::-1]
    assert log.told == [("kept", 100), ("kept", 100), ("kept", 50)]
    assert platform.rows("select count(*) from request_batch") == [(3,)]


def test_large_bodies_are_kept_compressed(platform: Platform) -> None:
    log = Log(platform)
    log.note("large", body=b"0123456789" * 40_000)
    log.flush()
    [[size]] = platform.rows("select length(texts) from request_batch")
    assert size < 40_000
    call = platform.database.read_now(lambda reading: searching.search(reading, Wanted(), 1))[0]
    found = platform.database.read_now(lambda reading: searching.read(reading, call.id))
    assert found is not None
    assert found[1].body == b"0123456789" * 40_000


def test_while_the_database_is_away_calls_wait_and_what_has_no_room_is_dropped(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(platform)
    monkeypatch.setattr(writing, "MOST_CALLS", 5)

    async def away(_job: Any) -> None:
        raise StorageUnavailableError("away")

    with monkeypatch.context() as patch:
        patch.setattr(platform.database, "transact_long", away)
        log.note(*(f"r{number}" for number in range(8)))
        log.flush()
        assert log.told == [("dropped", 1)] * 3
    log.flush()
    assert log.kept() == ["r4", "r3", "r2", "r1", "r0"]


def test_calls_that_are_too_many_leave_the_oldest_first(platform: Platform) -> None:
    log = Log(platform, request_log_rows=10)
    for start in range(4):
        log.note(*(f"r{start}-{number}" for number in range(6)))
        log.flush()
        platform.clock.advance(timedelta(seconds=1))
    asyncio.run(log.log.sweep())
    kept = log.kept()
    assert kept == [f"r{start}-{number}" for start in (3, 2) for number in range(5, -1, -1)]


def test_calls_that_are_too_old_leave(platform: Platform) -> None:
    log = Log(platform, request_log_days=2)
    log.note("old")
    log.flush()
    platform.clock.advance(timedelta(days=3))
    log.note("young")
    log.flush()
    asyncio.run(log.log.sweep())
    assert log.kept() == ["young"]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"posAccountId":"a","store":{"posStoreId":"s"},"products":[{}]}', [("pos", "a", "s")]),
        (b'{"stores":[{"storeInfo":{"storeId":"x"}},{"storeInfo":{"storeId":"y"}}]}', [("pds", "", "x"), ("pds", "", "y")]),
        (b'{"item":{"storeId":"x"}}', [("pds", "", "x")]),
        (b'{"storeId":"x","itemId":"i"}', [("pds", "", "x")]),
        (b'{"storeId":7}', []),
        (b"not JSON", []),
        (b"\xff\xfe", []),
        (b"[" * 100_000, []),
        (b'{"storeId":"a\\u0000b"}', []),
        (b'{"posAccountId":"a\\u0000b","store":{"posStoreId":"s"}}', []),
    ],
)  # fmt: skip
def test_a_body_names_its_stores_or_none(body: bytes, names: list[tuple[str, str, str]]) -> None:
    assert naming.named_stores(body) == names


def test_only_so_many_names_are_looked_up() -> None:
    many = ",".join(f'{{"storeInfo":{{"storeId":"s{number}"}}}}' for number in range(1_000))
    found = naming.named_stores(f'{{"stores":[{many}]}}'.encode())
    assert found == [("pds", "", f"s{number}") for number in range(naming.MOST_NAMES)]


def test_calls_that_can_not_be_written_keep_no_others_from_being_so(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(platform)
    with monkeypatch.context() as patch:
        patch.setattr(log.log, "_next_id", lambda _at: "no number at all")
        log.note("lost")
        log.flush()
    log.note("kept")
    log.flush()
    assert log.told == [("dropped", 1), ("kept", 1)]
    assert log.kept() == ["kept"]
