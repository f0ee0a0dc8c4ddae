"""A second, slow reading of the time rules, minute by minute, that shares nothing with the engine.

Everything is read off tables of what a clock shows at each minute of a few days. Rules are plain decoded JSON; times
of day are whole minutes.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Rule = dict[str, Any]
Turn = tuple[int, int, int]
Step = tuple[str | None, Rule, int | None, int | None, list[Turn]]
DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
DAY_MINUTES = 1440
MARGIN = 3 * DAY_MINUTES
EPOCH_DATE = date(1970, 1, 1)


class Clock:
    """What a clock in a zone shows at each minute of a stretch, margins at both sides included."""

    def __init__(self, zone: tzinfo, first: int, last: int) -> None:
        self.first = first - MARGIN
        self.shown: list[int] = []
        self.when: dict[int, list[int]] = {}
        for minute in range(self.first, last + MARGIN):
            local = datetime.fromtimestamp(minute * 60, zone)
            reading = (local.toordinal() - EPOCH_DATE.toordinal()) * DAY_MINUTES + local.hour * 60 + local.minute
            self.shown.append(reading)
            self.when.setdefault(reading, []).append(minute)

    def first_time(self, reading: int) -> int | None:
        """Return the first minute at which the clock shows a reading, or at which it skips it."""
        return self.when[reading][0] if reading in self.when else self._skip(reading)

    def last_time(self, reading: int) -> int | None:
        return self.when[reading][-1] if reading in self.when else self._skip(reading)

    def _skip(self, reading: int) -> int | None:
        for index in range(1, len(self.shown)):
            if self.shown[index - 1] < reading < self.shown[index]:
                return self.first + index
        return None

    def dates(self) -> range:
        """Return the days since 1970 that the clock may show, those it skips included."""
        return range(min(self.shown) // DAY_MINUTES, max(self.shown) // DAY_MINUTES + 1)


@lru_cache(maxsize=16)
def clock_of(zone: tzinfo, first: int, last: int) -> Clock:
    return Clock(zone, first, last)


class Stretch:
    """The minutes that are looked at, and the store's zone."""

    def __init__(self, zone: tzinfo, first: int, last: int) -> None:
        self.zone, self.first, self.last = zone, first, last

    def clock(self, offset: int | None) -> Clock:
        """Return the store's clock, or the one that is so many minutes ahead of UTC."""
        zone = self.zone if offset is None else timezone(timedelta(minutes=offset))
        return clock_of(zone, self.first, self.last)

    def turns(self, slot: Rule, days: list[str]) -> list[Turn]:
        """Return each turn of a slot: the day it belongs to, its first minute, the minute after its last."""
        start, start_offset = read_time(slot["startTime"])
        end, end_offset = read_time(slot["endTime"])
        mixed = start_offset is not None and end_offset is not None and start_offset != end_offset
        clock = self.clock(end_offset if start_offset is None else start_offset)
        found = []
        for day in clock.dates():
            if DAYS[date.fromordinal(EPOCH_DATE.toordinal() + day).weekday()] in days:
                begins = clock.first_time(day * DAY_MINUTES + start)
                if begins is None:
                    continue
                if mixed:
                    ends = next_showing(self.clock(end_offset), begins, end)
                else:
                    later = -(-(start - end + 1) // DAY_MINUTES) if end <= start else 0
                    ends = clock.last_time((day + later) * DAY_MINUTES + end)
                if ends is not None:
                    found.append((day, begins, ends))
        return found

    def minutes_on(self, slots: list[tuple[Rule, list[str]]]) -> set[int]:
        """Return the minutes that lie in any turn of some slots."""
        on: set[int] = set()
        for slot, days in slots:
            for _, begins, ends in self.turns(slot, days):
                on.update(range(max(begins, self.first), min(ends, self.last)))
        return on


def read_time(text: str) -> tuple[int, int | None]:
    """Return minutes since midnight, and the minutes that the clock is ahead of UTC if it says so."""
    found = re.match(r"(\d\d):(\d\d)", text)
    assert found
    minutes, rest = int(found[1]) * 60 + int(found[2]), text[5:]
    if not rest:
        return minutes, None
    if rest == "Z":
        return minutes, 0
    ahead = int(rest[1:3]) * 60 + int(rest[-2:])
    return minutes, -ahead if rest[0] == "-" else ahead


def next_showing(clock: Clock, after: int, time: int) -> int | None:
    """Return the next minute at which a clock shows a time of day."""
    for index in range(after + 1 - clock.first, len(clock.shown)):
        if clock.shown[index] % DAY_MINUTES == time % DAY_MINUTES:
            return clock.first + index
    return None


def minute_of(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(minutes=1)


class Timed:
    """PRICE_SCHEDULE and the status rules."""

    def __init__(self, elements: list[Rule], stretch: Stretch) -> None:
        self.elements = elements
        self.ranges = [(datetime.fromisoformat(one["from"]), datetime.fromisoformat(one["to"])) for one in elements]
        whole_day = {"startTime": "00:00", "endTime": "24:00"}
        self.on = [
            stretch.minutes_on([(one.get("timeSlot", whole_day), one.get("weekDays", DAYS))]) for one in elements
        ]

    def in_range(self, moment: datetime) -> list[int]:
        return [index for index, (start, end) in enumerate(self.ranges) if start <= moment < end]

    def price(self, moment: datetime) -> tuple[int | None, int | None]:
        """Return the amount and the number of the element that gives it."""
        minute = minute_of(moment)
        matching = [index for index in self.in_range(moment) if minute in self.on[index]]
        return (self.elements[max(matching)]["saleAmount"], max(matching)) if matching else (None, None)

    def status(self, moment: datetime, member: str) -> tuple[str | None, int | None]:
        minute, in_range = minute_of(moment), self.in_range(moment)
        matching = [index for index in in_range if minute in self.on[index]]
        if matching:
            return self.elements[max(matching)][member], max(matching)
        only = [index for index in in_range if self.elements[index][member] == "AVAILABLE"]
        return ("SOLDOUT", max(only)) if only else (None, None)

    def boundaries(self) -> list[datetime]:
        return [moment for one in self.ranges for moment in one]


class Listed:
    """serviceAvailabilityList."""

    def __init__(self, entries: list[Rule], stretch: Stretch) -> None:
        self.entries = entries
        self.on = stretch.minutes_on([(slot, [one["dayOfWeek"]]) for one in entries for slot in one["timePeriods"]])

    def visible(self, moment: datetime) -> bool:
        return not self.entries or minute_of(moment) in self.on


class Scheduled:
    """PICKUP_SCHEDULE and its like."""

    def __init__(self, elements: list[Rule], stretch: Stretch) -> None:
        self.elements = elements
        self.on = [stretch.minutes_on(slots_of(one)) for one in elements]

    def serves(self, moment: datetime) -> tuple[bool, int | None]:
        """Return whether the service is on, and the number of the element that says so."""
        answer: tuple[bool, int | None] = (True, None)
        minute = minute_of(moment)
        for index, element in enumerate(self.elements):
            if "startTime" in element and not (
                datetime.fromisoformat(element["startTime"]) <= moment < datetime.fromisoformat(element["endTime"])
            ):
                continue
            if element.get("serviceStatus") != "OFF":
                answer = ("schedules" not in element or minute in self.on[index], index)
            elif not slots_of(element) or minute in self.on[index]:
                answer = (False, index)
        return answer

    def boundaries(self) -> list[datetime]:
        given = [one for one in self.elements if "startTime" in one]
        return [datetime.fromisoformat(one[name]) for one in given for name in ("startTime", "endTime")]


def slots_of(element: Rule) -> list[tuple[Rule, list[str]]]:
    return [
        (slot, DAYS if name == "FIXED" else [name])
        for name, slots in element.get("schedules", {}).items()
        for slot in slots
    ]


class Choices:
    """The times a diner may choose: every minute is asked whether it is one."""

    def __init__(self, asked: Rule, stretch: Stretch) -> None:
        self.asked, self.stretch = asked, stretch
        self.schedule = Scheduled(asked["schedule"], stretch)
        self.open = Scheduled(asked["openingSchedule"], stretch)
        self.opening = [Listed(entries, stretch) for entries in asked["availability"]]
        self.steps = self._steps()

    def _steps(self) -> list[Step]:
        """Return whatever is stepped through: its name, its rule, its element, its turns with the days from today.

        The element is that of the service's schedule, then that of the schedule of opening; -1: any of them.
        """
        found: list[Step] = []
        for number, rule in enumerate(self.asked["pickUpRules"]):
            found.append((f"pickUpRules[{number}]", rule, -1, -1, self._turns(rule, DAYS)))
        if found:
            return found
        first = next((one for one in self.asked["availability"] if one), None)
        if first is None:
            found.append((None, {}, None, None, self._turns({"startTime": "00:00", "endTime": "24:00"}, DAYS)))
        for entry in first or []:
            turns = [self._turns(slot, [entry["dayOfWeek"]]) for slot in entry["timePeriods"]]
            found += [("serviceAvailabilityList", {}, None, None, one) for one in turns]
        for number, element, turn in self._turns_of(self.asked["openingSchedule"]):
            days_ahead = {name: element[name] for name in ("supportDays",) if name in element}
            found.append((f"serviceSchedules[{number}]", days_ahead, None, number, turn))
        for number, _, turn in self._turns_of(self.asked["schedule"]):
            found.append((f"businessRules[0].ruleData[{number}]", {}, number, -1, turn))
        return found

    def _turns_of(self, elements: list[Rule]) -> Iterator[tuple[int, Rule, list[Turn]]]:
        for number, element in enumerate(elements):
            if element.get("serviceStatus") != "OFF":
                for slot, days in slots_of(element):
                    yield number, element, self._turns(slot, days)

    def _turns(self, slot: Rule, days: list[str]) -> list[Turn]:
        start, end = read_time(slot["startTime"])[1], read_time(slot["endTime"])[1]
        clock = self.stretch.clock(end if start is None else start)
        today = clock.shown[minute_of(self.asked["now"]) - clock.first] // DAY_MINUTES
        return [(day - today, begins, ends) for day, begins, ends in self.stretch.turns(slot, days)]

    def at(self, minute: int) -> str | None:
        """Return the name of what makes a minute one to choose, or `no`."""
        moment = datetime.fromtimestamp(minute * 60, UTC)
        asked = self.asked
        if moment < asked["start"] or any(
            start <= moment and (not end or moment < end) for start, end in asked["closed"]
        ):
            return "no"
        if not all(one.visible(moment) for one in self.opening):
            return "no"
        on, element = self.schedule.serves(moment)
        is_open, opening = self.open.serves(moment)
        if not on or not is_open:
            return "no"
        answer: str | None = "no"
        for name, rule, of_element, of_opening, turns in self.steps:
            allowed = [
                rule.get("supportDays"),
                None if element is None else asked["schedule"][element].get("supportDays"),
            ]
            most = max(1, min((days for days in allowed if days is not None), default=1))
            step = int(rule.get("step", 30)) or 30
            soonest = asked["now"] + timedelta(minutes=rule.get("minPrepareMinutes", 0))
            for day, begins, ends in turns:
                if (
                    begins <= minute < ends
                    and (minute - begins) % step == 0
                    and day < most
                    and moment >= soonest
                    and of_element in {-1, element}
                    and of_opening in {-1, opening}
                ):
                    answer = name
        return answer
