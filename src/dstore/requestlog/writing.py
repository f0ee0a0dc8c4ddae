"""Writing calls down beside the calls: buffered in the process, many in a row, dropped rather than waited for."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from dstore.clock import milliseconds
from dstore.packing import packed, plain
from dstore.requestlog import naming, sweeping
from dstore.requestlog.records import Head, Stores, Text, head_of, joined, pack, text_of
from dstore.results import Code, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dstore.clock import Clock
    from dstore.protocol.trace import Trace
    from dstore.requestlog.naming import Name
    from dstore.settings import Settings
    from dstore.storage.port import Database, Transaction

log = logging.getLogger(__name__)

MOST_CALLS = 10_000
MOST_BYTES = 32 * 1024 * 1024
PAUSE_SECONDS = 0.5
SWEEP_SECONDS = 60.0
MINUTE = 60_000
TOGETHER = 100
TOGETHER_BYTES = 4 * 1024 * 1024
# Small calls cost more time to compress than to write; what is large is compressed on a thread.
WORTH_COMPRESSING = 256 * 1024


class Waiting(NamedTuple):
    """A call that waits to be written. `names` are the stores it names, where its change did not tell what it touched."""

    at: int
    head: bytes
    text: bytes
    stores: Stores
    partner_id: int | None = None
    names: Sequence[Name] = ()


class RequestLog:
    """The log of one process. `tell` is called with how many calls were `kept` or `dropped`."""

    def __init__(self, database: Database, clock: Clock, settings: Settings, tell: Callable[[str, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._tell = tell
        self._waiting: deque[Waiting] = deque()
        self._bytes = 0
        # From a random start, so that two processes don't give the same ids.
        self._serial = random.getrandbits(sweeping.SERIAL_BITS)
        self._writing = asyncio.Lock()
        self._minute, self._strangers = 0, 0

    def note(self, trace: Trace) -> None:
        """Take note of a call that has been answered.

        It is packed at once: microseconds while all of it is at hand, where keeping it as objects costs more.
        Callers that were not proved have a small share: they may not fill the disk, nor push out the calls of partners.
        """
        at = milliseconds(self._clock.now())
        if self._is_full() or (trace.caller is None and not self._has_room_for_stranger(trace, at)):
            return
        head, text = head_of(trace, at), text_of(trace)
        stores = trace.outcome.stores if trace.outcome is not None else ()
        names = naming.named_stores(text.body) if not stores and head.partner_id is not None and text.whole else ()
        self._take(Waiting(at, pack(head), pack(text), stores, head.partner_id, names))

    def note_out(self, head: Head, text: Text) -> None:
        """Take note of a call that went out."""
        if not self._is_full():
            self._take(Waiting(head.at, pack(head), pack(text), ()))

    def _is_full(self) -> bool:
        if len(self._waiting) < MOST_CALLS and self._bytes < MOST_BYTES:
            return False
        self._tell("dropped", 1)
        return True

    def _has_room_for_stranger(self, trace: Trace, at: int) -> bool:
        """Return whether a call without a proved caller is kept. Who is too fast for its address is only counted."""
        if at // MINUTE != self._minute:
            self._minute, self._strangers = at // MINUTE, 0
        is_too_fast = trace.outcome is not None and trace.outcome.result.code is Code.REQUEST_TRAFFIC_EXCEED_LIMIT
        if is_too_fast or self._strangers >= self._settings.request_log_strangers:
            self._tell("dropped", 1)
            return False
        self._strangers += 1
        return True

    def _take(self, call: Waiting) -> None:
        self._bytes += len(call.text)
        self._waiting.append(call)

    async def run(self) -> None:
        """Write, and delete what is too old or too much, until cancelled."""
        loop = asyncio.get_running_loop()
        swept = loop.time()
        while True:
            await asyncio.sleep(PAUSE_SECONDS)
            await self.flush()
            if loop.time() - swept > SWEEP_SECONDS:
                swept = loop.time()
                await self.sweep()

    async def flush(self) -> None:
        """Write what is waiting now. What the database does not take waits on, as long as there is room."""
        async with self._writing:
            left = len(self._waiting)
            while left > 0:
                some = self._next(left)
                try:
                    await self._write(some)
                except UnavailableError:
                    return
                except Exception:
                    # What can not be written now never can be, and must not keep what comes after it from being so.
                    log.exception("some calls can not be written to the request log")
                    self._tell("dropped", len(some))
                else:
                    self._tell("kept", len(some))
                left -= len(some)
                for _ in some:
                    self._bytes -= len(self._waiting.popleft().text)

    async def sweep(self) -> None:
        """Delete the calls that the settings no longer keep."""
        await sweeping.sweep(
            self._database, self._clock, days=self._settings.request_log_days, rows=self._settings.request_log_rows
        )

    def _next(self, most: int) -> list[Waiting]:
        """Return the calls that make the next row."""
        some: list[Waiting] = []
        size = 0
        for call in islice(self._waiting, min(TOGETHER, most)):
            size += len(call.text)
            if some and size > TOGETHER_BYTES:
                break
            some.append(call)
        return some

    async def _write(self, calls: Sequence[Waiting]) -> None:
        texts = joined(call.text for call in calls)
        large = len(texts) > WORTH_COMPRESSING
        row = (
            self._next_id(calls[0].at),
            len(calls),
            pack(await self._stores(calls)),
            joined(call.head for call in calls),
            await asyncio.to_thread(packed, texts) if large else plain(texts),
        )

        def write(transaction: Transaction) -> None:
            transaction.put("insert into request_batch (id, calls, stores, heads, texts) values (?, ?, ?, ?, ?)", row)

        await self._database.transact_long(write)

    async def _stores(self, calls: Sequence[Waiting]) -> list[Stores]:
        """Return the stores of each call; those of calls that only named them are looked up."""
        stores = [call.stores for call in calls]
        named = [place for place, call in enumerate(calls) if call.names]
        if named:
            found = await self._database.read(
                lambda reading: [
                    naming.find_stores(reading, calls[place].partner_id, calls[place].names) for place in named
                ]
            )
            for place, some in zip(named, found, strict=True):
                stores[place] = some
        return stores

    def _next_id(self, at: int) -> int:
        self._serial = (self._serial + 1) & ((1 << sweeping.SERIAL_BITS) - 1)
        return (at << sweeping.SERIAL_BITS) + self._serial
