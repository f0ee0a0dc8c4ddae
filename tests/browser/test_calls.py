"""The operator's pages in a real browser: a call is tried, found, understood; a sync is looked at and taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dstore.clock import SystemClock
from dstore.console import accounts
from dstore.console.roles import Role
from dstore.protocol import keys
from dstore.storage.opening import open_database
from harness import caller
from harness.person import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browser.visitor import Shops, Visitor

PAGES = (
    "/console/requests",
    "/console/requests?code=failed",
    "/console/partners",
    "/console/partners/1",
    "/console/partners/acts",
    "/console/try?api=/v2/pos/syncProduct",
)


@pytest.fixture(scope="module", autouse=True)
def operator(shops: Shops) -> None:
    """Add an operator, and calls that went wrong."""
    database = open_database(shops.url)
    kept = accounts.hashed(PASSWORD)
    database.transact_now(
        lambda one: accounts.add(one, "op", "Olivia Operator", Role.OPERATOR, kept, SystemClock().now())
    )
    database.close()
    raw = b'{"requestId": "clinic"}'
    headers = dict(caller.signed_headers("/v2/pos/syncProduct", raw))
    assert b"INVALID_SIGNATURE" in shops.request("POST", "/v2/pos/syncProduct", headers, raw + b"\n").body
    body = {"requestId": "faulty", "posAccountId": "a", "store": {"posStoreId": "<img src=x>"}, "products": [{}]}
    assert shops.call("syncProduct", body).code == "PARAM_ILLEGAL"


def sign_in(visitor: Visitor) -> Page:
    page = visitor.open("/console")
    page.get_by_label("Login").fill("op")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/console/stores")
    return page


def test_a_call_is_tried_found_and_understood(visitor: Visitor) -> None:
    page = sign_in(visitor)
    visitor.open("/console/try?api=/v2/pos/syncStore")
    page.get_by_label("Body POST").fill('{"requestId": "tried-1", "posAccountId": "x"}')
    page.get_by_label("Client id").fill("c1")
    page.get_by_label("Private key of the partner").fill(keys.private_pem(caller.key("c1")))
    page.get_by_role("button", name="Sign and send").click()
    page.get_by_text("Its signature verifies with the platform's key").wait_for()
    assert "PARAM_ILLEGAL" in page.inner_text("main")
    visitor.open("/console/requests?request=tried-1")
    page.get_by_role("row").get_by_role("link", name="syncStore").click()
    page.get_by_text("store is required").first.wait_for()
    page.get_by_role("link", name="Dry run").click()
    page.get_by_text("Nothing was stored.").wait_for()


def test_the_clinics_verdict_stands_where_the_signature_failed(visitor: Visitor) -> None:
    page = sign_in(visitor)
    visitor.open("/console/requests?code=INVALID_SIGNATURE")
    page.get_by_role("row").get_by_role("link", name="syncProduct").first.click()
    page.get_by_text("the body was signed without the line end").wait_for()


def test_a_catalogue_is_restored_and_the_restore_undone(visitor: Visitor) -> None:
    page = sign_in(visitor)
    store = visitor.store("burger")
    visitor.open(f"{store}/syncs")
    page.get_by_role("link", name="Full sync").last.click()
    page.get_by_role("button", name="Restore the catalogue as it was before").click()
    page.get_by_text("The catalogue is as it was before the sync.").wait_for()
    assert "Restored" in page.inner_text("main")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text(re.compile("The catalogue is as it was before the sync")).wait_for()
    assert page.get_by_role("link", name="Restored").count() == 2


@pytest.mark.parametrize("who", ["phone", pytest.param("visitor", marks=pytest.mark.full)])
def test_no_page_has_a_serious_fault_or_is_wider_than_the_window(who: str, request: pytest.FixtureRequest) -> None:
    one: Visitor = request.getfixturevalue(who)
    page = sign_in(one)
    one.open("/console/requests?code=failed")
    call = page.locator("th a").first.get_attribute("href")
    store = one.store("hostile")
    faults, wide = {}, {}
    for path in (*PAGES, str(call), f"{call}?dry=1", f"{store}/syncs", f"{store}/syncs/1"):
        one.open(path)
        faults[path], wide[path] = one.faults(), one.overflow()
    assert {path: found for path, found in faults.items() if found} == {}
    assert {path: pixels for path, pixels in wide.items() if pixels} == {}
