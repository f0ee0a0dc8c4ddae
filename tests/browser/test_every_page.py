"""Every page of the route tables in a browser, with each role that may see it: faults, widths, complaints; pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.town import Town
from browser.visitor import Visitor
from dstore.console import roles
from dstore.console.roles import Role
from harness.person import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from playwright.sync_api import Browser, Page, Route

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
WIDTHS = (320, 390, 1280)
MOST_SCRIPT = 30 * 1024
SCRIPT = (
    "() => performance.getEntriesByType('resource').filter((one) => new URL(one.name).pathname.endsWith('.js'))"
    ".reduce((sum, one) => sum + one.decodedBodySize, 0)"
)
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
EVERY_LOOK = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
# The pages people spend their time on; the others are looked at in the dark, and taken in every look, less often.
MAIN = (
    "coffee",
    "coffee-products",
    "coffee-menu",
    "coffee-sold-out",
    "requests",
    "bistro",
    "bistro-item",
    "bistro-basket",
)
BETWEEN = {Role.OWNER, Role.MANAGER}
DISH = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#c9b9a0"/><circle cx="2" cy="1.5" r="1.1" fill="#fff"/><circle cx="2" cy="1.5" r=".8" fill="#7a9a5b"/></svg>'


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo's shops as its merchant left them, on a server of their own."""
    with Town(f"sqlite:///{tmp_path_factory.mktemp('town') / 'dstore.db'}") as one:
        yield one


@pytest.fixture
def visitor(town: Town, browser: Browser) -> Iterator[Visitor]:
    """Somebody who gets the shops' pictures without leaving this machine."""

    def paint(route: Route) -> None:
        route.fulfill(body=DISH, content_type="image/svg+xml")

    with Visitor(town, browser, locale="en-SG", reduced_motion="reduce") as one:
        one.page.context.route("https://pictures.example/**", paint)
        yield one


def looked_at(visitor: Visitor, address: str, schemes: Collection[str]) -> list[str]:
    """Open a page; return what is wrong: too much script, too wide, axe's faults in colour schemes, complaints."""
    page = visitor.open(address)
    page.wait_for_function("() => !document.querySelector('.skeleton')")
    script = page.evaluate(SCRIPT)
    found = [f"{script:,} bytes of script"] if script > MOST_SCRIPT else []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844 if width < 1000 else 900})
        found += [f"{pixels} pixels wider than {width}" for pixels in [visitor.overflow()] if pixels]
    if "light" in schemes:
        found += visitor.faults()
    if "dark" in schemes:
        page.emulate_media(color_scheme="dark")
        # Loaded anew: colours that fade into each other are neither the old nor the new ones.
        page.reload()
        found += [f"dark: {one}" for one in visitor.faults("color-contrast")]
        page.emulate_media(color_scheme="light")
    found += visitor.complaints
    visitor.complaints.clear()
    return found


def shoot(page: Page, name: str) -> None:
    """Keep pictures of the page that is open."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    looks = EVERY_LOOK if name.endswith(MAIN) else [("phone", "dark"), ("desktop", "light")]
    for size, scheme in looks:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
        # Colours may fade.
        page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished))")
        page.screenshot(path=SCREENSHOTS / f"{name}-{size}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")


def named(address: str, ids: dict[str, str]) -> str:
    """Return a file's name for an address."""
    for ref, public_id in ids.items():
        address = address.replace(public_id, ref)
    return re.sub(r"/\d+-\d+$", "/one", address.partition("?")[0]).strip("/").replace("/", "-") or "first"


def signed_in(visitor: Visitor, role: Role) -> Page:
    page = visitor.open("/console")
    page.get_by_label("Login").fill(role.value)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/stores")
    return page


def pages_of(visitor: Visitor, town: Town, role: Role) -> list[str]:
    """Sign in and return the Console's pages that the role may see."""
    page = signed_in(visitor, role)

    def find(_name: str) -> str:
        visitor.open("/console/requests?code=INVALID_SIGNATURE")
        return str(page.locator("th a").first.get_attribute("href")).rpartition("/")[2]

    known_to_all = find if role is Role.OPERATOR else lambda _name: "0-0"
    return [address for address, action in town.console_pages(known_to_all) if roles.may(role, action)]


def refuse(wrong: dict[str, list[str]]) -> None:
    said = "\n".join(f"{address}: {found}" for address, found in wrong.items() if found)
    assert not said, said


def schemes_of(name: str, *, every: bool = False) -> Collection[str]:
    """Return the colour schemes in which a page is looked at each time, or every one."""
    return ("light", "dark") if every or name.endswith(MAIN) else ("light",)


@pytest.mark.parametrize("role", [pytest.param(one, marks=pytest.mark.full) if one in BETWEEN else one for one in Role])
def test_no_page_of_the_console_has_a_fault_whoever_looks(visitor: Visitor, town: Town, role: Role) -> None:
    """The operator sees most; the others see the same pages with less on them, staff the least."""
    refuse(
        {
            address: looked_at(visitor, address, schemes_of(named(address, town.ids)) if role is Role.OPERATOR else ())
            for address in pages_of(visitor, town, role)
        }
    )


@pytest.mark.full
@pytest.mark.parametrize("role", Role)
def test_no_page_of_the_console_has_a_fault_in_any_colours(visitor: Visitor, town: Town, role: Role) -> None:
    refuse({address: looked_at(visitor, address, ("light", "dark")) for address in pages_of(visitor, town, role)})


def pages_for_all(visitor: Visitor, town: Town) -> list[str]:
    """Put something into a basket and return the pages that nobody signs in for."""
    page = visitor.page
    visitor.open(f"/s/{town.ids['bistro']}?table=12")
    page.locator(".section").get_by_role("link", name="Roasted tea").click()
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    page.locator("#sheet:not([open])").wait_for(state="attached")
    shops = [f"/s/{town.ids[ref]}" for ref in ("coffee", "ah-seng", "burger")]
    return [*town.diners_pages(), *shops, "/console/sign-in", "/console/nothing"]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.full)])
def test_no_page_for_diners_or_strangers_has_a_fault(visitor: Visitor, town: Town, *, every: bool) -> None:
    wrong = {
        address: looked_at(visitor, address, schemes_of(named(address, town.ids), every=every))
        for address in pages_for_all(visitor, town)
    }
    # The browser itself says so of every 404.
    refuse({address: [one for one in found if "404" not in one] for address, found in wrong.items()})


@pytest.mark.full
def test_pictures_of_every_page_are_kept(visitor: Visitor, town: Town) -> None:
    addresses = [*pages_for_all(visitor, town), *pages_of(visitor, town, Role.OPERATOR)]
    for address in addresses:
        visitor.open(address)
        shoot(visitor.page, named(address, town.ids))
    assert {f"{named(address, town.ids)}-desktop-light.png" for address in addresses} <= {
        one.name for one in SCREENSHOTS.iterdir()
    }
    visitor.complaints.clear()
