"""A backup taken under load, as the how-to takes it, restores to a platform that knows every call it holds."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING, Any

from docs.shell import with_programs
from dstore import partners
from dstore.storage.opening import open_database
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STORE = {"posAccountId": "a1", "store": {"posStoreId": "s1", "name": "Store"}}
PRODUCT = {"posProductId": "p1", "type": "SINGLE", "name": "Kopi", "price": {"currency": "SGD", "value": 250}}
BEFORE, AFTER = 25, 10


def status_update(number: int) -> dict[str, Any]:
    status = "SOLDOUT" if number % 2 else "AVAILABLE"
    return {**STORE, "requestId": f"r{number}", "products": [{"posProductId": "p1", "status": status}]}


class Traffic:
    """Status updates, one after another, for as long as it is wanted; each is acknowledged or the test fails."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._wanted = True
        self.acknowledged = 0
        self._reached: dict[int, threading.Event] = {}
        self._thread = threading.Thread(target=self._send)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._wanted = False
        self._thread.join()

    def wait_for(self, number: int) -> None:
        event = self._reached.setdefault(number, threading.Event())
        if self.acknowledged < number:
            assert event.wait(30)

    def _send(self) -> None:
        while self._wanted:
            if self._server.call("syncProduct", status_update(self.acknowledged)).code != "SUCCESS":
                return
            self.acknowledged += 1
            if self.acknowledged in self._reached:
                self._reached[self.acknowledged].set()


def back_up_under_load(url: str, back_up: Callable[[], None]) -> int:
    """Serve and take calls while the backup is made; return how many were acknowledged before it began."""
    with Server(url) as server:
        full = {**STORE, "requestId": "full", "products": [{**PRODUCT, "status": "AVAILABLE"}]}
        assert server.call("syncProduct", full).code == "SUCCESS"
        traffic = Traffic(server)
        traffic.start()
        try:
            traffic.wait_for(BEFORE)
            held = traffic.acknowledged
            back_up()
            traffic.wait_for(traffic.acknowledged + AFTER)
        finally:
            traffic.stop()
    return held


def check_restored(url: str, held: int) -> None:
    database = open_database(url)

    def rows(sql: str) -> Any:
        return database.read_now(lambda reading: reading.rows(sql))

    given, version = rows("select request_id from given"), rows("select version from store")
    # Every result has its effect and every effect its result: one moment, not a mixture.
    assert version == rows("select count(*) from history") == [(len(given),)]
    assert {("full",), *((f"r{number}",) for number in range(held))} <= set(given)
    server = Server(url)
    server.platform_key = database.read_now(partners.read_ring).platform.key.public_key()
    server.start()
    try:
        for number in (0, 1, held - 1):
            assert server.call("syncProduct", status_update(number)).code == "SUCCESS"
    finally:
        server.close()
    assert rows("select version from store") == version
    database.close()


def run(*command: str) -> None:
    subprocess.run(command, check=True, env=with_programs(), timeout=60)


def test_sqlite_backed_up_under_load_restores_whole(tmp_path: Path) -> None:
    live, backup = tmp_path / "live.db", tmp_path / "backup.db"
    held = back_up_under_load(
        f"sqlite:///{live}", lambda: run("python", "-m", "apsw", str(live), f"vacuum into '{backup}'")
    )
    check_restored(f"sqlite:///{backup}", held)


def test_postgresql_backed_up_under_load_restores_whole(tmp_path: Path, two_databases: tuple[str, str]) -> None:
    live, restored = two_databases
    dump = str(tmp_path / "backup.dump")
    held = back_up_under_load(live, lambda: run("pg_dump", "--format=custom", f"--file={dump}", live))
    run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored}", dump)
    check_restored(restored, held)
