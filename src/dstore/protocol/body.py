"""Receiving a request's body: bounded in size, in time, and in what all bodies together may hold."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from dstore.protocol.signature import content_prefix
from dstore.protocol.time_limit import TimeLimit
from dstore.results import ParamIllegal, TooMuchTraffic

if TYPE_CHECKING:
    from dstore.protocol.envelope import Head
    from dstore.settings import Settings

DISCARD_SECONDS = 5
SMALL = 64 * 1024
"""Bytes up to which a body is always received: large ones that hang may not keep small calls out."""
COPIED = 1024 * 1024
"""Bytes up to which a body is put into one piece at its end; larger ones grow, since one copy would hold up the loop."""
OF_ADDRESS, OF_CLIENT = 4, 2
"""Large bodies from one address have a quarter of the budget, those that name one client-id a half."""


class CallerLeftError(Exception):
    """The caller went away before its body was there; nobody waits for an answer."""


class Bodies:
    """The budget that all bodies of a process share; whoever sends large ones can not hold all of it."""

    def __init__(self, settings: Settings) -> None:
        self.limit = settings.body_limit
        self.time_limit = TimeLimit(settings.body_seconds)
        self.left = settings.body_budget
        # One body of the greatest length must fit in, whatever the budget is.
        self._of_address = max(self.left // OF_ADDRESS, self.limit)
        self._of_client = max(self.left // OF_CLIENT, self.limit)
        self._held: Counter[str | bytes] = Counter()
        self.kept = settings.request_log_bytes if settings.request_log == "keep" else 0

    def of(self, head: Head, receive: Any) -> Body:
        """Return the body that belongs to a head, not yet received."""
        return Body(self, head, receive)

    def take(self, head: Head, more: int) -> bool:
        """Count more bytes of a large body; return whether there was room for them."""
        fits = self.left >= 0
        for one, part in self._parts_of(head):
            self._held[one] += more
            fits = fits and self._held[one] <= part
        return fits

    def _parts_of(self, head: Head) -> tuple[tuple[str | bytes, int], tuple[str | bytes, int]]:
        return (head.address, self._of_address), (head.client_id, self._of_client)

    def give_back(self, head: Head, size: int, large: int) -> None:
        """Take a body's bytes out of what is held, `large` of which were counted as those of a large one."""
        self.left += size
        for one, _ in self._parts_of(head) if large else ():
            self._held[one] -= large
            if not self._held[one]:
                del self._held[one]


class Body:
    """One body; it is hashed while it arrives, so that a large one never holds up the loop for long."""

    def __init__(self, bodies: Bodies, head: Head, receive: Any) -> None:
        self._bodies = bodies
        self._head = head
        self._receive = receive
        self._text: bytes | bytearray = b""
        self._signed = hashlib.sha256(content_prefix(head.target, head.client_id, head.request_time))
        self._plain = hashlib.sha256()
        self.size = 0
        self._large = 0
        self.complete = False
        self._is_late = False

    @property
    def signed_digest(self) -> bytes:
        """The SHA-256 of the content that the caller must have signed."""
        return self._signed.digest()

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the body alone."""
        return self._plain.digest()

    async def read(self) -> bytes:
        """Receive the body, once; raise ParamIllegal when it is too long or too slow, CallerLeftError when it ends."""
        if not self.complete:
            self._refuse_length(self._head.content_length or 0)
            try:
                with self._bodies.time_limit.kept():
                    await self._receive_all()
            except TimeoutError:
                self._is_late = True
                raise ParamIllegal(f"the body did not arrive within {self._bodies.time_limit.seconds} s") from None
            if self.size <= COPIED:
                self._text = bytes(self._text)
        return cast("bytes", self._text)  # what is done with bytes can be done with either

    def beginning(self) -> bytes:
        """Return as much of what has arrived as is kept in the request log."""
        return bytes(self._text[: self._bodies.kept])

    def release(self) -> None:
        """Give the body's share of the budget back."""
        self._bodies.give_back(self._head, self.size, self._large)
        self._text = b""

    async def discard(self) -> None:
        """Receive the rest of a refused body and drop it, within bounds.

        Who sends a whole request before reading anything would otherwise lose the answer to a reset connection.
        """
        left = 0 if self._is_late else self._bodies.limit
        with suppress(TimeoutError):
            async with asyncio.timeout(DISCARD_SECONDS):
                while left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return

    async def _receive_all(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise CallerLeftError(f"went away after {self.size:,} bytes")
            chunk = message.get("body", b"")
            if chunk:
                self._refuse_length(self.size + len(chunk))
                self.size += len(chunk)
                self._bodies.left -= len(chunk)
                if self._text:
                    self._text = self._text if isinstance(self._text, bytearray) else bytearray(self._text)
                    self._text += chunk
                else:
                    self._text = chunk
                self._signed.update(chunk)
                self._plain.update(chunk)
                self._refuse_crowd()
            if not message.get("more_body", False):
                self.complete = True
                return

    def _refuse_crowd(self) -> None:
        if self.size > SMALL:
            more, self._large = self.size - self._large, self.size
            if not self._bodies.take(self._head, more):
                raise TooMuchTraffic("too many large bodies at once; retry")

    def _refuse_length(self, length: int) -> None:
        if length > self._bodies.limit:
            raise ParamIllegal(f"the body has {length:,} bytes or more, at most {self._bodies.limit:,} are allowed")
