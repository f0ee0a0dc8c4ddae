"""A time limit that many pieces of work keep, nearly all of them easily.

`asyncio.timeout` sets a timer of its own for each and takes it back, which costs a small call more than reading it
does. Here one timer serves all: it looks after the work that was begun first.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


class TimeLimit:
    """How many seconds each of many pieces of work may take, on one event loop at a time.

        with limit.kept():
            await work()

    raises TimeoutError when it takes longer; the work is cancelled where it waits.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun: dict[_Piece, None] = {}
        """The work under way, in the order it was begun."""
        self._timer: asyncio.TimerHandle | None = None

    def kept(self) -> _Piece:
        """Return the context manager for one piece of work, which begins when it is entered."""
        return _Piece(self)

    def begin(self, piece: _Piece) -> float:
        """Look after a piece of work from now on; return when it is late, by the loop's clock."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._begun, self._timer = loop, {}, None
        ends_at = loop.time() + self.seconds
        self._begun[piece] = None
        if self._timer is None:
            self._timer = loop.call_at(ends_at, self._look, loop)
        return ends_at

    def end(self, piece: _Piece) -> None:
        """Look after it no longer."""
        self._begun.pop(piece, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cancel what is late, and look again when the next could be."""
        if loop is not self._loop:  # it has been left for another
            return
        self._timer = None
        now = loop.time()
        for piece in list(self._begun):
            if piece.ends_at > now:
                self._timer = loop.call_at(piece.ends_at, self._look, loop)
                return
            del self._begun[piece]
            piece.cancel()


class _Piece:
    """A piece of work of the running task."""

    __slots__ = ("_cancelling", "_is_late", "_limit", "_task", "ends_at")

    def __init__(self, limit: TimeLimit) -> None:
        self._limit = limit
        self._is_late = False

    def __enter__(self) -> None:
        """Begin it."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be cancelled")
        self._task = task
        self._cancelling = task.cancelling()
        self.ends_at = self._limit.begin(self)

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Be done with it; what was cancelled for being late, and for nothing else, is late."""
        self._limit.end(self)
        if self._is_late and self._task.uncancel() <= self._cancelling and isinstance(fault, asyncio.CancelledError):
            raise TimeoutError from fault

    def cancel(self) -> None:
        """Break it off where it waits."""
        self._is_late = True
        self._task.cancel()
