"""The times a diner may choose: steps through the hours of a menu or store, less all that stands against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET, UnsetType

from dstore.catalog.schedules.availability import hours_of, slots_of
from dstore.catalog.schedules.hours import EVERY_DAY, WHOLE_DAY, Slot, readable_slot
from dstore.catalog.schedules.local_time import (
    DAY,
    NEVER,
    SECOND,
    first_second,
    last_second,
    microseconds,
    moment_of,
    offset_at,
)
from dstore.catalog.schedules.serving import Decision, Element, Service, decide, schedule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from dstore.vocabulary.fnb import BusinessRule, PickUpRule, ServiceAvailability

STEP_MINUTES = 30  # where nobody says anything else
MOST = 500
_EPOCH_WEEKDAY = 3  # day 0 was a Thursday
_LONGEST = 4  # days: after so many no earlier period can hold anything any more
_MINUTE = 60
_ANY = -1
_NOTHING = (-1, 0)
_ALL = frozenset(EVERY_DAY)


@dataclass(frozen=True, slots=True)
class ServiceSlot:
    """A time a diner may choose, up to the next one, in UTC; `rule` is the path of what it is a step of."""

    start: datetime
    end: datetime
    rule: str | None


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked for: slots from `start` on, as seen at `now`, at most `most` of them.

    `closed` are stretches in which nothing is served, half-open, without an end if that is not known;
    `availability` the opening hours that must all hold, such as the store's and its area's, and `schedule` the
    elements (with their path) that stand in the place of a store's hours.
    """

    start: datetime
    now: datetime
    closed: Sequence[tuple[datetime, datetime | None]] = ()
    availability: Sequence[list[ServiceAvailability] | UnsetType] = ()
    most: int = MOST
    schedule: tuple[str, tuple[Element, ...]] = ("", ())


class _Period(NamedTuple):
    """Hours of a day that are stepped through, and what restricts the choice among the steps."""

    slot: Slot
    days: frozenset[int]
    rule: str | None
    step: int = STEP_MINUTES * _MINUTE * SECOND
    ahead: int | None = None
    prepare: int = 0
    element: int | None = _ANY
    """The element of the service's schedule that must be the one in force; None: none may be."""
    opening: int | None = _ANY
    """The same of the schedule of opening."""


def slots(
    store_rules: list[BusinessRule] | UnsetType,
    pick_up_rules: list[PickUpRule] | UnsetType,
    service: Service,
    zone: tzinfo,
    demand: Demand,
) -> list[ServiceSlot]:
    """Return the times a diner may choose for a service, in order.

    Steps go through the menu's pick-up rules; else through the store's schedule for the service and, while no
    element of it is in force, through the opening hours or their schedule, or whole days if there are none.
    """
    path, elements = schedule_of(store_rules, service)
    periods = _of_menu(pick_up_rules) or [*_of_opening(demand), *_of_schedule(path, elements)]
    choice = _Choice(periods, elements, zone, demand)
    found: dict[int, tuple[int, int]] = {}
    last_day, latest = choice.furthest, NEVER
    for day in range(-_LONGEST, choice.furthest):
        if day >= last_day:
            break
        for rank in range(len(periods) - 1, -1, -1):
            for at, end in islice(choice.free_steps(periods[rank], day, latest), demand.most):
                if found.get(at, _NOTHING)[0] < rank:
                    found[at] = rank, end
        if len(found) >= demand.most:
            last_day = min(last_day, day + 1 + _LONGEST)
            latest = sorted(found)[demand.most - 1]
    chosen = ((at, *found[at]) for at in sorted(found)[: demand.most])
    return [slot for at, rank, end in chosen for slot in _service_slots(at, end, periods[rank].rule)]


class _InForce:
    """A schedule with what it said last, which holds for hours."""

    def __init__(self, elements: tuple[Element, ...], zone: tzinfo) -> None:
        self.elements, self._zone = elements, zone
        self._decision, self._since = Decision(is_on=False, element=None, until=0), 0

    def at(self, at: int) -> Decision:
        """Return what the schedule says at a moment."""
        if not self._since <= at < self._decision.until:
            self._decision, self._since = decide(self.elements, self._zone, at), at
        return self._decision


