"""initializeShoppingArea and initializeBrand: what stores may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness import stall

if TYPE_CHECKING:
    from harness.platform import Platform

AREA: dict[str, Any] = {
    "areaId": "A1",
    "name": "Toa Payoh Hawker Centre",
    "address": "Lorong 5",
    "serviceAvailabilityList": [{"dayOfWeek": "MONDAY", "timePeriods": [{"startTime": "08:00", "endTime": "22:00"}]}],
    "location": {"postCode": "310074"},
    "timeZone": "Asia/Singapore",
    "contactPhoneNos": ["61234567"],
    "pickUpAddress": "Gate 2",
}


def test_a_store_can_name_an_area_and_a_brand_once_they_are_fed(platform: Platform) -> None:
    assert platform.call("initializeShoppingArea", {"requestId": "1", "shoppingAreas": [AREA]}).code == "SUCCESS"
    assert (
        platform.call("initializeBrand", {"requestId": "1", "brands": [{"brandId": "B1", "brandName": "Ah Seng"}]}).code
        == "SUCCESS"
    )
    assert stall.initialize(platform, stall.store("s1", areaId="A1", brandId="B1")).code == "SUCCESS"


def test_another_partners_area_can_not_be_named(platform: Platform) -> None:
    platform.add_partner("c2")
    platform.call("initializeShoppingArea", {"requestId": "1", "shoppingAreas": [AREA]}, client_id="c2")
    assert stall.initialize(platform, stall.store("s1", areaId="A1")).code == "PARAM_ILLEGAL"


def test_more_than_fifty_areas_are_refused(platform: Platform) -> None:
    areas = [{**AREA, "areaId": f"A{number}"} for number in range(51)]
    answer = platform.call("initializeShoppingArea", {"requestId": "1", "shoppingAreas": areas})
    assert answer.message == "shoppingAreas: has 51 elements, at most 50 are allowed"


def test_a_wrong_zone_and_time_are_both_counted(platform: Platform) -> None:
    wrong = {
        **AREA,
        "timeZone": "Mars",
        "serviceAvailabilityList": [{"dayOfWeek": "MONDAY", "timePeriods": [{"startTime": "8", "endTime": "9"}]}],
    }
    answer = platform.call("initializeShoppingArea", {"requestId": "1", "shoppingAreas": [wrong]})
    assert answer.message == "shoppingAreas[0].timeZone: 'Mars' is not a time zone (and 2 more)"
