"""Looks at a PostgreSQL server over a connection that the event loop itself serves: no thread is woken for one.

All who ask while a look is under way are served by the following one, which begins later and so sees all that was
committed when they asked. It asks every question once, however many ask it, and all questions in one round trip.
"""

from __future__ import annotations

import asyncio
import select
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres_session import AWAY, CUT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from dstore.storage.port import Row
    from dstore.storage.postgres_session import Session

Key = tuple[str, tuple[Any, ...]]
_Askers = list["asyncio.Future[Row | None]"]


class Lookout:
    """The looks of one event loop at a time."""

    def __init__(self, connect: Callable[[], Awaitable[Session]], seconds: float) -> None:
        self._connect = connect
        self._seconds = seconds
        self._asked: dict[Key, _Askers] = {}
        self._looking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._session: Session | None = None
        self._stirred: asyncio.Future[None] | None = None
        """Done when the connection can be read from (or written to, if that is waited for)."""

    async def at(self, key: Key) -> Row | None:
        """Return the first row that a look which begins now or later gives; StorageUnavailableError if none does."""
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[Row | None] = loop.create_future()
        self._asked.setdefault(key, []).append(mine)
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._look())
        return await mine

    def close(self) -> None:
        """Let go of the connection."""
        session, self._session = self._session, None
        if session is None:
            return
        with suppress(RuntimeError):  # the loop has been closed
            if self._loop is not None:
                self._loop.remove_reader(session.socket)
                self._loop.remove_writer(session.socket)
        with suppress(psycopg.Error):
            session.connection.close()

    async def _look(self) -> None:
        """Look as long as anybody asks."""
        while self._asked:
            asked, self._asked = self._asked, {}
            rows: Sequence[Row | None] = ()
            fault: BaseException | None = None
            try:
                rows = await self._rows(list(asked))
            except AWAY as away:
                fault = StorageUnavailableError(str(away))
                fault.__cause__ = away
            except asyncio.CancelledError:
                for askers in (*asked.values(), *self._asked.values()):
                    _tell(askers, None, StorageUnavailableError("the database is being closed"))
                raise
            except Exception as wrong:  # noqa: BLE001 - it belongs to whoever asked
                fault = wrong
            for askers, row in zip(asked.values(), rows or [None] * len(asked), strict=True):
                _tell(askers, row, fault)

    async def _rows(self, keys: Sequence[Key]) -> list[Row | None]:
        """Return the first row of each; a connection that is found cut is made anew, once."""
        try:
            async with asyncio.timeout(self._seconds):
                session = self._kept()
                if session is not None:
                    with suppress(_Cut):
                        return await self._ask(session, keys)
                return await self._ask(await self._opened(), keys)
        except TimeoutError:
            self.close()
            raise StorageUnavailableError(f"no answer within {self._seconds:g} s") from None
        except _Cut as cut:
            raise StorageUnavailableError(str(cut)) from cut
        except asyncio.CancelledError:
            self.close()
            raise

    def _kept(self) -> Session | None:
        if self._loop is not asyncio.get_running_loop():
            self.close()
        return self._session

    async def _opened(self) -> Session:
        session = await self._connect()
        self._session, self._loop = session, asyncio.get_running_loop()
        self._loop.add_reader(session.socket, self._read)
        return session

    async def _ask(self, session: Session, keys: Sequence[Key]) -> list[Row | None]:
        try:
            for sql, params in keys:
                session.queue(sql, params)
            settling = session.settling()
            while True:
                await self._ready(session, next(settling))
        except StopIteration as end:
            found = [session.loaded(result) for result in end.value]
        except psycopg.Error as fault:
            if not session.connection.broken and not isinstance(fault, CUT):
                raise
            self.close()
            raise _Cut(str(fault)) from fault
        return [rows[0] if rows else None for rows in found]

    async def _ready(self, session: Session, events: int) -> None:
        """Wait until the connection can be read from, or written to if that is among the events."""
        loop = asyncio.get_running_loop()
        self._stirred = loop.create_future()
        if events & select.POLLOUT:
            loop.add_writer(session.socket, self._stir)
        try:
            await self._stirred
        finally:
            self._stirred = None
            if events & select.POLLOUT:
                loop.remove_writer(session.socket)

    def _read(self) -> None:
        """Take what has come; a connection that ends while nobody looks is let go."""
        if self._session is None:
            return
        try:
            self._session.take_in()
        except psycopg.Error:
            if self._stirred is None:
                self.close()
        self._stir()

    def _stir(self) -> None:
        if self._stirred is not None and not self._stirred.done():
            self._stirred.set_result(None)


class _Cut(Exception):  # noqa: N818 - an event more than an error: it is mended once
    """The connection is gone."""


def _tell(askers: _Askers, row: Row | None, fault: BaseException | None) -> None:
    for one in askers:
        if not one.done():
            if fault is None:
                one.set_result(row)
            else:
                one.set_exception(fault)