class _Choice:
    """The steps of a period, and what stands against them."""

    def __init__(self, periods: list[_Period], elements: tuple[Element, ...], zone: tzinfo, demand: Demand) -> None:
        self._zone = zone
        self._serving, self._open = _InForce(elements, zone), _InForce(demand.schedule[1], zone)
        self._start, self._now = microseconds(demand.start), microseconds(demand.now)
        self._closed = [(microseconds(start), microseconds(end) if end else NEVER) for start, end in demand.closed]
        self._opening = [hours for entries in demand.availability if (hours := hours_of(entries)) is not None]
        given = [period.ahead for period in periods] + [element.support_days for element in elements]
        self.furthest = max([1, *(days or 1 for days in given)])

    def free_steps(self, period: _Period, day: int, latest: int) -> Iterator[tuple[int, int]]:
        """Yield start and end (microseconds) of the steps, up to `latest`, against which nothing stands.

        The period is that of the day which is so many days from today.
        """
        clock = self._zone if period.slot.offset is None else timezone(timedelta(seconds=period.slot.offset))
        now = self._now // SECOND
        date = (now + offset_at(clock, now)) // DAY + day
        if (date + _EPOCH_WEEKDAY) % 7 not in period.days:
            return
        begin = date * DAY + period.slot.start
        first = first_second(clock, begin) * SECOND
        end = last_second(clock, begin + period.slot.length) * SECOND
        at = _next_step(first, max(first, self._start, self._now + period.prepare), period.step)
        while at < end and at <= latest:
            free = self._free_from(at, period, day)
            if free <= at:
                yield at, min(at + period.step, end)
                at += period.step
            else:
                at = _next_step(first, free, period.step)

    def _free_from(self, at: int, period: _Period, day: int) -> int:
        """Return the first moment from `at` on at which what stands against a step now may not do so any more."""
        is_open, opening, until = self._open.at(at)
        if not is_open or period.opening not in {_ANY, opening}:
            return until
        is_on, index, until = self._serving.at(at)
        if not is_on or period.element not in {_ANY, index}:
            return until
        given = (period.ahead, None if index is None else self._serving.elements[index].support_days)
        ahead = min((days for days in given if days is not None), default=1)
        if day >= max(ahead, 1):
            return until
        spans = (hours.span(self._zone, at) for hours in self._opening)
        shut = [edge for is_open, edge in spans if not is_open]
        return max([at, *shut, *(end for start, end in self._closed if start <= at < end)])


def _next_step(first: int, at: int, step: int) -> int:
    """Return the first step, of those that begin at `first`, which is not before a moment."""
    return first - (first - at) // step * step


def _of_menu(rules: list[PickUpRule] | UnsetType) -> list[_Period]:
    periods = []
    for index, rule in enumerate([] if rules is UNSET else rules):
        slot = readable_slot(rule)
        if slot is not None:
            ahead = None if rule.support_days is UNSET else rule.support_days
            prepare = 0 if rule.min_prepare_minutes is UNSET else rule.min_prepare_minutes * _MINUTE * SECOND
            periods.append(_Period(slot, _ALL, f"pickUpRules[{index}]", _step(rule.step), ahead, prepare))
    return periods


def _of_schedule(path: str, elements: tuple[Element, ...]) -> Iterator[_Period]:
    for index, slot, days in _by_element(elements):
        yield _Period(slot, days, f"{path}[{index}]", element=index)


def _by_element(elements: tuple[Element, ...]) -> Iterator[tuple[int, Slot, frozenset[int]]]:
    """Yield the hours of elements by their numbers; one that is OFF has none."""
    for index, element in enumerate(elements):
        if not element.is_off:
            given = element.slots if element.window.hours else tuple((day, WHOLE_DAY) for day in EVERY_DAY)
            for slot, days in _by_slot(given):
                yield index, slot, days


def _of_opening(demand: Demand) -> Iterator[_Period]:
    """Yield the hours of opening; they count where no element of the service's schedule is in force.

    Where no element of their own schedule is in force either, they are those of the first list that has any.
    """
    path, elements = demand.schedule
    own = None if elements else _ANY
    given = next((entries for entries in demand.availability if entries is not UNSET and entries), None)
    if given is None:
        yield _Period(WHOLE_DAY, _ALL, None, element=None, opening=own)
    else:
        for slot, days in _by_slot(slots_of(given)):
            yield _Period(slot, days, "serviceAvailabilityList", element=None, opening=own)
    for index, slot, days in _by_element(elements):
        ahead = elements[index].support_days
        yield _Period(slot, days, f"{path}[{index}]", ahead=ahead, element=None, opening=index)


def _by_slot(given: Iterable[tuple[int, Slot]]) -> Iterator[tuple[Slot, frozenset[int]]]:
    days: dict[Slot, set[int]] = {}
    for day, slot in given:
        days.setdefault(slot, set()).add(day)
    for slot, its_days in days.items():
        yield slot, frozenset(its_days)


def _step(given: str | int | UnsetType) -> int:
    """Return the microseconds of a step; steps that are absent, zero or no number are the usual ones."""
    minutes = int(given) if given is not UNSET and str(given).isdecimal() else 0
    return (minutes or STEP_MINUTES) * _MINUTE * SECOND


def _service_slots(at: int, end: int, rule: str | None) -> Iterator[ServiceSlot]:
    start, until = moment_of(at), moment_of(end)
    if start is not None and until is not None:
        yield ServiceSlot(start, until, rule)
