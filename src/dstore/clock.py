"""What time it is: one clock for the whole program, which tests set."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """Return the present moment, with zone UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, with zone UTC."""
        return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Return a moment as the database keeps it: whole milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)


def from_milliseconds(number: int) -> datetime:
    """Return a stored moment, with zone UTC."""
    return datetime.fromtimestamp(number / 1000, UTC)
