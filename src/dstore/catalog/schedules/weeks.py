"""A pattern that repeats every week by a zone's clock, and when it next goes on or off."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from dstore.catalog.schedules.local_time import DAY, first_second, last_second, offset_at, steady_offset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

WEEK = 7 * DAY
_EPOCH_WEEKDAY = 3 * DAY  # 1970 began on a Thursday; weeks are counted from Monday
_WEEKS_AHEAD = 60  # a weekly slot is never skipped for more than a few weeks in a row


class Week:
    """The union of weekly stretches; stretches that touch or overlap are one."""

    __slots__ = ("_before", "_points")

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        """Take stretches as their start (seconds since Monday 00:00) and their length (seconds, at most a day)."""
        joined = _joined(sorted(_within_the_week(stretches)))
        # Points are where the pattern goes on or off. It goes neither at the week's seam if it is on at both sides.
        points = [point for stretch in joined for point in stretch]
        self._before = bool(points) and points[-1] == WEEK
        if self._before:
            points = points[1:-1] if points[0] == 0 else [0, *points[:-1]]
        self._points = points

    def span(self, zone: tzinfo, second: int) -> tuple[bool, int | None]:
        """Return whether it is on at a second since 1970, and the second at which that changes (None: never)."""
        points = self._points
        if not points:
            return self._before, None
        offset = steady_offset(zone, second // DAY)
        if offset is not None:
            place = (second + offset + _EPOCH_WEEKDAY) % WEEK
            index = bisect_right(points, place)
            ahead = points[index] if index < len(points) else WEEK + points[0]
            edge = second - place + ahead
            if edge - second <= DAY or steady_offset(zone, edge // DAY) == offset:
                return self._before ^ (index & 1 == 1), edge
        return self._span_near_a_change(zone, second)

    def _span_near_a_change(self, zone: tzinfo, second: int) -> tuple[bool, int | None]:
        """Do the same around the days on which the zone's offset changes, stretch by stretch."""
        on_until: int | None = None
        for start, end in self._stretches(zone, second):
            if end <= max(start, second):
                continue
            if on_until is None:
                if start > second:
                    return False, start
                on_until = end
            elif start > on_until:
                break
            else:
                on_until = max(on_until, end)
        return on_until is not None, on_until

    def _stretches(self, zone: tzinfo, second: int) -> Iterator[tuple[int, int]]:
        """Yield stretches in seconds since 1970, from two local days before a second on."""
        points = self._points
        local = second + offset_at(zone, second) - 2 * DAY
        place = (local + _EPOCH_WEEKDAY) % WEEK
        first = bisect_right(points, place)
        is_on = self._before ^ (first & 1 == 1)
        start = first_second(zone, local)
        for number in range(first, first + _WEEKS_AHEAD * len(points)):
            weeks, index = divmod(number, len(points))
            point = local - place + weeks * WEEK + points[index]
            if is_on:
                yield start, last_second(zone, point)
            else:
                start = first_second(zone, point)
            is_on = not is_on


def _within_the_week(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for begin, length in stretches:
        start = begin % WEEK
        end = start + length
        yield start, min(end, WEEK)
        if end > WEEK:
            yield 0, end - WEEK


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
