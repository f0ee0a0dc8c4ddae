"""Everything the door refuses, on every API: the documented code, the whole wire contract, and no trace."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import hashes

from contract.family import PATHS, body, digest, prepare
from contract.forging import Request, percent, pss
from dstore import partners
from dstore.work import Works
from harness.caller import check_contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.platform import Platform

# Each case: the expected code, and what is otherwise than it should be, perhaps made from the right request.
Case = tuple[str, "dict[str, Any] | Callable[[Request], dict[str, Any]]"]


def without_signature(header: str) -> str:
    return header.rpartition(",")[0]


HEADERS: dict[str, Case] = {
    **{f"no {name}": ("PARAM_ILLEGAL", {"without": (name,)}) for name in ("client-id", "request-time", "signature")},
    "no header at all": ("PARAM_ILLEGAL", {"without": ("client-id", "request-time", "signature")}),
    "an empty client-id": ("PARAM_ILLEGAL", {"client_id": ""}),
    "a blank client-id": ("PARAM_ILLEGAL", {"client_id": "  "}),
    "an empty request-time": ("PARAM_ILLEGAL", {"time": ""}),
    "an empty signature": ("PARAM_ILLEGAL", {"form": ""}),
    "client-id twice": ("PARAM_ILLEGAL", {"more": (("client-id", "c1"),)}),
    "two client-ids": ("PARAM_ILLEGAL", {"more": (("client-id", "c2"),)}),
    "request-time twice": ("PARAM_ILLEGAL", {"more": (("request-time", "2026-11-22T04:00:00+00:00"),)}),
    "signature twice": ("PARAM_ILLEGAL", lambda right: {"more": tuple(right.headers()[-1:])}),
    "a client-id of 256 characters": ("PARAM_ILLEGAL", {"client_id": "x" * 256}),
    "a client-id of 60,000 characters": ("PARAM_ILLEGAL", {"client_id": "x" * 60_000}),
    "a request-time of 256 characters": ("PARAM_ILLEGAL", {"time": f"2026-11-22T04:00:00.{'0' * 230}+00:00"}),
    "a signature header of 5,000 characters": ("PARAM_ILLEGAL", {"form": "signature={signature}," + "x" * 5000}),
    "a request-time that is none": ("PARAM_ILLEGAL", {"time": "yesterday"}),
    "a request-time without offset": ("PARAM_ILLEGAL", {"time": "2026-11-22T04:00:00"}),
    "a day that never was": ("PARAM_ILLEGAL", {"time": "2023-02-29T04:00:00+00:00"}),
    "a request-time of 10,000 digits": ("PARAM_ILLEGAL", {"time": "1" * 10_000}),
    "a request-time of \xb9\xb2\xb3": ("PARAM_ILLEGAL", {"time": "\xb9\xb2\xb3"}),
    "a signature header of garbage": ("PARAM_ILLEGAL", {"form": "\xff\xfe;;,,==,"}),
    "a bare signature": ("PARAM_ILLEGAL", {"form": "{signature}"}),
    "no signature part": ("PARAM_ILLEGAL", {"form": "algorithm={algorithm},keyVersion={version}"}),
    "algorithm none": ("PARAM_ILLEGAL", {"algorithm": "none"}),
    "algorithm HS256": ("PARAM_ILLEGAL", {"algorithm": "HS256"}),
    "algorithm RSA512": ("PARAM_ILLEGAL", {"algorithm": "RSA512", "hash": hashes.SHA512}),
    "a keyVersion that is no number": ("PARAM_ILLEGAL", {"version": "one"}),
    "a negative keyVersion": ("PARAM_ILLEGAL", {"version": "-1"}),
    "a keyVersion beyond every integer": ("PARAM_ILLEGAL", {"version": "9" * 30}),
    "no base64": ("PARAM_ILLEGAL", {"encode": lambda _: "!!!"}),
    "hexadecimal": ("INVALID_SIGNATURE", {"encode": bytes.hex}),
    "base64 for URLs": ("PARAM_ILLEGAL", {"encode": lambda raw: "-_" + base64.urlsafe_b64encode(raw).decode()[2:]}),
    "percent-encoded twice": ("PARAM_ILLEGAL", {"encode": lambda raw: quote(percent(raw), safe="")}),
}
PARTNERS: dict[str, Case] = {
    "an unknown partner": ("ACCESS_DENIED", {"client_id": "nobody"}),
    "a partner in other letters": ("ACCESS_DENIED", {"client_id": "C1"}),
    "a partner with a blank behind": ("ACCESS_DENIED", {"client_id": "c1 "}),
    "a partner of other bytes": ("ACCESS_DENIED", {"client_id": "c\xe91\xff"}),
    "a partner that is SQL": ("ACCESS_DENIED", {"client_id": "c1' or '1'='1"}),
    "a disabled partner": ("ACCESS_DENIED", {"client_id": "disabled", "key": "disabled"}),
}
OTHER_PLACES: dict[str, Any] = {
    "another path": {"signed": {"target": "/v2/other"}},
    "the path with a slash behind": lambda right: {"signed": {"target": right.target + "/"}},
    "the path with its host": lambda right: {"signed": {"target": "http://test" + right.target}},
    "the path with a query": lambda right: {"signed": {"target": right.target + "?a=1"}},
    "another method": {"signed": {"method": "GET"}},
    "a method in small letters": {"signed": {"method": "post"}},
    "another client": {"signed": {"client_id": "c2"}},
    "another time": {"signed": {"time": "2026-11-22T04:00:01+00:00"}},
    "the same time, written otherwise": {"signed": {"time": "2026-11-22T04:00:00Z"}},
    "no body": {"signed": {"body": b""}},
    "the body with a line end": lambda right: {"signed": {"body": right.body + b"\n"}},
    "the body written again": lambda right: {"signed": {"body": json.dumps(json.loads(right.body), indent=1).encode()}},
    "the body with one byte changed": lambda right: {"signed": {"body": right.body.replace(b":", b";", 1)}},
}
SIGNATURES: dict[str, Case] = {
    "an empty signature part": ("INVALID_SIGNATURE", {"encode": lambda _: ""}),
    "a signature of zeros": ("INVALID_SIGNATURE", {"encode": lambda raw: percent(bytes(len(raw)))}),
    "a signature of one byte": ("INVALID_SIGNATURE", {"encode": lambda raw: percent(raw[:1])}),
    "a signature cut short": ("INVALID_SIGNATURE", {"encode": lambda raw: percent(raw[:-1])}),
    "a signature of 1,000 bytes": ("INVALID_SIGNATURE", {"encode": lambda raw: percent(raw * 4)}),
    "a signature of 20,000 bytes": ("PARAM_ILLEGAL", {"encode": lambda raw: percent(raw * 80)}),
    "a key nobody knows": ("INVALID_SIGNATURE", {"key": "nobody"}),
    "another partner's key": ("INVALID_SIGNATURE", {"key": "c2"}),
    "another partner's name over the own key": ("INVALID_SIGNATURE", {"client_id": "c2"}),
    "an unknown keyVersion": ("INVALID_SIGNATURE", {"version": "7"}),
    "keyVersion 0": ("INVALID_SIGNATURE", {"version": "0"}),
    "a revoked keyVersion": ("INVALID_SIGNATURE", {"version": "2", "key": "c1-second"}),
    "a key under another version": ("INVALID_SIGNATURE", {"version": "3"}),
    "a newer key in place of the first": ("INVALID_SIGNATURE", {"version": "1", "key": "c1-third"}),
    "no keyVersion, but not the newest key": ("INVALID_SIGNATURE", {"form": "algorithm=RSA256,signature={signature}"}),
    "SHA-1": ("INVALID_SIGNATURE", {"hash": hashes.SHA1}),
    "SHA-512": ("INVALID_SIGNATURE", {"hash": hashes.SHA512}),
    "PSS": ("INVALID_SIGNATURE", {"pad": pss}),
    **{f"signed over {place}": ("INVALID_SIGNATURE", change) for place, change in OTHER_PLACES.items()},
}
CASES = {
    **HEADERS,
    "a query of 2,000 characters": ("PARAM_ILLEGAL", lambda right: {"target": f"{right.target}?{'x' * 2000}"}),
    **PARTNERS,
    **SIGNATURES,
}


@pytest.fixture
def peopled(platform: Platform) -> Platform:
    """A platform with a second partner, a disabled one, and a partner with a revoked and a third key."""
    for client_id in ("c2", "disabled"):
        platform.add_partner(client_id)
    platform.add_partner("c1", "c1-second")
    platform.add_partner("c1", "c1-third")
    platform.transact(lambda one: partners.revoke_key(one, "c1", 2, platform.clock.now()))
    platform.transact(lambda one: partners.set_active(one, "disabled", active=False))
    return platform


def altered(path: str, change: dict[str, Any] | Callable[[Request], dict[str, Any]]) -> Request:
    """Return the right request to a path with a change."""
    right: dict[str, Any] = {"target": path, "body": json.dumps(body(path)).encode()}
    return Request(**(right | (change(Request(**right)) if callable(change) else change)))


@pytest.mark.parametrize("path", PATHS)
def test_a_head_that_is_wrong_in_one_thing_is_refused_with_its_code_and_no_trace(peopled: Platform, path: str) -> None:
    prepare(peopled, path)
    before = digest(peopled)
    answers = {name: altered(path, change).send(peopled) for name, (_, change) in CASES.items()}
    assert {name: answer.code for name, answer in answers.items()} == {name: code for name, (code, _) in CASES.items()}
    assert digest(peopled) == before
    assert altered(path, {}).send(peopled).code == "SUCCESS", "the right request is not the one that is refused"


def test_a_connection_that_breaks_inside_is_answered_like_any_failure(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise ConnectionResetError("a line of our own")

    monkeypatch.setattr(Works, "perform", broken)
    assert altered("/v2/pos/syncStore", {}).send(platform).code == "UNKNOWN_EXCEPTION"


FORMS: dict[str, dict[str, Any] | Callable[[Request], dict[str, Any]]] = {
    "blanks after commas": {"form": "algorithm=RSA256, keyVersion={version}, signature={signature}"},
    "algorithm in small letters": {"algorithm": "rsa256"},
    "no algorithm": {"form": "keyVersion={version},signature={signature}"},
    "lower-case escapes": {"encode": lambda raw: percent(raw).replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")},
    "raw base64": {"encode": lambda raw: base64.b64encode(raw).decode()},
    "another order": {"form": "signature={signature},keyVersion={version},algorithm=RSA256"},
    "no keyVersion, the newest key": {"form": "algorithm=RSA256,signature={signature}", "key": "c1-third"},
    "an empty keyVersion, the newest key": {"version": "", "key": "c1-third"},
    "a query that is signed": lambda right: {"target": right.target + "?a=%20&b"},
    **{
        f"request-time {time}": {"time": time}
        for time in (
            "1795313006944", "1795313006", "2026-11-22T02:00:19+00:00", "2026-11-22T02:00:19+0000", "2026-11-22T00:00:00.1234567Z",
            "2022-10-10T23:00:56+08:00", "2019-04-04T12:08:56.253+05:30", "1970-01-01T00:00:00Z", "2099-12-31T23:59:59-12:00",
        )
    },
    "two content types": {"more": (("content-type", "application/json"), ("content-type", "application/json; charset=UTF-8"))},
    "a foreign content type": {"more": (("content-type", "text/plain"),)},
    "an empty agent-token": {"more": (("agent-token", ""), ("key-version", "9"), ("x-client-id", "c2"))},
    "an accept header without JSON": {"more": (("accept", "text/plain,text/xml"), ("accept-encoding", "gzip"))},
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_form_that_the_familys_clients_use_is_accepted(peopled: Platform, path: str) -> None:
    prepare(peopled, path)
    answers = {name: altered(path, change).send(peopled) for name, change in FORMS.items()}
    assert {name: answer.result for name, answer in answers.items() if answer.code != "SUCCESS"} == {}


def near(path: str) -> list[str]:
    """Return paths that look like an API's and are not."""
    folder, _, name = path.rpartition("/")
    return [
        f"{path}/", f"{path}//", f"{folder}//{name}", f"/v2//{path[4:]}", f"{folder}/./{name}", f"{folder}/x/../{name}",
        f"{folder}/{name.lower()}", f"{folder}/{name.upper()}", f"{folder.upper().replace('/V2', '/v2')}/{name}",
        f"{folder}/%{ord(name[0]):02x}{name[1:]}", f"{path}%20", f"{path}%00", f"{path}%2F", f"{folder}%2F{name}", f"{path}%3Fa=1",
        f"{path};a=1", f"{path}.json", f"{path}\\", path[:-1], f"{path}x", f"/v2{path}", f"{folder}/", folder, f"{folder}/" + "x" * 5000,
    ]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_only_looks_like_an_api_is_none(platform: Platform, path: str) -> None:
    prepare(platform, path)
    before = digest(platform)
    for target in ["/v2/", *near(path)]:
        answer = altered(path, {"target": target}).send(platform)
        assert (answer.code, answer.headers.get("connection")) == ("INVALID_API", "close"), target
    assert digest(platform) == before


