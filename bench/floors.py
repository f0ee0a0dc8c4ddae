"""The floor: the steps that no implementation of the contract can leave out, each alone, in a process of its own.

verify (with the hash of the body), decode (into the documented message type), the bare durable commit of the rows
the product writes, and sign. The sum of the parts is the floor of a call.
"""

from __future__ import annotations

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import apsw
import msgspec
import psycopg

from bench import loads
from bench.processes import cpu_seconds, on_cores
from dstore.apis.pos.product import SyncProduct
from dstore.catalog.entries import STEP
from dstore.catalog.pos_products import product_entries
from dstore.cli import opening
from dstore.protocol import keys, signature
from dstore.storage import sqlite
from dstore.storage.opening import open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.loads import Json, PosLoad

COLUMNS = "tree, kind, key, position, status, deleted, version, doc"
Row = tuple[Any, ...]


class Cost(NamedTuple):
    """Milliseconds of one turn, and how many of them were CPU time, the database's own included."""

    wall: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:  # type: ignore[override]
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


Parts = dict[str, Cost]


class Floor:
    """A process on the servers' core that does the unavoidable steps, some turns at a time; a context manager."""

    def __init__(self, core: set[int], url: str, database_pid: int | None) -> None:
        self._core = core
        self._url = url
        self._database_pid = database_pid

    def __enter__(self) -> Self:
        """Start the process."""
        with on_cores(self._core):
            self._process = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            self._process.submit(_begin, self._url, self._database_pid).result()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.shutdown()

    def status(self, turns: int) -> Parts:
        """Return the floor of a status update, and what it is made of."""
        return self._process.submit(_status, turns).result()

    def full(self, turns: int) -> Parts:
        """Return the floor of a full sync likewise."""
        return self._process.submit(_full, turns).result()


@dataclass
class _Bench:
    """What the process keeps from one turn to the next."""

    url: str
    database_pid: int | None
    load: PosLoad
    rows: list[Row]
    used: int = 0

    def spent(self) -> float:
        """Return the CPU seconds of the database's own processes."""
        return cpu_seconds(self.database_pid) if self.database_pid else 0.0

    def numbers(self, count: int) -> range:
        """Return numbers that nothing was written under yet."""
        self.used += count
        return range(self.used - count, self.used)


_kept: list[_Bench] = []


def _begin(url: str, database_pid: int | None) -> None:
    opening.migrate(url)
    load = loads.PosLoad(1000)
    _kept.append(_Bench(url, database_pid, load, catalogue_rows(load)))


