"""Heads, credentials, request times and result bodies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dstore.protocol.envelope import Head, read_credentials, read_head, read_time, result_body
from dstore.results import Code, ParamIllegal, Result

SIGNATURE = b"algorithm=RSA256,keyVersion=1,signature=AAAA"
GIVEN = [(b"client-id", b"c1"), (b"request-time", b"2026-11-22T04:00:00+00:00"), (b"signature", SIGNATURE)]


def head(*headers: tuple[bytes, bytes], path: bytes = b"/v2/pos/syncStore", query: bytes = b"") -> Head:
    return read_head("POST", path, query, headers, "127.0.0.1")


def refused(*headers: tuple[bytes, bytes]) -> str:
    with pytest.raises(ParamIllegal) as refusal:
        read_credentials(head(*headers))
    return refusal.value.result.message


def test_the_target_is_the_raw_path_with_its_query() -> None:
    assert head(path=b"/v2/%70os").target == b"/v2/%70os"
    assert head(path=b"/v2/pos", query=b"a=%20b&c").target == b"/v2/pos?a=%20b&c"


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (b"http://host/v2/pos/syncStore", b"/v2/pos/syncStore"),
        (b"https://host:8443/v2/pos/syncStore", b"/v2/pos/syncStore"),
        (b"HTTPS://user@host/v2//pos", b"/v2//pos"),
        (b"http://host", b"/"),
        (b"/v2/http://host/x", b"/v2/http://host/x"),
        (b"*", b"*"),
    ],
)
def test_an_absolute_form_target_is_reduced_to_its_path(sent: bytes, path: bytes) -> None:
    assert head(path=sent).path == path


def test_the_callers_headers_are_kept_byte_for_byte() -> None:
    one = head((b"client-id", b"c\xe9 1"), *GIVEN[1:])
    assert one.client_id == b"c\xe9 1"
    assert read_credentials(one).client_id == "c\xe9 1"


def test_credentials_are_the_three_headers_read() -> None:
    one = read_credentials(head(*GIVEN, (b"x-other", b""), (b"content-type", b"a"), (b"content-type", b"b")))
    assert (one.client_id, one.request_time) == ("c1", "2026-11-22T04:00:00+00:00")
    assert one.moment == datetime(2026, 11, 22, 4, tzinfo=UTC)
    assert one.signature == ("RSA256", 1, b"\0\0\0")


@pytest.mark.parametrize("name", [b"client-id", b"request-time", b"signature"])
def test_a_header_that_is_missing_empty_or_blank_is_named(name: bytes) -> None:
    others = [(other, value) for other, value in GIVEN if other != name]
    said = f"header {name.decode()}: is required"
    assert [refused(*others), refused(*others, (name, b"")), refused(*others, (name, b"  "))] == [said] * 3


@pytest.mark.parametrize("name", [b"client-id", b"request-time", b"signature", b"content-length"])
def test_a_header_given_twice_is_named_even_when_both_are_equal(name: bytes) -> None:
    value = dict(GIVEN).get(name, b"10")
    twice = [*[(other, one) for other, one in GIVEN if other != name], (name, value), (name, value)]
    assert refused(*twice) == f"header {name.decode()}: is given more than once"


def test_a_client_id_may_have_255_characters() -> None:
    assert read_credentials(head((b"client-id", b"x" * 255), *GIVEN[1:])).client_id == "x" * 255
    said = refused((b"client-id", b"x" * 256), *GIVEN[1:])
    assert said == "header client-id: has 256 characters, at most 255 are allowed"


@pytest.mark.parametrize(("text", "length"), [(b"12", 12), (b"0", 0), (b"-1", None), (b"1e3", None), (b"", None)])
def test_a_content_length_is_a_whole_number_or_unknown(text: bytes, length: int | None) -> None:
    assert head((b"content-length", text)).content_length == length


FOUR = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22T04:00:00+00:00", FOUR),
        ("2026-11-22T04:00:00+0000", FOUR),
        ("2026-11-22T12:00:00+08:00", FOUR),
        ("2026-11-22T09:30:00.253+05:30", FOUR + timedelta(milliseconds=253)),
        ("2026-11-22T04:00:00.1234567Z", FOUR + timedelta(microseconds=123456)),
        ("2026-11-22T04:00:00Z", FOUR),
        ("20261122T040000Z", FOUR),
        ("2026-11-22 04:00:00+00:00", FOUR),
        ("1795320000000", FOUR),
        ("1795320000", FOUR),
        ("2024-02-29T23:59:59+00:00", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_every_form_of_request_time_is_read(text: str, moment: datetime) -> None:
    assert read_time(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "yesterday", "", "2026-11-22", "2026-11-22T04:00:00", "2023-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "NaN",
        "2026-11-22T25:00:00Z", "2026-11-22T04:00:00+99:00", "123456789", "12345678901234567", "-1795320000000", "1.8e12",
        "9" * 5000, "2026-11-22T04:00:00+00:00 ", "\xb2\xb2\xb2\xb2\xb2\xb2\xb2\xb2\xb2\xb2",
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_shown(text: str) -> None:
    with pytest.raises(ParamIllegal) as refusal:
        read_time(text)
    assert refusal.value.result.message.startswith("header request-time: '")


@given(st.text(st.characters(max_codepoint=255), max_size=40) | st.from_regex(r"\d{1,20}", fullmatch=True))
def test_no_request_time_raises_anything_else(text: str) -> None:
    try:
        moment = read_time(text)
    except ParamIllegal:
        return
    assert moment.tzinfo is not None


def test_a_result_body_has_code_status_and_message_in_this_order() -> None:
    body = result_body(Result.of(Code.PARAM_ILLEGAL, "store.name: is required"))
    assert body == (
        b'{"result":{"resultCode":"PARAM_ILLEGAL","resultStatus":"F","resultMessage":"store.name: is required"}}'
    )


@given(st.text(max_size=2000))
def test_a_message_is_cut_to_256_characters(text: str) -> None:
    message = msgspec.json.decode(result_body(Result.of(Code.PROCESS_FAIL, text)))["result"]["resultMessage"]
    assert len(message) <= 256
    assert message == text or (message[-1] == "…" and text.startswith(message[:-1]))


def test_every_code_fits_the_envelope_and_says_what_to_do() -> None:
    for code in Code:
        assert len(code.name) <= 64
        assert code.status in {"S", "A", "F", "U"}
        assert 0 < len(code.message) <= 256
        assert code.advice.endswith(".")
