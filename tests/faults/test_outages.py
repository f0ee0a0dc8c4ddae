"""The database locked, full, read-only, stopped or frozen: U, signed and in time; afterwards the retry succeeds."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw
import psycopg
import pytest

from dstore.storage import sqlite
from dstore.storage.port import StorageUnavailableError
from faults import oracle
from faults.traffic import Log, Sent, catalogue, fresh, opening, product_ids, statuses, together
from harness.platform import Platform
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faults.own_postgres import OwnPostgres

ANSWER_SECONDS = 8.0
CROWD = 16
LARGE = product_ids(2_100)


@dataclass
class Witness:
    """Calls of every kind, made while the database is in trouble and repeated afterwards."""

    server: Server
    log: Log = field(default_factory=Log)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store, self.vast = fresh("out"), fresh("vast")
        self._send(self.log.note("syncProduct", catalogue(self.store, product_ids(3), "first", 1)), "SUCCESS")
        self._send(self.log.note("syncProduct", catalogue(self.vast, product_ids(3), "first", 1)), "SUCCESS")
        # As many at once as it takes to open every connection to the database that the server keeps.
        together([partial(self._send, self._status(), "SUCCESS") for _ in range(CROWD)])

    def suffer(self, *codes: str, products: int = 2_100) -> None:
        """Make one call of each kind, all at once: each is answered U (or one of the codes) in time."""
        self.suffering = [
            self.log.note("syncStore", opening(self.store, fresh("Name "), "CLOSED")),
            self.log.note("syncProduct", catalogue(self.vast, product_ids(products), fresh("large"), 2)),
            *(self._status() for _ in range(CROWD)),
        ]
        self.refused = self.log.note("syncProduct", statuses(self.store, {"unknown": "SOLDOUT"}))
        together([partial(self._send, one, "UNKNOWN_EXCEPTION", *codes) for one in [*self.suffering, self.refused]])

    def recover(self) -> None:
        """Repeat the calls: each gets its result at the first attempt, and has had one effect."""
        for one in self.suffering:
            if not one.code:
                self._send(one, "SUCCESS")
        self._send(self.refused, "PARAM_ILLEGAL")
        oracle.check_all(self.server, self.log)

    def _status(self) -> Sent:
        return self.log.note("syncProduct", statuses(self.store, {"p1": "SOLDOUT"}))

    def _send(self, one: Sent, *codes: str) -> None:
        line = oracle.line(self.server)
        began = time.monotonic()
        try:
            answer = line.perform(one)
        finally:
            line.close()
        assert answer is not None
        assert answer.code in codes, answer.result
        self.seconds.append(time.monotonic() - began)
        assert self.seconds[-1] <= ANSWER_SECONDS

    def report(self, what: str) -> None:
        """Print how long the slowest answer took."""
        print(f"\n{what}: slowest answer {max(self.seconds):.2f} s, every retry at once")


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold a lock that every write needs, from another process than the server's."""
    if url.startswith("sqlite"):
        other = apsw.Connection(url.removeprefix("sqlite:///"))
        other.set_busy_timeout(5000)  # the server may be writing its log
        other.execute("begin immediate")
        yield
        other.execute("rollback")
        other.close()
        return
    with psycopg.connect(url) as connection:
        connection.execute("lock table store, given in access exclusive mode")
        yield


def test_a_locked_database_is_answered_unknown_and_the_retry_succeeds(shared: Server) -> None:
    witness = Witness(shared)
    with locked(shared.url):
        witness.suffer()
    witness.recover()
    witness.report("locked")


@contextmanager
def unable_to_grow(server: Server) -> Iterator[None]:
    """Let no process of the server write beyond the first bytes of a file, without restarting it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for process in server.processes():
        resource.prlimit(process, resource.RLIMIT_FSIZE, (512, before[1]))
    yield
    for process in server.processes():
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)


def test_files_that_cannot_grow_are_answered_unknown_and_the_retry_succeeds(tmp_path: Path) -> None:
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", workers=2) as server:
        witness = Witness(server)
        for _ in range(2):
            with unable_to_grow(server):
                witness.suffer()
            witness.recover()
        witness.report("SQLite cannot write")


def test_a_full_sqlite_is_answered_unknown_and_the_retry_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own limit stands for the disk's: the error is the same, at every page count on the way."""
    honest, spare = sqlite.connect, [0]

    def connect(path: str, **how: Any) -> apsw.Connection:
        connection = honest(path, **how)
        connection.pragma("max_page_count", connection.pragma("page_count") + spare[0])
        return connection

    # Without a request log, which would come between and have the writer open a connection of its own time.
    platform = Platform(f"sqlite:///{tmp_path / 'dstore.db'}", request_log="none")
    monkeypatch.setattr(sqlite, "connect", connect)
    platform.restart()
    full = catalogue("s", LARGE, "full", 1)
    for pages in range(0, 60, 3):
        spare[0] = pages
        assert platform.call("syncProduct", full).code == "UNKNOWN_EXCEPTION"
        assert platform.rows("select count(*) from store") == [(0,)]
        assert platform.rows("select count(*) from given") == [(0,)]
    spare[0] = 10_000
    # The writer's connection was given up with the last failure: the next one finds room.
    assert platform.call("syncProduct", full).code == "SUCCESS"
    assert platform.rows("select count(*) from history") == [(1,)]
    platform.close()


