"""Partners and keys: what the operator changes holds for the very next call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dstore.protocol import keys
from harness import caller
from harness.person import Person, add_user

if TYPE_CHECKING:
    from harness.platform import Platform

HOME = "/console/partners"
BODY = {"requestId": "r", "posAccountId": "acct", "store": {"posStoreId": "s", "name": "S"}}


@pytest.fixture
def operator(platform: Platform) -> Person:
    add_user(platform, "op", "operator")
    return Person(platform).sign_in("op")


@pytest.mark.parametrize("form", ["pem", "base64"])
def test_a_partner_that_was_added_may_call(platform: Platform, operator: Person, form: str) -> None:
    pem = caller.public_pem("c9")
    key = pem if form == "pem" else keys.public_base64(keys.read_public_key(pem))
    operator.open(HOME).send(HOME, name="Nine", client_id="c9", key=key)
    assert "may call now" in operator.words
    assert platform.call("syncStore", BODY, client_id="c9").code == "SUCCESS"


def test_what_can_not_be_added_is_said(platform: Platform, operator: Person) -> None:
    for fields, said in (
        ({"client_id": "c1", "key": caller.public_pem("c1")}, "there is a partner c1 already"),
        ({"client_id": "c2", "key": "nonsense"}, "This did not work"),
        ({"client_id": "c2", "key": keys.private_pem(caller.key("c1"))}, "This did not work"),
        ({"client_id": "with blank", "key": caller.public_pem("c1")}, "printable ASCII"),
    ):
        operator.open(HOME).send(HOME, name="x", **fields)
        assert said in operator.words, operator.words
    assert platform.rows("select client_id from partner") == [("c1",)]


def test_a_key_is_rotated_without_a_call_refused(platform: Platform, operator: Person) -> None:
    page = f"{HOME}/1"
    operator.open(page).send("/keys", key=caller.public_pem("new"))
    assert "valid now" in operator.words
    assert platform.call("syncStore", BODY).code == "SUCCESS"
    assert platform.call("syncStore", BODY, key_name="new", version=2).code == "SUCCESS"
    forms = operator.open(page).forms("/revoke")
    assert [form.fields["version"] for form in forms] == ["2", "1"]
    operator.send("/revoke", 1)
    assert platform.call("syncStore", BODY).code == "INVALID_SIGNATURE"
    assert platform.call("syncStore", BODY, key_name="new", version=2).code == "SUCCESS"
    assert "Revoked" in operator.open(page).words


def test_a_partner_is_kept_out_and_let_in_again_by_undo(platform: Platform, operator: Person) -> None:
    operator.open(f"{HOME}/1").send("/active")
    assert platform.call("syncStore", BODY).code == "ACCESS_DENIED"
    operator.send("/active", len(operator.forms("/active")) - 1)  # the last one is the undo of the message
    assert platform.call("syncStore", BODY).code == "SUCCESS"


def test_an_account_is_given_to_one_partner_alone(platform: Platform, operator: Person) -> None:
    platform.add_partner("c2")
    operator.open(f"{HOME}/2").send("/accounts", account="acct")
    assert "acct" in operator.words
    assert platform.call("syncStore", BODY).code == "ACCESS_DENIED"
    assert platform.call("syncStore", BODY, client_id="c2").code == "SUCCESS"
    operator.open(f"{HOME}/1").send("/accounts", account="acct")
    assert "belongs to another partner" in operator.words


def test_the_platforms_key_is_shown_in_both_forms_and_rotated(platform: Platform, operator: Person) -> None:
    operator.open(HOME)
    public = platform.platform_key()
    assert keys.public_base64(public) in operator.text
    assert keys.public_pem(public).strip() in operator.text
    operator.send("/platform-key")
    assert "Version 2" in operator.words
    assert keys.public_base64(platform.platform_key()) in operator.text
    assert "keyVersion=2" in platform.call("syncStore", BODY).headers["signature"]


def test_every_change_is_in_the_audit_log(platform: Platform, operator: Person) -> None:
    operator.open(f"{HOME}/1").send("/active")
    operator.open(f"{HOME}/1").send("/accounts", account="acct")
    rows = platform.rows("select login, action from audit where login = 'op' order by id")
    assert [action for _, action in rows][1:] == ["disable partner", "bind account"]


def test_who_is_unknown_has_no_page(operator: Person) -> None:
    for name in ("99", "x", "1234567890123"):
        assert operator.open(f"{HOME}/{name}").status == 404


def test_a_partner_may_be_held_to_fewer_calls_than_others(platform: Platform, operator: Person) -> None:
    page = f"{HOME}/1"
    operator.open(page).send("/rate", rate="1")
    codes = [platform.call("syncStore", BODY).code for _ in range(40)]
    assert codes[:5] == ["SUCCESS"] * 5
    assert "REQUEST_TRAFFIC_EXCEED_LIMIT" in codes
    operator.open(page).send("/rate", rate="")
    platform.restart()  # which learns at once of what a running process learns within two seconds
    assert [platform.call("syncStore", BODY).code for _ in range(40)] == ["SUCCESS"] * 40
    Person(platform).sign_in("op").open(page).send("/rate", rate="many")
    assert platform.rows("select rate from partner") == [(None,)]


def test_who_did_what_to_partners_and_keys_can_be_read_back(platform: Platform, operator: Person) -> None:
    page = f"{HOME}/1"
    operator.open(page).send("/keys", key=caller.public_pem("new"))
    operator.open(page).send("/revoke", 1)
    operator.open(page).send("/rate", rate="50")
    assert f'href="{HOME}/acts"' in operator.open(HOME).text
    operator.open(f"{HOME}/acts")
    said = ["Changed a partner's limit Client id: c1 Calls a second: 50", "Revoked a key Client id: c1 Version: 1"]
    said += ["Added a key Client id: c1 Version: 2", "Signed in"]
    places = [operator.words.index(one) for one in said]
    assert places == sorted(places), "the newest first"
    assert operator.words.count(" op ") >= len(said)
    assert platform.rows("select store_id from audit") == [(0,)] * len(said)
