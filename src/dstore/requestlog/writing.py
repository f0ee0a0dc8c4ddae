"""Writing calls down beside the calls: buffered in the process, many in a transaction, dropped rather than waited for."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from dstore.clock import milliseconds
from dstore.requestlog import naming, sweeping
from dstore.requestlog.seen import Seen, packed, seen_at_the_door
from dstore.results import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dstore.clock import Clock
    from dstore.protocol.door import Trace
    from dstore.requestlog.seen import Stores
    from dstore.settings import Settings
    from dstore.storage.port import Database, Transaction

log = logging.getLogger(__name__)

MOST_CALLS = 5_000
MOST_BYTES = 32 * 1024 * 1024
PAUSE_SECONDS = 0.5
SWEEP_SECONDS = 60.0
# A transaction of so many takes about a millisecond: no call waits longer for it.
TOGETHER = 100
LARGE = 16 * 1024
ID_BITS = 20
_COLUMNS = (
    "id", "at", "direction", "client_id", "partner_id", "api", "request_id", "code", "message", "verdict", "store_id",
    "version", "microseconds", "bytes_in", "bytes_out", "warnings", "address", "text_id", "place",
)  # fmt: skip


class RequestLog:
    """The log of one process. `tell` is called with how many calls were `kept` or `dropped`."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, tell: Callable[[str, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._tell = tell
        self._waiting: deque[tuple[int, Trace | Seen]] = deque()
        self._bytes = 0
        self._serial = random.getrandbits(ID_BITS)
        self._writing = asyncio.Lock()
        # A thread of its own: the calls' threads are not kept waiting, and a database connection serves all batches.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="dstore-requests")

    def note(self, trace: Trace) -> None:
        """Take note of a call that was answered; called for every call, so it only keeps references."""
        self._take(milliseconds(self._clock.now()), trace, len(trace.text))

    def note_out(self, seen: Seen) -> None:
        """Take note of a call that went out."""
        self._take(seen.at, seen, len(seen.text.body))

    def _take(self, at: int, call: Trace | Seen, size: int) -> None:
        if len(self._waiting) >= MOST_CALLS or self._bytes > MOST_BYTES:
            self._tell("dropped", 1)
            return
        self._bytes += size
        self._waiting.append((at, call))

    async def run(self) -> None:
        """Write and sweep until cancelled."""
        loop = asyncio.get_running_loop()
        swept = loop.time()
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.flush()
            if loop.time() - swept > SWEEP_SECONDS:
                swept = loop.time()
                with suppress(UnavailableError):
                    await loop.run_in_executor(self._thread, self._sweep)

    async def flush(self) -> None:
        """Write what is waiting now; what the database does not take stays as long as there is room."""
        async with self._writing:
            taken = list(self._waiting)
            if not taken:
                return
            loop = asyncio.get_running_loop()
            done = await loop.run_in_executor(self._thread, self._write_all, taken)
            for _ in range(done):
                _, call = self._waiting.popleft()
                self._bytes -= len(call.text.body if isinstance(call, Seen) else call.text)

    async def close(self) -> None:
        """Write what is waiting and end the thread."""
        await self.flush()
        self._thread.shutdown(wait=True)

    # On the log's own thread.

    def _write_all(self, taken: Sequence[tuple[int, Trace | Seen]]) -> int:
        """Write calls in pieces; return how many are done with."""
        for start in range(0, len(taken), TOGETHER):
            calls = [
                call if isinstance(call, Seen) else seen_at_the_door(call, at)
                for at, call in taken[start : start + TOGETHER]
            ]
            try:
                self._write(calls)
            except UnavailableError:
                return start
            except Exception:  # a trace is not worth a crash; it must not come again and again, either
                log.exception("calls could not be written to the request log")
                self._tell("dropped", len(calls))
            else:
                self._tell("kept", len(calls))
        return len(taken)

    def _write(self, calls: Sequence[Seen]) -> None:
        ids = [self._next_id(call.at) for call in calls]
        places = _places(calls, ids)
        texts: dict[int, list[Seen]] = {}
        for call, (text_id, _) in zip(calls, places, strict=True):
            texts.setdefault(text_id, []).append(call)
        docs = [(text_id, packed([call.text for call in some])) for text_id, some in texts.items()]
        stores = naming.stores_of(self._database, calls)
        rows = [_row(*one) for one in zip(ids, calls, stores, places, strict=True)]
        links = [(number, *one) for number, some in zip(ids, stores, strict=True) if len(some) > 1 for one in some]

        def write(transaction: Transaction) -> None:
            transaction.load("request", _COLUMNS, rows)
            transaction.load("request_text", ("id", "doc"), docs)
            if links:
                transaction.load("request_store", ("request", "store_id", "version"), links)

        self._database.transact_now(write)

    def _next_id(self, at: int) -> int:
        """Return a number whose high bits are the time; the low ones count on, from a random start in each process."""
        self._serial = (self._serial + 1) & ((1 << ID_BITS) - 1)
        return (at << ID_BITS) + self._serial

    def _sweep(self) -> None:
        sweeping.sweep(
            self._database, self._clock, days=self._settings.request_log_days, rows=self._settings.request_log_rows
        )


def _places(calls: Sequence[Seen], ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return for each call which text row is its, and its place there; large bodies have a row of their own."""
    places: list[tuple[int, int]] = []
    shared, count = 0, 0
    for number, call in zip(ids, calls, strict=True):
        if len(call.text.body) > LARGE:
            places.append((number, 0))
            continue
        shared = shared or number
        places.append((shared, count))
        count += 1
    return places


def _row(number: int, call: Seen, stores: Stores, place: tuple[int, int]) -> tuple[object, ...]:
    store_id, version = stores[0] if len(stores) == 1 else (None, None)
    return (
        number, call.at, call.direction, call.client_id, call.partner_id, call.api, call.request_id, call.code,
        call.message, call.verdict, store_id, version, call.microseconds, call.text.size, len(call.text.reply_body),
        call.warnings, call.address, *place,
    )  # fmt: skip
