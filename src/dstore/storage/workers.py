"""A few threads that do an event loop's work where it may wait."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from dstore.storage.tickets import Counter, Ticket, give_out

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class Workers:
    """Threads that take jobs in the order they came; started with the first job."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._tickets: SimpleQueue[Ticket | None] = SimpleQueue()
        self._counter = Counter(self._queue)
        self._threads: list[threading.Thread] = []

    def take(self, job: Callable[[], Any]) -> asyncio.Future[Any]:
        """Take a job of the running loop; return what its outcome is awaited on."""
        if not self._threads:
            self._start()
        return self._counter.take(job)

    def close(self) -> None:
        """Finish what is queued and end the threads."""
        for _ in self._threads:
            self._tickets.put(None)
        for thread in self._threads:
            thread.join()

    def _start(self) -> None:
        for number in range(self._count):
            thread = threading.Thread(target=self._work, name=f"{self._name}_{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _queue(self, tickets: list[Ticket]) -> None:
        for ticket in tickets:
            self._tickets.put(ticket)

    def _work(self) -> None:
        while (ticket := self._tickets.get()) is not None:
            if ticket.done.done():  # the caller has given up
                continue
            try:
                ticket.value = ticket.job()
            except BaseException as fault:  # noqa: BLE001 - the job's own exception belongs to its caller
                ticket.fault = fault
            give_out([ticket])
