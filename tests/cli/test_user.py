"""`dstore user …`: who may sign in to the Console, and what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from console.places import opened, product, store_id, sync
from harness.person import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.terminal import Done, Run
    from harness.platform import Platform

    UserCommand = Callable[..., Done]


@pytest.fixture
def user(dstore: Run, platform: Platform) -> UserCommand:
    """Runs `dstore user` on the platform's database."""
    opened(platform)
    sync(platform, [product("pie", "Pie")], account="b", store="t", request_id="other")

    def run(*arguments: str, stdin: bytes = b"") -> Done:
        return dstore("user", *arguments, "--database", platform.url, stdin=stdin)

    return run


def test_a_user_sees_the_stores_of_the_accounts_and_the_stores_that_were_given(
    user: UserCommand, platform: Platform
) -> None:
    given = ("--role", "manager", "--account", "c1/a", "--password-file", "-")
    assert user("add", "Mei", *given, stdin=b"a long password\n").code == 0
    words = Person(platform).sign_in("mei", "a long password").words
    assert "Store s" in words
    assert "Store t" not in words
    both = ("--role", "staff", "--account", "c1/a", "--store", store_id(platform, "t"), "--password-file", "-")
    assert user("add", "kim", *both, stdin=b"a long password").code == 0
    words = Person(platform).sign_in("kim", "a long password").words
    assert "Store s" in words
    assert "Store t" in words


def test_a_password_is_made_up_where_none_is_given_and_can_be_changed(user: UserCommand, platform: Platform) -> None:
    made = user("add", "boss2", "--role", "operator").out.split()[-1]
    assert Person(platform).sign_in("boss2", made).status == 200
    assert user("password", "boss2", "--password-file", "-", stdin=b"another password").code == 0
    assert Person(platform).sign_in("boss2", made).status == 401
    assert Person(platform).sign_in("boss2", "another password").status == 200


def test_a_disabled_user_is_signed_out_everywhere_until_enabled(user: UserCommand, platform: Platform) -> None:
    person = Person(platform).sign_in("boss")
    assert user("disable", "boss").code == 0
    assert person.open("/console/stores").at.startswith("/console/sign-in")
    assert "disabled" in user("list").out
    assert user("enable", "boss").code == 0
    assert Person(platform).sign_in("boss").status == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "boss", "--role", "owner"), "there is a user boss already"),
        (("add", "x", "--role", "owner", "--account", "c1"), "write PARTNER/ACCOUNT"),
        (("add", "x", "--role", "owner", "--account", "nobody/a"), "no partner has client-id nobody"),
        (("add", "x", "--role", "owner", "--store", "nothing"), "there is no store nothing"),
        (("disable", "nobody"), "there is no user nobody"),
        (("add", "x", "--role", "owner", "--password-file", "-"), "a password has 10 to 200 characters"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line_and_changes_nothing(
    user: UserCommand, platform: Platform, arguments: tuple[str, ...], said: str
) -> None:
    before = platform.rows("select count(*) from console_user")
    done = user(*arguments, stdin=b"short")
    assert done.code == 1
    assert said in done.error
    assert platform.rows("select count(*) from console_user") == before
