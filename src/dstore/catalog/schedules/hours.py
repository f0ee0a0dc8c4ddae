"""Slots of the contract as hours: weekly patterns by the store's clock, or by the clock a time of day names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dstore.catalog.schedules.local_time import DAY, NEVER, SECOND
from dstore.catalog.schedules.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from dstore.vocabulary.fnb import PickUpRule, TimePeriod

DAYS = {
    name: number
    for number, name in enumerate(("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"))
}
EVERY_DAY = tuple(range(7))
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?(?:(Z)|([+-])(\d\d):?(\d\d))?", re.ASCII)
_FEW = 42  # slots: six on each day
_STEPS = 100  # two patterns that take turns for ever are on for ever


class Slot(NamedTuple):
    """A stretch of a day: its start (seconds since midnight), its length, the offset of its clock (None: the store's)."""

    start: int
    length: int
    offset: int | None


WHOLE_DAY = Slot(0, DAY, None)


def read_slot(period: TimePeriod | PickUpRule) -> Slot:
    """Read a period; an end at or before the start is on the next day. Raises ValueError when it can't be read."""
    return _slot(period.start_time, period.end_time)


def readable_slot(period: TimePeriod | PickUpRule) -> Slot | None:
    """Read a period; None when it can't be read. The door refuses such, and a page must not fail over one."""
    try:
        return read_slot(period)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def _slot(start_text: str, end_text: str) -> Slot:
    start, start_offset = _time(start_text)
    end, end_offset = _time(end_text)
    if start_offset is None:
        start_offset = end_offset
    elif end_offset is not None:
        end += start_offset - end_offset
    return Slot(start, (end - start) % DAY or DAY, start_offset)


def _time(text: str) -> tuple[int, int | None]:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hour, minute, second, utc, sign, off_hour, off_minute = found.groups()
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if sign is None:
        return seconds, 0 if utc else None
    offset = int(off_hour) * 3600 + int(off_minute) * 60
    if offset >= DAY:
        raise ValueError(text)
    return seconds, -offset if sign == "-" else offset


class Hours:
    """Weekly hours, the union of slots: those by the store's clock and those by clocks of a fixed offset.

    The last answer is kept: it holds for hours, and the things of a menu are asked about one after another.
    """

    __slots__ = ("_fixed", "_known", "_local")

    def __init__(self, slots: Iterable[tuple[int, Slot]]) -> None:
        """Take slots with the weekday (0: Monday) on which they begin by their own clock."""
        local: list[tuple[int, int]] = []
        fixed: list[tuple[int, int]] = []
        for day, slot in slots:
            stretches = local if slot.offset is None else fixed
            stretches.append((day * DAY + slot.start - (slot.offset or 0), slot.length))
        self._local = Week(local)
        self._fixed = Week(fixed) if fixed else None
        self._known: tuple[tzinfo, int, int, bool] = (UTC, NEVER, NEVER, False)

    def span(self, zone: tzinfo, at: int) -> tuple[bool, int]:
        """Return whether it is on at a moment (microseconds), and when that changes, or NEVER."""
        known_zone, since, until, is_on = self._known
        if known_zone is zone and since <= at < until:
            return is_on, until
        is_on, second = self._span(zone, at // SECOND)
        until = NEVER if second is None else second * SECOND
        self._known = (zone, at, until, is_on)
        return is_on, until

    def _span(self, zone: tzinfo, second: int) -> tuple[bool, int | None]:
        if self._fixed is None:
            return self._local.span(zone, second)
        (local, local_edge), (fixed, fixed_edge) = self._local.span(zone, second), self._fixed.span(UTC, second)
        if not (local or fixed):
            return False, min((edge for edge in (local_edge, fixed_edge) if edge is not None), default=None)
        edge = second
        for _ in range(_STEPS):
            end = local_edge if local else fixed_edge
            if end is None:
                return True, None
            edge = end
            (local, local_edge), (fixed, fixed_edge) = self._local.span(zone, edge), self._fixed.span(UTC, edge)
            if not (local or fixed):
                return True, edge
        return True, edge


def join(slots: frozenset[tuple[int, Slot]]) -> Hours | None:
    """Return the hours of slots with their weekdays; None when they are every day from midnight to midnight.

    Things with the same slots get the same hours, and so share their last answer.
    """
    return _shared(slots) if len(slots) <= _FEW else _shared_long(slots)


def _joined(slots: frozenset[tuple[int, Slot]]) -> Hours | None:
    return None if slots.issuperset((day, WHOLE_DAY) for day in EVERY_DAY) else Hours(slots)


_shared, _shared_long = lru_cache(maxsize=8192)(_joined), lru_cache(maxsize=128)(_joined)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours within a range of moments (microseconds, half-open); no hours: all the time."""

    start: int
    end: int
    hours: Hours | None

    def covers(self, at: int) -> bool:
        """Return whether a moment is in the range, whatever the hours."""
        return self.start <= at < self.end

    def span(self, zone: tzinfo, at: int) -> tuple[bool, int]:
        """Return whether it is on at a moment, and the moment at which that changes, or NEVER."""
        if at >= self.end or self.start >= self.end:
            return False, NEVER
        is_early = at < self.start
        if self.hours is None:
            return (False, self.start) if is_early else (True, self.end)
        is_on, edge = self.hours.span(zone, self.start if is_early else at)
        if not is_on:
            return False, edge if edge < self.end else NEVER
        return (False, self.start) if is_early else (True, min(edge, self.end))
