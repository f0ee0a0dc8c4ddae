"""Sockets that another library reads from and may close at any time, watched for an event loop.

The loop itself watches only the selector. An event loop may leave a socket that ends with an error without a word
(uvloop does), and takes a socket for one that was closed before if it has the same number.
"""

from __future__ import annotations

import selectors
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


class Watch:
    """The sockets watched for one event loop.

    Whoever is told may be told once more than there is a reason for.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._selector = selectors.DefaultSelector()
        self._number = self._selector.fileno()
        loop.add_reader(self._number, self._tell)

    def add(self, socket: int, told: Callable[[], None]) -> None:
        """Call `told` whenever there is something to read, or the socket has ended."""
        if socket in self._selector.get_map():  # one that was closed had this number
            self._selector.unregister(socket)
        self._selector.register(socket, EVENT_READ, told)

    def wait_to_write(self, socket: int) -> None:
        """Call once also when something can be written."""
        self._selector.modify(socket, EVENT_READ | EVENT_WRITE, self._selector.get_key(socket).data)

    def remove(self, socket: int, told: Callable[[], None]) -> None:
        """Watch a socket no longer, unless by now it is somebody else's."""
        key = self._selector.get_map().get(socket)
        if key is not None and key.data == told:
            self._selector.unregister(socket)

    def close(self) -> None:
        """Watch nothing any more; also when the loop has been closed."""
        with suppress(RuntimeError):
            self._loop.remove_reader(self._number)
        self._selector.close()

    def _tell(self) -> None:
        for key, events in self._selector.select(0):
            if events & EVENT_WRITE and key.fd in self._selector.get_map():
                self._selector.modify(key.fd, EVENT_READ, key.data)
            key.data()
