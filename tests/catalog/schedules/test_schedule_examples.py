"""What each rule says at chosen moments, in examples that can be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec import UNSET

from dstore.catalog.moments import read_zone
from dstore.catalog.schedules import slots as slots_module
from dstore.catalog.schedules.availability import visible_at
from dstore.catalog.schedules.delivery import DiscountLine, NoQuote, Quote, delivery_quote, pickup_minimum
from dstore.catalog.schedules.serving import elements_of, open_at, service_at
from dstore.catalog.schedules.slots import Demand, slots
from dstore.catalog.schedules.timed import price_at, status_at
from dstore.catalog.schedules.verdicts import Verdict, earliest
from dstore.vocabulary.fnb import BusinessRule, PickUpRule, ServiceAvailability
from dstore.vocabulary.scenes import Schedule

SINGAPORE, BERLIN = timezone(timedelta(hours=8)), ZoneInfo("Europe/Berlin")
YEAR = {"from": "2026-01-01T00:00:00+08:00", "to": "2027-01-01T00:00:00+08:00"}
LUNCH = {"startTime": "11:00", "endTime": "14:00"}


def sg(text: str) -> datetime:
    """Return a moment in Singapore, given as `2026-03-02 10:00`."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def rule(scene: str, data: object) -> list[BusinessRule]:
    return [BusinessRule("OTHER", "[]"), BusinessRule(scene, json.dumps(data))]


def path(index: int) -> str:
    return f"businessRules[1].ruleData[{index}]"


def price(amount: int, **members: Any) -> dict[str, Any]:
    return {**YEAR, "saleAmount": amount, "currency": "SGD", **members}


def entries(days: dict[str, list[tuple[str, str]]]) -> list[ServiceAvailability]:
    given = [
        {"dayOfWeek": day, "timePeriods": [{"startTime": start, "endTime": end} for start, end in periods]}
        for day, periods in days.items()
    ]
    return msgspec.convert(given, list[ServiceAvailability])


# Prices. 2 March 2026 is a Monday.


def test_a_price_holds_from_its_slots_start_up_to_but_not_at_its_end() -> None:
    rules = rule("PRICE_SCHEDULE", [price(80, weekDays=["MONDAY"], timeSlot=LUNCH)])
    before, first, last, after = (price_at(rules, SINGAPORE, sg(f"2026-03-02 {at}")) for at in ("10:59", "11:00", "13:59", "14:00"))  # fmt: skip
    assert before == Verdict(None, None, sg("2026-03-02 11:00"))
    assert first.value is not None
    assert (first.value.sale_amount, first.rule, first.until) == (80, path(0), sg("2026-03-02 14:00"))
    assert last == first
    assert after == Verdict(None, None, sg("2026-03-09 11:00"))


def test_the_largest_index_wins_and_until_is_when_another_rule_takes_over() -> None:
    happy_hour = {"startTime": "12:00", "endTime": "13:00"}
    rules = rule("PRICE_SCHEDULE", [price(80, timeSlot=LUNCH), price(60, timeSlot=happy_hour), price(90)])
    assert price_at(rules, SINGAPORE, sg("2026-03-02 12:30")) == price_at(rules, SINGAPORE, sg("2026-03-02 09:00"))
    rules = rule("PRICE_SCHEDULE", [price(90), price(80, timeSlot=LUNCH), price(60, timeSlot=happy_hour)])
    day = [(11, 80, 12), (12, 60, 13), (13, 80, 14), (14, 90, 35)]
    for hour, amount, until in day:
        found = price_at(rules, SINGAPORE, sg("2026-03-02 00:00") + timedelta(hours=hour))
        assert found.value is not None
        assert (found.value.sale_amount, found.until) == (amount, sg("2026-03-02 00:00") + timedelta(hours=until))


def test_outside_all_ranges_the_base_price_holds() -> None:
    rules = rule("PRICE_SCHEDULE", [price(80, timeSlot=LUNCH)])
    assert price_at(rules, SINGAPORE, sg("2025-06-01 12:00")) == Verdict(None, None, sg("2026-01-01 11:00"))
    assert price_at(rules, SINGAPORE, sg("2027-06-01 12:00")) == Verdict(None, None, None)
    assert price_at(rules, SINGAPORE, sg("2026-12-31 15:00")) == Verdict(None, None, None)


