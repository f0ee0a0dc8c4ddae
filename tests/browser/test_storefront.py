"""The storefront in a real browser: a diner's way from the list of stores to a quote, on a phone and at a desk."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from browser.visitor import Visitor
from dstore.storage.opening import open_database
from harness.bistro import bistro

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

    from browser.visitor import Shops

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#7a5"/></svg>'
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def lantern(shops: Shops) -> str:
    """The public id of a bistro with pictures and three ways of ordering."""
    assert shops.call("initializeStore", bistro()).code == "SUCCESS"
    database = open_database(shops.url)
    [[public_id]] = database.read_now(lambda reading: reading.rows("select public_id from store where ref = 'bistro'"))
    database.close()
    return str(public_id)


@contextmanager
def diner(shops: Shops, browser: Browser, **context: Any) -> Iterator[Visitor]:
    """Yield somebody whose browser gets the shops' pictures without leaving this machine."""

    def paint(route: Route) -> None:
        route.fulfill(body=PICTURE, content_type="image/svg+xml")

    with Visitor(shops, browser, locale="en-SG", **context) as one:
        one.page.context.route("https://pictures.example/**", paint)
        yield one


def opened(page: Page, dish: str) -> None:
    page.locator(".section").get_by_role("link", name=dish).first.click()
    page.get_by_role("dialog").get_by_role("heading", name=dish).wait_for()


