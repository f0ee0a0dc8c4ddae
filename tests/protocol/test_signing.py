"""The platform's signatures: right, and made once for equal answers within a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dstore.protocol import signing
from dstore.protocol.signature import content_prefix, digest, parse_header, sign, verify
from dstore.protocol.signing import PlatformKey, Signer
from harness import caller

KEY = PlatformKey(3, caller.key("platform"))
NOW = datetime(2026, 11, 22, 4, 0, 0, 999_000, tzinfo=UTC)


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The digests that were really signed."""
    digests: list[bytes] = []

    def counted(key: Any, content: bytes) -> bytes:
        digests.append(content)
        return sign(key, content)

    monkeypatch.setattr(signing, "sign", counted)
    return digests


def test_the_response_time_has_whole_seconds_and_an_offset() -> None:
    signer = Signer(0)
    assert signer.response_time(NOW) == b"2026-11-22T04:00:00+00:00"
    assert signer.response_time(NOW + timedelta(milliseconds=1)) == b"2026-11-22T04:00:01+00:00"
    assert signer.response_time(NOW - timedelta(hours=1)) == b"2026-11-22T03:00:00+00:00"


def test_a_header_verifies_under_the_platforms_key_and_names_its_version() -> None:
    header = parse_header(Signer(0).header(KEY, b"/v2/x", b"c1", b"time", b"body").decode())
    assert header.key_version == 3
    assert verify(KEY.key.public_key(), header.signature, digest(content_prefix(b"/v2/x", b"c1", b"time"), [b"body"]))


def test_equal_answers_are_signed_once(signed: list[bytes]) -> None:
    signer = Signer(10)
    assert signer.header(KEY, b"t", b"c", b"1", b"b") == signer.header(KEY, b"t", b"c", b"1", b"b")
    assert len(signed) == 1


def test_answers_that_differ_in_anything_are_signed_each(signed: list[bytes]) -> None:
    signer = Signer(10)
    answers = [(b"t", b"c", b"1", b"b"), (b"u", b"c", b"1", b"b"), (b"t", b"d", b"1", b"b"), (b"t", b"c", b"2", b"b")]
    headers = {signer.header(KEY, *answer) for answer in [*answers, (b"t", b"c", b"1", b"c")]}
    headers.add(signer.header(PlatformKey(4, caller.key("newer")), b"t", b"c", b"1", b"b"))
    assert len(headers) == len(signed) == 6


def test_of_callers_with_long_names_nothing_is_remembered(signed: list[bytes]) -> None:
    signer = Signer(10)
    for target, client_id in ((b"t" * 1024, b"c"), (b"t", b"c" * 1024)):
        assert signer.header(KEY, target, client_id, b"1", b"b") == signer.header(KEY, target, client_id, b"1", b"b")
    assert signer._memo == {}
    signer.header(KEY, b"t" * 1000, b"c" * 24, b"1", b"b")
    assert len(signer._memo) == 1


def test_the_memo_is_bounded_and_can_be_switched_off(signed: list[bytes]) -> None:
    signer = Signer(5)
    for number in range(50):
        signer.header(KEY, b"t", b"c", b"%d" % number, b"b")
        assert len(signer._memo) <= 5
    off = Signer(0)
    off.header(KEY, b"t", b"c", b"1", b"b")
    off.header(KEY, b"t", b"c", b"1", b"b")
    assert len(signed) == 52