def test_a_range_ends_within_a_slot_to_the_second() -> None:
    ends = {"to": "2026-03-02T12:00:01+08:00"}
    rules = rule("PRICE_SCHEDULE", [price(80, timeSlot=LUNCH, **ends)])
    found = price_at(rules, SINGAPORE, sg("2026-03-02 12:00"))
    assert (found.rule, found.until) == (path(0), sg("2026-03-02 12:00:01"))
    assert price_at(rules, SINGAPORE, sg("2026-03-02 12:00:01")) == Verdict(None, None, None)


def test_a_slot_over_midnight_belongs_to_the_day_it_began() -> None:
    night = {"startTime": "22:00", "endTime": "02:00"}
    rules = rule("PRICE_SCHEDULE", [price(80, weekDays=["MONDAY"], timeSlot=night)])
    assert price_at(rules, SINGAPORE, sg("2026-03-03 01:59")).rule == path(0)
    assert price_at(rules, SINGAPORE, sg("2026-03-03 02:00")).rule is None
    assert price_at(rules, SINGAPORE, sg("2026-03-02 01:00")) == Verdict(None, None, sg("2026-03-02 22:00"))


@pytest.mark.parametrize(("start", "end"), [("10:00", "10:00"), ("10:00+08:00", "03:00+01:00")])
def test_a_slot_that_ends_when_it_starts_is_a_day_long(start: str, end: str) -> None:
    rules = rule("PRICE_SCHEDULE", [price(80, weekDays=["MONDAY"], timeSlot={"startTime": start, "endTime": end})])
    found = price_at(rules, SINGAPORE, sg("2026-03-02 10:00"))
    assert (found.rule, found.until) == (path(0), sg("2026-03-03 10:00"))


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_whole_days_in_a_row_are_one(end: str) -> None:
    rules = rule("PRICE_SCHEDULE", [price(80, timeSlot={"startTime": "00:00", "endTime": end})])
    assert price_at(rules, SINGAPORE, sg("2026-03-02 10:00")).until == sg("2027-01-01 00:00")


def test_a_time_with_an_offset_goes_by_that_clock_and_its_day() -> None:
    slot = {"startTime": "22:00Z", "endTime": "23:00Z"}
    rules = rule("PRICE_SCHEDULE", [price(80, weekDays=["MONDAY"], timeSlot=slot)])
    assert price_at(rules, SINGAPORE, sg("2026-03-03 06:30")).rule == path(0)
    assert price_at(rules, SINGAPORE, sg("2026-03-02 06:30")).rule is None


def test_seconds_of_a_time_of_day_count() -> None:
    rules = rule("PRICE_SCHEDULE", [price(80, timeSlot={"startTime": "10:00:30", "endTime": "23:59:59"})])
    assert price_at(rules, SINGAPORE, sg("2026-03-02 10:00:29")).rule is None
    assert price_at(rules, SINGAPORE, sg("2026-03-02 10:00:30")).until == sg("2026-03-02 23:59:59")


# Statuses.


def test_an_available_rule_means_sold_out_in_the_rest_of_its_range() -> None:
    rules = rule("ITEM_STATUS_RULE", [{**YEAR, "weekDays": ["MONDAY"], "timeSlot": LUNCH, "itemStatus": "AVAILABLE"}])
    assert status_at(rules, SINGAPORE, sg("2026-03-02 12:00")) == Verdict("AVAILABLE", path(0), sg("2026-03-02 14:00"))
    assert status_at(rules, SINGAPORE, sg("2026-03-02 14:00")) == Verdict("SOLDOUT", path(0), sg("2026-03-09 11:00"))
    assert status_at(rules, SINGAPORE, sg("2026-12-31 12:00")) == Verdict("SOLDOUT", path(0), sg("2027-01-01 00:00"))
    assert status_at(rules, SINGAPORE, sg("2025-12-31 12:00")) == Verdict(None, None, sg("2026-01-01 00:00"))


