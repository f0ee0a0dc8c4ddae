"""The order of checks: of two faults the earlier one in the documented order answers."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from contract.family import PATHS, body, digest, prepare
from contract.forging import Request
from dstore import partners

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform


def broken_message(parts: dict[str, Any]) -> dict[str, Any]:
    """Return a body that is JSON, but not of the message's type."""
    return {"body": json.dumps({**json.loads(parts["body"]), next(iter(json.loads(parts["body"]))): 1}).encode()}


# In the documented order; each is a change to the parts of a right request, and the code that answers.
FAULTS: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "path": ("INVALID_API", lambda parts: {"target": parts["target"] + "x"}),
    "headers": ("PARAM_ILLEGAL", lambda _: {"time": "yesterday"}),
    "partner": ("ACCESS_DENIED", lambda _: {"client_id": "nobody"}),
    "signature": ("INVALID_SIGNATURE", lambda _: {"key": "nobody"}),
    "JSON": ("PARAM_ILLEGAL", lambda parts: {"body": parts["body"][:-1]}),
    "message": ("PARAM_ILLEGAL", broken_message),
}
# What tells apart the answers that share a code.
WORDS = {"headers": "header request-time", "JSON": "not JSON", "message": "expected"}


@pytest.mark.parametrize("path", PATHS)
def test_of_two_faults_the_earlier_one_answers(platform: Platform, path: str) -> None:
    prepare(platform, path)
    before = digest(platform)
    for first, second in combinations(FAULTS, 2):
        parts: dict[str, Any] = {"target": path, "body": json.dumps(body(path)).encode()}
        for name in (second, first):
            parts |= FAULTS[name][1](parts)
        answer = Request(**parts).send(platform)
        assert answer.code == FAULTS[first][0], (first, second)
        assert WORDS.get(first, "") in answer.message, (first, second)
    assert digest(platform) == before


@pytest.mark.parametrize("path", PATHS)
def test_the_rate_is_checked_after_the_signature_and_before_the_body(platform: Platform, path: str) -> None:
    platform.restart(partner_rate=1, burst_seconds=1)
    right: dict[str, Any] = {"target": path, "body": b"no JSON"}
    assert Request(**right).send(platform).code == "PARAM_ILLEGAL"
    before = digest(platform)
    assert Request(**right).send(platform).code == "REQUEST_TRAFFIC_EXCEED_LIMIT"
    for name in ("path", "headers", "partner", "signature"):
        code, change = FAULTS[name]
        assert Request(**(right | change(right))).send(platform).code == code
    assert digest(platform) == before


def test_callers_without_a_signature_do_not_use_up_a_partners_rate(platform: Platform) -> None:
    platform.restart(partner_rate=1, burst_seconds=1)
    path = PATHS[0]
    for _ in range(20):
        assert Request(path, b"", key="nobody").send(platform).code == "INVALID_SIGNATURE"
    assert Request(path, b"").send(platform).code == "PARAM_ILLEGAL"


def test_the_rate_of_an_address_is_checked_before_everything_else(platform: Platform) -> None:
    platform.restart(address_rate=1, burst_seconds=3)
    path = PATHS[0]
    codes = [Request(path, b"", key="nobody").send(platform).code for _ in range(5)]
    assert codes == ["INVALID_SIGNATURE"] * 3 + ["REQUEST_TRAFFIC_EXCEED_LIMIT"] * 2
    assert Request(path + "x", b"").send(platform).code == "REQUEST_TRAFFIC_EXCEED_LIMIT"


@pytest.mark.parametrize("path", PATHS)
def test_a_replay_is_found_after_the_message_and_before_the_rules(platform: Platform, path: str) -> None:
    """A used requestId does not excuse a broken body; a replay is not asked whether the rules would still allow it."""
    prepare(platform, path)
    raw = json.dumps(body(path)).encode()
    first = Request(path, raw).send(platform)
    assert first.code == "SUCCESS"
    assert Request(path, raw[:-1]).send(platform).code == "PARAM_ILLEGAL"
    platform.transact(lambda one: one.run("delete from entry"))
    platform.transact(lambda one: one.run("delete from store"))
    assert Request(path, raw).send(platform).body == first.body
    assert platform.rows("select count(*) from store") == [(0,)]


def test_a_key_revoked_or_a_partner_disabled_elsewhere_counts_from_the_next_call(platform: Platform) -> None:
    path, raw = PATHS[0], b"{}"
    now = platform.clock.now()
    assert Request(path, raw).send(platform).code == "PARAM_ILLEGAL"
    platform.add_partner("c1", "c1-second")
    second = Request(path, raw, version="2", key="c1-second")
    assert second.send(platform).code == "PARAM_ILLEGAL"
    platform.transact(lambda one: partners.revoke_key(one, "c1", 2, now))
    good = json.dumps(body("/v2/pos/syncStore")).encode()
    assert Request("/v2/pos/syncStore", good, version="2", key="c1-second").send(platform).code == "INVALID_SIGNATURE"
    platform.transact(lambda one: partners.set_active(one, "c1", active=False))
    assert Request("/v2/pos/syncStore", good).send(platform).code == "ACCESS_DENIED"
    assert platform.rows("select count(*) from store") == [(0,)]
    platform.transact(lambda one: partners.set_active(one, "c1", active=True))
    assert Request("/v2/pos/syncStore", good).send(platform).code == "SUCCESS"
