"""What release 1's members say of release 2's schedules: the weekly hours and the zone. Pure functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from msgspec import UNSET

from dstore.vocabulary.fnb import ServiceAvailability
from dstore.vocabulary.words import Day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.vocabulary.fnb import TimePeriod
    from dstore.vocabulary.scenes import Schedule

_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_DAYS: tuple[Day, ...] = get_args(Day)


def weekly_hours(schedules: list[Schedule]) -> list[ServiceAvailability]:
    """Return the hours of each day of the week by the last schedule without dates; exceptions have no place here.

    What is OFF is one, with or without dates: its slots are those in which nothing is served.
    """
    lasting = [
        one
        for one in schedules
        if one.start_time is UNSET and one.schedules is not UNSET and one.service_status != "OFF"
    ]
    if not lasting or lasting[-1].schedules is UNSET:
        return []
    slots = lasting[-1].schedules
    is_daily = lasting[-1].schedule_type == "DAILY"
    days = {day: slots.get("FIXED" if is_daily else day, []) for day in _DAYS}
    return [ServiceAvailability(day, periods) for day, periods in days.items() if periods]


def schedule_offset(schedules: list[Schedule]) -> str | None:
    """Return the offset of the first time of day that names one, as a zone; None when none does."""
    for period in _periods(schedules):
        for text in (period.start_time, period.end_time):
            found = _OFFSET.search(text)
            if found:
                offset = found[1].replace("Z", "+00:00")
                return offset if ":" in offset else f"{offset[:3]}:{offset[3:]}"
    return None


def _periods(schedules: list[Schedule]) -> Iterator[TimePeriod]:
    for schedule in schedules:
        for periods in () if schedule.schedules is UNSET else schedule.schedules.values():
            yield from periods
