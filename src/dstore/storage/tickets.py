"""Jobs on their way to another thread and back: handed over in batches, their outcomes given out in batches.

What the event loop has to hand over by the end of its turn goes together, and one wake-up brings a whole group's
outcomes back; at thousands of small jobs a second these hand-overs would cost more than the jobs.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(slots=True, eq=False)
class Ticket:
    """A job, who waits for it on which loop (or thread), and its outcome."""

    job: Callable[..., Any]
    done: asyncio.Future[Any] | Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    value: Any = None
    fault: BaseException | None = None

    def settle(self) -> None:
        """Tell whoever waits; nobody may be waiting any more."""
        with suppress(InvalidStateError, asyncio.InvalidStateError):
            if self.fault is None:
                self.done.set_result(self.value)
            else:
                self.done.set_exception(self.fault)


class Counter:
    """Where the jobs of event loops are gathered until their turn ends."""

    def __init__(self, hand_over: Callable[[list[Ticket]], None]) -> None:
        self._hand_over = hand_over
        self._gathered: dict[asyncio.AbstractEventLoop, list[Ticket]] = {}

    def take(self, job: Callable[..., Any]) -> asyncio.Future[Any]:
        """Gather a job of the running loop; return what its outcome is awaited on."""
        loop = asyncio.get_running_loop()
        ticket = Ticket(job, loop.create_future(), loop)
        waiting = self._gathered.get(loop)
        if waiting is None:
            self._gathered[loop] = [ticket]
            loop.call_soon(self._end_of_turn, loop)
        else:
            waiting.append(ticket)
        return ticket.done  # type: ignore[return-value] # it was made here

    def _end_of_turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self._hand_over(self._gathered.pop(loop))


def give_out(tickets: Iterable[Ticket]) -> None:
    """Tell everybody their outcome, from any thread; those on one loop with one wake-up."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.loop is None:
            ticket.settle()
        else:
            by_loop.setdefault(ticket.loop, []).append(ticket)
    for loop, some in by_loop.items():
        with suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(_settle_all, some)


def _settle_all(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        ticket.settle()
