"""Stores of release 2: exceptions of serviceSchedules by date, and the minutes that a menu takes to prepare."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from harness import stall
from harness.terrace import category, item, menu, must, store
from storefront.shops import rule

if TYPE_CHECKING:
    from harness.platform import Platform

DAILY = {
    "scheduleType": "DAILY",
    "schedules": {"FIXED": [{"startTime": "08:00+08:00", "endTime": "22:00+08:00"}]},
}
CLOSED = {
    "startTime": "2026-11-24T00:00:00+08:00",
    "endTime": "2026-11-25T00:00:00+08:00",
    "serviceStatus": "OFF",
}

MOMENTS = ("2026-11-23T03", "2026-11-23T12", "2026-11-24T12", "2026-11-25T12")


@pytest.fixture
def url(platform: Platform) -> str:
    """The address of a store that is closed on 24 November, where orders take 45 minutes."""
    one = menu("m", category("c", item("i")), minPrepareMinutes=45)
    must(platform, store("s1", one, serviceSchedules=[DAILY, CLOSED]))
    [[public_id]] = platform.rows("select public_id from store")
    return f"/storefront/v1/stores/{public_id}"


def slot(start: str, end: str) -> dict[str, str]:
    return {"startTime": f"{start}+08:00", "endTime": f"{end}+08:00"}


BREAK = {"scheduleType": "DAILY", "serviceStatus": "OFF", "schedules": {"FIXED": [slot("14:00", "15:00")]}}
MORNING = {f"{hour:02}:{minute}" for hour in range(8, 13) for minute in ("00", "30")}
MONDAY_OFF = {"scheduleType": "WEEKLY", "serviceStatus": "OFF", "schedules": {"MONDAY": [slot("08:00", "22:00")]}}


def shop(platform: Platform, url: str, at: str) -> Any:
    return json.loads(platform.get(f"{url}/menu?at={at}").body)["store"]


def test_the_last_schedule_that_holds_decides_whether_a_store_is_open(platform: Platform, url: str) -> None:
    assert shop(platform, url, "2026-11-23T12:00:00%2B08:00")["open"] is True
    assert shop(platform, url, "2026-11-23T23:00:00%2B08:00")["open"] is False
    exception = shop(platform, url, "2026-11-24T12:00:00%2B08:00")
    assert (exception["open"], exception["reason"]["rule"]) == (False, "serviceSchedules[1]")
    assert shop(platform, url, "2026-11-25T12:00:00%2B08:00")["open"] is True


def test_hours_that_release_1_changed_since_go_before_the_schedules(platform: Platform, url: str) -> None:
    night = [{"dayOfWeek": "MONDAY", "timePeriods": [{"startTime": "23:00", "endTime": "23:30"}]}]
    answer = platform.call("/v2/pds/store/updateStore", {"storeId": "s1", "serviceAvailabilityList": night})
    assert answer.code == "SUCCESS", answer.message
    assert shop(platform, url, "2026-11-23T12:00:00%2B08:00")["open"] is False
    assert shop(platform, url, "2026-11-23T23:10:00%2B08:00")["open"] is True


def on_the_24th(start: str, end: str, **more: Any) -> dict[str, Any]:
    """An element for that day alone."""
    slots = {"FIXED": [{"startTime": start, "endTime": end}]}
    dates = {"startTime": CLOSED["startTime"], "endTime": CLOSED["endTime"]}
    return {"scheduleType": "DAILY", "schedules": slots, **dates, **more}


SHORTER = on_the_24th("08:00", "14:00")
LONGER = on_the_24th("06:00", "23:00")
EVENING_OFF = on_the_24th("14:00", "22:00", serviceStatus="OFF")
WHOLE_DAY = {"FIXED": [{"startTime": "00:00", "endTime": "24:00"}]}
ANY_TIME = [rule("PICKUP_SCHEDULE", [{"scheduleType": "DAILY", "supportDays": 4, "schedules": WHOLE_DAY}])]
SAME = [rule("PICKUP_SCHEDULE", [{**DAILY, "supportDays": 4}])]
WITHIN_RULES: list[tuple[list[Any], list[Any], tuple[int, int] | None]] = [
    ([DAILY, SHORTER], ANY_TIME, (8, 14)),
    ([DAILY, SHORTER], SAME, (8, 14)),
    ([DAILY, EVENING_OFF], ANY_TIME, (8, 14)),
    ([DAILY, EVENING_OFF], SAME, (8, 14)),
    ([DAILY, CLOSED], ANY_TIME, None),
    ([CLOSED, DAILY], ANY_TIME, (8, 22)),
    ([DAILY, LONGER], ANY_TIME, (6, 23)),
    ([{**DAILY, "supportDays": 4}, {**LONGER, "supportDays": 4}], [], (6, 23)),
]


@pytest.mark.parametrize(("schedules", "rules", "span"), WITHIN_RULES)
def test_slots_of_a_day_with_other_hours_are_within_them(
    platform: Platform, schedules: list[Any], rules: list[Any], span: tuple[int, int] | None
) -> None:
    more = {"bizRules": rules} if rules else {}
    must(platform, store("s1", menu("m", category("c", item("i"))), serviceSchedules=schedules, **more))
    [[public_id]] = platform.rows("select public_id from store")
    found = json.loads(platform.get(f"/storefront/v1/stores/{public_id}/slots?service=PICKUP").body)
    days = {day["date"]: [int(slot["start"][11:13]) for slot in day["slots"]] for day in found["days"]}
    assert sorted(set(days.get("2026-11-24", []))) == (list(range(*span)) if span else [])
    assert sorted(set(days["2026-11-23"])) == list(range(8, 22)), "the other days are as they were"
    for hour in range(24):
        card = shop(platform, f"/storefront/v1/stores/{public_id}", f"2026-11-24T{hour:02}:00:00%2B08:00")
        assert card["open"] is (span is not None and hour in range(*span)), "slots and the menu say the same"


def test_slots_leave_out_closed_days_and_the_time_to_prepare(platform: Platform, url: str) -> None:
    rules = [{"scheduleType": "DAILY", "supportDays": 3, "schedules": DAILY["schedules"]}]
    must(platform, {"storeId": "s1", "bizRules": [{"scene": "PICKUP_SCHEDULE", "ruleData": json.dumps(rules)}]})
    found = json.loads(platform.get(f"{url}/slots?service=PICKUP").body)
    starts = [slot["start"] for day in found["days"] for slot in day["slots"]]
    assert min(starts) >= "2026-11-22T12:45:00+08:00"
    assert {start[:10] for start in starts} == {"2026-11-22", "2026-11-23"}


OFF = [(BREAK, {"14:00", "14:30"}, "2026-11-22T14:00:00"), (MONDAY_OFF, set(), "2026-11-23T08:00:00")]


@pytest.mark.parametrize(("off", "missing", "shut"), OFF)
def test_what_is_off_without_dates_is_taken_from_the_hours_and_does_not_become_them(
    platform: Platform, url: str, off: dict[str, Any], missing: set[str], shut: str
) -> None:
    """2026-11-22 is a Sunday, at noon."""
    rules = [{"scheduleType": "DAILY", "supportDays": 2, "schedules": DAILY["schedules"]}]
    scenes = [{"scene": "PICKUP_SCHEDULE", "ruleData": json.dumps(rules)}]
    must(platform, {"storeId": "s1", "serviceSchedules": [DAILY, off], "bizRules": scenes})
    days = json.loads(platform.get(f"{url}/slots?service=PICKUP").body)["days"]
    slots = {day["date"]: {one["start"][11:16] for one in day["slots"]} for day in days}
    afternoon = {f"{hour}:{minute}" for hour in range(13, 22) for minute in ("00", "30")} - missing
    assert slots.pop("2026-11-22") == afternoon
    assert slots == ({} if off is MONDAY_OFF else {"2026-11-23": afternoon | MORNING})
    assert shop(platform, url, f"{shut}%2B08:00")["open"] is False


@pytest.mark.parametrize("api", ["initializeStore", "addStore"])
@pytest.mark.parametrize("given", [{}, {"serviceAvailabilityList": []}])
def test_schedules_that_come_with_release_1_decide_like_those_of_release_2(
    platform: Platform, api: str, given: dict[str, Any]
) -> None:
    one = stall.store("s", serviceSchedules=[DAILY, CLOSED], **given)
    body = {"stores": [one]} if api == "initializeStore" else {"store": one["storeInfo"]}
    assert platform.call(api, {"requestId": "1", **body}).code == "SUCCESS"
    url = f"/storefront/v1/stores/{platform.menu()['store']['id']}"
    open_at = {at: shop(platform, url, quote(f"{at}:00:00+08:00"))["open"] for at in MOMENTS}
    assert open_at == {"2026-11-23T03": False, "2026-11-23T12": True, "2026-11-24T12": False, "2026-11-25T12": True}


def test_a_list_beside_other_schedules_decides(platform: Platform) -> None:
    night = [{"dayOfWeek": "MONDAY", "timePeriods": [{"startTime": "23:00", "endTime": "23:30"}]}]
    one = stall.store("s", serviceSchedules=[DAILY], serviceAvailabilityList=night)
    assert stall.initialize(platform, one).code == "SUCCESS"
    url = f"/storefront/v1/stores/{platform.menu()['store']['id']}"
    assert shop(platform, url, "2026-11-23T12:00:00%2B08:00")["open"] is False
    assert shop(platform, url, "2026-11-23T23:10:00%2B08:00")["open"] is True


@pytest.mark.parametrize("time", ["10:00:\u0663\u0660", "10:00:99", "24:00:59"])
def test_times_that_no_clock_shows_are_refused(platform: Platform, time: str) -> None:
    monday = [{"dayOfWeek": "MONDAY", "timePeriods": [{"startTime": time, "endTime": "22:00"}]}]
    answer = stall.initialize(platform, stall.store("s", serviceAvailabilityList=monday))
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message.endswith(f"serviceAvailabilityList[0].timePeriods[0].startTime: '{time}' is not HH:MM")


def test_a_page_does_not_fail_over_a_schedule_that_can_not_be_read(platform: Platform, url: str) -> None:
    [[doc]] = platform.rows("select doc from store")
    spoilt = bytes(doc).replace(b'"startTime":"08:00+08:00"', b'"startTime":"8 in the morning"')
    assert spoilt != bytes(doc)
    platform.transact(lambda one: one.run("update store set version = version + 1, doc = ?", (spoilt,)))
    assert shop(platform, url, "2026-11-23T12:00:00%2B08:00")["open"] is True
