"""Business rules as they come in: each scene known and once, its ruleData decoded and checked by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.moments import is_time_of_day, read_moment
from dstore.findings import Finding
from dstore.protocol import reading, strict_json
from dstore.vocabulary.fnb import Money, TimePeriod
from dstore.vocabulary.scenes import DeliveryTier, Discount, Schedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dstore.vocabulary.fnb import BusinessRule, PickUpRule, ServiceAvailability

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_PERCENT = 100


def given_rules(message: Any) -> tuple[list[BusinessRule] | UnsetType, str]:
    """Return an object's rules and the spelling they came under: samples write businessRule, release 2 bizRules."""
    if hasattr(message, "biz_rules"):
        return message.biz_rules, "bizRules"
    if message.business_rules is UNSET and message.business_rule is not UNSET:
        return message.business_rule, "businessRule"
    return message.business_rules, "businessRules"


def check_rules(message: Any, scenes: dict[str, Any], path: str) -> Iterator[Finding]:
    """Yield what is wrong with an object's business rules."""
    rules, spelling = given_rules(message)
    if rules is UNSET:
        return
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        where = f"{path}.{spelling}[{index}]" if path else f"{spelling}[{index}]"
        if rule.scene not in scenes:
            known = ", ".join(scenes)
            yield Finding(f"{where}.scene", "rule.scene", f"'{rule.scene[:40]}' is not known here; known are {known}")
        else:
            if rule.scene in seen:
                yield Finding(f"{where}.scene", "rule.scene", f"{rule.scene} is there twice")
            seen.add(rule.scene)
            yield from _check_data(rule.rule_data, scenes[rule.scene], f"{where}.ruleData")


def _check_data(text: str, shape: Any, path: str) -> Iterator[Finding]:
    raw = text.encode()
    if strict_json.is_too_deep(raw):
        yield Finding(path, "rule.data", "nests deeper than 64 levels")
        return
    found = [one for one in reading.faults_of(raw, shape) if one.is_error]
    if found:
        for one in found:
            yield one.under(path)
        return
    decoded = msgspec.json.decode(raw, type=shape)
    if strict_json.may_hold_nul(raw):
        for one in strict_json.nul_findings(msgspec.json.decode(raw)):
            yield one.under(path)
    elements = decoded if isinstance(decoded, list) else []
    for index, element in enumerate(elements):
        yield from _check_element(element, f"{path}[{index}]")
    yield from _check_order(elements, path)


def _check_order(elements: list[Any], path: str) -> Iterator[Finding]:
    """Warn of the elements of a schedule that stand before one which decides at every moment."""
    decisive = [
        index
        for index, element in enumerate(elements)
        if isinstance(element, Schedule) and element.start_time is UNSET and element.service_status != "OFF"
    ]
    for index in range(decisive[-1] if decisive else 0):
        where = f"{path}[{index}]"
        yield Finding(
            where, "rule.never", f"stands before {path}[{decisive[-1]}], which has no dates and always decides"
        )


def _check_element(element: Any, path: str) -> Iterator[Finding]:
    if isinstance(element, DeliveryTier):
        yield from _check_tier(element, path)
    elif isinstance(element, Schedule):
        yield from _check_schedule(element, path)
    elif hasattr(element, "time_slot"):
        yield from _check_span(element.from_, element.to, f"{path}.from", f"{path}.to")
        if element.time_slot is not UNSET:
            yield from check_period(element.time_slot, f"{path}.timeSlot")
        if element.week_days is not UNSET and not element.week_days:
            yield Finding(f"{path}.weekDays", "rule.never", "names no day, so the rule never applies")


def _check_span(start: str, end: str, start_path: str, end_path: str) -> Iterator[Finding]:
    begins, ends = read_moment(start), read_moment(end)
    for moment, path, text in ((begins, start_path, start), (ends, end_path, end)):
        if moment is None:
            yield Finding(path, "time.format", f"{text[:40]!r} is not ISO 8601 with an offset")
    if begins is not None and ends is not None and ends <= begins:
        yield Finding(end_path, "rule.never", "is not after the start, so the rule never applies")


