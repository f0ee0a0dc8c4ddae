"""A few threads that do an event loop's work where it may wait."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from dstore.storage.port import StorageUnavailableError
from dstore.storage.tickets import Counter, Ticket, give_out

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class Workers:
    """Threads that take jobs in the order they came; one more is started only when a job finds none that is free."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._tickets: SimpleQueue[Ticket | None] = SimpleQueue()
        self._counter = Counter(self._queue)
        self._threads: list[threading.Thread] = []
        self._free = threading.Semaphore(0)
        self._is_closed = False

    def take(self, job: Callable[[], Any]) -> asyncio.Future[Any]:
        """Take a job of the running loop; return what its outcome is awaited on."""
        return self._counter.take(job)

    def close(self) -> None:
        """Finish what is queued and end the threads; what comes later is refused."""
        self._is_closed = True
        for _ in self._threads:
            self._tickets.put(None)
        for thread in self._threads:
            thread.join()

    def _queue(self, tickets: list[Ticket]) -> None:
        if self._is_closed:
            for ticket in tickets:
                ticket.fault = StorageUnavailableError("the database has been closed")
            give_out(tickets)
            return
        for ticket in tickets:
            if len(self._threads) < self._count and not self._free.acquire(blocking=False):
                self._start()
            self._tickets.put(ticket)

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, name=f"{self._name}_{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (ticket := self._tickets.get()) is not None:
            if not ticket.done.done():  # the caller may have given up
                try:
                    ticket.value = ticket.job()
                except BaseException as fault:  # noqa: BLE001 - the job's own exception belongs to its caller
                    ticket.fault = fault
            if len(self._threads) < self._count:
                self._free.release()  # before anybody can come with the next job
            give_out([ticket])
            del ticket  # what the job holds is not held until the next one comes
