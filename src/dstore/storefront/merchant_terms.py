"""From what a merchant set to the rules that the one engine evaluates. Pure functions.

Exceptions by date are laid over the store's hours and over each service's own; they stand last and so decide. A
business day may run past midnight: an exception begins and ends where the hours of its day do.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec
from msgspec import UNSET, UnsetType

from dstore.catalog.merchant import settings
from dstore.catalog.schedules.hours import read_slot
from dstore.catalog.schedules.local_time import DAY
from dstore.catalog.schedules.serving import SCENES, elements_of
from dstore.storefront.standing import SERVICES, Terms
from dstore.storefront.zones import zone_of
from dstore.vocabulary.fnb import BusinessRule
from dstore.vocabulary.scenes import PickUpMinimum, Schedule
from dstore.vocabulary.words import Day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from dstore.catalog.merchant.settings import StoreSettings
    from dstore.catalog.schedules.serving import Service
    from dstore.vocabulary.fnb import PickUpRule, TimePeriod

DAYS: tuple[str, ...] = get_args(Day)
CODES = ("STORE_PAUSED", "OUTSIDE_HOURS")
_ONE = timedelta(days=1)


class MerchantTerms(NamedTuple):
    """What a merchant's settings come to: terms of being open, rules, the services that are on."""

    terms: tuple[Terms, ...]
    rules: list[BusinessRule]
    services: tuple[Service, ...]
    pick_up_rules: list[PickUpRule] | UnsetType


@lru_cache(maxsize=2048)
def terms_of(doc: bytes, zone_name: str) -> MerchantTerms:
    """Return the terms of a stored document; the same bytes give the same terms, which are only to be read."""
    said, zone = settings.read(doc), zone_of(zone_name)
    terms = closing_of(doc, zone_name)
    schedule = elements_of(list(scheduled(said.hours, said, zone)))
    if schedule:
        closing = terms[0] if terms else _terms(zone)
        terms = (replace(closing, schedule=schedule, not_for=frozenset(said.service_hours)),)
    return MerchantTerms(
        terms,
        list(_rules(said, zone)),
        tuple(name for name in SERVICES if name in said.services),
        UNSET if said.pick_up_rule is UNSET else [said.pick_up_rule],
    )


@lru_cache(maxsize=2048)
def closing_of(doc: bytes, zone_name: str) -> tuple[Terms, ...]:
    """Return the term that a temporary closing is; none when there is none."""
    closing = settings.read(doc).closing
    if closing is UNSET:
        return ()
    return (replace(_terms(zone_of(zone_name)), status="CLOSED", closed_until=closing.until),)


def _terms(zone: tzinfo) -> Terms:
    return Terms(status=UNSET, status_name="closing", zone=zone, codes=CODES, path="merchant.")


def scheduled(weekly: Schedule | UnsetType, said: StoreSettings, zone: tzinfo) -> Iterator[Schedule]:
    """Yield weekly hours, if there are any, with the exceptions laid over them, in the order of their dates."""
    if weekly is not UNSET:
        yield weekly
    usual = {} if weekly is UNSET or weekly.schedules is UNSET else weekly.schedules
    named = {date.fromisoformat(one.date): one.periods for one in said.exceptions}
    for day in sorted(named):
        before = named.get(day - _ONE, _of_day(usual, day - _ONE))
        past = max(_past_midnight(named[day]), _past_midnight(_of_day(usual, day)))
        start = _at(day, _past_midnight(before), zone)
        end = _at(day + _ONE, past, zone)
        if named[day]:
            slots = {DAYS[day.weekday()]: named[day]}
            yield Schedule(schedule_type="WEEKLY", schedules=slots, start_time=start, end_time=end)
        else:
            yield Schedule(service_status="OFF", start_time=start, end_time=end)


def _of_day(usual: Mapping[str, list[TimePeriod]], day: date) -> list[TimePeriod]:
    return usual.get(DAYS[day.weekday()], [])


def _past_midnight(periods: Iterable[TimePeriod]) -> int:
    """Return by how many seconds the last period runs into the next day."""
    slots = [read_slot(period) for period in periods]
    return max([0, *(slot.start + slot.length - DAY for slot in slots)])


def _at(day: date, seconds: int, zone: tzinfo) -> str:
    return (datetime.combine(day, time(), zone) + timedelta(seconds=seconds)).isoformat()


def _rules(said: StoreSettings, zone: tzinfo) -> Iterator[BusinessRule]:
    for name, scene in SCENES.items():
        schedule = list(scheduled(said.service_hours.get(name, said.hours), said, zone))
        if schedule:
            yield _rule(scene, schedule)
    if said.pick_up_minimum is not UNSET:
        yield _rule("PICKUP_RULE", [PickUpMinimum(said.pick_up_minimum)])
    if said.dine_in is not UNSET:
        yield _rule("DINE_IN_ORDER", said.dine_in)
    if said.delivery_tiers:
        yield _rule("DELIVERY_DISTANCE", said.delivery_tiers)


def _rule(scene: str, data: Any) -> BusinessRule:
    return BusinessRule(scene, msgspec.json.encode(data).decode())
