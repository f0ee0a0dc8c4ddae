"""How many calls a caller may make: a token bucket for each."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST_BUCKETS = 100_000


class Rates:
    """Buckets of `rate` tokens a second that hold `burst_seconds` worth; a rate of 0 never refuses."""

    def __init__(self, rate: int, burst_seconds: int, ticks: Callable[[], float] = time.monotonic) -> None:
        self._rate = float(rate)
        self._size = float(rate * max(burst_seconds, 1))
        self._ticks = ticks
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def take(self, who: Hashable) -> bool:
        """Take one token of `who`; False when there is none."""
        if not self._rate:
            return True
        now = self._ticks()
        tokens, since = self._buckets.get(who, (self._size, now))
        tokens = min(self._size, tokens + (now - since) * self._rate)
        if tokens < 1:
            self._buckets[who] = (tokens, now)
            return False
        if who not in self._buckets and len(self._buckets) >= MOST_BUCKETS:
            self._forget(now)
        self._buckets[who] = (tokens - 1, now)
        return True

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full again; nothing is lost with them."""
        full = [
            who for who, (tokens, since) in self._buckets.items() if tokens + (now - since) * self._rate >= self._size
        ]
        for who in full or list(self._buckets):
            del self._buckets[who]
