"""When a store serves: PICKUP_SCHEDULE, DINE_IN_SCHEDULE, DELIVERY_SCHEDULE, and being open at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import UNSET, UnsetType

from dstore.catalog.moments import read_moment
from dstore.catalog.schedules.hours import DAYS, EVERY_DAY, Slot, Window, join, read_slot
from dstore.catalog.schedules.local_time import NEVER, microseconds, moment_of
from dstore.catalog.schedules.rule_data import prepared, text_of
from dstore.catalog.schedules.verdicts import Verdict
from dstore.vocabulary.scenes import Schedule

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from dstore.vocabulary.fnb import BusinessRule

Service = Literal["PICKUP", "DINEIN", "DELIVERY"]
SCENES: dict[Service, str] = {
    "PICKUP": "PICKUP_SCHEDULE",
    "DINEIN": "DINE_IN_SCHEDULE",
    "DELIVERY": "DELIVERY_SCHEDULE",
}


class Element(NamedTuple):
    """A prepared element of a schedule: its hours in its range, whether it is an exception, its slots by weekday."""

    window: Window
    is_off: bool
    support_days: int | None
    slots: tuple[tuple[int, Slot], ...]


class Decision(NamedTuple):
    """Whether a service is on, the number of the element that says so (None: none does), and until when."""

    is_on: bool
    element: int | None
    until: int


def service_at(
    rules: list[BusinessRule] | UnsetType, service: Service, zone: tzinfo, moment: datetime
) -> Verdict[bool]:
    """Return whether a store's schedule lets a service be on at a moment; without one it is."""
    path, elements = schedule_of(rules, service)
    return scheduled_at(elements, path, zone, moment)


def scheduled_at(elements: tuple[Element, ...], path: str, zone: tzinfo, moment: datetime) -> Verdict[bool]:
    """Return whether prepared elements, which stand at a path, say that it is on at a moment; without any it is."""
    is_on, index, until = decide(elements, zone, microseconds(moment))
    return Verdict(is_on, None if index is None else f"{path}[{index}]", moment_of(until))


def open_at(status: str | UnsetType, closed_until: str | UnsetType, moment: datetime) -> Verdict[bool]:
    """Return whether a store or area is open by its status; a closure with an end is over at that moment."""
    if status != "CLOSED":
        return Verdict(value=True, rule=None, until=None)
    end = None if closed_until is UNSET else read_moment(closed_until)
    if end is None:
        return Verdict(value=False, rule="status", until=None)
    at = microseconds(end)
    if microseconds(moment) >= at:
        return Verdict(value=True, rule=None, until=None)
    return Verdict(value=False, rule="status", until=moment_of(at))


def schedule_of(rules: list[BusinessRule] | UnsetType, service: Service) -> tuple[str, tuple[Element, ...]]:
    """Return the path and the prepared elements of a service's schedule; none when it has no schedule."""
    found = text_of(rules, SCENES[service])
    elements = _schedule(found[1]) if found else None
    return (found[0], elements) if found and elements else ("", ())


def decide(elements: tuple[Element, ...], zone: tzinfo, at: int) -> Decision:
    """Return what a schedule says at a moment (microseconds).

    The last element whose range the moment is in decides; one that is OFF does so only in its slots, if it has any.
    """
    until = NEVER
    for index in range(len(elements) - 1, -1, -1):
        window, is_off = elements[index].window, elements[index].is_off
        is_on, edge = window.span(zone, at)
        if is_off:
            until = min(until, edge)
            if is_on:
                return Decision(is_on=False, element=index, until=until)
        elif window.covers(at):
            return Decision(is_on, index, min(until, edge, window.end))
        elif at < window.start < window.end:
            until = min(until, window.start)
    return Decision(is_on=True, element=None, until=until)


def _element(schedule: Schedule) -> Element:
    given = {} if schedule.schedules is UNSET else schedule.schedules
    slots = tuple(
        (day, read_slot(period))
        for name, periods in given.items()
        for day in (EVERY_DAY if name == "FIXED" else (DAYS[name],))
        for period in periods
    )
    is_off = schedule.service_status == "OFF"
    is_all_day = not slots if is_off else schedule.schedules is UNSET
    window = Window(
        _moment(schedule.start_time, -NEVER),
        _moment(schedule.end_time, NEVER),
        None if is_all_day else join(frozenset(slots)),
    )
    days = None if schedule.support_days is UNSET else schedule.support_days
    return Element(window, is_off, days, slots)


def _moment(text: str | UnsetType, absent: int) -> int:
    if text is UNSET:
        return absent
    moment = read_moment(text)
    if moment is None:
        raise ValueError(text)
    return microseconds(moment)


def elements_of(schedules: list[Schedule]) -> tuple[Element, ...]:
    """Prepare checked schedules."""
    return tuple(_element(schedule) for schedule in schedules)


_schedule = prepared(list[Schedule], elements_of)
