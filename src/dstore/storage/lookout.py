"""Looks at a PostgreSQL server over a connection that the event loop itself serves: no thread is woken for one.

All who ask while a look is under way are served by the following one, which begins later and so sees all that was
committed when they asked. It asks every question once, however many ask it, and all questions in one round trip.
Callbacks instead of tasks: the whole of a look takes less than a task's changes of turn would.
"""

from __future__ import annotations

import asyncio
import select
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg

from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres_session import AWAY, CUT
from dstore.storage.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from psycopg.pq.abc import PGresult

    from dstore.storage.port import Row
    from dstore.storage.postgres_session import Session

Key = tuple[str, tuple[Any, ...]]
_Askers = list["asyncio.Future[Row | None]"]


class Lookout:
    """The looks of one event loop at a time; `connect` opens a connection beside it."""

    def __init__(self, connect: Callable[[], asyncio.Future[Session]], seconds: float) -> None:
        self._connect = connect
        self._seconds = seconds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: Watch
        self._session: Session | None = None
        self._asked: dict[Key, _Askers] = {}
        self._look: _Look | None = None
        self._timer: asyncio.TimerHandle | None = None

    def at(self, key: Key) -> asyncio.Future[Row | None]:
        """Give the first row of a look that begins now or later; StorageUnavailableError if there is no answer."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._move_to(loop)
        mine: asyncio.Future[Row | None] = loop.create_future()
        askers = self._asked.get(key)
        if askers is not None:
            askers.append(mine)
            return mine
        if not self._asked and self._look is None:
            loop.call_soon(self._set_out)  # with all who ask in this turn
        self._asked[key] = [mine]
        return mine

    def close(self) -> None:
        """Let go of the connection; on the thread of the event loop."""
        self._drop()
        if self._loop is not None:
            self._watch.close()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._watch.remove(session.socket, self._told)
            with suppress(psycopg.Error):
                session.connection.close()

    def _move_to(self, loop: asyncio.AbstractEventLoop) -> None:
        self.close()
        self._loop, self._watch, self._look, self._timer, self._asked = loop, Watch(loop), None, None, {}

    def _set_out(self) -> None:
        """Begin a look for all who have asked."""
        loop = asyncio.get_running_loop()
        look = self._look = _Look(loop, self._asked, loop.time() + self._seconds)
        self._asked = {}
        if self._timer is None:
            self._timer = loop.call_at(look.ends_at, self._give_up_late)
        if self._session is None:
            self._send_anew(look)
        else:
            self._send(look, self._session)

    def _send_anew(self, look: _Look) -> None:
        look.is_repeatable, look.settling = False, None
        look.connecting = self._connect()
        look.connecting.add_done_callback(lambda done: self._connected(look, done))

    def _connected(self, look: _Look, done: asyncio.Future[Session]) -> None:
        if done.cancelled():
            return
        fault = done.exception()
        if fault is not None:
            self._end(look, fault=fault)
            return
        session = done.result()
        if self._look is not look:  # it was given up in this very turn
            session.connection.close()
            return
        if session.connection.closed:  # with the database, in the meantime
            self._end(look, fault=StorageUnavailableError("the database has been closed"))
            return
        self._session = session
        self._watch.add(session.socket, self._told)
        self._send(look, session)

    def _send(self, look: _Look, session: Session) -> None:
        try:
            for sql, params in look.asked:
                session.queue(sql, params)
        except Exception as fault:  # noqa: BLE001 - it belongs to whoever asked
            self._fail(look, session, fault)
            return
        look.settling = session.settling()
        self._go_on(look, session)

    def _go_on(self, look: _Look, session: Session) -> None:
        """Take what results there are, and end the look with the last."""
        if look.settling is None:
            return
        try:
            wanted = next(look.settling)
        except StopIteration as end:
            self._end(look, [session.loaded(result) for result in end.value])
        except psycopg.Error as fault:
            self._fail(look, session, fault)
        else:
            if wanted & select.POLLOUT:
                self._watch.wait_to_write(session.socket)

    def _told(self) -> None:
        """Take what the server has sent; a connection that ends while nobody looks is let go."""
        session, look = self._session, self._look
        if session is None:
            return
        try:
            session.take_in()
        except psycopg.Error as fault:
            if look is None:
                self._drop()
            else:
                self._fail(look, session, fault)
            return
        if look is not None:
            self._go_on(look, session)

    def _fail(self, look: _Look, session: Session, fault: Exception) -> None:
        """End a look, or repeat it over another connection if it began over one that was there before and is gone."""
        is_gone = session.connection.broken or isinstance(fault, CUT)
        if is_gone or not isinstance(fault, psycopg.Error):
            self._drop()
        if is_gone and look.is_repeatable:
            self._send_anew(look)
        else:
            self._end(look, fault=fault)

    def _give_up_late(self) -> None:
        """Give the look up that is under way if it is late, and watch the next one: one timer serves thousands."""
        look, self._timer = self._look, None
        if look is None:
            return
        if look.loop.time() < look.ends_at:
            self._timer = look.loop.call_at(look.ends_at, self._give_up_late)
            return
        if look.connecting is not None:
            look.connecting.cancel()
        self._drop()
        self._end(look, fault=StorageUnavailableError(f"no answer within {self._seconds:g} s"))

    def _end(self, look: _Look, found: Sequence[Sequence[Row]] = (), fault: BaseException | None = None) -> None:
        """Tell everybody the outcome, and begin the look that others wait for; a look ends once."""
        if self._look is not look:
            return
        self._look = None
        if isinstance(fault, AWAY):
            fault = StorageUnavailableError(str(fault))
        for number, askers in enumerate(look.asked.values()):
            rows = found[number] if fault is None else ()
            for one in askers:
                if not one.done():
                    if fault is None:
                        one.set_result(rows[0] if rows else None)
                    else:
                        one.set_exception(fault)
        if self._asked:
            look.loop.call_soon(self._set_out)


class _Look:
    """A look under way: the questions with who asked them, and how far it is."""

    __slots__ = ("asked", "connecting", "ends_at", "is_repeatable", "loop", "settling")

    def __init__(self, loop: asyncio.AbstractEventLoop, asked: dict[Key, _Askers], ends_at: float) -> None:
        self.loop = loop
        self.asked = asked
        self.ends_at = ends_at
        self.connecting: asyncio.Future[Session] | None = None
        self.settling: Generator[int, None, list[PGresult]] | None = None
        self.is_repeatable = True
