"""The whole loop: a POS syncs, its merchant publishes a menu, a diner fills a basket; then something is sold out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from browser.visitor import Visitor
from dstore.sandbox import seeds
from dstore.storage.opening import open_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from browser.visitor import Shops

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


def product(kind: str, name: str, title: str, price: int | None = None, **more: Any) -> dict[str, Any]:
    own = {"posProductId": name, "type": kind, "status": "AVAILABLE", "name": title, **more}
    return own if price is None else {**own, "price": {"currency": "SGD", "value": price}}


def send(shops: Shops, number: int, products: list[dict[str, Any]]) -> None:
    """Call the platform as a POS does: signed, over HTTP."""
    body = {
        "requestId": f"loop-{number}",
        "posAccountId": seeds.ACCOUNT,
        "store": {"posStoreId": "loop", "name": "Laksa Lane"},
        "products": products,
    }
    answer = shops.call("syncProduct", body)
    assert answer.code == "SUCCESS", answer.message


def catalogue() -> list[dict[str, Any]]:
    return [
        product("SINGLE", "laksa", "Katong laksa", 780, subProducts=["heat", "extras"]),
        product("GROUP", "heat", "How hot", quantityRule={"min": 1, "max": 1}, subProducts=["mild", "hot"]),
        product("MODIFIER", "mild", "Mild", 0),
        product("MODIFIER", "hot", "Hot", 0),
        product("GROUP", "extras", "Extras", quantityRule={"min": 0, "max": 2}, subProducts=["egg", "cockles"]),
        product("MODIFIER", "egg", "Egg", 120),
        product("MODIFIER", "cockles", "Cockles", 250),
        product("SINGLE", "tea", "Barley tea", 220),
    ]


def publish_menu(page: Page, origin: str, path: str) -> None:
    page.goto(f"{origin}{path}/menu")
    page.get_by_label("Name of the new category").fill("Noodles")
    page.keyboard.press("Enter")
    page.locator("#category-heading", has_text="Noodles").wait_for()
    page.get_by_role("checkbox", name="Katong laksa").check()
    page.get_by_role("button", name="Add to the category").click()
    page.locator(".placed .things > li").first.wait_for()
    page.get_by_role("link", name="Preview").click()
    preview = page.frame_locator("iframe.device")
    preview.get_by_role("heading", name="Noodles").wait_for()
    assert preview.get_by_text("Barley tea").count() == 0
    page.get_by_role("link", name="Review and publish").click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_text("Version 1 is what diners see now").wait_for()


def order_laksa(page: Page) -> None:
    """Choose two bowls and go to the basket."""
    page.locator(".section").get_by_role("link", name="Katong laksa").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Choose 1 more: How hot").click()
    sheet.get_by_label("Hot", exact=True).check()
    sheet.get_by_label("Cockles").check()
    sheet.get_by_role("button", name="More: Katong laksa").click()
    sheet.get_by_role("button", name="Add SGD 20.60").click()
    page.locator("#sheet:not([open])").wait_for(state="attached")


def quoted(page: Page) -> str:
    page.get_by_role("button", name="See the quote").click()
    page.get_by_role("heading", name="Your quote").wait_for()
    return page.locator("main").inner_text().replace("\u00a0", " ")


def test_from_a_sync_to_a_quote_and_to_one_that_is_refused(shops: Shops, browser: Browser) -> None:
    send(shops, 0, catalogue())
    database = open_database(shops.url)
    [[public_id]] = database.read_now(lambda reading: reading.rows("select public_id from store where ref = 'loop'"))
    database.close()

    with Visitor(shops, browser) as merchant:
        page = merchant.sign_in()
        page.get_by_role("link", name="Laksa Lane").first.click()
        page.wait_for_url(f"**/console/stores/{public_id}")
        publish_menu(page, shops.origin, f"/console/stores/{public_id}")

    for number, size in enumerate(SIZES.values()):
        send(shops, 10 + number, [{"posProductId": "cockles", "status": "AVAILABLE"}])
        with Visitor(shops, browser, locale="en-SG", **size) as diner:
            page = diner.open(f"/s/{public_id}?table=7")
            assert page.get_by_text("Barley tea").count() == 0
            order_laksa(page)
            diner.open(f"/s/{public_id}/basket?table=7")
            page.locator("[data-line]").wait_for()
            fine = quoted(page)
            assert "Everything is available at these prices." in fine
            assert "SGD 20.60" in fine
            assert "Cockles" in fine

            # The diner still looks at the basket when the till runs out of cockles.
            page.go_back()
            page.locator("[data-line]").wait_for()
            send(shops, 20 + number, [{"posProductId": "cockles", "status": "SOLDOUT"}])
            refused = quoted(page)
            assert "This can not be ordered as it is." in refused
            assert "Cockles" in refused
            assert "Sold out." in refused
            assert diner.overflow() == 0
