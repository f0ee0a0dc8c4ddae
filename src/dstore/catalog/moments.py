"""Moments, times of day and zones as the contract writes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_TIMES = frozenset(f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)) | {"24:00"}
_LONG_TIME = re.compile(
    r"(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|24:00(?::00)?)(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?", re.ASCII
)
_FIXED = re.compile(r"(?:GMT|UTC)?(?:([+-])(\d{1,2})(?::?(\d\d))?)?")


def read_moment(text: str) -> datetime | None:
    """Read ISO 8601 with an offset; None when it is not."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def is_moment(value: object) -> bool:
    """Return whether a value is ISO 8601 text with an offset."""
    return isinstance(value, str) and read_moment(value) is not None


def is_time_of_day(text: str) -> bool:
    """Return whether a text is HH:MM, up to 24:00, perhaps with seconds, perhaps with an offset."""
    return text in _TIMES or _LONG_TIME.fullmatch(text) is not None


@lru_cache(maxsize=1000)
def read_zone(text: str) -> tzinfo | None:
    """Read GMT+8:00, +08:00, UTC or an IANA name; None when it is none of these."""
    found = _FIXED.fullmatch(text.strip())
    if found and text.strip():
        hours, minutes = int(found[2] or 0), int(found[3] or 0)
        if hours > 14 or minutes > 59:  # noqa: PLR2004 - the earth has no other offsets
            return None
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if found[1] == "-" else offset)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