def _status(turns: int) -> Parts:
    bench = _kept[0]
    parts = call_parts(bench.load.status_message("s0", 0), turns)
    single, grouped = bench.numbers(turns), [bench.numbers(16) for _ in range(max(turns // 8, 8))]
    with _writer(bench.url) as writer:
        parts["commit"] = _turns(lambda turn: writer.commit([_small(single[turn])]), turns, bench.spent)
        parts["all"] = _sum(parts)
        group = _turns(lambda turn: writer.commit(list(map(_small, grouped[turn]))), len(grouped), bench.spent)
    parts["commit in a group of 16"] = Cost(group.wall / 16, group.cpu / 16)
    return parts


def _full(turns: int) -> Parts:
    bench = _kept[0]
    parts = call_parts(bench.load.full_message("s0"), turns)
    trees = [[(1_000_000 + tree, *row) for row in bench.rows] for tree in bench.numbers(turns)]
    gc.collect()
    with _writer(bench.url) as writer:
        parts["commit"] = _turns(lambda turn: writer.load(trees[turn]), turns, bench.spent)
    parts["all"] = _sum(parts)
    trees = [[(1_000_000 + tree, *row) for row in bench.rows] for tree in bench.numbers(turns)]
    columns, database = COLUMNS.split(", "), open_database(bench.url)
    parts["commit by the product's load"] = _turns(
        lambda turn: database.transact_now(lambda one: one.load("entry", columns, trees[turn])), turns, bench.spent
    )
    database.close()
    return parts


def _sum(parts: Parts) -> Cost:
    return parts["verify"] + parts["decode"] + parts["commit"] + parts["sign"]


def call_parts(message: Json, repeats: int) -> Parts:
    """Return the cost of verifying, decoding and signing for one message."""
    body = msgspec.json.encode(message)
    partner, platform = loads.partner_key(), keys.new_private_key()
    prefix = signature.content_prefix(loads.SYNC_PRODUCT.encode(), b"c1", b"2026-01-01T00:00:00+00:00")
    given = signature.sign(partner, signature.digest(prefix, (body,)))
    public = partner.public_key()
    answer = signature.digest(prefix, (b'{"result":{}}',))
    decoder = msgspec.json.Decoder(SyncProduct)
    return {
        "verify": _each(lambda: signature.verify(public, given, signature.digest(prefix, (body,))), repeats),
        "decode": _each(lambda: decoder.decode(body), repeats),
        "sign": _each(lambda: signature.sign(platform, answer), max(repeats, 24)),
    }


def catalogue_rows(load: PosLoad) -> list[Row]:
    """Return the rows that the product stores for a catalogue, but for the tree's number."""
    message = msgspec.convert(load.full_message("floor"), SyncProduct)
    return [
        (one.kind, one.key, place * STEP, one.status, 0, 1, one.doc)
        for place, one in enumerate(product_entries(message.products))
    ]


def _small(turn: int) -> Row:
    return (1, loads.SYNC_PRODUCT, f"floor-{turn}", b"h" * 32, "SUCCESS", "success", 1_700_000_000_000)


_SMALL = "insert into given (partner_id, api, request_id, body_hash, code, message, at) values (?, ?, ?, ?, ?, ?, ?)"


class _Sqlite:
    def __init__(self, path: str) -> None:
        self.connection = sqlite.connect(path, synchronous="FULL")

    def commit(self, rows: list[Row]) -> None:
        self.connection.execute("begin immediate")
        self.connection.executemany(_SMALL, rows)
        self.connection.execute("commit")

    def load(self, rows: list[Row]) -> None:
        self.connection.execute("begin immediate")
        self.connection.executemany(f"insert into entry ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.connection.execute("commit")

    def close(self) -> None:
        self.connection.close()


class _Postgres:
    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True, prepare_threshold=2)
        self.cursor = self.connection.cursor(binary=True)

    def commit(self, rows: list[Row]) -> None:
        sql = _SMALL.replace("?", "%s")
        if len(rows) == 1:
            self.cursor.execute(sql, rows[0])
            return
        with self.connection.transaction():
            self.cursor.executemany(sql, rows)

    def load(self, rows: list[Row]) -> None:
        with self.cursor.copy(f"copy entry ({COLUMNS}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)

    def close(self) -> None:
        self.connection.close()


@contextmanager
def _writer(url: str) -> Iterator[_Sqlite | _Postgres]:
    one = _Sqlite(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else _Postgres(url)
    try:
        yield one
    finally:
        one.close()


def _each(work: Callable[[], Any], repeats: int) -> Cost:
    return _turns(lambda _: work(), repeats, lambda: 0.0)


def _turns(work: Callable[[int], Any], repeats: int, spent: Callable[[], float]) -> Cost:
    """Return the mean cost of a turn, the first quarter left out: a server that is measured is warm, too."""
    warm = max(repeats // 4, 1)
    for turn in range(warm):
        work(turn)
    count = max(repeats - warm, 1)
    began, busy = perf_counter(), process_time() + spent()
    for turn in range(warm, warm + count):
        work(turn)
    wall, cpu = perf_counter() - began, process_time() + spent() - busy
    return Cost(wall * 1000 / count, cpu * 1000 / count)


def disk_sync(folder: str, repeats: int = 200) -> float:
    """Return the milliseconds of writing 4 KiB and having it on the disk."""
    path = os.path.join(folder, "sync")  # noqa: PTH118 - a descriptor is opened below anyway
    file = os.open(path, os.O_CREAT | os.O_WRONLY)

    def write() -> None:
        os.pwrite(file, b"x" * 4096, 0)
        os.fdatasync(file)

    try:
        return _each(write, repeats).wall
    finally:
        os.close(file)


def sqlite_version() -> str:
    """Return the version of the SQLite that is measured."""
    return apsw.sqlite_lib_version()
