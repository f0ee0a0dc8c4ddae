"""Threads for large bodies: their work is long and may wait, and the event loop does neither."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

VERY_LARGE = 1024 * 1024


class Lanes:
    """One thread for large bodies and one for very large ones.

    Those of a size wait for each other, so that memory stays bounded; a store's catalogue does not wait for twenty
    stores.
    """

    def __init__(self) -> None:
        self._large = ThreadPoolExecutor(1, thread_name_prefix="dstore-large")
        self._very_large = ThreadPoolExecutor(1, thread_name_prefix="dstore-very-large")

    def run(self, size: int, job: Callable[[], T]) -> asyncio.Future[T]:
        """Have the job for a body of so many bytes done in its turn; one that nobody waits for any more is left out."""
        lane = self._very_large if size > VERY_LARGE else self._large
        return asyncio.get_running_loop().run_in_executor(lane, job)

    def close(self) -> None:
        """Finish what was begun and let go of the threads."""
        self._large.shutdown(wait=True)
        self._very_large.shutdown(wait=True)
