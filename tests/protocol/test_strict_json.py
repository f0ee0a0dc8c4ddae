"""Depth and NUL: what JSON must be beyond its grammar, seen over the raw bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.protocol.strict_json import duplicate_findings, is_too_deep, may_hold_nul, nul_findings

# Texts made of what could confuse a reader of brackets.
TEXTS = st.text(alphabet='[]{}"\\,: \n\x01\xffaé💥', max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)


def depth(value: Any) -> int:
    """Return how many lists and objects stand inside each other."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


@given(VALUES, st.integers(0, 70), st.booleans(), TEXTS)
def test_depth_is_that_of_brackets_outside_texts(value: Any, more: int, in_lists: bool, name: str) -> None:
    for _ in range(more):
        value = ["[", value, "]"] if in_lists else {name: value, name + "{": '"'}
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert is_too_deep(text.encode()) == (depth(value) > 64)


@pytest.mark.parametrize("levels", [1, 63, 64, 65, 66, 1000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[{"]":', b"}]")])
def test_64_levels_are_allowed(levels: int, opening: bytes, closing: bytes) -> None:
    each = opening.count(b"[") + opening.count(b"{")
    body = b'{"pad": "' + b"x" * 100 + b'", "v": ' + opening * levels + b"1" + closing * levels + b"}"
    assert is_too_deep(body) == (1 + each * levels > 64)


def test_many_levels_one_after_another_do_not_add_up() -> None:
    assert not is_too_deep(b"[" + b",".join([b"[" * 63 + b"]" * 63] * 5000) + b"]")


def test_the_bytes_of_a_million_brackets_are_judged_at_their_real_depth() -> None:
    """Across the slices in which they are counted."""
    assert not is_too_deep(b"[" * 60 + b",".join([b"[[],[]]"] * 300_000) + b"]" * 60)
    assert is_too_deep(b"[" * 60 + b",".join([b"[[],[]]"] * 300_000) + b",[[[[[]]]]]" + b"]" * 60)


@pytest.mark.parametrize(
    "body",
    [b'{"requestId": "' + b"x" * 100, b'{"a": [' * 10 + b" " * 100, b"]" * 200, b'"' * 99, b"\\" * 99, b"\xff" * 99],
)
def test_a_body_that_is_cut_off_or_no_json_is_not_called_deep(body: bytes) -> None:
    assert not is_too_deep(body)


@given(st.binary(max_size=400))
def test_any_bytes_have_a_depth(body: bytes) -> None:
    assert isinstance(is_too_deep(body), bool)


@given(VALUES)
def test_every_nul_is_found_and_nothing_else(value: Any) -> None:
    holds = "\\u0000" in json.dumps(value).replace("\\\\", "")
    assert bool(list(nul_findings(value))) == holds
    assert may_hold_nul(json.dumps(value).encode()) >= holds


def test_a_nul_is_named_by_its_path() -> None:
    value = {"a": [{"b": "x\0"}], "c": "ok", "d\0": {"e": ["\0"]}}
    assert [(one.path, one.cause) for one in nul_findings(value)] == [
        ("a[0].b", "text holds a NUL character"),
        ("", "a member's name holds a NUL character"),
        ("d\0.e[0]", "text holds a NUL character"),
    ]


def test_every_repeated_member_is_named_at_any_depth() -> None:
    found = duplicate_findings(b'{"a": 1, "b": {"c": 1, "c": 2, "c": 3}, "a": {"a": 1}}')
    assert [(one.path, one.rule, one.is_error) for one in found] == [
        ("c", "json.duplicate", False),
        ("c", "json.duplicate", False),
        ("a", "json.duplicate", False),
    ]
