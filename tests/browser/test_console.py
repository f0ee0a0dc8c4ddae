"""The Console in a real browser: from a sync to a published menu by mouse and by keyboard, at a desk and on a phone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from browser.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from browser.visitor import Shops

STORE_PAGES = ("", "/products", "/product?id={product}", "/menu", "/menu/publish", "/menu/preview")


def placed(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".placed .things > li a bdi").all_inner_texts()]


def add_category(page: Page, name: str) -> None:
    page.get_by_label("Name of the new category").fill(name)
    page.keyboard.press("Enter")
    page.locator("#category-heading", has_text=name).wait_for()


def shown(visitor: Visitor, ref: str) -> dict[str, list[str]]:
    body = visitor.shops.get(f"/storefront/v1/stores/{visitor.shops.ids[ref]}/menu").body
    return {
        category["title"]: [item["name"] for item in category["items"]]
        for menu in json.loads(body)["menus"] for category in menu["categories"]
    }  # fmt: skip


def test_products_become_a_published_menu_by_mouse_and_keyboard(visitor: Visitor) -> None:
    page = visitor.sign_in()
    visitor.open(visitor.store("burger") + "/menu")
    add_category(page, "Burgers")
    for name in ("Chicken burger", "Double cheese burger", "Burger set meal"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Add to the category").click()
    page.locator(".placed .things > li").nth(2).wait_for()
    before = placed(page)

    # By mouse: the last row is dragged above the first.
    subject = page.locator(".placed .handle").nth(2).get_attribute("data-subject")
    last = page.locator(".placed .handle").nth(2).bounding_box()
    first = page.locator(".placed .things > li").first.bounding_box()
    assert last
    assert first
    page.mouse.move(last["x"] + 5, last["y"] + 5)
    page.mouse.down()
    page.mouse.move(last["x"] + 5, first["y"] + 20, steps=5)
    page.mouse.move(last["x"] + 5, first["y"] + 2)
    with page.expect_response("**/menu?**"):
        page.mouse.up()
    dragged = [before[2], before[0], before[1]]
    page.wait_for_function("name => document.querySelector('#hp-0')?.dataset.subject === name", arg=subject)
    assert placed(page) == dragged

    # By keyboard: it goes back down by one, and the focus stays with it.
    page.locator("#hp-0").focus()
    with page.expect_response("**/menu?**"):
        page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "name => document.activeElement.dataset.subject === name && document.activeElement.dataset.index === '1'",
        arg=subject,
    )
    ordered = [dragged[1], dragged[0], dragged[2]]
    assert placed(page) == ordered

    # Taken off by mistake, and brought back.
    page.get_by_role("button", name=f"Take {ordered[0]} off the menu").click()
    page.locator(".placed .things > li").nth(2).wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    page.locator(".placed .things > li").nth(2).wait_for()
    assert placed(page) == ordered

    page.get_by_role("link", name="Review and publish").click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_text("Version 1 is what diners see now").wait_for()
    assert shown(visitor, "burger") == {"Burgers": ordered}


def test_a_product_gets_a_name_and_a_photo_of_the_merchants_own_on_a_phone(phone: Visitor, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image").new("RGB", (900, 700), "tomato")
    image.save(tmp_path / "toast.jpg")
    page = phone.sign_in()
    phone.open(phone.store("coffee") + "/products?q=kaya")
    page.get_by_role("link", name="Kaya toast").click()
    page.get_by_label("Display name").fill("Grandma's kaya toast")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_text("Saved in the draft").wait_for()
    page.get_by_label("JPEG, PNG or WebP, at most 10 MB").set_input_files(tmp_path / "toast.jpg")
    page.get_by_role("button", name="Upload").click()
    photo = page.locator("img.picture.big[src^='/photos/']")
    photo.wait_for()
    assert photo.evaluate("one => one.naturalWidth") == 900
    assert phone.overflow() == 0


@pytest.mark.parametrize(
    ("who", "product"), [("phone", "Teh tarik"), pytest.param("visitor", "Kopi", marks=pytest.mark.full)]
)
def test_axe_finds_no_serious_fault_and_nothing_is_wider_than_the_window(
    request: pytest.FixtureRequest, who: str, product: str
) -> None:
    one: Visitor = request.getfixturevalue(who)
    one.open("/console/sign-in")
    found = {"sign-in": one.faults()}
    page = one.sign_in()
    found["stores"] = one.faults()
    add = one.store("coffee") + "/menu"
    page.goto(one.shops.origin + add)
    add_category(page, f"Drinks of {who}")
    page.get_by_role("checkbox", name=product).check()
    page.get_by_role("button", name="Add to the category").click()
    page.locator(".placed .things > li").first.wait_for()
    wide = {}
    for path in STORE_PAGES:
        one.open(one.store("coffee") + path.format(product="latte"))
        found[path], wide[path] = one.faults(), one.overflow()
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert {path: pixels for path, pixels in wide.items() if pixels} == {}


def test_hostile_names_neither_run_nor_break_the_layout(visitor: Visitor) -> None:
    page = visitor.sign_in()
    page.on("dialog", lambda dialog: visitor.complaints.append(dialog.message))
    path = visitor.store("hostile")
    visitor.open(f"{path}/menu")
    add_category(page, "<script>window.hacked = 1</script>" + "M" * 200)
    page.get_by_role("button", name="Choose all").click()
    page.get_by_role("button", name="Add to the category").click()
    page.locator(".placed .things > li").nth(7).wait_for()
    wide: list[tuple[int, str, int]] = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for one in ("/console/stores", *(path + one.format(product="%3Ci%3E1") for one in STORE_PAGES)):
            visitor.open(one)
            wide += [(width, one, visitor.overflow())] if visitor.overflow() else []
            assert page.evaluate("window.hacked") is None, one
            assert page.locator("main script, main img[onerror]").count() == 0, one
    assert wide == []


def test_everything_can_be_read_in_chinese(visitor: Visitor) -> None:
    page = visitor.sign_in()
    page.get_by_label("Language").select_option("zh")
    page.get_by_role("heading", name="门店").wait_for()
    visitor.open(visitor.store("coffee") + "/menu")
    assert page.get_by_role("heading", name="菜单", exact=True).is_visible()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_signing_out_is_one_line_beside_the_longest_name(visitor: Visitor) -> None:
    page = visitor.sign_in()
    page.locator(".side .foot bdi").evaluate("(one) => { one.textContent = 'W'.repeat(255); }")
    heights = "(one) => [one.getBoundingClientRect().height, 2 * parseFloat(getComputedStyle(one).lineHeight)]"
    height, two_lines = page.get_by_role("button", name="Sign out").evaluate(heights)
    assert height < two_lines
    assert visitor.overflow() == 0


def test_nothing_moves_for_who_asked_for_less_motion(shops: Shops, browser: Browser) -> None:
    waiting = "<button aria-busy='true'>Save</button><p class='skeleton'></p><div class='toast'>Saved</div>"
    moving = (
        "(html) => { document.getElementById('main').insertAdjacentHTML('beforeend', html);"
        " for (const one of document.querySelectorAll('button, a')) one.style.backgroundColor = 'red';"
        " return document.getAnimations().length; }"
    )
    with Visitor(shops, browser, reduced_motion="no-preference") as one:
        assert one.sign_in().evaluate(moving, waiting) > 0
    with Visitor(shops, browser, reduced_motion="reduce") as one:
        assert one.sign_in().evaluate(moving, waiting) == 0