def test_a_sold_out_rule_acts_in_its_slot_only() -> None:
    rules = rule("SKU_STATUS_RULE", [{**YEAR, "timeSlot": LUNCH, "skuStatus": "SOLDOUT"}])
    assert status_at(rules, SINGAPORE, sg("2026-03-02 12:00")) == Verdict("SOLDOUT", path(0), sg("2026-03-02 14:00"))
    assert status_at(rules, SINGAPORE, sg("2026-03-02 14:00")) == Verdict(None, None, sg("2026-03-03 11:00"))


# Availability and services.


def test_entries_of_a_list_add_up_and_touching_periods_are_one() -> None:
    given = [*entries({"SUNDAY": [("10:00", "12:00")]}), *entries({"SUNDAY": [("12:00", "13:00"), ("11:00", "12:30")]})]
    assert visible_at(given, SINGAPORE, sg("2026-03-01 10:00")) == Verdict(
        value=True, rule="serviceAvailabilityList", until=sg("2026-03-01 13:00")
    )
    assert visible_at(given, SINGAPORE, sg("2026-03-01 13:00")).until == sg("2026-03-08 10:00")


def test_without_entries_a_thing_is_always_visible_and_a_day_without_periods_has_none() -> None:
    always = Verdict(value=True, rule=None, until=None)
    assert visible_at(UNSET, SINGAPORE, sg("2026-03-01 10:00")) == always
    assert visible_at([], SINGAPORE, sg("2026-03-01 10:00")) == always
    assert not visible_at(entries({"SUNDAY": []}), SINGAPORE, sg("2026-03-01 10:00")).value


def test_a_week_of_whole_days_never_changes() -> None:
    days = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    found = visible_at(entries({day: [("00:00", "24:00")] for day in days}), SINGAPORE, sg("2026-03-01 10:00"))
    assert (found.value, found.until) == (True, None)


def test_a_dated_exception_closes_a_service_and_the_week_goes_on_behind_it() -> None:
    week = {"scheduleType": "WEEKLY", "schedules": {"MONDAY": [LUNCH], "TUESDAY": [LUNCH]}}
    off = {"startTime": "2026-03-02T00:00:00+08:00", "endTime": "2026-03-03T12:00:00+08:00", "serviceStatus": "OFF"}
    rules = rule("DINE_IN_SCHEDULE", [week, off])
    assert service_at(rules, "DINEIN", SINGAPORE, sg("2026-02-23 12:00")) == Verdict(value=True, rule=path(0), until=sg("2026-02-23 14:00"))  # fmt: skip
    assert service_at(rules, "DINEIN", SINGAPORE, sg("2026-03-02 12:00")) == Verdict(value=False, rule=path(1), until=sg("2026-03-03 12:00"))  # fmt: skip
    assert service_at(rules, "DINEIN", SINGAPORE, sg("2026-03-03 12:00")) == Verdict(value=True, rule=path(0), until=sg("2026-03-03 14:00"))  # fmt: skip
    assert service_at(rules, "PICKUP", SINGAPORE, sg("2026-03-02 12:00")) == Verdict(value=True, rule=None, until=None)


def test_an_exception_with_slots_acts_in_its_slots_and_dated_hours_replace_the_usual_ones() -> None:
    dated = {"startTime": "2026-03-02T00:00:00+08:00", "endTime": "2026-03-03T00:00:00+08:00"}
    usual = {"scheduleType": "DAILY", "schedules": {"FIXED": [{"startTime": "08:00", "endTime": "20:00"}]}}
    rules = rule("PICKUP_SCHEDULE", [usual, {**dated, "scheduleType": "DAILY", "schedules": {"FIXED": [LUNCH]}}])
    assert service_at(rules, "PICKUP", SINGAPORE, sg("2026-03-02 09:00")) == Verdict(value=False, rule=path(1), until=sg("2026-03-02 11:00"))  # fmt: skip
    off = {**dated, "serviceStatus": "OFF", "scheduleType": "DAILY", "schedules": {"FIXED": [LUNCH]}}
    rules = rule("PICKUP_SCHEDULE", [usual, off])
    assert service_at(rules, "PICKUP", SINGAPORE, sg("2026-03-02 09:00")).until == sg("2026-03-02 11:00")
    assert service_at(rules, "PICKUP", SINGAPORE, sg("2026-03-02 11:00")) == Verdict(value=False, rule=path(1), until=sg("2026-03-02 14:00"))  # fmt: skip


