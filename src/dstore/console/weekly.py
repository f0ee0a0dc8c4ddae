"""Weekly hours as a form: each day open in one period, split in two, or closed. Pure, but for reading the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from msgspec import UNSET, UnsetType

from dstore.catalog.moments import is_time_of_day
from dstore.catalog.schedules.hours import read_slot
from dstore.vocabulary.fnb import TimePeriod
from dstore.vocabulary.scenes import Schedule
from dstore.vocabulary.words import Day
from dstore.web.languages import marked

if TYPE_CHECKING:
    from dstore.console.visits import Visit

DAYS: tuple[str, ...] = get_args(Day)
KINDS = {"open": marked("Open"), "split": marked("Split"), "closed": marked("Closed")}
_MOST_PERIODS = 2
_USUAL = ("10:00", "22:00", "17:00", "22:00")


class HoursError(Exception):
    """Hours that can not be: the text says what is wrong, in words that are `marked`."""


UNREADABLE = marked("Give both times of every period")
OVERLAPPING = marked("The second period must begin after the first one ends")


class DayHours(NamedTuple):
    """A day of the form: what kind it is, and the times as they stand in the inputs."""

    day: str
    kind: str
    from1: str
    to1: str
    from2: str
    to2: str


def days_of(schedule: Schedule | UnsetType) -> list[DayHours]:
    """Return the days of a form for weekly hours; without any it is open all day."""
    if schedule is UNSET:
        return [DayHours(day, "open", *_USUAL) for day in DAYS]
    given = {} if schedule.schedules is UNSET else schedule.schedules
    return [_day(day, given.get(day, [])) for day in DAYS]


def _day(day: str, periods: list[TimePeriod]) -> DayHours:
    times = [text for period in periods[:_MOST_PERIODS] for text in (period.start_time, period.end_time)]
    kind = ("closed", "open", "split")[len(times) // 2]
    return DayHours(day, kind, *times, *_USUAL[len(times) :])


def read_week(visit: Visit, copied: str = "") -> Schedule:
    """Return the hours of a form; with a day to copy, every day is as that one. Raises HoursError."""
    periods = {day: read_periods(visit, f"{copied or day}-") for day in DAYS}
    return Schedule(schedule_type="WEEKLY", schedules={day: given for day, given in periods.items() if given})


def read_periods(visit: Visit, prefix: str) -> list[TimePeriod]:
    """Return the periods of a day of a form; none when it is closed. Raises HoursError."""
    kind = visit.field(f"{prefix}kind", 10)
    number = {"open": 1, "split": 2, "closed": 0}.get(kind)
    if number is None:
        raise HoursError(UNREADABLE)
    found = [_period(visit, prefix, one + 1) for one in range(number)]
    if number == _MOST_PERIODS:
        (first, second) = (read_slot(period) for period in found)
        if second.start < first.start + first.length or second.start + second.length > first.start + 24 * 3600:
            raise HoursError(OVERLAPPING)
    return found


def _period(visit: Visit, prefix: str, number: int) -> TimePeriod:
    start, end = (visit.field(f"{prefix}{side}{number}", 5) for side in ("from", "to"))
    if not (is_time_of_day(start) and is_time_of_day(end)) or start == "24:00":
        raise HoursError(UNREADABLE)
    return TimePeriod(start, end)
