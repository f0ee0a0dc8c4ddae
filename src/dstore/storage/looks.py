"""Looks at a database that many share: of equal ones at most one is under way, and the next serves all who wait.

Whoever asks while a look is under way is served by the following one, which begins later and so sees all that was
committed when they asked.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from dstore.storage.port import StorageUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dstore.storage.port import Row

Key = tuple[str, tuple[Any, ...]]


class SharedLooks:
    """The looks of one event loop; `look` starts one and gives a future of its row."""

    def __init__(self, look: Callable[[Key], asyncio.Future[Row | None]], seconds: float) -> None:
        self._look = look
        self._seconds = seconds
        self._waiting: dict[Key, list[asyncio.Future[Row | None]]] = {}
        """Who waits for the next look; there is a list as long as one is under way."""

    async def at(self, key: Key) -> Row | None:
        """Return what a look that begins now or later gives; StorageUnavailableError when it takes too long."""
        mine = asyncio.get_running_loop().create_future()
        waiting = self._waiting.get(key)
        if waiting is None:
            self._start(key, [mine])
        else:
            waiting.append(mine)
        row: Row | None = await mine
        return row

    def _start(self, key: Key, askers: list[asyncio.Future[Row | None]]) -> None:
        self._waiting[key] = []
        loop, row = asyncio.get_running_loop(), self._look(key)
        late = StorageUnavailableError(f"no answer within {self._seconds:g} s")
        timer = loop.call_later(self._seconds, self._end, key, askers, None, late)
        row.add_done_callback(lambda _: timer.cancel())
        row.add_done_callback(lambda done: self._end(key, askers, *_outcome(done)))

    def _end(
        self, key: Key, askers: list[asyncio.Future[Row | None]], row: Row | None, fault: BaseException | None
    ) -> None:
        """Serve who asked, and start the look that others wait for; a look is ended once."""
        if not askers:
            return
        for one in askers:
            if not one.done():
                if fault is None:
                    one.set_result(row)
                else:
                    one.set_exception(fault)
        askers.clear()
        following = self._waiting.pop(key)
        if following:
            self._start(key, following)


def _outcome(done: asyncio.Future[Row | None]) -> tuple[Row | None, BaseException | None]:
    if done.cancelled():
        return None, StorageUnavailableError("the database is being closed")
    fault = done.exception()
    return (None, fault) if fault is not None else (done.result(), None)
