"""Local clocks and the one time line: seconds of a zone's clock, seconds and microseconds since 1970 in UTC.

A local time that does not exist stands for the moment at which the clock jumps over it. Of one that
exists twice, a start takes the first, an end the second. Beyond the years 2 to 9998 a zone keeps the
offset it has there, so that no moment is out of range.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

SECOND = 1_000_000
DAY = 86_400
NEVER = 1 << 63  # microseconds: after every moment that can be written
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a zone's own clock is what it counts
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (datetime(2, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)
_LAST = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)


@lru_cache(maxsize=1024)
def microseconds(moment: datetime) -> int:
    """Return a moment's microseconds since 1970; exact for every moment with an offset."""
    return (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=8192)
def moment_of(at: int) -> datetime | None:
    """Return the moment (UTC) of microseconds since 1970; None beyond the years 2 to 9998.

    So every clock can show a moment: in the first and last hours of what can be written, some zones are beyond it.
    """
    return _EPOCH + timedelta(microseconds=at) if _FIRST <= at // SECOND < _LAST else None


def offset_at(zone: tzinfo, second: int) -> int:
    """Return how many seconds a zone's clock is ahead of UTC at a second since 1970."""
    if isinstance(zone, timezone):
        return _seconds(zone.utcoffset(None))
    moment = _EPOCH + timedelta(seconds=min(max(second, _FIRST), _LAST))
    return _seconds(moment.astimezone(zone).utcoffset())


@lru_cache(maxsize=8192)
def steady_offset(zone: tzinfo, day: int) -> int | None:
    """Return a zone's offset around a UTC day since 1970; None when it changes within two days of it."""
    offsets = {offset_at(zone, (day + near) * DAY) for near in range(-2, 4)}
    return offsets.pop() if len(offsets) == 1 else None


def first_second(zone: tzinfo, local: int) -> int:
    """Return the second since 1970 at which a zone's clock first shows a local second."""
    return _second(zone, local, 0)


def last_second(zone: tzinfo, local: int) -> int:
    """Return the second since 1970 at which a zone's clock last shows a local second."""
    return _second(zone, local, 1)


@lru_cache(maxsize=16_384)
def _second(zone: tzinfo, local: int, fold: int) -> int:
    second = local - _offset_of(zone, local, fold)
    if second + offset_at(zone, second) == local:
        return second
    return _jump(zone, local)


def _offset_of(zone: tzinfo, local: int, fold: int) -> int:
    shown = _LOCAL_EPOCH + timedelta(seconds=min(max(local, _FIRST), _LAST))
    return _seconds(shown.replace(tzinfo=zone, fold=fold).utcoffset())


def _jump(zone: tzinfo, local: int) -> int:
    """Return the second at which the clock jumps over a local second that does not exist."""
    before, after = local - _offset_of(zone, local, 1), local - _offset_of(zone, local, 0)
    new = offset_at(zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if offset_at(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // timedelta(seconds=1)
