"""A time limit that many pieces of work keep, nearly all of them easily.

`asyncio.timeout` sets a timer of its own for each and takes it back, which costs a small call more than reading it
does. Here one timer serves all: it looks after the work that was begun first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType


class TimeLimit:
    """How many seconds each of many pieces of work may take, on one event loop at a time.

        with limit.kept():
            await work()

    raises TimeoutError when it takes longer; the work is cancelled where it waits.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun: dict[_Kept, None] = {}
        """The work under way, in the order it was begun."""
        self._timer: asyncio.TimerHandle | None = None

    def kept(self) -> _Kept:
        """Return the context manager for one piece of work, which begins now."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._begun, self._timer = loop, {}, None
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be cancelled")
        one = _Kept(self._begun, task, loop.time() + self._seconds)
        self._begun[one] = None
        if self._timer is None:
            self._timer = loop.call_at(one.ends_at, self._look, loop)
        return one

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cancel what is late, and look again when the next could be."""
        self._timer = None
        now = loop.time()
        for one in list(self._begun):
            if one.ends_at > now:
                self._timer = loop.call_at(one.ends_at, self._look, loop)
                return
            one.cancel()


class _Kept:
    """A piece of work under way."""

    __slots__ = ("_begun", "_cancelling", "_is_late", "_task", "ends_at")

    def __init__(self, begun: dict[_Kept, None], task: asyncio.Task[Any], ends_at: float) -> None:
        self.ends_at = ends_at
        self._begun = begun
        self._task = task
        self._cancelling = task.cancelling()
        self._is_late = False

    def __enter__(self) -> None:
        """Nothing more: it has begun."""

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Be done with it; what was cancelled for being late, and for nothing else, is late."""
        self._begun.pop(self, None)
        if self._is_late and self._task.uncancel() <= self._cancelling and isinstance(fault, asyncio.CancelledError):
            raise TimeoutError from fault

    def cancel(self) -> None:
        """Break the work off."""
        del self._begun[self]
        self._is_late = True
        self._task.cancel()
