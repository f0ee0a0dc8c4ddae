"""Bodies that are no strict JSON, or not of the message's types: refused on every API by path, and without a trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec import inspect as types

from contract.family import PATHS, SERVED, bodies, body, digest, prepare
from contract.forging import Request
from contract.places import bare, members, named, placed
from dstore.storage.opening import dialect

if TYPE_CHECKING:
    from harness.platform import Platform


def dumped(path: str, **changes: Any) -> bytes:
    return json.dumps(body(path, **changes)).encode()


def with_member(path: str, name: str, raw: bytes) -> bytes:
    """Return a right body with one more member in raw JSON, in front of the others."""
    return b'{"' + name.encode() + b'": ' + raw + b", " + dumped(path)[1:]


def broken(path: str, levels: int) -> dict[str, tuple[bytes, str]]:
    """Return bodies that are no strict JSON, each with what its refusal must say."""
    good = dumped(path)
    wide = json.dumps(body(path), ensure_ascii=False)
    no_json = "the body is not JSON"
    return {
        "nothing": (b"", "the body is empty"),
        "blanks": (b" \r\n\t", "the body is empty"),
        "a byte order mark": (b"\xef\xbb\xbf" + good, "byte order mark"),
        "UTF-16": (wide.encode("utf-16"), no_json),
        "UTF-16 without mark": (wide.encode("utf-16-le"), no_json),
        "UTF-32": (wide.encode("utf-32"), no_json),
        "Latin-1": (with_member(path, "zzz", '"é"'.encode("latin-1")), "the body is not UTF-8"),
        "an overlong encoding": (with_member(path, "zzz", b'"\xc0\xaf"'), "the body is not UTF-8"),
        "an encoded surrogate": (with_member(path, "zzz", b'"\xed\xa0\x80"'), "the body is not UTF-8"),
        "a character beyond Unicode": (with_member(path, "zzz", b'"\xf5\x80\x80\x80"'), "the body is not UTF-8"),
        "a lone surrogate": (with_member(path, "zzz", rb'"\ud83d"'), no_json),
        "a lone low surrogate": (with_member(path, "zzz", rb'"\ude00x"'), no_json),
        "swapped surrogates": (with_member(path, "zzz", rb'"\ude00\ud83d"'), no_json),
        "a NUL": (with_member(path, "zzz", rb'"a\u0000b"'), "zzz: text holds a NUL character"),
        "a NUL in a name": (with_member(path, r"z\u0000", b"1"), "a member's name holds a NUL character"),
        "a raw NUL": (with_member(path, "zzz", b'"\x00"'), no_json),
        "a raw line end in a text": (with_member(path, "zzz", b'"\n"'), no_json),
        "NaN": (with_member(path, "zzz", b"NaN"), no_json),
        "Infinity": (with_member(path, "zzz", b"-Infinity"), no_json),
        "a number with a zero in front": (with_member(path, "zzz", b"01"), no_json),
        "a hexadecimal number": (with_member(path, "zzz", b"0x1F"), no_json),
        "an unknown escape": (with_member(path, "zzz", rb'"\x41"'), no_json),
        "a trailing comma": (good[:-1] + b",}", no_json),
        "a comment": (b"/* hi */" + good, no_json),
        "a text after it": (good + b"x", no_json),
        "twice": (good + good, no_json),
        "single quotes": (good.replace(b'"', b"'"), no_json),
        "the last byte missing": (good[:-1], no_json),
        "half of it": (good[: len(good) // 2], no_json),
        "gzip": (b"\x1f\x8b\x08\x00" + good, no_json),
        "a form": (b"requestId=1&store=2", no_json),
        "65 levels in a member nobody knows": (with_member(path, "zzz", b"[" * 64 + b"]" * 64), "deeper than 64 levels"),
        "many levels": (with_member(path, "zzz", b"[" * levels), "deeper than 64 levels"),
        "many objects": (with_member(path, "zzz", b'{"a":' * levels), "deeper than 64 levels"),
        "a list": (b"[" + good + b"]", "expected an object, got a list"),
        "a text": (json.dumps(good.decode()).encode(), "expected an object, got text"),
        "null": (b"null", "expected an object, got null"),
        "a number": (b"17", "expected an object, got a whole number"),
        "an empty object": (b"{}", " is required"),
    }  # fmt: skip


@pytest.mark.parametrize("levels", [100_000, pytest.param(1_000_000, marks=pytest.mark.full)])
@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_no_strict_json_is_refused_on_every_api(platform: Platform, path: str, levels: int) -> None:
    prepare(platform, path)
    before = digest(platform)
    wrong = {}
    for name, (raw, words) in broken(path, levels).items():
        answer = Request(path, raw).send(platform)
        if answer.code != "PARAM_ILLEGAL" or words not in answer.message:
            wrong[name] = answer.result
    assert wrong == {}
    assert digest(platform) == before
    assert Request(path, dumped(path)).send(platform).code == "SUCCESS"


@pytest.mark.parametrize("path", PATHS)
def test_what_json_allows_is_accepted_on_every_api(platform: Platform, path: str) -> None:
    prepare(platform, path)
    values = {
        "64 levels": b"[" * 63 + b"]" * 63, "an emoji": '"💥"'.encode(), "an escaped emoji": rb'"\ud83d\ude00"', "a NUL that is escaped text": rb'"\\u0000"',
        "a large number": b"1" * 400, "a large fraction": b"1e300", "what would end a page": rb'"<\/script>\u2028"', "null": b"null",
        "right to left": '"\u202eabc"'.encode(), "a delete": b'"\x7f"',
    }  # fmt: skip
    answers = {name: Request(path, with_member(path, "zzz", raw)).send(platform).result for name, raw in values.items()}
    answers["blanks around"] = Request(path, b" \r\n" + dumped(path) + b"\t\n").send(platform).result
    answers["laid out"] = Request(path, json.dumps(body(path), indent=3).encode()).send(platform).result
    assert {name: result for name, result in answers.items() if result["resultCode"] != "SUCCESS"} == {}


@pytest.mark.parametrize("path", PATHS)
def test_of_a_repeated_member_the_last_one_counts(platform: Platform, path: str) -> None:
    prepare(platform, path)
    name = next(iter(body(path)))
    repeated = with_member(path, name, json.dumps(body(path)[name] + "-first").encode())
    assert Request(path, repeated).send(platform).code == "SUCCESS"
    given = platform.rows("select request_id from given where request_id like ?", "%-first")
    assert given == []


WRONG: dict[type, list[Any]] = {
    types.StrType: [1, True, None, [], {}, ["x"]],
    types.LiteralType: [1, "no such word", None, ["x"], "available"],
    types.IntType: [-1, 2**31, 2**63, 10**40, 1.5, "x", True, None, [1]],
    types.FloatType: ["x", True, None, [1]],
    types.BoolType: [1, "true", None],
    types.ListType: ["x", 1, None, {"a": 1}],
    types.StructType: ["x", 1, None, ["x"]],
    types.DictType: ["x", 1, None, ["x"]],
}
DEPTH = 9


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("share", [2, pytest.param(1, marks=pytest.mark.full)])
def test_every_member_of_another_type_is_refused_by_its_path(platform: Platform, path: str, share: int) -> None:
    """Every member of the message's type, wherever a sample has a place for it, with every other type.

    The two kinds of database have a half of them each, in the long run all.
    """
    prepare(platform, path)
    before = digest(platform)
    message = msgspec.inspect.type_info(SERVED[path].message)
    is_sqlite = dialect(platform.url) == "sqlite"
    tried, wrong = 0, {}
    for place, kind in members(message, (), DEPTH):
        for value in WRONG.get(type(bare(kind)), []):
            clears = SERVED[path].takes_clears and len(place) == 1 and value in ([], {})
            document = next((one for one in bodies(path) if placed(one, place, value)), None)
            if clears or document is None or _is_taken(kind, value):
                continue
            tried += 1
            if (tried + is_sqlite) % share:
                continue
            answer = Request(path, json.dumps(document).encode()).send(platform)
            if answer.code != "PARAM_ILLEGAL" or not answer.message.startswith(named(place)):
                wrong[f"{named(place)} = {value!r}"] = answer.message
    assert wrong == {}
    assert tried > 4 * len(SERVED[path].message.__struct_fields__)
    assert digest(platform) == before


def _is_taken(kind: types.Type, value: Any) -> bool:
    """Return whether a type takes a value after all: a number written as text, an empty member of an update."""
    while isinstance(kind, types.Metadata):
        kind = kind.type
    if isinstance(kind, types.UnionType):
        return any(isinstance(value, taken) for one in kind.types for taken in _TAKES.get(type(bare(one)), ()))
    return False


_TAKES: dict[type, tuple[type, ...]] = {types.StrType: (str,), types.FloatType: (int, float), types.IntType: (int,)}


@pytest.mark.parametrize("path", PATHS)
def test_every_required_member_is_asked_for(platform: Platform, path: str) -> None:
    prepare(platform, path)
    before = digest(platform)
    required = [one.encode_name for one in msgspec.inspect.type_info(SERVED[path].message).fields if one.required]  # type: ignore[attr-defined]
    for name in required:
        document = body(path)
        del document[name]
        answer = Request(path, json.dumps(document).encode()).send(platform)
        assert (answer.code, answer.message) == ("PARAM_ILLEGAL", f"{name}: is required")
    assert required
    assert digest(platform) == before


@pytest.mark.parametrize("path", PATHS)
def test_a_body_over_the_limit_is_refused_whether_it_was_announced_or_not(platform: Platform, path: str) -> None:
    platform.restart(body_limit=200_000)
    prepare(platform, path)
    before = digest(platform)
    raw = with_member(path, "zzz", b'"' + b"x" * 200_000 + b'"')
    announced = Request(path, raw, more=(("content-length", str(len(raw))),)).send(platform)
    assert (announced.code, announced.message) == (
        "PARAM_ILLEGAL",
        f"the body has {len(raw):,} bytes or more, at most 200,000 are allowed",
    )
    assert announced.headers["connection"] == "close"
    assert Request(path, raw).send(platform).code == "PARAM_ILLEGAL"
    assert digest(platform) == before
    fits = with_member(path, "zzz", b'"' + b"x" * 150_000 + b'"')
    assert Request(path, fits).send(platform).code == "SUCCESS"
