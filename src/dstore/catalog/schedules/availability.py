"""serviceAvailabilityList: when an area or store is open, or an item is visible."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.catalog.schedules.hours import DAYS, EVERY_DAY, WHOLE_DAY, Hours, Slot, join, readable_slot
from dstore.catalog.schedules.local_time import microseconds, moment_of
from dstore.catalog.schedules.verdicts import Verdict

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from dstore.vocabulary.fnb import ServiceAvailability

_RULE = "serviceAvailabilityList"
_ALWAYS = Verdict(value=True, rule=None, until=None)
_ALL_THE_TIME = Verdict(value=True, rule=_RULE, until=None)


class Visibility:
    """A list that is not empty, ready to be asked."""

    __slots__ = ("_hours",)

    def __init__(self, hours: Hours | None) -> None:
        """Take the hours that the entries add up to; None: all the time."""
        self._hours = hours

    def at(self, zone: tzinfo, at: int) -> Verdict[bool]:
        """Return whether the list says yes at a moment; the rule that decides is the list as a whole."""
        if self._hours is None:
            return _ALL_THE_TIME
        is_on, edge = self._hours.span(zone, at)
        return Verdict(is_on, _RULE, moment_of(edge))


def visibility_of(entries: list[ServiceAvailability] | UnsetType) -> Visibility | None:
    """Return a list made ready, once for lists that say the same; None when it is absent or empty, which says always."""
    return None if entries is UNSET or not entries else _visibility(hours_of(entries))


def visible_at(entries: list[ServiceAvailability] | UnsetType, zone: tzinfo, moment: datetime) -> Verdict[bool]:
    """Return whether a list says yes at a moment; without entries it always does."""
    visibility = visibility_of(entries)
    return _ALWAYS if visibility is None else visibility.at(zone, microseconds(moment))


def hours_of(entries: list[ServiceAvailability] | UnsetType) -> Hours | None:
    """Return the hours of a list; None when it is absent, empty or says every day from midnight to midnight."""
    return None if entries is UNSET or not entries else join(frozenset(slots_of(entries)))


def slots_of(entries: list[ServiceAvailability]) -> list[tuple[int, Slot]]:
    """Return the slots of a list with their weekdays, without those that can't be read.

    A list of nothing else says nothing: that is all days.
    """
    given = [(DAYS[entry.day_of_week], readable_slot(period)) for entry in entries for period in entry.time_periods]
    found = [(day, slot) for day, slot in given if slot is not None]
    return found if found or not given else [(day, WHOLE_DAY) for day in EVERY_DAY]


_visibility = lru_cache(maxsize=8192)(Visibility)