def test_an_api_is_called_with_post_alone(platform: Platform) -> None:
    before = digest(platform)
    for path in PATHS:
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post", "BREW", "P" * 500):
            for signed in (method, "POST"):
                answer = altered(path, {"method": method, "signed": {"method": signed}}).send(platform)
                assert answer.code == "INVALID_API"
                assert answer.message == f"{path.rpartition('/')[2]} is called with POST, not {method[:20]}"
    assert digest(platform) == before


@pytest.mark.parametrize(
    "target", ["/V2/pos/syncStore", "//v2/pos/syncStore", "///v2//pos", "/V2", "/v2", "http://test/v2"]
)
def test_a_path_written_almost_like_ours_gets_a_signed_answer(platform: Platform, target: str) -> None:
    answer = altered("/v2/pos/syncStore", {"target": target}).send(platform)
    assert answer.code == "INVALID_API"
    path = target.removeprefix("http://test")
    check_contract(answer, path, "c1", platform.platform_key())


@pytest.mark.parametrize("target", ["/", "/v1/pos/syncStore", "/v22/pos/syncStore", "/v2pos", "/api/v2/pos/syncStore"])
def test_any_other_path_is_not_of_the_signed_api(platform: Platform, target: str) -> None:
    answer = altered("/v2/pos/syncStore", {"target": target}).send(platform)
    assert answer.status in {404, 405}
    assert "signature" not in answer.headers