def test_a_closed_store_opens_by_itself_when_its_closure_has_an_end() -> None:
    until = "2026-03-02T18:00:00+08:00"
    assert open_at("OPEN", UNSET, sg("2026-03-02 12:00")) == Verdict(value=True, rule=None, until=None)
    assert open_at("CLOSED", UNSET, sg("2026-03-02 12:00")) == Verdict(value=False, rule="status", until=None)
    assert open_at("CLOSED", until, sg("2026-03-02 12:00")) == Verdict(value=False, rule="status", until=sg("2026-03-02 18:00"))  # fmt: skip
    assert open_at("CLOSED", until, sg("2026-03-02 18:00")) == Verdict(value=True, rule=None, until=None)


def test_the_earliest_of_several_moments_skips_never() -> None:
    assert earliest([None, sg("2026-03-02 18:00"), sg("2026-03-02 12:00")]) == sg("2026-03-02 12:00")
    assert earliest([None]) is None


# Summer time. In Berlin the clock went from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October.


@pytest.mark.parametrize(
    ("day", "periods", "turns"),
    [
        ("2026-03-29", [("01:00", "02:30")], [(0, 1)]),
        ("2026-03-29", [("02:30", "04:00")], [(1, 2)]),
        ("2026-03-29", [("02:10", "02:50"), ("05:00", "06:00")], [(3, 4)]),
        ("2026-03-29", [("01:00", "02:15"), ("02:45", "04:00")], [(0, 2)]),
        ("2026-10-25", [("01:00", "02:10")], [(-1, 1 + 1 / 6)]),
        ("2026-10-25", [("02:30", "04:00")], [(0.5, 3)]),
        ("2026-10-25", [("02:10", "02:20")], [(1 / 6, 1 + 1 / 3)]),
        ("2026-10-25", [("01:00", "02:00"), ("02:15", "02:45")], [(-1, 1.75)]),
        ("2026-10-25", [("00:00", "24:00")], [(-2, 23)]),
    ],
)
def test_a_time_the_clock_skips_is_when_it_jumps_and_of_a_time_shown_twice_a_slot_takes_all(
    day: str, periods: list[tuple[str, str]], turns: list[tuple[float, float]]
) -> None:
    midnight_utc = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    given, at = entries({"SUNDAY": periods}), midnight_utc - timedelta(hours=3)
    found: list[tuple[datetime, datetime]] = []
    while len(found) < len(turns):
        closed = visible_at(given, BERLIN, at)
        assert closed.until is not None
        is_open = visible_at(given, BERLIN, closed.until)
        assert (closed.value, is_open.value) == (False, True)
        assert is_open.until is not None
        found.append((closed.until, is_open.until))
        at = is_open.until
    hours = [tuple((edge - midnight_utc) / timedelta(hours=1) for edge in turn) for turn in found]
    assert hours == [pytest.approx(turn) for turn in turns]


def test_inside_the_repeated_hour_an_ending_slot_is_on_until_the_time_comes_again() -> None:
    given = entries({"SUNDAY": [("00:50", "02:10")]})
    found = visible_at(given, BERLIN, datetime(2026, 10, 25, 0, 20, tzinfo=UTC))
    assert (found.value, found.until) == (True, datetime(2026, 10, 25, 1, 10, tzinfo=UTC))


# What can't be read, and the ends of time.


