"""Try it: a real call, signed with a key that is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dstore.protocol import keys
from harness import caller
from harness.person import Person, add_user

if TYPE_CHECKING:
    from harness.platform import Platform

HOME = "/console/try"
STORE = '{"requestId": "r", "posAccountId": "a", "store": {"posStoreId": "s", "name": "Tried"}}'


@pytest.fixture
def operator(platform: Platform) -> Person:
    add_user(platform, "op", "operator")
    return Person(platform).sign_in("op").open(f"{HOME}?api=/v2/pos/syncStore")


def key(name: str = "c1") -> str:
    return keys.private_pem(caller.key(name))


def test_a_sample_is_sent_through_the_door_and_its_answer_verified(platform: Platform, operator: Person) -> None:
    operator.send(HOME, body=STORE, client_id="c1", key=key(), act="send")
    assert "SUCCESS" in operator.words
    assert "signature verifies" in operator.words
    assert "POST·/v2/pos/syncStore↵ c1.2026-11-22T04:00:00+00:00.{" in operator.words
    assert platform.rows("select ref from store") == [("s",)]
    operator.open("/console/requests")
    assert "syncStore" in operator.words


def test_what_is_signed_can_be_looked_at_without_sending(platform: Platform, operator: Person) -> None:
    operator.send(HOME, body=STORE, client_id="c1", key=key(), act="show")
    assert "POST·/v2/pos/syncStore↵" in operator.words
    assert "curl" in operator.words
    assert platform.rows("select ref from store") == []


def test_every_sample_of_the_form_is_what_the_reference_shows(operator: Person) -> None:
    assert operator.forms(HOME)[-1].fields["body"].strip().startswith("{")
    operator.open(f"{HOME}?api=/v2/pos/syncProduct&sample=combo")
    assert '"posProductId"' in operator.forms(HOME)[-1].fields["body"]
    assert operator.forms(HOME)[-1].fields["api"] == "/v2/pos/syncProduct"


def test_a_key_that_does_not_fit_gives_the_doors_own_answer(operator: Person) -> None:
    operator.send(HOME, body=STORE, client_id="c1", key=key("another"), act="send")
    assert "INVALID_SIGNATURE" in operator.words


def test_what_is_no_key_is_said_and_nothing_is_sent(platform: Platform, operator: Person) -> None:
    operator.send(HOME, body=STORE, client_id="c1", key="nonsense", act="send")
    assert operator.status == 400
    operator.open(HOME).send(HOME, body=STORE, client_id="é", key=key(), act="send")
    assert operator.status == 400
    assert platform.rows("select count(*) from request_batch") == [(0,)]


def test_the_key_is_stored_nowhere(platform: Platform, operator: Person) -> None:
    operator.send(HOME, body=STORE, client_id="c1", key=key(), act="send")
    operator.open("/console/requests")
    secret = key().splitlines()[3].encode()
    rows = platform.rows("select texts from request_batch")
    assert rows
    assert all(secret not in bytes(row[0]) for row in rows)
    assert all(secret.decode() not in str(row) for row in platform.rows("select what from audit"))
