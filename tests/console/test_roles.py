"""Every page against every role and a stranger, from the table the routes are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from console.places import opened, product, store_id, sync
from dstore.console import roles, routes, sessions
from dstore.console.roles import ALLOWED, Role
from harness.person import Person, add_user

if TYPE_CHECKING:
    from dstore.console.routing import Page
    from harness.platform import Platform

PAGES = routes.pages()
# What a path's parameters stand for, where any value will do.
SAMPLES: dict[str, str] = {"version": "1", "request": "0-0", "partner": "1"}


@pytest.fixture
def place(platform: Platform) -> str:
    path = opened(platform)
    for role in Role:
        add_user(platform, role.value, role.value, account="a")
    return path.rpartition("/")[2]


def address(page: Page, store: str) -> str:
    return page.path.format_map({"store": store, **SAMPLES})


def asked(person: Person, page: Page, store: str) -> int:
    """Ask for a page, or send its form empty; return the status of the first answer."""
    body = f"csrf={sessions.form_token(person.cookies.get(sessions.COOKIE, ''))}".encode()
    headers = [
        ("host", "test"),
        ("cookie", "; ".join(f"{name}={value}" for name, value in person.cookies.items())),
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", str(len(body))),
    ]
    return person.platform.send(
        page.method, address(page, store), headers, body if page.method == "POST" else b""
    ).status


def test_every_page_is_in_the_table_once() -> None:
    assert len({(page.path, page.method) for page in PAGES}) == len(PAGES)
    assert set(ALLOWED) == set(roles.Action)
    assert all(page.path.startswith("/console/") for page in PAGES)


def test_every_role_gets_what_the_table_says_and_nothing_else(platform: Platform, place: str) -> None:
    for role in Role:
        person = Person(platform).sign_in(role.value)
        for page in PAGES:
            status = asked(person, page, place)
            # A form sent empty may be refused for what it says; what counts is that it was let in.
            is_in = status not in {401, 403, 500}
            assert is_in == (role in ALLOWED[page.action]), (role, page.method, page.path, status)
            assert status < 500, (role, page.path)


def test_a_stranger_gets_nothing_but_the_way_to_sign_in(platform: Platform, place: str) -> None:
    stranger = Person(platform)
    for page in PAGES:
        assert asked(stranger, page, place) == 303, page
    stranger.open(f"/console/stores/{place}/products?q=tea")
    assert stranger.at.startswith("/console/sign-in?back=")
    assert "Tea" not in stranger.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_of_another_tenant_sees_or_changes_anything_of_a_store(
    platform: Platform, place: str, role: Role
) -> None:
    sync(platform, [product("soup", "Soup")], account="b", store="t", request_id="other")
    add_user(platform, "stranger", role.value, account="b")
    person = Person(platform).sign_in("stranger")
    before = platform.rows("select version from store where public_id = ?", place)
    for page in PAGES:
        if "{store}" in page.path:
            # Whoever may not do it at all learns that first; nobody learns whether the store is there.
            wanted = 404 if role in ALLOWED[page.action] else 403
            assert asked(person, page, place) == wanted, page
            assert asked(person, page, "nowhere") == wanted, page
            assert (asked(person, page, store_id(platform, "t")) == 403) == (wanted == 403), page
    assert platform.rows("select version from store where public_id = ?", place) == before
    shown = person.open("/console/stores").text
    assert "Store t" in shown
    assert "Store s" not in shown


def test_every_address_of_the_console_is_in_the_table_but_those_for_strangers() -> None:
    made = routes.routes(None)  # type: ignore[arg-type]  # only addresses and methods are looked at
    found = {(one.path, method) for one in made for method in one.methods or () if method != "HEAD"}
    strangers = {
        ("/console", "GET"),
        ("/console/sign-in", "GET"),
        ("/console/sign-in", "POST"),
        ("/console/sign-out", "POST"),
    }
    assert found == {(page.path, page.method) for page in PAGES} | strangers | {("/console/{rest:path}", "GET")}


def test_no_form_is_taken_without_its_token_or_from_elsewhere(platform: Platform, place: str) -> None:
    person = Person(platform).sign_in("operator")
    token = sessions.form_token(person.cookies[sessions.COOKIE])
    for page in PAGES:
        if page.method == "POST":
            target = address(page, place)
            assert person.post(target, {"csrf": ""}).status in {403, 404}, page
            assert person.post(target, {"csrf": token[::-1]}).status in {403, 404}, page
            assert person.post(target, {"csrf": token}, origin="https://evil.example").status in {403, 404}, page
            assert person.post(target, {"csrf": token}, origin="null").status in {403, 404}, page