def added(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    page.locator("#sheet:not([open])").wait_for(state="attached")
    # The sheet's own address is left, too: another page asked for meanwhile would be given up for that.
    page.wait_for_function("() => !history.state?.sheet")


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.value || document.activeElement.textContent.trim()")


def choose_bowls(page: Page) -> None:
    opened(page, "Garden bowl")
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Choose 1 more: Sauce").click()
    assert focused(page) == "sesame"
    sheet.get_by_label("Sesame").check()
    sheet.get_by_label("Kimchi").check()
    sheet.get_by_role("button", name="Choose 1 more: How hot").click()
    sheet.get_by_label("Fierce").check()
    sheet.get_by_role("button", name="More: Onsen egg").click()
    page.wait_for_function("() => document.querySelector('form[data-item]').dataset.priced === '1460'")
    with page.expect_response("**/price?**") as asked:
        sheet.get_by_role("button", name="More: Garden bowl").click()
    assert asked.value.json()["total"] == 2 * (1190 + 120 + 150)
    sheet.get_by_role("button", name="Add SGD 29.20").wait_for()
    added(page)

    opened(page, "Salmon poke bowl")
    sheet.get_by_label("Large").check()
    assert sheet.locator(".value.off").inner_text() == "Soba"
    sheet.get_by_label("Brown rice").check()
    added(page)


def change_basket(page: Page) -> None:
    lines = page.locator("[data-line]")
    lines.nth(1).wait_for()
    lines.nth(1).get_by_role("button", name="More: Salmon").click()
    page.get_by_text("SGD 65.00").last.wait_for()
    lines.nth(0).get_by_role("button", name="Remove").click()
    page.locator("[data-line]").nth(1).wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    lines.nth(1).wait_for()
    page.get_by_label("Note to the store").fill("No sesame seeds, please")
    lines.nth(0).get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Save changes").wait_for()
    assert page.get_by_label("Fierce").is_checked()
    page.get_by_label("Yuzu").check()
    page.get_by_role("button", name="Save changes").click()
    page.get_by_text("SGD 66.00").last.wait_for()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_diner_finds_a_store_chooses_and_gets_a_quote(
    shops: Shops, browser: Browser, lantern: str, size: dict[str, int]
) -> None:
    with diner(shops, browser, **size) as visitor:
        page = visitor.open("/s")
        page.get_by_label("Search stores").fill("bowls")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Lantern Bistro").click()
        page.get_by_text("Fresh yuzu is back.").wait_for()
        page = visitor.open(f"/s/{lantern}?table=12")
        page.get_by_label("Search the menu").fill("salmon")
        assert page.locator(".section .dish:visible").count() == 1
        page.get_by_label("Search the menu").fill("")

        choose_bowls(page)
        if size is PHONE:
            page.get_by_role("link", name="View basket").click()
            page.wait_for_url("**/basket?**")
        change_basket(page)
        page.get_by_role("button", name="See the quote").click()
        page.get_by_role("heading", name="Your quote").wait_for()
        shown = page.locator("main").inner_text().replace("\u00a0", " ")
        for text in ("Everything is available", "SGD 66.00", "Dine in", "No sesame seeds", "Ordering opens soon."):
            assert text in shown
        assert page.locator("dd", has_text="12").count() == 1
        assert visitor.overflow() == 0


def test_everything_can_be_done_by_keyboard_alone(shops: Shops, browser: Browser) -> None:
    with diner(shops, browser, **DESK) as visitor:
        page = visitor.open(f"/s/{shops.ids['coffee']}")
        page.get_by_role("link", name="Kopi").last.focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("heading", name="Kopi").wait_for()
        assert page.evaluate("document.getElementById('sheet').contains(document.activeElement)")
        for key in ("Tab", "Space", "ArrowDown"):
            page.keyboard.press(key)
        assert focused(page) == "cold"
        page.keyboard.press("Tab")
        assert focused(page) == "less-ice"
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.locator("#sheet:not([open])").wait_for(state="attached")
        assert focused(page).startswith("Kopi")
        page.locator(".panel [data-line]", has_text="Less ice").wait_for()
        # Escape and the browser's way back both close a sheet, and leave the menu where it was.
        menu = page.url
        for way in (lambda: page.keyboard.press("Escape"), page.go_back):
            page.keyboard.press("Enter")
            page.get_by_role("dialog").get_by_role("heading", name="Kopi").wait_for()
            assert "/item?" in page.url
            way()
            page.wait_for_url(menu)
            page.locator("#sheet:not([open])").wait_for(state="attached")


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)], ids=["light", "dark"])
def test_axe_finds_no_serious_fault(
    shops: Shops, browser: Browser, lantern: str, scheme: str, size: dict[str, int]
) -> None:
    with diner(shops, browser, color_scheme=scheme, **size) as visitor:
        page = visitor.open("/s")
        faults = visitor.faults()
        visitor.open(f"/s/{lantern}?table=12")
        faults += visitor.faults()
        opened(page, "Garden bowl")
        page.get_by_label("Sesame").check()
        page.get_by_label("Kimchi").check()
        page.wait_for_timeout(250)  # the sheet has come in
        faults += visitor.faults()
        page.get_by_label("Mild").check()
        added(page)
        for address in (f"/s/{lantern}/basket?service=PICKUP", f"/s/{shops.ids['ah-seng']}/times"):
            visitor.open(address)
            page.locator("[data-line], .times h1").first.wait_for()
            faults += visitor.faults()
        visitor.open(f"/s/{lantern}/quote?item=tea&quantity=1")
        faults += visitor.faults()
        assert faults == []


@pytest.mark.parametrize("width", [320, 1280])
def test_hostile_names_neither_run_nor_break_the_layout(shops: Shops, browser: Browser, width: int) -> None:
    with diner(shops, browser, width=width, height=700) as visitor:
        page = visitor.open(f"/s/{shops.ids['hostile']}")
        wide = [visitor.overflow()]
        dishes = page.locator(".dish a")
        for index in (1, 5):
            dishes.nth(index).click()
            sheet = page.get_by_role("dialog")
            sheet.get_by_role("heading").wait_for()
            sheet.get_by_role("checkbox").nth(5).check()
            wide += [visitor.overflow(), sheet.evaluate("one => one.scrollWidth - one.clientWidth")]
            added(page)
        visitor.open(f"/s/{shops.ids['hostile']}/basket")
        page.locator("[data-line]").nth(1).wait_for()
        wide.append(visitor.overflow())
        assert wide == [0] * len(wide)
        assert page.evaluate("window.hacked") is None


