"""Short jobs done on the event loop itself, over connections that it serves: no thread is woken for one.

A job is plain code, the same that a thread would run. Each has a stack of its own; where a thread would wait for
the server, the job is left, and taken up again when the connection is ready. So several are under way at once, each on
a berth of its own: a connection and whoever uses it at the moment.
"""

from __future__ import annotations

import asyncio
import select
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from greenlet import getcurrent, greenlet

from dstore.storage.port import StorageUnavailableError
from dstore.storage.postgres_session import Session
from dstore.storage.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_Connection = psycopg.Connection[Any]


class _Job(NamedTuple):
    """What is to be done, who waits for it, and whose turn it is in."""

    run: Callable[[], Any]
    done: asyncio.Future[Any]
    turn: Hashable | None


class Fibres:
    """The short jobs of one event loop at a time, at most `count` at once; `connect` opens a connection beside it."""

    def __init__(self, count: int, connect: Callable[[], asyncio.Future[_Connection]]) -> None:
        self.connect = connect
        self.is_closed = False
        self._count = count
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watch: Watch
        self._berths: list[Berth] = []
        self._free: list[Berth] = []
        self._waiting: deque[_Job] = deque()
        self._turns: dict[Hashable, deque[_Job]] = {}
        """For each turn that has a job the others, which are not to be begun yet."""

    def take(self, run: Callable[[], Any], turn: Hashable | None = None) -> asyncio.Future[Any]:
        """Begin a job, or have it wait for its turn or a berth; return what its outcome is awaited on."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._move_to(loop)
        job = _Job(run, loop.create_future(), turn)
        if turn is None or turn not in self._turns:
            if turn is not None:
                self._turns[turn] = deque()
            self._begin(job)
        else:
            self._turns[turn].append(job)
        return job.done

    def _begin(self, job: _Job) -> None:
        if self._free:
            self._free.pop().begin(job)
        elif len(self._berths) < self._count:
            self._berths.append(Berth(self, self._watch))
            self._berths[-1].begin(job)
        else:
            self._waiting.append(job)

    def here(self) -> Berth | None:
        """Return the berth of the job that asks, or None if it is no job of these."""
        current = getcurrent()
        return current.berth if isinstance(current, _Fibre) and current.berth.fibres is self else None

    def next(self, berth: Berth, ended: _Job) -> _Job | None:
        """Return what a berth does after a job; with None it is free."""
        self._end(ended)
        while self._waiting:
            job = self._waiting.popleft()
            if not job.done.done():
                return job
            self._end(job)  # the caller has given up
        self._free.append(berth)
        return None

    def _end(self, job: _Job) -> None:
        """Have the next job of its turn wait for a berth."""
        if job.turn is None:
            return
        if self._turns[job.turn]:
            self._waiting.append(self._turns[job.turn].popleft())
        else:
            del self._turns[job.turn]

    def close(self) -> None:
        """Finish the jobs there are, or fail those that would need a connection more, and let go of the connections.

        To be called on the thread of the event loop.
        """
        self.is_closed = True
        # All of them together: one may wait for a lock that another one holds.
        while under_way := {berth.session.socket: berth for berth in self._berths if berth.session and berth.is_busy}:
            poll = select.poll()
            for socket, berth in under_way.items():
                poll.register(socket, berth.events)
            for socket, _ in poll.poll():
                under_way[socket].go_on()
        for berth in self._berths:
            berth.give_up_connecting()
        for berth in self._berths:
            berth.drop()
        if self._loop is not None:
            self._watch.close()

    def _move_to(self, loop: asyncio.AbstractEventLoop) -> None:
        """Forget what another loop has left: whoever waited for it is gone with the loop."""
        for berth in self._berths:
            berth.abandon()
        if self._loop is not None:
            self._watch.close()
        self._watch = Watch(loop)
        self._loop, self._berths, self._free, self._waiting, self._turns = loop, [], [], deque(), {}


class Berth:
    """One connection, and the job that it has at the moment."""

    def __init__(self, fibres: Fibres, watch: Watch) -> None:
        self.fibres = fibres
        self.session: Session | None = None
        self._watch = watch
        self._hub = getcurrent()
        self._fibre: _Fibre | None = None
        self._awaits: asyncio.Future[_Connection] | None = None
        """The connection that is being opened."""
        self.events = select.POLLIN
        """What the job waits for, of the events of `select.poll`."""

    def begin(self, job: _Job) -> None:
        """Begin a job, and go on until it has to wait."""
        self._fibre = _Fibre(self, job)
        self.go_on()

    @property
    def is_busy(self) -> bool:
        """Whether it has a job."""
        return self._fibre is not None

    def go_on(self, fault: Exception | None = None) -> None:
        """Take the job up until it waits again; begin the next when it has ended."""
        fibre = self._fibre
        while fibre is not None:
            if fault is None:
                fibre.switch()
            else:
                fibre.throw(fault)
            if not fibre.dead:
                return
            job, fault = self.fibres.next(self, fibre.job), None
            fibre = self._fibre = None if job is None else _Fibre(self, job)

    def connect(self) -> Session:
        """Open a connection, in the middle of a job that needs one; raise whatever keeps it from being opened."""
        if self.fibres.is_closed:
            raise StorageUnavailableError("the database has been closed")
        self._awaits = awaits = self.fibres.connect()
        awaits.add_done_callback(lambda _: self.go_on())
        try:
            while not awaits.done():
                self._leave()
        finally:
            self._awaits = None
        self.session = Session(awaits.result(), self._wait)
        self._watch.add(self.session.socket, self._told)
        return self.session

    def drop(self) -> None:
        """Let go of the connection."""
        session, self.session = self.session, None
        if session is None:
            return
        self._watch.remove(session.socket, self._told)
        with suppress(psycopg.Error):
            session.connection.close()

    def give_up_connecting(self) -> None:
        """Let the job know that there will be no connection, if it waits for one."""
        if self._awaits is not None:
            self.go_on(StorageUnavailableError("the database has been closed"))

    def abandon(self) -> None:
        """Break off the job, whose caller is gone; without its connection it can do nothing more."""
        self.drop()
        fibre, self._fibre = self._fibre, None
        if fibre is not None:
            fibre.is_heard = False
            fibre.throw()

    def _leave(self) -> None:
        """Leave the job that calls this until it is taken up again."""
        self._hub.switch()

    def _wait(self, events: int) -> None:
        self.events = events
        if events & select.POLLOUT and self.session is not None:
            self._watch.wait_to_write(self.session.socket)
        self._leave()

    def _told(self) -> None:
        """Have the job go on with its connection; one that ends while there is no job is let go."""
        if self._fibre is not None:
            self.go_on()
        elif self.session is not None:
            try:
                self.session.take_in()
            except psycopg.Error:
                self.drop()


class _Fibre(greenlet):
    """A job with a stack of its own; it tells its caller the outcome if that still hears it."""

    def __init__(self, berth: Berth, job: _Job) -> None:
        super().__init__()
        self.berth = berth
        self.job = job
        self.is_heard = True

    def run(self) -> None:
        value: Any = None
        fault: BaseException | None = None
        try:
            value = self.job.run()
        except StopIteration as error:  # no future takes one
            fault = RuntimeError("a job raised StopIteration")
            fault.__cause__ = error
        except BaseException as error:  # noqa: BLE001 - the job's own exception belongs to its caller
            fault = error
        done = self.job.done
        if not self.is_heard or done.done():
            return
        if fault is None:
            done.set_result(value)
        else:
            done.set_exception(fault)
