"""Calls that were answered A: a durable queue (DBOS) works them off, one after the other, as they were accepted.

The database of the program is the truth: a call waits as long as its row in `accepted` stands, and the row goes in
the transaction of its effect and final result. The engine's own database only says who is at work on what, so a
call that it runs twice, or has forgotten, is still done once. One process at a time holds the seat and runs it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dstore.ahead import Ahead
from dstore.results import SUCCESS, Refusal, Result, UnavailableError
from dstore.storage.beside import room_beside, seat_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dstore.clock import Clock
    from dstore.findings import Finding
    from dstore.protocol.api import Api
    from dstore.protocol.calls import Call
    from dstore.settings import Settings
    from dstore.storage.port import Database, Row
    from dstore.work import Works

    Done = Callable[[Call, Result, Sequence[Finding]], None]

log = logging.getLogger(__name__)

TEND_SECONDS = 0.5
SEAT_SECONDS = 2.0
RETRY_SECONDS = 2.0
CLOSE_SECONDS = 6.0
QUEUE = "accepted"
EXECUTOR = "dstore"
"""All processes go by one name: whoever takes the seat takes over what its last holder left."""
_OPEN = ("ENQUEUED", "PENDING", "DELAYED")


class Deferred:
    """The accepted calls of a database, as one process sees to them."""

    def __init__(
        self, chosen: Settings, database: Database, works: Works, apis: dict[str, Api], clock: Clock, done: Done,
        waiting: Callable[[int], None],
    ) -> None:  # fmt: skip
        self._is_wanted = chosen.async_over > 0
        self._database = database
        self._works = works
        self._apis = apis
        self._clock = clock
        self._done = done
        self._waiting = waiting
        self._seat = seat_beside(chosen.database)
        self._engine = _Engine(chosen.database, self._work)
        self._handed: set[str] = set()
        self._stopping = threading.Event()
        self._tending = threading.Lock()
        self._working = threading.Lock()

    async def run(self) -> None:
        """See to accepted calls until cancelled; where the setting is off, only if some were left by a time it was on."""
        while not self._is_wanted:
            with suppress(UnavailableError):
                if await self._database.peek("select 1 from accepted") is None:
                    return
                self._is_wanted = True
            await asyncio.sleep(SEAT_SECONDS)
        while True:
            try:
                await asyncio.to_thread(self._tend)
            except UnavailableError:
                pass
            except Exception:
                log.exception("accepted calls can not be handed over; trying again")
            await asyncio.sleep(TEND_SECONDS if self._engine.is_running else SEAT_SECONDS)

    async def close(self) -> None:
        """Stop between two steps of the work; what is not done is done after the next start."""
        self._stopping.set()
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._tending:
            self._engine.stop()
            # The work ends at its next look at the database, which may not be closed under it.
            self._working.acquire(timeout=CLOSE_SECONDS)
            self._seat.leave()

    def _tend(self) -> None:
        """Take the seat, or keep it, and give the engine what it does not know of."""
        with self._tending:
            if self._stopping.is_set():
                return
            if not self._seat.take():
                self._engine.stop()
                self._handed.clear()
                return
            self._engine.start()
            rows: list[Row] = self._database.read_now(
                lambda reading: reading.rows("select name from accepted order by id")
            )
            self._waiting(len(rows))
            for (name,) in rows:
                if name not in self._handed:
                    self._engine.take(name)
            self._handed = {name for (name,) in rows}

    def _work(self, name: str) -> None:
        """Do an accepted call, on a thread of the engine."""
        with self._working:
            database = Ahead(self._database, self._stopping)
            accepted = database.ask(lambda: self._works.take_up(name, self._clock.now()))
            if accepted is None:
                return
            call = accepted.call
            found: Sequence[Finding] = ()
            try:
                plan = self._apis[call.api].plan(accepted.body, is_large=True)
                plan.change.prepare(database, call.caller)
                result, found = SUCCESS, plan.doubts
                was_open = database.ask(lambda: self._works.finish(name, call, plan.change))
            except Refusal as refusal:
                result, found = refusal.result, refusal.findings
                if result.code.status == "U":
                    raise UnavailableError(result.message) from refusal
                was_open = database.ask(lambda: self._works.refuse(name, call, result))
            if was_open:
                self._done(call, result, found)


class _Engine:
    """DBOS, started when it is needed: importing it alone takes half a second and 50 MiB."""

    def __init__(self, url: str, work: Callable[[str], None]) -> None:
        self._url = url
        self._work = work
        self._queue: Any = None
        self._workflow: Any = None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and not stopped."""
        return self._queue is not None

    def start(self) -> None:
        """Start it, its database made if there is none; it goes on with what was under way when the last one ended."""
        if self._queue is not None:
            return
        from dbos import DBOS  # noqa: PLC0415

        DBOS(config=_config(self._url))

        @DBOS.step(
            retries_allowed=True, interval_seconds=RETRY_SECONDS, backoff_rate=1.0, max_attempts=1_000_000_000,
            should_retry=lambda fault: isinstance(fault, UnavailableError),
        )  # fmt: skip
        def step(name: str) -> None:
            self._run(name)

        # A process that is killed at every attempt is not the call's fault: the attempts are not counted.
        @DBOS.workflow(name="accepted", max_recovery_attempts=None)
        def workflow(name: str) -> None:
            step(name)

        try:
            DBOS.launch()
            for one in DBOS.list_workflows(status="SUCCESS", load_input=False, load_output=False):
                DBOS.delete_workflow(one.workflow_id)
            # One at a time, whatever the number of processes: large bodies must not share the memory.
            self._queue = DBOS.register_queue(
                QUEUE, global_concurrency=1, polling_interval_sec=TEND_SECONDS, on_conflict="always_update"
            )
        except BaseException:
            DBOS.destroy(destroy_registry=True)
            raise
        self._workflow = workflow

    def take(self, name: str) -> None:
        """Queue a call, unless it is queued or under way; one that ended without being done is queued again."""
        from dbos import DBOS, SetWorkflowID  # noqa: PLC0415

        known = DBOS.get_workflow_status(name)
        if known is not None and known.status in _OPEN:
            return
        if known is not None:
            DBOS.delete_workflow(name)
        with SetWorkflowID(name):
            self._queue.enqueue(self._workflow, name)

    def stop(self) -> None:
        """Let go of it; the work under way is left to be gone on with."""
        if self._queue is not None:
            from dbos import DBOS  # noqa: PLC0415

            self._queue = self._workflow = None
            DBOS.destroy(destroy_registry=True)

    def _run(self, name: str) -> None:
        try:
            self._work(name)
        except UnavailableError as fault:
            log.warning("accepted call %s: %s; trying again", name, fault)
            raise
        except Exception:
            log.exception(
                "accepted call %s failed for unforeseen reasons; it is tried again after the next start", name
            )
            raise


def _config(url: str) -> Any:
    """Return what the engine is told: where its tables are, no telemetry, no listeners, no version of its own."""
    room = room_beside(url)
    return {
        "name": "dstore",
        "system_database_url": room.url,
        "dbos_system_schema": room.schema,
        "db_engine_kwargs": {"connect_args": room.connecting},
        "application_version": "1",
        "executor_id": EXECUTOR,
        "log_level": "ERROR",
        "use_listen_notify": False,
        "notification_listener_polling_interval_sec": 1.0,
        "scheduler_polling_interval_sec": 3600.0,
        "sys_db_pool_size": 5,
    }