def test_a_table_is_kept_until_it_is_left_and_a_language_is_kept_by_links(
    shops: Shops, browser: Browser, lantern: str
) -> None:
    with diner(shops, browser, **PHONE) as visitor:
        visitor.open(f"/s/{lantern}?table=Terrace+3")
        page = visitor.open(f"/s/{lantern}")
        page.wait_for_url("**table=Terrace**")
        page.get_by_role("link", name="Leave the table").click()
        page.wait_for_url("**table=")
        assert page.get_by_text("Terrace 3").count() == 0
        page.locator("summary[aria-label=Language]").click()
        page.get_by_role("link", name="中文").click()
        page.get_by_role("heading", name="灯笼小馆").wait_for()
        page.locator(".section").get_by_role("link", name="焙茶").click()
        page.get_by_role("dialog").get_by_role("button", name="加入").click()
        page.get_by_role("link", name="查看购物篮").click()
        page.get_by_role("heading", name="购物篮", exact=True).wait_for()
        assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_pictures_that_can_not_be_loaded_leave_a_menu_without_pictures(
    shops: Shops, browser: Browser, lantern: str
) -> None:
    with diner(shops, browser, **PHONE) as visitor:
        visitor.page.context.route("https://pictures.example/**", lambda route: route.fulfill(status=404))
        page = visitor.open(f"/s/{lantern}")
        page.wait_for_function("document.querySelectorAll('.hero img, .banner').length === 0")
        assert {one.partition(" the server")[0] for one in visitor.complaints} == {"error: Failed to load resource:"}
        visitor.complaints.clear()
        assert page.get_by_role("heading", name="Lantern Bistro").is_visible()


def test_without_script_one_dish_is_priced_by_its_form(shops: Shops, browser: Browser, lantern: str) -> None:
    with diner(shops, browser, java_script_enabled=False, **PHONE) as visitor:
        page = visitor.open(f"/s/{lantern}?service=PICKUP")
        page.locator(".section").get_by_role("link", name="Garden bowl").click()
        page.get_by_label("Chilli").check()
        page.get_by_label("Kimchi").check()
        page.get_by_role("button", name="Show further choices").click()
        page.get_by_label("Mild").check()
        page.get_by_role("button", name="Show the price").click()
        shown = page.locator("main").inner_text().replace("\u00a0", " ")
        assert "Everything is available at these prices." in shown
        assert "SGD 13.50" in shown


def test_a_dish_is_not_added_before_its_script_is_there_and_priced_if_that_never_comes(
    shops: Shops, browser: Browser, lantern: str
) -> None:
    """Pressed too early, the button led to the page for those without script, and the choice was lost."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    with diner(shops, browser, **PHONE) as visitor:
        page = visitor.open(f"/s/{lantern}")
        address = page.locator(".section").get_by_role("link", name="Roasted tea").first.get_attribute("href")
        page.context.route("**/form.js", hold)
        page.goto(f"{shops.origin}{address}", wait_until="commit")
        button = page.get_by_role("button", name="Add")
        button.wait_for()
        assert button.evaluate("(one) => getComputedStyle(one).pointerEvents") == "none"
        page.context.unroute("**/form.js")
        held.pop().continue_()
        button.click()
        page.get_by_role("link", name="View basket").wait_for()
        assert page.locator("[data-basket-bar] [data-pieces]").inner_text() == "1"

        page.context.route("**/form.js", lambda route: route.abort())
        page.goto(f"{shops.origin}{address}")
        button.click()
        page.wait_for_url("**/quote?**")
        visitor.complaints.clear()


def test_a_menu_of_a_thousand_items_is_light_on_the_wire(shops: Shops, browser: Browser) -> None:
    """How soon it is ready on a slow phone is for `python -m bench.pages` to say."""
    with diner(shops, browser, **PHONE) as visitor:
        page = visitor.open(f"/s/{shops.ids['big']}")
        page.wait_for_load_state("networkidle")
        assert page.locator(".dish").count() > 900
        sent = page.evaluate(
            "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".filter((one) => one.initiatorType !== 'img').map((one) => [one.name, one.transferSize])"
        )
        assert len(sent) > 4
        assert sum(size for _, size in sent) <= 150 * 1024, sent