@pytest.mark.parametrize("text", ["", "{}", "[", "[1]", '[{"from":"x"}]', "[" * 100_000, json.dumps([{**price(1), "from": "never"}]), json.dumps([price(1, timeSlot={"startTime": "noon", "endTime": "1"})]), json.dumps([price(1, timeSlot={"startTime": "10:00+99:00", "endTime": "11:00"})]), json.dumps([price(1, weekDays=["DOOMSDAY"])])])  # fmt: skip
def test_rules_that_can_not_be_read_are_as_if_absent(text: str) -> None:
    at = sg("2026-03-02 12:00")
    assert price_at([BusinessRule("PRICE_SCHEDULE", text)], SINGAPORE, at) == Verdict(None, None, None)
    assert status_at([BusinessRule("ITEM_STATUS_RULE", text)], SINGAPORE, at) == Verdict(None, None, None)
    assert service_at([BusinessRule("PICKUP_SCHEDULE", text)], "PICKUP", SINGAPORE, at).value
    assert delivery_quote([BusinessRule("DELIVERY_DISTANCE", text)], 100, 100) == NoQuote(None)
    assert pickup_minimum([BusinessRule("PICKUP_RULE", text)], 100) is None


def test_hours_that_can_not_be_read_hide_nothing() -> None:
    assert visible_at(entries({"SUNDAY": [("noon", "later")]}), SINGAPORE, sg("2026-03-02 12:00")).value


def test_a_period_that_can_not_be_read_leaves_the_others_as_they_are() -> None:
    given = entries({"MONDAY": [("noon", "later"), ("10:00", "14:00")]})
    assert visible_at(given, SINGAPORE, sg("2026-03-02 12:00")).value
    assert not visible_at(given, SINGAPORE, sg("2026-03-02 15:00")).value
    assert not visible_at(given, SINGAPORE, sg("2026-03-03 12:00")).value


@pytest.mark.parametrize("zone", ["GMT+8:00", "GMT-11:00", "Europe/Berlin", "Pacific/Apia"])
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "0001-01-02T00:00:00Z", "9999-12-31T23:59:59-12:00", "9999-12-30T00:00:00Z"])  # fmt: skip
def test_no_moment_is_out_of_range(zone: str, at: str) -> None:
    clock, moment = read_zone(zone), datetime.fromisoformat(at)
    assert clock is not None
    ever = {"from": "0001-01-01T00:00:00+14:00", "to": "9999-12-31T23:59:59-12:00"}
    rules = rule("PRICE_SCHEDULE", [price(80, **ever, timeSlot=LUNCH), price(70, **ever, weekDays=["MONDAY"])])
    price_at(rules, clock, moment)
    visible_at(entries({"MONDAY": [("22:00", "02:00"), ("10:00Z", "11:00Z")]}), clock, moment)
    slots(rules, UNSET, "PICKUP", clock, Demand(start=moment, now=moment, most=3))


# Delivery and pick-up.


def money(amount: int, currency: str = "SGD") -> dict[str, Any]:
    return {"currency": currency, "amountValue": amount}


def tier(start: int, end: int, fee: int, **members: Any) -> dict[str, Any]:
    return {"from": start, "to": end, "fee": money(fee), **members}


def discount(kind: str, threshold: int, value: str | None = None) -> dict[str, Any]:
    given = {"discountType": kind, "orderThresholdAmount": money(threshold)}
    return given if value is None else {**given, "discountValue": value}


def quote(rules: list[BusinessRule], distance: int, amount: int) -> Quote:
    found = delivery_quote(rules, distance, amount)
    assert isinstance(found, Quote)
    return found


def test_a_tier_covers_from_its_start_up_to_but_not_at_its_end() -> None:
    rules = rule("DELIVERY_DISTANCE", [tier(0, 5000, 500), tier(5000, 10_000, 1000)])
    assert [quote(rules, distance, 0).fee for distance in (0, 4999, 5000, 9999)] == [500, 500, 1000, 1000]
    assert delivery_quote(rules, 10_000, 0) == NoQuote("businessRules[1].ruleData")
    assert delivery_quote(UNSET, 100, 0) == NoQuote(None)


def test_of_tiers_that_overlap_the_last_one_counts() -> None:
    assert quote(rule("DELIVERY_DISTANCE", [tier(0, 5000, 500), tier(1000, 2000, 100)]), 1500, 0).rule == path(1)


