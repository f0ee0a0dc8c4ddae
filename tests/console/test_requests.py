"""Requests: what came in is found again, with the reason why it failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from console.places import opened, product, store_id, sync
from harness import caller
from harness.caller import PATHS
from harness.person import Person, add_user

if TYPE_CHECKING:
    from harness.platform import Platform

PATH = PATHS["syncProduct"]


@pytest.fixture
def operator(platform: Platform) -> Person:
    opened(platform)
    add_user(platform, "op", "operator")
    return Person(platform).sign_in("op")


def status(platform: Platform, request_id: str, name: str = "tea", **more: Any) -> str:
    body = {"requestId": request_id, "posAccountId": "a", "store": {"posStoreId": "s"}, **more}
    return platform.call("syncProduct", {"products": [{"posProductId": name, "status": "SOLDOUT"}], **body}).code


def listed(person: Person, **wanted: str) -> list[str]:
    """Return the addresses of the calls that the page shows."""
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    assert person.open(f"/console/requests?{query}").status == 200
    return re.findall(r'<th scope="row"><a href="(/console/requests/[\d-]+)"', person.text)


def test_every_call_is_found_by_what_one_remembers_of_it(platform: Platform, operator: Person) -> None:
    platform.add_partner("c2")
    assert status(platform, "r-ok") == "SUCCESS"
    assert status(platform, "r-unknown", "nothing") == "PARAM_ILLEGAL"
    platform.call("syncStore", {"requestId": "r-other"}, client_id="c2")
    platform.send("POST", "/v2/pos/nowhere", [("client-id", "c1")])
    assert len(listed(operator)) == 5
    assert len(listed(operator, partner="c2")) == 1
    assert len(listed(operator, code="failed")) == 3
    assert len(listed(operator, code="INVALID_API")) == 1
    assert len(listed(operator, api=PATHS["syncStore"])) == 1
    assert len(listed(operator, request="r-unk")) == 1
    assert len(listed(operator, store=store_id(platform))) == 3
    assert len(listed(operator, store="s")) == 3
    assert len(listed(operator, store="never-fed")) == 0
    assert len(listed(operator, hours="1")) == 5
    assert len(listed(operator, request="never-sent")) == 0
    assert "No call is like this" in operator.words


def test_a_call_is_shown_as_it_was_sent_without_secrets(platform: Platform, operator: Person) -> None:
    raw = b'{"requestId": "x",\n "posAccountId": "\xe6\xb5\xb7" }'
    headers = [*caller.signed_headers(PATH, raw), ("authorization", "Bearer hidden-secret"), ("x-odd", "kept")]
    answer = platform.send("POST", PATH, headers, raw)
    operator.open(listed(operator)[0])
    assert '{"requestId": "x", "posAccountId": "海" }' in operator.words
    assert answer.body.decode() in operator.words
    assert answer.headers["signature"] in operator.words
    assert dict(headers)["signature"] in operator.words
    assert "kept" in operator.words
    assert "hidden-secret" not in operator.text
    assert "store is required" in operator.words
    assert "Add the member; it is required." in operator.words


def test_the_dry_run_says_everything_and_stores_nothing(platform: Platform, operator: Person) -> None:
    assert status(platform, "r1", more="ignored") == "SUCCESS"
    before = platform.rows("select count(*) from given")
    operator.open(f"{listed(operator)[0]}?dry=1")
    assert "more is not a member of this API and is ignored" in operator.words
    assert "Nothing was stored." in operator.words
    assert platform.rows("select count(*) from given") == before


def test_the_clinic_names_the_mistake_in_place(platform: Platform, operator: Person) -> None:
    raw = b'{"requestId": "x"}'
    answer = platform.send("POST", PATH, caller.signed_headers(PATH, raw), raw + b"\n")
    assert answer.code == "INVALID_SIGNATURE"
    operator.open(listed(operator)[0])
    assert "the body was signed without the line end it is sent with" in operator.words


def test_a_used_request_id_with_another_body_is_loud(platform: Platform, operator: Person) -> None:
    status(platform, "r1")
    status(platform, "r1")
    status(platform, "r1", "cake")
    again, same, first = listed(operator, request="r1")
    assert "Repeated, another body" in operator.open(again).words
    assert "Nothing of this body was applied" in operator.words
    assert "Repeated" in operator.open(same).words
    assert "New" in operator.open(first).words
    assert listed(operator, only="doubtful") == [again]


def test_the_curl_command_sends_the_same_bytes_again(platform: Platform, operator: Person) -> None:
    body = {"requestId": "it's", "posAccountId": "a", "store": {"posStoreId": "s"}}
    platform.call("syncStore", body)
    operator.open(listed(operator)[0])
    assert "curl http://test/v2/pos/syncStore" in operator.words
    assert """--data-binary '{"requestId": "it'"'"'s",""" in operator.words
    assert "--header 'signature: algorithm=RSA256" in operator.words


def test_older_calls_are_a_page_away_and_come_once_each(platform: Platform, operator: Person) -> None:
    for number in range(60):
        status(platform, f"r{number}")
    first = listed(operator)
    before = re.search(r"before=([\d-]+)", operator.text)
    assert before
    second = listed(operator, before=before[1])
    assert len(first) == 50
    assert len({*first, *second}) == 61


def test_a_body_beyond_the_bound_is_kept_in_part(platform: Platform, operator: Person) -> None:
    platform.restart(request_log_bytes=100)
    sync(platform, [product("tea", "T" * 200)], request_id="long")
    operator.open(listed(operator, request="long")[0])
    assert "The log kept 100 of" in operator.words
    assert "Dry run" not in operator.words


def test_the_log_can_be_switched_off(platform: Platform, operator: Person) -> None:
    platform.restart(request_log="none")
    status(platform, "unseen")
    assert listed(operator, request="unseen") == []
    assert "switched off" in operator.open("/console/requests").words
