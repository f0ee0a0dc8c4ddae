"""An authentic call and its outcome as values, and what the door needs to have it performed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dstore.protocol.api import Change
    from dstore.protocol.envelope import Caller
    from dstore.results import Result


class StaleCallerError(Exception):
    """Partners or keys changed since the caller was authenticated; authenticate again."""


class Call(msgspec.Struct, frozen=True, gc=False):
    """An authentic, valid call: what once-only and the history need to know of it."""

    caller: Caller
    api: str
    request_id: str
    is_copy_key: bool
    body_hash: bytes
    request_time: str
    now: datetime


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """The result, and whether it was given before, perhaps for another body.

    `stores` are the stores that the change looked at or wrote, each with the version it gave it, or 0.
    """

    result: Result
    replayed: bool = False
    changed_body: bool = False
    stores: tuple[tuple[int, int], ...] = ()


class Performer(Protocol):
    """What performs calls: each once, in one transaction."""

    async def perform(self, call: Call, change: Change) -> Outcome:
        """Apply a change, or return the result that its call was given before.

        Raises StaleCallerError, and UnavailableError when nothing was applied or that is not known.
        """
        ...

    def perform_now(self, call: Call, change: Change, expect: Callable[[Outcome], None]) -> Outcome:
        """Prepare and do the same on this thread, which may wait.

        `expect` is told what the outcome is if the commit succeeds.
        """
        ...

    def stop(self) -> None:
        """Have calls that are still being prepared end without an effect: the process is ending."""
        ...

    async def accept(self, call: Call, body: bytes) -> Outcome:
        """Keep a call to be performed later and answer A, or return the result that it was given before.

        Raises the same as `perform`.
        """
        ...