def test_discounts_that_an_order_has_earned_are_taken_off_one_after_the_other() -> None:
    reduce = json.dumps(money(150))
    given = [discount("REDUCE", 1000, reduce), discount("PERCENTAGE", 100, "25"), discount("EXEMPTION", 3000)]
    rules = rule("DELIVERY_DISTANCE", [tier(0, 5000, 500, discounts=given)])
    places = [f"{path(0)}.discounts[{index}]" for index in range(3)]
    assert quote(rules, 1, 99) == Quote(path(0), "SGD", 500, (), 500, None)
    assert quote(rules, 1, 100).discounts == (DiscountLine("PERCENTAGE", 125, places[1]),)
    both = quote(rules, 1, 1000)
    assert [line.amount for line in both.discounts] == [150, 88]
    assert both.total == 262
    free = quote(rules, 1, 3000)
    assert (free.discounts[-1], free.total) == (DiscountLine("EXEMPTION", 262, places[2]), 0)


def test_a_fee_does_not_fall_below_nothing() -> None:
    given = [discount("REDUCE", 0, json.dumps(money(1000))), discount("REDUCE", 0, json.dumps(money(5)))]
    found = quote(rule("DELIVERY_DISTANCE", [tier(0, 5000, 500, discounts=given)]), 1, 0)
    assert ([line.amount for line in found.discounts], found.total) == ([500, 0], 0)


@pytest.mark.parametrize("value", [None, "", "much", "{}", json.dumps(money(5, "EUR"))])
def test_a_discount_that_can_not_be_applied_takes_nothing_off(value: str | None) -> None:
    given = [discount("REDUCE", 0, value)]
    assert quote(rule("DELIVERY_DISTANCE", [tier(0, 5000, 500, discounts=given)]), 1, 0).total == 500


def test_a_minimum_says_what_is_missing() -> None:
    rules = rule("DELIVERY_DISTANCE", [tier(0, 5000, 500, minimumOrderAmount=money(2000))])
    lacking, enough = quote(rules, 1, 1999).minimum, quote(rules, 1, 2000).minimum
    assert lacking is not None
    assert enough is not None
    assert (lacking.amount, lacking.missing) == (2000, 1)
    assert enough.missing == 0
    rules = rule("PICKUP_RULE", [{"minimumOrderAmount": money(100)}, {"minimumOrderAmount": money(300)}])
    found = pickup_minimum(rules, 250)
    assert found is not None
    assert (found.missing, found.rule) == (50, path(1))
    assert pickup_minimum(UNSET, 0) is None


# Slots. 2 March 2026 is a Monday.


def local(found: list[Any]) -> list[str]:
    return [f"{slot.start.astimezone(SINGAPORE):%a %H:%M}" for slot in found]


def test_slots_step_through_pick_up_rules_after_the_time_it_takes_to_prepare() -> None:
    given = [PickUpRule(start_time="10:00", end_time="12:00", step="30", support_days=2, min_prepare_minutes=20)]
    now = sg("2026-03-02 10:45")
    found = slots(UNSET, given, "PICKUP", SINGAPORE, Demand(start=now, now=now))
    assert local(found) == ["Mon 11:30", "Tue 10:00", "Tue 10:30", "Tue 11:00", "Tue 11:30"]
    assert (found[0].end, found[0].rule) == (sg("2026-03-02 12:00"), "pickUpRules[0]")
    assert local(slots(UNSET, given, "PICKUP", SINGAPORE, Demand(start=now, now=now, most=2))) == [
        "Mon 11:30",
        "Tue 10:00",
    ]
    later = Demand(start=sg("2026-03-03 11:00"), now=now)
    assert local(slots(UNSET, given, "PICKUP", SINGAPORE, later)) == ["Tue 11:00", "Tue 11:30"]


