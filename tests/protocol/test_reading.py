"""From bytes to messages: what is refused, and every finding by its path."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from dstore.protocol import reading
from dstore.results import ParamIllegal

Name = Annotated[str, Meta(min_length=1, max_length=5)]
Count = Annotated[int, Meta(ge=0, le=9)]


class Part(msgspec.Struct, rename="camel"):
    part_name: Name
    count: Count | UnsetType = UNSET


class Whole(msgspec.Struct, rename="camel"):
    request_id: Name
    kind: Literal["A", "B"]
    parts: Annotated[list[Part], Meta(min_length=1, max_length=3)]
    share: float | UnsetType = UNSET
    step: Name | Count | UnsetType = UNSET
    is_on: bool | UnsetType = UNSET
    more: dict[str, Any] | UnsetType = UNSET
    names: dict[str, Name] | UnsetType = UNSET


GOOD: dict[str, Any] = {"requestId": "r", "kind": "A", "parts": [{"partName": "p", "count": 1}]}


def sentences(body: bytes, kind: Any = Whole) -> list[str]:
    """Return what a refused body is told."""
    with pytest.raises(ParamIllegal) as refusal:
        reading.read(body, kind)
    return [one.sentence for one in refusal.value.findings]


def said(**changes: Any) -> list[str]:
    return sentences(json.dumps({**GOOD, **changes}).encode())


def test_a_good_body_becomes_its_message() -> None:
    message = reading.read(json.dumps(GOOD).encode(), Whole)
    assert (message.request_id, message.parts[0].count, message.more) == ("r", 1, UNSET)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"requestId": 1}, "requestId: expected text, got a whole number"),
        ({"requestId": None}, "requestId: expected text, got null"),
        ({"requestId": ""}, "requestId: must not be empty"),
        ({"requestId": "x" * 6}, "requestId: has 6 characters, at most 5 are allowed"),
        ({"requestId": "💥" * 6}, "requestId: has 6 characters, at most 5 are allowed"),
        ({"kind": "C"}, 'kind: "C" is not a known value; known are A, B'),
        ({"kind": ["A"]}, "kind: expected text, got a list"),
        ({"parts": {}}, "parts: expected a list, got an object"),
        ({"parts": []}, "parts: must not be empty"),
        ({"parts": [{"partName": "p"}] * 4}, "parts: has 4 elements, at most 3 are allowed"),
        ({"parts": [{"partName": "p"}, 1]}, "parts[1]: expected an object, got a whole number"),
        ({"parts": [{}]}, "parts[0].partName: is required"),
        ({"parts": [{"partName": "p", "count": "1"}]}, "parts[0].count: expected a whole number, got text"),
        ({"parts": [{"partName": "p", "count": 1.5}]}, "parts[0].count: expected a whole number, got a fraction"),
        ({"parts": [{"partName": "p", "count": True}]}, "parts[0].count: expected a whole number, got true or false"),
        ({"parts": [{"partName": "p", "count": -1}]}, "parts[0].count: -1 is below 0"),
        ({"parts": [{"partName": "p", "count": 10**30}]}, f"parts[0].count: {10**30} is above 9"),
        ({"parts": [{"partName": "p", "count": None}]}, "parts[0].count: expected a whole number, got null"),
        ({"share": "x"}, "share: expected a number, got text"),
        ({"isOn": 1}, "isOn: expected true or false, got a whole number"),
        ({"isOn": None}, "isOn: expected true or false, got null"),
        ({"more": []}, "more: expected an object, got a list"),
        ({"names": {"a": ""}}, "names.a: must not be empty"),
        ({"step": []}, "step: expected text, got a list"),
        ({"step": 10}, "step: 10 is above 9"),
        ({"step": "123456"}, "step: has 6 characters, at most 5 are allowed"),
    ],
)
def test_what_does_not_fit_is_named_by_its_path(changes: dict[str, Any], sentence: str) -> None:
    assert said(**changes) == [sentence]


def test_all_findings_are_collected_in_the_order_of_the_type() -> None:
    assert said(requestId="", kind="X", parts=[{"partName": ""}, {"count": 99}]) == [
        "requestId: must not be empty",
        'kind: "X" is not a known value; known are A, B',
        "parts[0].partName: must not be empty",
        "parts[1].partName: is required",
        "parts[1].count: 99 is above 9",
    ]


class Loose(msgspec.Struct):
    """Parts without a limit to their number."""

    parts: list[Part]
    notes: dict[str, Name] | UnsetType = UNSET


def test_of_a_list_that_is_too_long_nothing_else_is_said() -> None:
    assert said(parts=[0] * 5000) == ["parts: has 5,000 elements, at most 3 are allowed"]


@pytest.mark.parametrize(
    "body", [{"parts": [0] * 3000}, {"parts": [], "notes": {f"n{number}": 0 for number in range(3000)}}]
)
def test_findings_are_collected_up_to_a_thousand(body: Any) -> None:
    with pytest.raises(ParamIllegal, match=r" \(and 999 or more\)$") as refusal:
        reading.read(json.dumps(body).encode(), Loose)
    assert len(refusal.value.findings) == 1000


def test_a_long_name_is_not_repeated_by_every_finding_inside_it() -> None:
    body = {"parts": [], "notes": {"n" * 1000: 0}}
    assert sentences(json.dumps(body).encode(), Loose) == [f"notes.{'n' * 60}…: expected text, got a whole number"]
    [found] = sentences(json.dumps({"parts": [], "other": {"m" * 1000: "\0"}}).encode(), Loose)
    assert found == f"other.{'m' * 60}…: text holds a NUL character"


def test_a_body_of_millions_of_values_is_told_its_first_fault_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_VALUES", 3)
    assert sentences(b'{"parts": [0, 0, 0, 0, 0]}', Loose) == ["parts[0]: Expected `object`, got `int`"]
    [found] = sentences(b'{"parts": [], "other": [1, 2, 3, 4}', Loose)
    assert found.startswith("the body is not JSON at line 1, column 35: ")
    loose = b'{"parts": [], "other": [1, 2, 3, 4, "%b"]}'
    assert sentences(loose % rb"\\\u0000", Loose) == ["text holds a NUL character"]
    assert reading.read(loose % rb"\\u0000", Loose).parts == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the body is empty"),
        (b" \n\t ", "the body is empty"),
        (b"\xef\xbb\xbf{}", "the body begins with a byte order mark"),
        ("{}".encode("utf-16"), "the body is not JSON at line 1, column 1"),
        (b'{"requestId": "\xff"}', "the body is not UTF-8"),
        (b'{"requestId": "\xc0\x80"}', "the body is not UTF-8"),
        (b'{"requestId": "\xed\xa0\x80"}', "the body is not UTF-8"),
        (b'{"requestId": NaN}', "the body is not JSON at line 1, column 15: "),
        (b'{\n "requestId": Infinity}', "the body is not JSON at line 2, column 15: "),
        (b'{"requestId": "r",}', "the body is not JSON at line 1, column 19: trailing comma in object"),
        (b"{'requestId': 1}", "the body is not JSON at line 1, column 2: "),
        (b'{"requestId": "\x00"}', "the body is not JSON at line 1, column 16: "),
        (b'{"requestId": "a\nb"}', "the body is not JSON at line 1, column 17: "),
        (b'{"requestId": "\\ud800"}', "the body is not JSON"),
        (b'{"requestId": "\\udc00\\ud800"}', "the body is not JSON"),
        (b'{"requestId": "r"} {}', "the body is not JSON at line 1, "),
        (b'{"requestId": "r"', "the body is not JSON"),
        (b'{"requestId": "' + b"x" * 100, "the body is not JSON"),
        (b'{"count": 01}', "the body is not JSON at line 1, column 12: "),
        (b"\x1f\x8b\x08\x00", "the body is not JSON at line 1, column 1: "),
        (b"[" * 100, "the body nests deeper than 64 levels"),
        (b'{"zzz":' * 100 + b"1" + b"}" * 100, "the body nests deeper than 64 levels"),
    ],
)
def test_what_is_no_strict_json_is_refused_with_the_place(body: bytes, sentence: str) -> None:
    [found] = sentences(body)
    assert found.startswith(sentence)


@pytest.mark.parametrize(
    "value", [b'"\xff"', b'"\\ud800"', b"NaN", b'"\\u0000"', b"[" * 70 + b"]" * 70, b'"\t"', b"1e"]
)
def test_members_that_nobody_knows_must_be_strict_json_too(value: bytes) -> None:
    good = json.dumps(GOOD).encode()
    assert reading.read(good[:-1] + b', "zzz": {"deep": [1e5, "x", null]}}', Whole).request_id == "r"
    assert len(sentences(good[:-1] + b', "zzz": [' + value + b"]}")) == 1


def test_of_duplicate_members_the_last_one_counts() -> None:
    body = json.dumps(GOOD).encode()[:-1] + b', "requestId": "last"}'
    assert reading.read(body, Whole).request_id == "last"


def test_a_number_too_large_for_anything_is_a_finding() -> None:
    for number in (b"9" * 5000, b"1e400", b"-1e400"):
        [found] = sentences(json.dumps(GOOD).encode()[:-1] + b', "more": {"n": ' + number + b"}}")
        assert "range" in found


def test_a_part_of_a_document_carries_its_path() -> None:
    with pytest.raises(ParamIllegal) as refusal:
        reading.read_part(b'[{"partName": "p"}, {"count": 10}]', list[Part], "stores[2].parts")
    assert [one.path for one in refusal.value.findings] == ["stores[2].parts[1].partName", "stores[2].parts[1].count"]


def test_the_dry_run_names_unknown_and_repeated_members_without_refusing() -> None:
    body = b'{"requestId":"r","kind":"A","parts":[{"partName":"p","colour":1}],"shape":{"a":1},"kind":"B"}'
    assert reading.read(body, Whole).kind == "B"
    assert [(one.path, one.rule) for one in reading.findings(body, Whole)] == [
        ("kind", "json.duplicate"),
        ("parts[0].colour", "type.unknown-member"),
        ("shape", "type.unknown-member"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["requestId", "kind", "parts", "partName", "count", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(JSON | st.builds(lambda change: {**GOOD, **change}, st.dictionaries(st.sampled_from(list(GOOD)), JSON)))
def test_the_collector_agrees_with_the_decoder(value: Any) -> None:
    """Whatever the typed decoder refuses has a finding, and whatever it takes has none."""
    body = json.dumps(value).encode()
    findings = [one for one in reading.findings(body, Whole) if one.is_error]
    assert bool(findings) == _is_refused(body)


def _is_refused(body: bytes) -> bool:
    try:
        reading.read(body, Whole)
    except ParamIllegal as refusal:
        return bool(refusal.findings)
    return False
