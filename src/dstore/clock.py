"""What time it is: one clock for the whole program, which tests and the sandbox may set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment last set."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Put the clock at a moment."""
        self._moment = moment.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock on."""
        self._moment += step


def milliseconds(moment: datetime) -> int:
    """Return a moment as the database keeps it: whole milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)


def from_milliseconds(number: int) -> datetime:
    """Return a stored moment, with zone UTC."""
    return datetime.fromtimestamp(number / 1000, UTC)
