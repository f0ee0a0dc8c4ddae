"""Threads for large bodies: their work is long and may wait, and the event loop does neither."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

T = TypeVar("T")

VERY_LARGE = 1024 * 1024


class Lanes:
    """One thread for large bodies and one for very large ones.

    Those of a size wait for each other, so that memory stays bounded; a store's catalogue does not wait for twenty
    stores, and of each partner one at a time stands in the queue, so that nobody waits for all that another one sends.
    """

    def __init__(self) -> None:
        self._large = ThreadPoolExecutor(1, thread_name_prefix="dstore-large")
        self._very_large = ThreadPoolExecutor(1, thread_name_prefix="dstore-very-large")
        self._meanwhile = ThreadPoolExecutor(1, thread_name_prefix="dstore-meanwhile", initializer=_give_way)
        self._turns: dict[tuple[int, ThreadPoolExecutor], asyncio.Lock] = {}

    async def run(self, partner_id: int, size: int, job: Callable[[], T]) -> T:
        """Have the job for a partner's body of so many bytes done in its turn; one nobody waits for is left out."""
        lane = self._very_large if size > VERY_LARGE else self._large
        async with self._turns.setdefault((partner_id, lane), asyncio.Lock()):
            return await asyncio.get_running_loop().run_in_executor(lane, job)

    def meanwhile(self, job: Callable[[], T]) -> Future[T]:
        """Have a short job done while the thread that asks waits for a disk or a database, and not before."""
        return self._meanwhile.submit(job)

    async def close(self) -> None:
        """Finish what can not be left any more, without holding up the loop, and let go of the threads."""
        for lane in (self._large, self._very_large, self._meanwhile):
            await asyncio.to_thread(lane.shutdown, wait=True, cancel_futures=True)


def _give_way() -> None:
    """Have this thread not interrupt another one when it gets something to do, where the system knows that."""
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
