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
        self._rate = rate
        self._burst = max(burst_seconds, 1)
        self._ticks = ticks
        self._buckets: dict[Hashable, tuple[float, float, int]] = {}

    def take(self, who: Hashable, own_rate: int | None = None) -> bool:
        """Take one token of `who`, who may have a rate of its own; False when there is none."""
        rate = self._rate if own_rate is None else own_rate
        if not rate:
            return True
        now, size = self._ticks(), float(rate * self._burst)
        tokens, since, _ = self._buckets.get(who, (size, now, rate))
        tokens = min(size, tokens + (now - since) * rate)
        if tokens < 1:
            self._buckets[who] = (tokens, now, rate)
            return False
        if who not in self._buckets and len(self._buckets) >= MOST_BUCKETS:
            self._forget(now)
        self._buckets[who] = (tokens - 1, now, rate)
        return True

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full again; nothing is lost with them."""
        full = [
            who
            for who, (tokens, since, rate) in self._buckets.items()
            if tokens + (now - since) * rate >= rate * self._burst
        ]
        for who in full or list(self._buckets):
            del self._buckets[who]
