"""Hours, services and closings: set by forms, seen by diners at every boundary, over by themselves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from console.places import boss, built, opened, product, store_id, sync
from dstore.storefront import on_menus
from harness import stall
from harness.person import Person, add_user
from storefront.shops import hours, items, price, read

if TYPE_CHECKING:
    from harness.platform import Platform

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
DINNER = {"SATURDAY": "18:00-02:00", "SUNDAY": "11:00-14:00,17:00-21:00"}


@pytest.fixture
def path(platform: Platform) -> str:
    return opened(platform, [product("tea", "Tea", 450), product("cake", "Cake", 1200)])


def week(**days: str) -> dict[str, str]:
    """Return the fields of a week: MONDAY="9:00-12:00,13:00-18:00"; days that are not named are closed."""
    fields = {"week": "own"}
    for day in DAYS:
        given = [one for one in days.get(day, "").split(",") if one]
        fields[f"{day}-kind"] = ("closed", "open", "split")[len(given)]
        for number, one in enumerate(given, 1):
            fields[f"{day}-from{number}"], fields[f"{day}-to{number}"] = one.split("-")
    return fields


def every_day(times: str) -> dict[str, str]:
    return week(**dict.fromkeys(DAYS, times))


def save(person: Person, path: str, of: str = "", act: str = "save", **fields: Any) -> Person:
    person.open(f"{path}/hours" + (f"?for={of}" if of else ""))
    return person.send("/hours", act=act, **fields)


def at(platform: Platform, moment: str) -> None:
    platform.clock.set(datetime.fromisoformat(f"{moment}+08:00"))


def card(platform: Platform, **query: Any) -> Any:
    return read(platform, store_id(platform), **query)["store"]


def listed(platform: Platform) -> Any:
    """Return the store as the list of stores shows it."""
    [one] = json.loads(platform.get("/storefront/v1/stores").body)["stores"]
    return one


def service(platform: Platform, name: str) -> Any:
    return next(one for one in card(platform)["services"] if one["type"] == name)


def why(platform: Platform, name: str = "PICKUP") -> tuple[str, str]:
    """Return why a service takes no orders, and when it does again."""
    one = service(platform, name)
    return ("", "") if one["available"] else (one["reason"]["code"], one.get("opensAt", ""))


def slots(platform: Platform, name: str = "PICKUP") -> list[str]:
    days = read(platform, store_id(platform), "slots", service=name)["days"]
    return [slot["start"][:16] for day in days for slot in day["slots"]]


def test_a_week_with_a_split_day_and_a_night_is_kept_at_every_boundary(platform: Platform, path: str) -> None:
    save(boss(platform), path, **week(**DINNER))
    found = {}
    for moment in (
        "2026-11-22T01:59:59", "2026-11-22T02:00", "2026-11-22T11:00", "2026-11-22T13:59:59", "2026-11-22T14:00",
        "2026-11-22T17:00", "2026-11-22T21:00", "2026-11-28T18:00", "2026-11-29T00:30",
    ):  # fmt: skip
        at(platform, moment)
        found[moment[8:]] = why(platform)
        document = read(platform, store_id(platform))
        assert document["validUntil"] > document["store"].get("opensAt", "") or not card(platform)["open"]
    sunday, next_week = "2026-11-22", "2026-11-28T18:00:00+08:00"
    assert found == {
        "22T01:59:59": ("", ""),
        "22T02:00": ("OUTSIDE_HOURS", f"{sunday}T11:00:00+08:00"),
        "22T11:00": ("", ""),
        "22T13:59:59": ("", ""),
        "22T14:00": ("OUTSIDE_HOURS", f"{sunday}T17:00:00+08:00"),
        "22T17:00": ("", ""),
        "22T21:00": ("OUTSIDE_HOURS", next_week),
        "28T18:00": ("", ""),
        "29T00:30": ("", ""),
    }


def test_closed_refuses_baskets_and_offers_only_times_that_are_open(platform: Platform, path: str) -> None:
    save(boss(platform), path, **week(**DINNER))
    at(platform, "2026-11-22T14:00")
    status, refusal = price(platform, store_id(platform), {"item": "tea"}, service="PICKUP")
    assert (status, refusal["refusals"][0]["code"]) == (422, "OUTSIDE_HOURS")
    assert slots(platform) == [f"2026-11-22T{hour}:{minute}" for hour in (17, 18, 19, 20) for minute in ("00", "30")]
    later = price(platform, store_id(platform), {"item": "tea"}, service="PICKUP", at="2026-11-22T17:00")
    assert later[0] == 200
    page = platform.get(f"/s/{store_id(platform)}").body.decode()
    assert "Outside the opening hours." in page


def test_a_service_has_the_stores_hours_until_it_has_its_own(platform: Platform, path: str) -> None:
    person = save(boss(platform), path, **every_day("10:00-20:00"))
    save(person, path, "DINEIN", on="1", **every_day("08:00-12:00"))
    found = {}
    for hour in ("07", "08", "10", "12", "20"):
        at(platform, f"2026-11-23T{hour}:00")
        found[hour] = (card(platform)["open"], why(platform, "DINEIN")[0], why(platform, "PICKUP")[0])
    late, early = "OUTSIDE_SERVICE_HOURS", "OUTSIDE_HOURS"
    assert found == {
        "07": (False, late, early),
        "08": (True, "", early),
        "10": (True, "", ""),
        "12": (True, late, ""),
        "20": (False, late, early),
    }
    assert card(platform)["opensAt"] == "2026-11-24T08:00:00+08:00"
    assert price(platform, store_id(platform), {"item": "tea"}, service="DINEIN", at="2026-11-24T08:00")[0] == 200
    assert price(platform, store_id(platform), {"item": "tea"}, service="PICKUP", at="2026-11-24T08:00")[0] == 422
    save(boss(platform), path, "DINEIN", on="1", week="as-store")
    at(platform, "2026-11-23T19:59")
    assert why(platform, "DINEIN") == ("", "")


def test_a_service_that_is_off_is_not_offered_and_delivery_can_be_switched_on(platform: Platform, path: str) -> None:
    assert [one["type"] for one in card(platform)["services"]] == ["PICKUP", "DINEIN"]
    person = save(boss(platform), path, "DINEIN", week="as-store", on=None)
    assert [one["type"] for one in card(platform)["services"]] == ["PICKUP"]
    assert (
        price(platform, store_id(platform), {"item": "tea"}, service="DINEIN")[1]["refusals"][0]["code"]
        == "NOT_OFFERED"
    )
    tier = {
        "start-0": "0",
        "end-0": "3",
        "fee-0": "4",
        "minimum-0": "10",
        "kind-0": "REDUCE",
        "threshold-0": "30",
        "value-0": "1.50",
    }
    far = {"start-1": "3", "end-1": "5.5", "fee-1": "6.90", "kind-1": "EXEMPTION", "threshold-1": "60"}
    save(person, path, "DELIVERY", on="1", week="as-store", **tier, **far)
    near = read(platform, store_id(platform), "delivery-quote", distance=2999, amount=3000)
    assert (near["available"], near["total"], near["minimum"]["amount"]) == (True, 250, 1000)
    assert read(platform, store_id(platform), "delivery-quote", distance=3000, amount=5999)["total"] == 690
    assert read(platform, store_id(platform), "delivery-quote", distance=5499, amount=6000)["total"] == 0
    assert (
        read(platform, store_id(platform), "delivery-quote", distance=5500, amount=6000)["reason"]["code"] == "TOO_FAR"
    )
    for wrong in (
        {"end-0": "0"},
        {"end-0": "1e999999"},
        {"fee-0": ""},
        {"fee-1": "inf"},
        {"kind-0": "GIFT"},
        {"threshold-0": ""},
    ):
        save(person, path, "DELIVERY", **wrong)
        assert "Saved" not in person.words, wrong
    form = person.open(f"{path}/hours?for=DELIVERY").forms("/hours")[0].fields
    assert {name: form[name] for name in tier} == {
        **tier,
        "fee-0": "4.00",
        "minimum-0": "10.00",
        "threshold-0": "30.00",
    }


def test_pickup_has_steps_days_a_time_to_prepare_and_a_least_amount(platform: Platform, path: str) -> None:
    person = save(boss(platform), path, **every_day("11:15-14:00"))
    save(person, path, "PICKUP", on="1", week="as-store", step="45", days="2", prepare="40", minimum="10.00")
    at(platform, "2026-11-22T12:10")
    assert slots(platform) == [
        "2026-11-22T13:15",
        "2026-11-23T11:45", "2026-11-23T12:30", "2026-11-23T13:15",
    ]  # fmt: skip
    assert service(platform, "PICKUP")["minimum"]["amount"] == 1000
    status, answer = price(platform, store_id(platform), {"item": "tea"}, service="PICKUP")
    assert (status, answer["missing"]) == (200, 550)
    for wrong in (
        {"step": "0"},
        {"days": "31"},
        {"prepare": "-1"},
        {"minimum": "1.005"},
        {"minimum": "ten"},
        {"minimum": "NaN"},
        {"minimum": "1e999999"},
        {"minimum": "-1"},
    ):
        save(person, path, "PICKUP", **wrong)
        assert "Write" in person.words, wrong
    assert service(platform, "PICKUP")["minimum"]["amount"] == 1000


def test_times_of_a_night_belong_to_the_evening_it_begins_on(platform: Platform, path: str) -> None:
    person = save(boss(platform), path, **every_day("22:00-01:00"))
    save(person, path, "PICKUP", on="1", week="as-store", step="60", days="1", prepare="0", minimum="")
    at(platform, "2026-11-22T22:30")
    assert slots(platform) == ["2026-11-22T23:00", "2026-11-23T00:00"]


def test_dining_in_may_need_a_table_number(platform: Platform, path: str) -> None:
    save(boss(platform), path, "DINEIN", on="1", week="as-store", table="1", serving="SERVE_TO_TABLE")
    one = service(platform, "DINEIN")
    assert (one["tableNumberRequired"], one["serving"]) == (True, "SERVE_TO_TABLE")


def test_a_closing_ends_by_itself_and_opens_no_till_that_is_closed(platform: Platform, path: str) -> None:
    at(platform, "2026-11-22T12:00")
    person = boss(platform).open(f"{path}/hours")
    person.send("/hours/close", until="30m", reason="busy")
    assert why(platform) == ("STORE_PAUSED", "2026-11-22T12:30:00+08:00")
    assert read(platform, store_id(platform))["validUntil"] == "2026-11-22T12:30:00+08:00"
    assert (
        price(platform, store_id(platform), {"item": "tea"}, service="PICKUP")[1]["refusals"][0]["code"]
        == "STORE_PAUSED"
    )
    assert slots(platform)[0] == "2026-11-22T12:30"
    assert '"open":false' in platform.get("/storefront/v1/stores").body.decode()
    times = {"closingEndTimes": {"defaultClosingEndTime": "2026-11-22T13:00:00+08:00"}}
    shut = {"posStoreId": "s", "status": "CLOSED", "extendInfo": times}
    answer = platform.call("syncStore", {"posAccountId": "a", "requestId": "shut", "store": shut})
    assert answer.code == "SUCCESS", answer.message
    assert why(platform) == ("STORE_CLOSED", "2026-11-22T13:00:00+08:00")
    words = person.open(f"{path}/hours").words
    assert "The POS closed the store; only the POS can open it." in words
    assert "Too busy" in words
    person.send("/hours/open")
    assert why(platform) == ("STORE_CLOSED", "2026-11-22T13:00:00+08:00")
    at(platform, "2026-11-22T13:00")
    assert why(platform) == ("", "")


def test_a_till_that_closes_until_the_end_of_the_calendar_is_closed_without_an_end(
    platform: Platform, path: str
) -> None:
    times = {"closingEndTimes": {"defaultClosingEndTime": "9999-12-31T23:59:59Z"}}
    shut = {"posStoreId": "s", "status": "CLOSED", "extendInfo": times}
    answer = platform.call("syncStore", {"posAccountId": "a", "requestId": "shut", "store": shut})
    assert answer.code == "SUCCESS", answer.message
    words = boss(platform).open(f"{path}/hours").words
    assert "without an end" in words
    assert "The POS closed the store; only the POS can open it." in words


def test_a_closing_without_an_end_waits_for_somebody_and_can_be_undone(platform: Platform, path: str) -> None:
    person = boss(platform).open(f"{path}/hours")
    person.send("/hours/close", until="open", reason="event")
    assert why(platform) == ("STORE_PAUSED", "")
    person.send("/hours/undo")
    assert why(platform) == ("", "")
    person.open(f"{path}/hours").send("/hours/close", until="time", at="2026-11-22T15:45", reason="event")
    assert why(platform)[1] == "2026-11-22T15:45:00+08:00"
    at(platform, "2026-11-22T15:45")
    assert why(platform) == ("", "")


def test_a_holiday_holds_for_the_store_and_its_services_and_for_the_night_that_belongs_to_it(
    platform: Platform, path: str
) -> None:
    person = save(boss(platform), path, **every_day("18:00-02:00"))
    save(person, path, "DINEIN", on="1", **every_day("12:00-23:00"))
    person.open(f"{path}/hours")
    person.send("/hours/dates", date="2026-12-25", name="Christmas", **{"holiday-kind": "closed"})
    times = {"holiday-kind": "open", "holiday-from1": "20:00", "holiday-to1": "22:00"}
    person.open(f"{path}/hours").send("/hours/dates", date="2026-12-31", name="", **times)
    found = {}
    for moment in (
        "2026-12-25T01:00", "2026-12-25T02:00", "2026-12-25T18:00", "2026-12-26T01:00", "2026-12-26T18:00",
        "2026-12-31T01:59", "2026-12-31T19:59", "2026-12-31T20:00", "2026-12-31T22:00", "2027-01-01T01:00", "2027-01-01T18:00",
    ):  # fmt: skip
        at(platform, moment)
        found[moment[5:]] = (why(platform)[0] == "", why(platform, "DINEIN")[0] == "")
    assert found == {
        "12-25T01:00": (True, False),
        "12-25T02:00": (False, False),
        "12-25T18:00": (False, False),
        "12-26T01:00": (False, False),
        "12-26T18:00": (True, True),
        "12-31T01:59": (True, False),
        "12-31T19:59": (False, False),
        "12-31T20:00": (True, True),
        "12-31T22:00": (False, False),
        "01-01T01:00": (False, False),
        "01-01T18:00": (True, True),
    }
    at(platform, "2026-12-24T12:00")
    person = boss(platform).open(f"{path}/hours")
    assert "Christmas" in person.words
    person.send("/hours/dates/remove", date="2026-12-25")
    at(platform, "2026-12-25T18:00")
    assert why(platform) == ("", "")


def test_the_day_ends_with_the_next_business_days_opening(platform: Platform, path: str) -> None:
    save(boss(platform), path, **week(MONDAY="11:00-14:00,17:00-22:00", TUESDAY="18:00-06:00", FRIDAY="04:00-12:00"))
    found = {}
    for moment in ("2026-11-23T12:00", "2026-11-23T23:00", "2026-11-25T01:00", "2026-11-27T05:00"):
        at(platform, moment)
        boss(platform).open(f"{path}/hours").send("/hours/close", until="day", reason="staff")
        found[moment[8:]] = service(platform, "PICKUP")["opensAt"][8:16]
        boss(platform).open(f"{path}/hours").send("/hours/open")
    # Monday's noon and night end on Tuesday at six; Tuesday's night on Friday at four; Friday's on Monday at eleven.
    assert found == {"23T12:00": "24T18:00", "23T23:00": "24T18:00", "25T01:00": "27T04:00", "27T05:00": "30T11:00"}


def test_a_day_is_copied_to_all_days_and_the_stores_hours_to_every_service(platform: Platform, path: str) -> None:
    person = save(
        boss(platform), path, act="copy:TUESDAY", **week(TUESDAY="09:00-12:00,13:00-18:00", SUNDAY="10:00-11:00")
    )
    form = person.open(f"{path}/hours").forms("/hours")[0].fields
    assert {form[f"{day}-kind"] for day in DAYS} == {"split"}
    assert {form[f"{day}-to2"] for day in DAYS} == {"18:00"}
    person.send("/hours/services")
    save(person, path, **every_day("00:00-00:00"))
    at(platform, "2026-11-22T12:30")
    assert [why(platform, name)[0] for name in ("PICKUP", "DINEIN")] == ["OUTSIDE_SERVICE_HOURS"] * 2
    person = boss(platform)
    save(person, path, week="as-store")
    assert card(platform)["open"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"MONDAY-kind": "open", "MONDAY-from1": "9", "MONDAY-to1": "10:00"},
        {"MONDAY-kind": "split", "MONDAY-from1": "09:00", "MONDAY-to1": "13:00", "MONDAY-from2": "12:00", "MONDAY-to2": "18:00"},
        {"MONDAY-kind": "split", "MONDAY-from1": "09:00", "MONDAY-to1": "13:00", "MONDAY-from2": "18:00", "MONDAY-to2": "10:00"},
        {"MONDAY-kind": "sometimes"},
    ],
)  # fmt: skip
def test_hours_that_can_not_be_change_nothing(platform: Platform, path: str, wrong: Any) -> None:
    person = save(boss(platform), path, **{**week(), **wrong})
    assert "period" in person.words
    assert platform.rows("select count(*) from merchant_settings") == [(0,)]


def test_a_service_without_anything_on_its_menu_takes_no_orders(platform: Platform, path: str) -> None:
    built(boss(platform), path, "tea")
    assert why(platform) == ("", "")
    person = boss(platform).open(f"{path}/menu")
    person.send("/menu", act="add-menu::DINEIN")
    person.open(f"{path}/menu?service=DINEIN").send("/menu", act="remove-category", category="c1", service="DINEIN")
    person.open(f"{path}/menu/publish").send("/menu/publish", note="")
    assert [why(platform, name)[0] for name in ("PICKUP", "DINEIN")] == ["", "NO_MENU"]
    assert listed(platform) == card(platform)


def test_menus_of_what_the_till_sends_no_more_are_no_menus_in_the_list_of_stores_either(
    platform: Platform, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_menus, "AT_ONCE", 1)
    tea, cake = product("tea", "Tea"), product("cake", "Cake")
    sync(platform, [tea, cake, product("pie", "Pie")], request_id="all")
    built(boss(platform), path, "pie", "cake")
    sync(platform, [tea, cake], request_id="the last is left")
    assert [one["available"] for one in listed(platform)["services"]] == [True, True]
    assert "Dine in" in platform.get("/s", accept_language="en").body.decode()
    sync(platform, [tea], request_id="none is left")
    assert [one["reason"]["code"] for one in listed(platform)["services"]] == ["NO_MENU", "NO_MENU"]
    assert listed(platform) == card(platform)
    assert "Dine in" not in platform.get("/s", accept_language="en").body.decode()


def test_hours_that_a_partner_feeds_are_shown_and_only_a_closing_comes_on_top(platform: Platform) -> None:
    given = {"serviceAvailabilityList": hours("09:00", "17:00")}
    stall.initialize(platform, stall.store("s", stall.menu("m", stall.category("c", stall.item("rice"))), **given))
    add_user(platform, "boss", "owner", store=store_id(platform))
    path = f"/console/stores/{store_id(platform)}"
    at(platform, "2026-11-22T12:00")
    person = boss(platform).open(f"{path}/hours")
    assert "Only the partner can change these" in person.words
    assert person.forms("/hours") == []
    token = person.forms("/hours/close")[0].fields["csrf"]
    assert person.post(f"{path}/hours", {"csrf": token, "week": "as-store"}).status == 404
    person.open(f"{path}/hours").send("/hours/close", until="day", reason="kitchen")
    assert why(platform) == ("STORE_PAUSED", "2026-11-23T09:00:00+08:00")
    at(platform, "2026-11-23T09:00")
    assert why(platform) == ("", "")
    assert items(read(platform, store_id(platform)))["rice"]["available"]
