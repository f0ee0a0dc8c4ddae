"""During service, in a browser: counting down, choosing by keyboard, copying a day, typing that is not lost."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browser.visitor import Visitor

PAGES = (
    "/sold-out", "/sold-out?filter=mine", "/hours", "/hours?for=PICKUP", "/hours?for=DINEIN", "/hours?for=DELIVERY",
    "/details", "/tables", "/tables/sheet",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def menu(visitor: Visitor, ref: str) -> Any:
    return json.loads(visitor.shops.get(f"/storefront/v1/stores/{visitor.shops.ids[ref]}/menu").body)


def on_sale(visitor: Visitor, ref: str) -> dict[str, bool]:
    menus = menu(visitor, ref)["menus"]
    return {
        item["name"]: item["available"] for one in menus for category in one["categories"] for item in category["items"]
    }


def seconds(text: str) -> int:
    minutes, rest = text.split(":")
    return int(minutes) * 60 + int(rest)


def choose_by_arrow(page: Page, label: str) -> None:
    page.get_by_role("radio", name="30 minutes").focus()
    for _ in range(4):
        if page.get_by_role("radio", name=label).is_checked():
            return
        page.keyboard.press("ArrowRight")
    pytest.fail(f"the arrow keys never came to {label}")


def test_a_mark_counts_down_and_is_undone_by_keyboard(visitor: Visitor) -> None:
    page = visitor.sign_in()
    page.clock.install()
    visitor.open(visitor.store("coffee") + "/sold-out?q=kopi")
    page.get_by_role("button", name="Mark Kopi sold out").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Kopi is sold out").wait_for()
    assert on_sale(visitor, "coffee")["Kopi"] is False
    clock = page.locator("time[data-left]")
    before = seconds(clock.inner_text())
    assert 1700 < before <= 1800
    page.get_by_role("button", name="Undo").focus()
    page.clock.run_for(65_000)
    assert 60 <= before - seconds(clock.inner_text()) <= 90
    page.keyboard.press("Enter")
    page.get_by_text("Undone").wait_for()
    assert on_sale(visitor, "coffee")["Kopi"] is True


def test_several_are_marked_until_somebody_says_so_with_keys_alone(visitor: Visitor) -> None:
    page = visitor.sign_in()
    visitor.open(visitor.store("coffee") + "/sold-out?kind=product")
    both = page.get_by_role("button", name="Mark the chosen sold out")
    assert not both.is_visible()
    choose_by_arrow(page, "Until I say")
    for name in ("Kopi", "Teh tarik"):
        page.get_by_role("checkbox", name=f"Choose {name}").focus()
        page.keyboard.press("Space")
    assert page.get_by_text("2 chosen").is_visible()
    both.focus()
    page.keyboard.press("Enter")
    page.get_by_text("2 things are sold out").wait_for()
    assert [on_sale(visitor, "coffee")[name] for name in ("Kopi", "Teh tarik")] == [False, False]
    for name in ("Kopi", "Teh tarik"):
        page.get_by_role("button", name=f"Put {name} back on sale").click()
        page.get_by_text(f"{name} is back on sale").wait_for()
    assert [on_sale(visitor, "coffee")[name] for name in ("Kopi", "Teh tarik")] == [True, True]


def test_a_days_hours_are_copied_to_all_days_in_place_and_nothing_typed_is_lost(visitor: Visitor) -> None:
    page = visitor.sign_in()
    visitor.open(visitor.store("burger") + "/hours")
    page.locator("label", has_text="By the week").click()
    page.get_by_label("Tuesday: open or closed").select_option("split")
    page.get_by_label("Tuesday, from").first.fill("09:30")
    page.get_by_label("Tuesday, to").first.fill("18:00")
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("The second period must begin after the first one ends").wait_for()
    assert page.get_by_label("Tuesday, from").first.input_value() == "09:30"
    page.get_by_label("Tuesday, to").first.fill("13:00")
    page.get_by_role("button", name="Copy the hours of Tuesday to all days").focus()
    page.keyboard.press("Enter")
    assert [page.get_by_label(f"{day}, to").first.input_value() for day in DAYS] == ["13:00"] * 7
    assert page.get_by_label("Sunday, from").nth(1).is_visible()
    assert page.get_by_text("Not saved yet").is_visible()
    assert menu(visitor, "burger")["store"]["open"]
    page.get_by_role("button", name="Save").last.click()
    page.get_by_text("Saved: it holds from now on").wait_for()
    assert "validUntil" in menu(visitor, "burger")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone").wait_for()
    assert "validUntil" not in menu(visitor, "burger")


def test_a_store_is_closed_for_half_an_hour_on_a_phone_and_opened_again(phone: Visitor) -> None:
    page = phone.sign_in()
    phone.open(phone.store("burger") + "/hours")
    page.get_by_role("button", name="Close the store").click()
    page.get_by_text("You closed the store").wait_for()
    assert re.fullmatch(r"(29|30):\d\d", page.locator("time[data-left]").first.inner_text())
    assert not menu(phone, "burger")["store"]["open"]
    page.get_by_role("button", name="Open again now").click()
    page.get_by_text("Your closing is over").wait_for()
    assert menu(phone, "burger")["store"]["open"]


@pytest.mark.parametrize(
    ("who", "ref"), [("phone", "hostile"), pytest.param("visitor", "coffee", marks=pytest.mark.full)]
)
def test_axe_finds_no_serious_fault_and_nothing_is_wider_than_the_window(
    request: pytest.FixtureRequest, who: str, ref: str
) -> None:
    one: Visitor = request.getfixturevalue(who)
    page = one.sign_in()
    one.open(one.store(ref) + "/tables")
    page.get_by_label("New table, or a range").fill("1-3")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("3 tables added").wait_for()
    found = {}
    for path in PAGES:
        one.open(one.store(ref) + path)
        found[path] = (one.faults(), one.overflow())
    assert {path: result for path, result in found.items() if result != ([], 0)} == {}
    assert page.evaluate("window.hacked") is None