def test_a_slot_must_be_within_schedule_opening_hours_and_outside_closures() -> None:
    given = [PickUpRule(start_time="09:00", end_time="18:00", step=60, support_days=5)]
    schedule = rule("PICKUP_SCHEDULE", [{"supportDays": 1, "scheduleType": "DAILY", "schedules": {"FIXED": [{"startTime": "10:00", "endTime": "16:00"}]}}])  # fmt: skip
    now = sg("2026-03-02 08:00")
    demand = Demand(
        start=now,
        now=now,
        closed=[(sg("2026-03-02 14:00"), sg("2026-03-02 15:00"))],
        availability=[entries({"MONDAY": [("11:00", "20:00")], "TUESDAY": [("11:00", "20:00")]}), UNSET],
    )
    assert local(slots(schedule, given, "PICKUP", SINGAPORE, demand)) == ["Mon 11:00", "Mon 12:00", "Mon 13:00", "Mon 15:00"]  # fmt: skip
    closed = Demand(start=now, now=now, closed=[(sg("2026-03-02 12:00"), None)])
    assert local(slots(schedule, given, "PICKUP", SINGAPORE, closed)) == ["Mon 10:00", "Mon 11:00"]


def test_without_pick_up_rules_slots_step_through_the_schedule_then_the_opening_hours_then_the_day() -> None:
    now = sg("2026-03-02 12:00")
    schedule = rule("DELIVERY_SCHEDULE", [{"supportDays": 8, "schedules": {"MONDAY": [{"startTime": "12:15", "endTime": "13:00"}]}}])  # fmt: skip
    opening = Demand(start=now, now=now, availability=[UNSET, entries({"MONDAY": [("13:00", "14:00")]})])
    assert local(slots(schedule, UNSET, "DELIVERY", SINGAPORE, Demand(start=now, now=now))) == ["Mon 12:15", "Mon 12:45"] * 2  # fmt: skip
    assert local(slots(UNSET, UNSET, "DELIVERY", SINGAPORE, opening)) == ["Mon 13:00", "Mon 13:30"]
    whole_day = slots(UNSET, UNSET, "DELIVERY", SINGAPORE, Demand(start=now, now=now))
    assert (len(whole_day), local(whole_day)[-1]) == (24, "Mon 23:30")


def test_a_closure_is_stepped_over_not_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed store with a slot a minute, a year ahead, must not cost half a million looks."""
    looks: list[int] = []
    look = slots_module._Choice._free_from

    def counted(self: Any, at: int, *others: Any) -> int:
        looks.append(at)
        return look(self, at, *others)

    monkeypatch.setattr(slots_module._Choice, "_free_from", counted)
    given = [PickUpRule(start_time="00:00", end_time="00:00", step=1, support_days=366)]
    now = sg("2026-11-24T10:00:00")
    assert slots(UNSET, given, "PICKUP", SINGAPORE, Demand(now, now, [(now, None)])) == []
    until = now + timedelta(days=300, minutes=5)
    found = slots(UNSET, given, "PICKUP", SINGAPORE, Demand(now, now, [(now, until)], most=2))
    assert [slot.start for slot in found] == [until, until + timedelta(minutes=1)]
    off = [Schedule(service_status="OFF", start_time=now.isoformat(), end_time=until.isoformat())]
    asked = Demand(now, now, most=2, schedule=("serviceSchedules", elements_of(off)))
    assert [slot.start for slot in slots(UNSET, given, "PICKUP", SINGAPORE, asked)] == [slot.start for slot in found]
    assert len(looks) < 3_000


def test_slots_over_midnight_count_as_the_day_they_began() -> None:
    given = [PickUpRule(start_time="22:00", end_time="01:00", step=60)]
    now = sg("2026-03-02 23:30")
    assert local(slots(UNSET, given, "PICKUP", SINGAPORE, Demand(start=now, now=now))) == ["Tue 00:00"]
    just_after = sg("2026-03-03 00:00")
    found = slots(UNSET, given, "PICKUP", SINGAPORE, Demand(start=just_after, now=just_after))
    assert local(found) == ["Tue 00:00", "Tue 22:00", "Tue 23:00", "Wed 00:00"]


@pytest.mark.parametrize("step", ["0", 0, "x", UNSET])
def test_a_step_that_is_none_is_half_an_hour(step: Any) -> None:
    given = [PickUpRule(start_time="10:00", end_time="11:00", step=step), PickUpRule(start_time="x", end_time="y")]
    now = sg("2026-03-02 08:00")
    assert local(slots(UNSET, given, "PICKUP", SINGAPORE, Demand(start=now, now=now))) == ["Mon 10:00", "Mon 10:30"]
