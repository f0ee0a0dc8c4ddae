"""Prices and statuses that hold for a time: PRICE_SCHEDULE, ITEM_STATUS_RULE and SKU_STATUS_RULE."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from dstore.catalog.moments import read_moment
from dstore.catalog.schedules.hours import DAYS, EVERY_DAY, WHOLE_DAY, Window, join, read_slot
from dstore.catalog.schedules.local_time import NEVER, microseconds, moment_of
from dstore.catalog.schedules.rule_data import prepared, text_of
from dstore.catalog.schedules.verdicts import Verdict, earliest
from dstore.vocabulary.scenes import TimedPrice, TimedSkuStatus, TimedStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from dstore.catalog.schedules.hours import Slot
    from dstore.vocabulary.fnb import BusinessRule


class Turns:
    """Windows of which the last that is on decides; equal windows are one object, so that they are asked once."""

    __slots__ = ("windows",)

    def __init__(self, windows: tuple[Window, ...]) -> None:
        """Take the windows in the order in which they were fed."""
        self.windows = windows

    def at(self, zone: tzinfo, at: int) -> Verdict[int | None]:
        """Return the number of the window that decides at a moment; None: none is on."""
        until = NEVER
        for number in range(len(self.windows) - 1, -1, -1):
            is_on, edge = self.windows[number].span(zone, at)
            until = min(until, edge)
            if is_on:
                return Verdict(number, f"[{number}]", moment_of(until))
        return Verdict(None, None, moment_of(until))


class Prices:
    """The elements of a PRICE_SCHEDULE, ready to be asked; `path` is where they stand."""

    __slots__ = ("_elements", "_path", "turns")

    def __init__(self, elements: list[TimedPrice], path: str) -> None:
        """Take the elements as they were fed."""
        self.turns = _turns_of(elements)
        self._elements = elements
        self._path = path

    def at(self, zone: tzinfo, at: int) -> Verdict[TimedPrice | None]:
        """Return the scheduled price at a moment; None: the base price holds. The last element that is on wins."""
        turn = self.turns.at(zone, at)
        return Verdict(None, None, turn.until) if turn.value is None else Verdict(*self.given(turn.value), turn.until)

    def given(self, number: int) -> tuple[TimedPrice, str]:
        """Return an element with its path."""
        return self._elements[number], f"{self._path}[{number}]"


class Statuses:
    """The elements of an ITEM_STATUS_RULE or SKU_STATUS_RULE, ready to be asked; `path` is where they stand."""

    __slots__ = ("_path", "_statuses", "_turns")

    def __init__(self, elements: Sequence[TimedStatus | TimedSkuStatus], statuses: list[str], path: str) -> None:
        """Take the elements as they were fed, and the status of each."""
        self._turns = _turns_of(elements)
        self._statuses = statuses
        self._path = path

    def at(self, zone: tzinfo, at: int) -> Verdict[str | None]:
        """Return the scheduled status at a moment; None: the base status holds. The last element that is on wins."""
        turn = self._turns.at(zone, at)
        if turn.value is not None:
            return Verdict(self._statuses[turn.value], f"{self._path}{turn.rule}", turn.until)
        only, edge = self._only_elsewhere(at)
        end = earliest((turn.until, moment_of(edge)))
        return Verdict(None, None, end) if only is None else Verdict("SOLDOUT", f"{self._path}[{only}]", end)

    def _only_elsewhere(self, at: int) -> tuple[int | None, int]:
        """Return the last AVAILABLE element whose range a moment is in, and when another one takes over.

        An item that is available in a slot is, between the rule's two moments, available only there.
        """
        until = NEVER
        windows = self._turns.windows
        for number in range(len(windows) - 1, -1, -1):
            window = windows[number]
            if self._statuses[number] != "AVAILABLE":
                continue
            if window.covers(at):
                return number, min(until, window.end)
            if at < window.start < window.end:
                until = min(until, window.start)
        return None, until


def prices_of(rules: list[BusinessRule] | UnsetType) -> Prices | None:
    """Return the scheduled prices among rules, made once for equal text; None when there are none that can be read."""
    found = text_of(rules, "PRICE_SCHEDULE")
    return _prices(found[1], found[0]) if found else None


def statuses_of(rules: list[BusinessRule] | UnsetType) -> Statuses | None:
    """Return the scheduled statuses of an item or SKU, made once for equal text; None likewise."""
    found, read = text_of(rules, "ITEM_STATUS_RULE"), _item_statuses
    if found is None:
        found, read = text_of(rules, "SKU_STATUS_RULE"), _sku_statuses
    return read(found[1], found[0]) if found else None


def price_at(rules: list[BusinessRule] | UnsetType, zone: tzinfo, moment: datetime) -> Verdict[TimedPrice | None]:
    """Return the scheduled price at a moment; None: the base price holds."""
    prices = prices_of(rules)
    return Verdict(None, None, None) if prices is None else prices.at(zone, microseconds(moment))


def status_at(rules: list[BusinessRule] | UnsetType, zone: tzinfo, moment: datetime) -> Verdict[str | None]:
    """Return the scheduled status of an item or SKU at a moment; None: the base status holds."""
    statuses = statuses_of(rules)
    return Verdict(None, None, None) if statuses is None else statuses.at(zone, microseconds(moment))


_turns = lru_cache(maxsize=8192)(Turns)


def _turns_of(elements: Sequence[TimedPrice | TimedStatus | TimedSkuStatus]) -> Turns:
    return _turns(tuple(map(_window, elements)))


def _window(element: TimedPrice | TimedStatus | TimedSkuStatus) -> Window:
    days = EVERY_DAY if element.week_days is UNSET else (DAYS[day] for day in element.week_days)
    slot = WHOLE_DAY if element.time_slot is UNSET else read_slot(element.time_slot)
    return _shared_window(element.from_, element.to, frozenset(days), slot)


@lru_cache(maxsize=8192)
def _shared_window(since: str, until: str, days: frozenset[int], slot: Slot) -> Window:
    start, end = read_moment(since), read_moment(until)
    if start is None or end is None:
        raise ValueError(since, until)
    return Window(microseconds(start), microseconds(end), join(frozenset((day, slot) for day in days)))


def _item_status(elements: list[TimedStatus], path: str) -> Statuses:
    return Statuses(elements, [element.item_status for element in elements], path)


def _sku_status(elements: list[TimedSkuStatus], path: str) -> Statuses:
    return Statuses(elements, [element.sku_status for element in elements], path)


_prices = prepared(list[TimedPrice], Prices)
_item_statuses = prepared(list[TimedStatus], _item_status)
_sku_statuses = prepared(list[TimedSkuStatus], _sku_status)
