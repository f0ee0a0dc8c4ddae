"""Signing in and out: sessions, fixation, throttling, what cookies and headers say."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from console.places import boss, opened
from dstore.console import sessions, throttle
from harness.person import PASSWORD, Person

if TYPE_CHECKING:
    from harness.platform import Platform


@pytest.fixture
def path(platform: Platform) -> str:
    return opened(platform)


def test_the_right_password_opens_the_store_that_was_asked_for(platform: Platform, path: str) -> None:
    person = Person(platform).open(f"{path}/products")
    assert person.at.startswith("/console/sign-in?back=")
    person.send("/console/sign-in", login=" BOSS ", password=PASSWORD)
    assert person.at == f"{path}/products"
    assert "Tea" in person.words


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(platform: Platform, path: str) -> None:
    first = Person(platform).sign_in("boss", "something else")
    second = Person(platform).sign_in("nobody", "something else")
    assert first.status == second.status == 401
    assert first.words.replace("boss", "") == second.words.replace("nobody", "")
    assert sessions.COOKIE not in {**first.cookies, **second.cookies}


def test_a_session_the_browser_came_with_is_never_the_one_that_is_opened(platform: Platform, path: str) -> None:
    person = Person(platform)
    person.cookies[sessions.COOKIE] = "planted-by-somebody-else"
    person.sign_in("boss")
    assert person.cookies[sessions.COOKIE] != "planted-by-somebody-else"
    other = Person(platform)
    other.cookies[sessions.COOKIE] = "planted-by-somebody-else"
    assert other.open(path).at.startswith("/console/sign-in")


def test_signing_in_again_makes_another_session_and_ends_the_old_one(platform: Platform, path: str) -> None:
    person = boss(platform)
    old = person.cookies[sessions.COOKIE]
    again = Person(platform)
    again.open("/console/sign-in")
    again.cookies[sessions.COOKIE] = old
    again.send("/console/sign-in", login="boss", password=PASSWORD)
    assert again.cookies[sessions.COOKIE] != old
    assert person.open(path).at.startswith("/console/sign-in")


def test_signing_out_ends_the_session_also_for_whoever_copied_it(platform: Platform, path: str) -> None:
    person = boss(platform).open(path)
    thief = Person(platform)
    thief.cookies.update(person.cookies)
    person.send("/console/sign-out")
    assert person.at == "/console/sign-in"
    assert thief.open(path).at.startswith("/console/sign-in")


def test_a_session_ends_when_it_is_not_used_and_in_any_case_after_a_week(platform: Platform, path: str) -> None:
    person = boss(platform)
    platform.clock.advance(timedelta(hours=11))
    assert person.open(path).at == path
    platform.clock.advance(timedelta(hours=11))
    assert person.open(path).at == path
    platform.clock.advance(timedelta(hours=13))
    assert person.open(path).at.startswith("/console/sign-in")
    person = boss(platform)
    for _ in range(17):
        platform.clock.advance(timedelta(hours=10))
        person.open(path)
    assert person.at.startswith("/console/sign-in")


def test_a_disabled_user_is_out_at_once(platform: Platform, path: str) -> None:
    person = boss(platform)
    platform.transact(lambda one: one.run("update console_user set active = 0"))
    assert person.open(path).at.startswith("/console/sign-in")
    assert Person(platform).sign_in("boss").status == 401


def test_too_many_attempts_of_a_login_are_refused_for_a_while_even_with_the_right_password(
    platform: Platform, path: str
) -> None:
    person = Person(platform)
    for _ in range(throttle.LIMITS["login"]):
        assert person.sign_in("boss", "wrong password").status == 401
    assert person.sign_in("boss").status == 429
    assert person.answer.headers["retry-after"] == "900"
    platform.restart()
    assert person.sign_in("boss").status == 429
    platform.clock.advance(timedelta(minutes=16))
    assert person.sign_in("boss").status == 200


def test_too_many_attempts_from_one_address_are_refused_whatever_the_login(platform: Platform, path: str) -> None:
    person = Person(platform)
    for number in range(throttle.LIMITS["address"]):
        assert person.sign_in(f"guess-{number}", "wrong password").status == 401
    assert person.sign_in("boss").status == 429


def test_the_form_needs_the_token_of_its_own_page(platform: Platform, path: str) -> None:
    person = Person(platform).open("/console/sign-in")
    fields = {"login": "boss", "password": PASSWORD}
    assert person.post("/console/sign-in", {**fields, "csrf": "x"}).status == 403
    person.open("/console/sign-in")
    token = person.forms("/console/sign-in")[0].fields["csrf"]
    assert person.post("/console/sign-in", {**fields, "csrf": token}, origin="https://evil.example").status == 403
    stranger = Person(platform)
    assert stranger.post("/console/sign-in", {**fields, "csrf": token}).status == 403


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_after_signing_in(platform: Platform, path: str, back: str) -> None:
    person = Person(platform).open("/console/sign-in")
    person.send("/console/sign-in", login="boss", password=PASSWORD, back=back)
    assert "evil" not in person.at
    assert person.at.startswith("/")


def test_cookies_are_kept_from_scripts_and_other_sites_and_are_secure_behind_tls(platform: Platform, path: str) -> None:
    person = Person(platform).open("/console/sign-in")
    fields = {**person.forms("/console/sign-in")[0].fields, "login": "boss", "password": PASSWORD}
    platform.restart(cookies="secure")
    body = "&".join(f"{name}={value.replace(' ', '+')}" for name, value in fields.items()).encode()
    headers = [
        ("host", "test"), ("content-type", "application/x-www-form-urlencoded"), ("content-length", str(len(body))),
        ("cookie", "; ".join(f"{name}={value}" for name, value in person.cookies.items())),
    ]  # fmt: skip
    answer = platform.send("POST", "/console/sign-in", headers, body)
    [line] = [one for one in answer.cookies if one.startswith(sessions.COOKIE)]
    assert {"HttpOnly", "SameSite=lax", "Secure", "Path=/"} <= set(line.split("; "))


def test_pages_load_nothing_from_elsewhere_and_run_no_inline_script(platform: Platform, path: str) -> None:
    person = boss(platform)
    for target in (
        "/console/sign-in",
        "/console/stores",
        path,
        f"{path}/products",
        f"{path}/menu",
        f"{path}/menu/publish",
    ):
        person.open(target)
        policy = person.answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert person.answer.headers["x-content-type-options"] == "nosniff"
        assert person.answer.headers["cache-control"] == "no-store"
        assert " style=" not in person.text
        assert " onclick=" not in person.text
        assert "<script>" not in person.text
