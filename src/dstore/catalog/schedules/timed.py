"""Prices and statuses that hold for a time: PRICE_SCHEDULE, ITEM_STATUS_RULE and SKU_STATUS_RULE."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET, UnsetType

from dstore.catalog.moments import read_moment
from dstore.catalog.schedules.hours import DAYS, EVERY_DAY, WHOLE_DAY, Window, join, read_slot
from dstore.catalog.schedules.local_time import NEVER, microseconds, moment_of
from dstore.catalog.schedules.rule_data import prepared, text_of
from dstore.catalog.schedules.verdicts import Verdict
from dstore.vocabulary.scenes import TimedPrice, TimedSkuStatus, TimedStatus

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from dstore.vocabulary.fnb import BusinessRule


class _Status(NamedTuple):
    window: Window
    status: str


def price_at(rules: list[BusinessRule] | UnsetType, zone: tzinfo, moment: datetime) -> Verdict[TimedPrice | None]:
    """Return the scheduled price at a moment; None: the base price holds."""
    found = text_of(rules, "PRICE_SCHEDULE")
    elements = _prices(found[1]) if found else None
    if found is None or elements is None:
        return Verdict(None, None, None)
    at, until = microseconds(moment), NEVER
    for index in range(len(elements) - 1, -1, -1):
        window, price = elements[index]
        is_on, edge = window.span(zone, at)
        until = min(until, edge)
        if is_on:
            return Verdict(price, f"{found[0]}[{index}]", moment_of(until))
    return Verdict(None, None, moment_of(until))


def status_at(rules: list[BusinessRule] | UnsetType, zone: tzinfo, moment: datetime) -> Verdict[str | None]:
    """Return the scheduled status of an item or SKU at a moment; None: the base status holds."""
    found, read = text_of(rules, "ITEM_STATUS_RULE"), _item_statuses
    if found is None:
        found, read = text_of(rules, "SKU_STATUS_RULE"), _sku_statuses
    elements = read(found[1]) if found else None
    if found is None or elements is None:
        return Verdict(None, None, None)
    at, until = microseconds(moment), NEVER
    for index in range(len(elements) - 1, -1, -1):
        is_on, edge = elements[index].window.span(zone, at)
        until = min(until, edge)
        if is_on:
            return Verdict(elements[index].status, f"{found[0]}[{index}]", moment_of(until))
    only, edge = _only_elsewhere(elements, at)
    value = None if only is None else "SOLDOUT"
    return Verdict(value, None if only is None else f"{found[0]}[{only}]", moment_of(min(until, edge)))


def _only_elsewhere(elements: tuple[_Status, ...], at: int) -> tuple[int | None, int]:
    """Return the last AVAILABLE element whose range a moment is in, and when another one takes over.

    An item that is available in a slot is, between the rule's two moments, available only there.
    """
    until = NEVER
    for index in range(len(elements) - 1, -1, -1):
        window, status = elements[index]
        if status != "AVAILABLE":
            continue
        if window.covers(at):
            return index, min(until, window.end)
        if at < window.start < window.end:
            until = min(until, window.start)
    return None, until


def _window(element: TimedPrice | TimedStatus | TimedSkuStatus) -> Window:
    start, end = read_moment(element.from_), read_moment(element.to)
    if start is None or end is None:
        raise ValueError(element)
    days = EVERY_DAY if element.week_days is UNSET else [DAYS[day] for day in element.week_days]
    slot = WHOLE_DAY if element.time_slot is UNSET else read_slot(element.time_slot)
    return Window(microseconds(start), microseconds(end), join(frozenset((day, slot) for day in days)))


def _with_windows(elements: list[TimedPrice]) -> tuple[tuple[Window, TimedPrice], ...]:
    return tuple((_window(element), element) for element in elements)


def _item_status(elements: list[TimedStatus]) -> tuple[_Status, ...]:
    return tuple(_Status(_window(element), element.item_status) for element in elements)


def _sku_status(elements: list[TimedSkuStatus]) -> tuple[_Status, ...]:
    return tuple(_Status(_window(element), element.sku_status) for element in elements)


_prices = prepared(list[TimedPrice], _with_windows)
_item_statuses = prepared(list[TimedStatus], _item_status)
_sku_statuses = prepared(list[TimedSkuStatus], _sku_status)
