"""The signature clinic: every known mistake, made with real keys, is named, and nothing else is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from dstore.sandbox.clinic import NamedKey, Outcome, UnreadableRequestError, Verdict, examine, read_request
from dstore.sandbox.clinic.header import decode
from dstore.sandbox.clinic.mistakes import ADVICE
from harness import caller
from sandbox.wrongly_signed import (
    ALIAS,
    BODY,
    OTHER,
    PATH,
    PATHS,
    PRETTY,
    TIME,
    VALUE,
    Client,
    bare,
    hashed_first,
    hex_digest,
    percent,
    pkcs,
    pss,
    reversed_bytes,
)

SHA1, SHA256, SHA512 = hashes.SHA1(), hashes.SHA256(), hashes.SHA512()
SHORT = b'{"requestId":"1"}'


def named(*names: str) -> list[NamedKey]:
    return [NamedKey(name, caller.key(name).public_key()) for name in names]


def verdict_on(client: Client, *, keys: tuple[str, ...] = ("registered", "sandbox"), platform: bool = True) -> Verdict:
    key = caller.key("platform").public_key() if platform else None
    return examine(read_request(client.request()), named(*keys), PATHS, key)


def kinds(verdict: Verdict) -> list[str]:
    return [one.kind for one in verdict.mistakes]


def as_json(**style: Any) -> bytes:
    return json.dumps(VALUE, **{"ensure_ascii": False, **style}).encode()


def signed_body(body: bytes, sent: bytes = BODY) -> Client:
    return Client(body=sent, signed={"body": body})


def signed(**parts: Any) -> Client:
    return Client(signed=parts)


def laid_out(layout: str) -> Client:
    return Client(layout=layout)


def escaped(text: str, characters: str, form: str = "\\u%04x") -> str:
    return "".join(form % ord(one) if one in characters else one for one in text)


COMPACT = as_json(separators=(",", ":"))
GO = escaped(COMPACT.decode(), "<>&").encode()
GSON = escaped(COMPACT.decode(), "<>&'=").encode()
DOTNET = (
    escaped(COMPACT.decode().replace('\\"', "\\u0022"), "<>&'é", "\\u%04X").replace("👍", "\\uD83D\\uDC4D").encode()
)

BODIES: list[tuple[str, Client]] = [
    ("body.line-end", signed_body(BODY, BODY + b"\n")),
    ("body.line-end", signed_body(BODY, BODY + b"\r\n")),
    ("body.line-end", signed_body(BODY + b"\n")),
    ("body.line-end", signed_body(BODY + b"\r\n")),
    ("body.trimmed", signed_body(BODY, b" " + BODY + b" \n")),
    ("body.line-ends", signed_body(PRETTY, PRETTY.replace(b"\n", b"\r\n"))),
    ("body.line-ends", signed_body(b'{\r\n  "a" : 1\r\n}', b'{\n  "a" : 1\n}')),
    ("body.line-ends", signed_body(b'{\r\n  "a" : 1\r\n}\r\n', b'{\n  "a" : 1\n}')),
    ("body.no-newlines", signed_body(PRETTY.replace(b"\n", b""), PRETTY)),
    ("body.bom", signed_body(BODY, b"\xef\xbb\xbf" + BODY)),
    ("body.bom", signed_body(b"\xef\xbb\xbf" + BODY)),
    ("body.missing", signed_body(b"")),
    ("body.quoted", signed_body(json.dumps(BODY.decode(), ensure_ascii=False).encode())),
    ("body.charset", signed_body('{"name": "Café"}'.encode("latin-1"), '{"name": "Café"}'.encode())),
    ("body.charset", signed_body(BODY.decode().encode("gb18030"))),
    ("body.encoded", signed_body(quote(BODY, safe="").encode())),
    ("body.hash", signed_body(hashlib.sha256(BODY).hexdigest().upper().encode())),
    ("body.hash", signed_body(base64.b64encode(hashlib.md5(BODY).digest()))),
    ("body.json", signed_body(COMPACT)),
    ("body.json", signed_body(BODY, COMPACT)),
    ("body.json", signed_body(as_json(indent=2))),
    ("body.json", signed_body(as_json(indent=3))),
    ("body.json", signed_body(as_json(indent=4))),
    ("body.json", signed_body(as_json(indent="\t"))),
    ("body.json", signed_body(as_json(indent=2).replace(b"\n", b"\r\n"))),
    ("body.json", signed_body(as_json(sort_keys=True))),
    ("body.json", signed_body(as_json(sort_keys=True, separators=(",", ":")))),
    ("body.json", signed_body(as_json(ensure_ascii=True))),
    ("body.json", signed_body(as_json(ensure_ascii=True, indent=3))),
    ("body.json", signed_body(COMPACT.replace(b"/", rb"\/"))),
    ("body.json", signed_body(as_json(ensure_ascii=True, separators=(",", ":")).replace(b"/", rb"\/"))),
    ("body.json", signed_body(GO)),
    ("body.json", signed_body(GSON)),
    ("body.json", signed_body(DOTNET)),
    ("body.json", signed_body(b'{"price":1.50,"big":1e2}', b'{"price": 1.50, "big": 1e2}')),
]
PATHS_SIGNED: list[tuple[str, Client]] = [
    ("path.alias", signed(path=ALIAS)),
    ("path.alias", Client(target=ALIAS, signed={"path": PATH})),
    ("path.other", signed(path=OTHER)),
    ("path.url", signed(path=f"https://pos.example:8080{PATH}")),
    ("path.url", signed(path=f"http://pos.example{PATH}")),
    ("path.url", signed(path=f"pos.example:8080{PATH}")),
    ("path.slash", signed(path=PATH[1:])),
    ("path.slash", signed(path=PATH + "/")),
    ("path.query", Client(target=PATH + "?a=1&b=2", signed={"path": PATH})),
    ("path.url", Client(target=PATH + "?a=1", signed={"path": f"https://pos.example:8080{PATH}"})),
    ("path.case", signed(path=PATH.lower())),
    ("path.case", signed(path=quote(PATH, safe=""))),
    ("path.prefix", Client(target="/proxy" + PATH, signed={"path": PATH})),
    ("path.prefix", signed(path="syncProduct")),
    ("path.missing", signed(path="")),
    ("method.case", signed(method="post")),
    ("method.other", signed(method="GET")),
    ("method.missing", laid_out("{path}\n{client}.{time}.")),
]
TIMES: list[tuple[str, Client]] = [
    ("time.form", signed(time="1795320000000")),
    ("time.form", signed(time="1795320000")),
    ("time.form", signed(time="2026-11-22T04:00:00+00:00")),
    ("time.form", signed(time="2026-11-22T04:00:00Z")),
    ("time.form", signed(time="2026-11-22T12:00:00+0800")),
    ("time.form", signed(time="2026-11-22T12:00:00.000+08:00")),
    ("time.form", signed(time="2026-11-22 12:00:00")),
    ("time.form", signed(time="2026-11-22T12:00:00 08:00")),
    ("time.form", signed(time="Sun, 22 Nov 2026 04:00:00 GMT")),
    ("time.form", Client(time="1795320000000", signed={"time": TIME})),
    ("time.form", Client(time="2026-11-22T04:00:00Z", signed={"time": "2026-11-22T04:00:00+00:00"})),
    ("time.empty", signed(time="")),
    ("time.missing", laid_out("{method} {path}\n{client}.")),
    ("time.twice", signed(time="2026-11-22T11:59:59+08:00")),
    ("time.twice", signed(time="2026-11-22T12:04:00+08:00")),
    ("time.twice", signed(time="2026-11-22T12:00:00.417+08:00")),
    ("time.twice", Client(time="1795320000000", signed={"time": "1795319999412"})),
    ("time.twice", Client(time="2026-11-22T04:00:00.120Z", signed={"time": "2026-11-22T04:00:00.119Z"})),
    ("client.empty", signed(client="")),
    ("client.form", Client(client_id="ABC", signed={"client": "abc"})),
    ("client.missing", laid_out("{method} {path}\n{time}.")),
]
LAYOUTS: list[tuple[str, Client]] = [
    ("layout.order", laid_out("{method} {path}\n{time}.{client}.")),
    ("layout.line-feed", laid_out("{method} {path}{client}.{time}.")),
    ("layout.line-feed", laid_out("{method} {path}\r\n{client}.{time}.")),
    ("layout.line-feed", laid_out("{method} {path} {client}.{time}.")),
    ("layout.line-feed", laid_out("{method} {path}\\n{client}.{time}.")),
    ("layout.blank", laid_out("{method}{path}\n{client}.{time}.")),
    ("layout.blank", laid_out("{method}\n{path}\n{client}.{time}.")),
    ("layout.dots", laid_out("{method} {path}\n{client}{time}")),
    ("layout.dots", laid_out("{method} {path}\n{client}{time}.")),
    ("layout.dots", laid_out("{method} {path}\n{client}.{time}")),
    ("layout.dots", laid_out("{method} {path}\n{client}\n{time}\n")),
    ("layout.body-only", laid_out("")),
    ("layout.body-only", laid_out("{client}.{time}.")),
    ("digest.twice", Client(sign=hashed_first(hex_digest))),
    ("digest.twice", Client(sign=hashed_first(lambda content: hex_digest(content).upper()))),
    ("digest.twice", Client(sign=hashed_first(lambda content: hashlib.sha256(content).digest()))),
    ("digest.twice", Client(sign=hashed_first(lambda content: base64.b64encode(hashlib.sha256(content).digest())))),
    ("digest.twice", Client(sign=hashed_first(lambda content: hashlib.md5(content).hexdigest().encode()))),
    ("digest.encoded", Client(sign=hashed_first(base64.b64encode))),
]
SCHEMES: list[tuple[str, Client]] = [
    ("scheme.pss", Client(sign=pss(32, SHA256, SHA256))),
    ("scheme.pss", Client(sign=pss(padding.PSS.MAX_LENGTH, SHA256, SHA256))),  # type: ignore[arg-type]
    ("scheme.pss", Client(sign=pss(20, SHA256, SHA1))),
    ("scheme.pss", Client(sign=pss(0, SHA256, SHA256))),
    ("scheme.hash", Client(sign=pkcs(SHA1))),
    ("scheme.hash", Client(sign=pkcs(SHA512))),
    ("scheme.hash", Client(sign=pkcs(hashes.SHA384()))),
    ("scheme.hash", Client(sign=pkcs(hashes.MD5()))),
    ("scheme.bare", Client(sign=bare(lambda content: hashlib.sha256(content).digest()))),
    ("scheme.bare", Client(sign=bare(lambda content: hashlib.sha1(content).digest()))),
    ("scheme.bare", Client(sign=bare(hex_digest))),
    ("scheme.bare", Client(body=SHORT, sign=bare(bytes))),
    ("scheme.reversed", Client(sign=reversed_bytes)),
]
ENCODINGS: list[tuple[str, Client]] = [
    ("encoding.twice", Client(write=lambda raw: quote(percent(raw), safe=""))),
    (
        "encoding.plus",
        Client(write=lambda raw: base64.b64encode(raw).decode().replace("+", " ")).until(lambda text: "+" in text[1:]),
    ),
    (
        "encoding.url-safe",
        Client(write=lambda raw: base64.urlsafe_b64encode(raw).decode()).until(lambda text: "+" in text),
    ),
    ("encoding.hex", Client(write=bytes.hex)),
    ("encoding.hex", Client(write=lambda raw: raw.hex().upper())),
    ("encoding.padding", Client(write=lambda raw: percent(raw).removesuffix("%3D%3D"))),
    ("encoding.lines", Client(write=lambda raw: quote(base64.encodebytes(raw), safe=""))),
    ("encoding.base64-twice", Client(write=lambda raw: percent(base64.b64encode(raw)))),
    ("encoding.quotes", Client(header='algorithm=RSA256,keyVersion=1,signature="{}"')),
    ("header.form", Client(header="algorithm=RSA2,keyVersion=1,signature={}")),
    ("header.form", Client(header="algorithm=RSA256,keyVersion=one,signature={}")),
    ("header.form", Client(header="{}")),
    ("header.form", Client(header="algorithm=RSA256;keyVersion=1;signature={}")),
    ("header.missing", Client(headers={"Client-Id": None}, signed={"client": ""})),
    ("header.missing", Client(headers={"client-id": "c1"})),
    ("header.time", Client(time="22.11.2026 12:00")),
    ("header.form", Client(client_id="c" * 300)),
    ("key.other", Client(key="sandbox")),
    ("key.platform-signed", Client(key="platform")),
]
SINGLE = [*BODIES, *PATHS_SIGNED, *TIMES, *LAYOUTS, *SCHEMES, *ENCODINGS]


@pytest.mark.parametrize(("kind", "client"), SINGLE, ids=[f"{kind}-{at}" for at, (kind, _) in enumerate(SINGLE)])
def test_a_single_mistake_is_named_and_nothing_else(kind: str, client: Client) -> None:
    verdict = verdict_on(client)
    assert verdict.outcome is Outcome.EXPLAINED
    assert kinds(verdict) == [kind], verdict.mistakes
    if not kind.startswith(("digest", "encoding", "header")):
        assert verdict.signed == client.content()


TOGETHER: list[tuple[list[str], Client]] = [
    (["path.alias", "body.json"], Client(signed={"path": ALIAS, "body": as_json(indent=3, ensure_ascii=True)})),
    (["time.form", "body.json"], Client(signed={"time": "1795320000000", "body": COMPACT})),
    (["layout.line-feed", "body.json"], Client(layout="{method} {path}\\n{client}.{time}.", signed={"body": GO})),
    (["path.url", "layout.dots"], Client(layout="{method} {path}\n{client}{time}", signed={"path": f"http://pos.example:8080{PATH}"})),
    (["method.case", "time.form"], Client(signed={"method": "post", "time": "2026-11-22T04:00:00Z"})),
    (["body.line-end", "digest.twice"], Client(body=BODY + b"\n", signed={"body": BODY}, sign=hashed_first(hex_digest))),
    (["path.url", "time.form", "body.line-end"], Client(body=BODY + b"\n", signed={"path": f"https://pos.example:8080{PATH}", "time": "1795320000000", "body": BODY})),
    (["scheme.hash", "body.json"], Client(signed={"body": COMPACT}, sign=pkcs(SHA1))),
    (["scheme.pss", "path.slash"], Client(signed={"path": PATH[1:]}, sign=pss(32, SHA256, SHA256))),
    (["scheme.pss", "scheme.hash"], Client(sign=pss(20, SHA1, SHA1))),
    (["encoding.twice", "path.query"], Client(target=PATH + "?x=1", signed={"path": PATH}, write=lambda raw: quote(percent(raw), safe=""))),
    (["key.other", "encoding.hex", "scheme.hash", "body.json"], Client(key="sandbox", signed={"body": COMPACT}, sign=pkcs(SHA512), write=bytes.hex)),
    (["header.form", "time.form"], Client(header="algorithm=SHA256withRSA,signature={}", signed={"time": "1795320000000"})),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "client"), TOGETHER, ids=["+".join(expected) for expected, _ in TOGETHER])
def test_mistakes_made_together_are_all_named(expected: list[str], client: Client) -> None:
    verdict = verdict_on(client)
    assert verdict.outcome is Outcome.EXPLAINED
    assert kinds(verdict) == expected, verdict.mistakes


def test_every_mistake_of_the_table_is_made_by_some_test() -> None:
    made = {kind for kind, _ in SINGLE} | {kind for each, _ in TOGETHER for kind in each} | {"key.platform"}
    assert made == set(ADVICE)


RIGHT: dict[str, Client] = {
    "as it should be": Client(),
    "line feeds alone": Client(ends="\n"),
    "raw base64": Client(write=lambda raw: base64.b64encode(raw).decode()),
    "lower-case escapes": Client(write=lambda raw: percent(raw).replace("%2F", "%2f").replace("%2B", "%2b")),
    "blanks after commas": Client(header="algorithm=rsa256, keyVersion=1, signature={}"),
    "no key version": Client(header="algorithm=RSA256,signature={}"),
    "another order of parts": Client(header="signature={},keyVersion=1,algorithm=RSA256"),
    "epoch milliseconds": Client(time="1795320000000"),
    "a query": Client(target=PATH + "?a=1"),
    "an alias": Client(target=ALIAS),
    "an editor's line end, not counted": Client(body=BODY + b"\n", signed={"body": BODY}, headers={"Content-Length": str(len(BODY))}),
    "a whole URL as target": Client(target=f"https://pos.example{PATH}", signed={"path": PATH}),
    "no body": Client(body=b""),
}  # fmt: skip


@pytest.mark.parametrize("client", RIGHT.values(), ids=RIGHT)
def test_a_correct_request_is_said_to_be_correct(client: Client) -> None:
    verdict = verdict_on(client)
    assert verdict.verifies
    assert verdict.mistakes == ()
    assert verdict.key == "registered"


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-08:00"])
def test_a_time_at_the_ends_of_the_calendar_is_examined_like_any(time: str) -> None:
    assert kinds(verdict_on(Client(time=time))) == []
    assert kinds(verdict_on(Client(time=time, signed={"time": ""}))) == ["time.empty"]


def test_base64_that_is_not_percent_encoded_is_worth_a_note() -> None:
    raw = verdict_on(RIGHT["raw base64"])
    assert [note for note in raw.notes if "percent-encoded" in note]
    assert verdict_on(Client()).notes == ()


def test_a_path_that_is_no_api_and_another_method_are_worth_a_note() -> None:
    verdict = verdict_on(Client(target="/v2/pos/createOrder", method="PUT"))
    assert verdict.verifies
    assert len(verdict.notes) == 2
    assert "PUT" in verdict.notes[0]
    assert "/v2/pos/createOrder" in verdict.notes[1]


def test_the_platforms_key_given_as_the_partners_is_recognised() -> None:
    verdict = verdict_on(Client(), keys=("platform", "registered"))
    assert kinds(verdict) == ["key.platform"]
    assert verdict.key == "registered"
    assert kinds(verdict_on(Client(), keys=("platform",))) == ["key.platform"]


def test_a_content_that_is_not_known_is_not_explained_but_the_key_is_certain() -> None:
    verdict = verdict_on(Client(signed={"body": b"something else"}))
    assert verdict.outcome is Outcome.OTHER_CONTENT
    assert verdict.key == "registered"
    assert verdict.mistakes == ()
    assert verdict.tried > 10_000


def test_what_is_certain_is_said_even_if_the_content_is_not_known() -> None:
    verdict = verdict_on(Client(signed={"body": b"something else"}, key="sandbox", sign=pkcs(SHA1)))
    assert verdict.outcome is Outcome.OTHER_CONTENT
    assert kinds(verdict) == ["key.other", "scheme.hash"]
    padded = verdict_on(Client(signed={"body": b"something else"}, sign=pss(32, SHA256, SHA256)))
    assert (padded.outcome, kinds(padded)) == (Outcome.OTHER_CONTENT, ["scheme.pss"])


def test_a_signature_of_a_key_that_was_not_given_is_explained_by_none() -> None:
    verdict = verdict_on(Client(key="stranger"))
    assert verdict.outcome is Outcome.OTHER_KEY
    assert verdict.mistakes == ()
    assert verdict.key == ""


def _hmac(_key: Any, content: bytes) -> bytes:
    return hmac.digest(b"secret", content, "sha256")


def _ecdsa(_key: Any, content: bytes) -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).sign(content, ec.ECDSA(SHA256))


def _cut(key: Any, content: bytes) -> bytes:
    return pkcs(SHA256)(key, content)[:200]


@pytest.mark.parametrize(("sign", "hint"), [(_hmac, "HMAC"), (_ecdsa, "ECDSA"), (_cut, "cut off")])
def test_a_signature_that_is_none_of_rsa_is_told_by_its_looks(sign: Any, hint: str) -> None:
    verdict = verdict_on(Client(sign=sign))
    assert verdict.outcome is Outcome.OTHER_KEY
    assert hint in " ".join(verdict.notes)


@pytest.mark.parametrize(
    "value", [None, "algorithm=RSA256,keyVersion=1", "algorithm=RSA256,signature=<generatedSignature>"]
)
def test_without_a_signature_there_is_nothing_to_examine_but_the_reason_is_given(value: str | None) -> None:
    verdict = verdict_on(Client(headers={"Signature": value}))
    assert verdict.outcome is Outcome.NO_SIGNATURE
    assert kinds(verdict) == ["header.missing" if value is None else "header.form"]


def test_a_longer_key_is_examined_alike() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    client = Client(sign=lambda _key, content: pss(32, SHA256, SHA256)(key, content))
    verdict = examine(read_request(client.request()), [NamedKey("long", key.public_key())], PATHS)
    assert kinds(verdict) == ["scheme.pss"]


def test_a_large_body_is_examined_within_a_bounded_effort() -> None:
    large = msgspec.json.encode([{"posProductId": f"p{at}"} for at in range(40_000)])
    explained = verdict_on(Client(body=large + b"\n", signed={"body": large}))
    assert kinds(explained) == ["body.line-end"]
    unknown = verdict_on(Client(body=large, signed={"body": b"something else"}))
    assert unknown.outcome is Outcome.OTHER_CONTENT
    assert unknown.tried < 1_000


def test_a_plus_sign_at_the_very_front_that_became_a_blank_is_put_back() -> None:
    raw = b"\xfb" + bytes(255)
    written = base64.b64encode(raw).decode()
    assert written.startswith("+")
    decoded = decode(written.replace("+", " "))
    assert decoded is not None
    assert (decoded.signature, [one.kind for one in decoded.mistakes]) == (raw, ["encoding.plus"])


# Anything at all may be pasted.


@settings(max_examples=150, deadline=None)
@given(
    text=st.binary(max_size=300), signature=st.text(max_size=60), time=st.text(max_size=30), curl=st.text(max_size=60)
)
def test_whatever_is_pasted_gets_a_verdict_or_one_line(text: bytes, signature: str, time: str, curl: str) -> None:
    head = f"POST /v2/x?{signature} HTTP/1.1\nclient-id: {time}\nrequest-time: {time}\nsignature: {signature}".encode()
    for pasted in (text, head + b"\n\n" + text, f"curl http://a/b {curl} --data '{signature}'".encode()):
        with suppress(UnreadableRequestError):
            assert not examine(read_request(pasted), named("registered"), PATHS).verifies