def test_an_unforeseen_failure_of_a_job_does_not_end_the_writer(tmp_path: Path) -> None:
    def fail(_transaction: object) -> None:
        raise OSError("unforeseen")

    database = sqlite.SqliteDatabase(str(tmp_path / "dstore.db"))
    with pytest.raises(StorageUnavailableError, match="unforeseen"):
        database.transact_now(fail)
    assert database.transact_now(lambda transaction: transaction.rows("select 1")) == [(1,)]
    database.close()


def test_a_read_only_sqlite_file_is_answered_unknown_and_the_retry_succeeds(tmp_path: Path) -> None:
    # Root may write whatever a file's mode says; without that power it is as any other user.
    prefix = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    folder = tmp_path / "data"
    folder.mkdir()
    with Server(f"sqlite:///{folder / 'dstore.db'}", workers=2, prefix=prefix) as server:
        bodies = [opening(fresh("ro"), "Shop", "OPEN") for _ in range(6)]
        for mode, code in ((0o444, "UNKNOWN_EXCEPTION"), (0o644, "SUCCESS")):
            for file in folder.iterdir():
                file.chmod(mode)
            for body in bodies:
                assert server.call("syncStore", body).code == code
        for body in bodies:
            assert len(oracle.history(server.url, body["requestId"])) == 1


@pytest.mark.full
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_answered_unknown_and_the_retry_succeeds(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], check=True)
    try:
        with Server(f"sqlite:///{disk / 'dstore.db'}", workers=2) as server:
            witness = Witness(server)
            unknown = 0
            for number in range(10):
                products = 2_100 + 800 * number
                with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
                    while filler.write(bytes(4096)):
                        pass
                # What fits into the log file as it is succeeds on a full disk too.
                witness.suffer("SUCCESS", "PARAM_ILLEGAL", products=products)
                unknown += sum(not one.code for one in witness.suffering)
                (disk / "filler").unlink()
                witness.recover()
            assert unknown >= CROWD
            witness.report(f"disk full ten times, {unknown} calls answered U")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_stopping_postgresql_is_answered_unknown_and_the_retry_succeeds_without_a_restart(
    own_postgres: OwnPostgres,
) -> None:
    with own_postgres.postgres.fresh_database() as url, Server(url, workers=2) as server:
        witness = Witness(server)
        own_postgres.stop()
        witness.suffer()
        assert server.get("/healthz").status == 200
        assert server.get("/readyz").status == 503
        own_postgres.start()
        witness.recover()
        witness.report("PostgreSQL stopped")


def check_a_stranger(server: Server) -> None:
    """Whether a key was added meanwhile can not be known: that is not a refusal."""
    assert server.call("syncStore", {}, key_name="stranger", timeout=8).code == "UNKNOWN_EXCEPTION"


def check_not_ready(server: Server) -> None:
    assert server.request("GET", "/readyz", {}, timeout=8).status == 503


def test_a_frozen_postgresql_is_answered_unknown_in_time_and_the_retry_succeeds(own_postgres: OwnPostgres) -> None:
    with own_postgres.postgres.fresh_database() as url, Server(url, workers=2, DSTORE_ANSWER_SECONDS="2") as server:
        witness = Witness(server)
        own_postgres.freeze()
        try:
            witness.suffer()
            together([lambda: check_a_stranger(server), lambda: check_not_ready(server)])
        finally:
            own_postgres.thaw()
        witness.recover()
        witness.report("PostgreSQL frozen")


def test_a_read_only_postgresql_is_answered_unknown_and_the_retry_succeeds(own_postgres: OwnPostgres) -> None:
    def read_only(value: str) -> None:
        with psycopg.connect(own_postgres.postgres.url, autocommit=True) as connection:
            connection.execute(f"alter system set default_transaction_read_only = {value}")
            connection.execute("select pg_reload_conf()")

    with own_postgres.postgres.fresh_database() as url, Server(url, workers=2) as server:
        witness = Witness(server)
        read_only("on")
        try:
            witness.suffer()
        finally:
            with psycopg.connect(own_postgres.postgres.url, autocommit=True) as connection:
                connection.execute("set default_transaction_read_only = off")
                connection.execute("alter system reset default_transaction_read_only")
                connection.execute("select pg_reload_conf()")
        witness.recover()
        witness.report("PostgreSQL read-only")