def check_period(period: TimePeriod | PickUpRule, path: str) -> Iterator[Finding]:
    """Yield a finding for each end of a period that is not a time of day."""
    for name, text in (("startTime", period.start_time), ("endTime", period.end_time)):
        if not is_time_of_day(text):
            yield Finding(f"{path}.{name}", "time.format", f"{text[:40]!r} is not HH:MM")


def check_availability(entries: list[ServiceAvailability] | UnsetType, path: str) -> Iterator[Finding]:
    """Yield a finding for each time of day in a serviceAvailabilityList that is none."""
    for index, entry in enumerate([] if entries is UNSET else entries):
        for place, period in enumerate(entry.time_periods):
            yield from check_period(period, f"{path}[{index}].timePeriods[{place}]")


def check_pick_up_rules(rules: list[PickUpRule] | UnsetType, path: str) -> Iterator[Finding]:
    """Yield what is wrong with a menu's pick-up rules."""
    for index, rule in enumerate([] if rules is UNSET else rules):
        yield from check_period(rule, f"{path}[{index}]")
        if isinstance(rule.step, str) and not rule.step.isdecimal():
            yield Finding(f"{path}[{index}].step", "type.mismatch", f"expected minutes, got {rule.step!r}")


def check_schedules(schedules: list[Schedule] | UnsetType, path: str) -> Iterator[Finding]:
    """Yield what is wrong with a store's serviceSchedules."""
    for index, schedule in enumerate([] if schedules is UNSET else schedules):
        yield from _check_schedule(schedule, f"{path}[{index}]")


def _check_schedule(schedule: Schedule, path: str) -> Iterator[Finding]:
    if schedule.start_time is not UNSET and schedule.end_time is not UNSET:
        yield from _check_span(schedule.start_time, schedule.end_time, f"{path}.startTime", f"{path}.endTime")
    elif schedule.start_time is not UNSET or schedule.end_time is not UNSET:
        yield Finding(path, "rule.data", "startTime and endTime go together")
    if schedule.schedules is UNSET:
        if schedule.service_status != "OFF":
            yield Finding(f"{path}.schedules", "type.missing", "is required unless serviceStatus is OFF")
        return
    allowed = ("FIXED",) if schedule.schedule_type == "DAILY" else _DAYS
    for day, slots in schedule.schedules.items():
        where = f"{path}.schedules.{day[:40]}"
        if day not in allowed:
            yield Finding(where, "type.value", f"is not one of {', '.join(allowed)}")
        for index, slot in enumerate(slots):
            yield from check_period(slot, f"{where}[{index}]")
    if schedule.service_status != "OFF" and not any(schedule.schedules.values()):
        yield Finding(f"{path}.schedules", "rule.never", "has no slot, so the service is never on")


def _check_tier(tier: DeliveryTier, path: str) -> Iterator[Finding]:
    if tier.to <= tier.from_:
        yield Finding(
            f"{path}.to", "rule.never", f"{tier.to} is not above from {tier.from_}, so the tier never applies"
        )
    for index, discount in enumerate([] if tier.discounts is UNSET else tier.discounts):
        yield from _check_discount(discount, f"{path}.discounts[{index}].discountValue")


def _check_discount(discount: Discount, path: str) -> Iterator[Finding]:
    kind, value = discount.discount_type, discount.discount_value
    if kind == "EXEMPTION":
        return
    if value is UNSET:
        yield Finding(path, "type.missing", f"is required for {kind}")
    elif kind == "PERCENTAGE":
        if not (value.isdecimal() and value.isascii() and int(value) <= _PERCENT):
            yield Finding(path, "type.value", f"{value[:40]!r} is not a whole percentage from 0 to 100, as text")
    else:
        for found in reading.faults_of(value.encode(), Money):
            yield found.under(path)
