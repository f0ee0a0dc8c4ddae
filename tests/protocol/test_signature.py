"""The signature: what is signed, what verifies, how the header is written and read."""

from __future__ import annotations

import base64
from contextlib import suppress
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import given
from hypothesis import strategies as st

from dstore.protocol.signature import (
    UnreadableHeaderError,
    content_prefix,
    digest,
    format_header,
    parse_header,
    sign,
    verify,
)
from harness import caller

KEY = caller.key("c1")
# The header of the syncProduct page's sample call has this shape: three parts, 256 bytes of signature.
RAW = bytes(range(256))


def test_the_signed_content_is_method_target_client_time_and_raw_body() -> None:
    content = content_prefix(b"/v2/pos/syncStore?x=1", b"c1", b"2026-11-22T04:00:00+00:00") + b'{"a":1}'
    assert content == b'POST /v2/pos/syncStore?x=1\nc1.2026-11-22T04:00:00+00:00.{"a":1}'


def test_a_signature_is_the_one_that_any_rsa_library_makes() -> None:
    ours = sign(KEY, digest(b"prefix ", [b"bo", b"dy"]))
    assert ours == KEY.sign(b"prefix body", padding.PKCS1v15(), hashes.SHA256())
    assert len(ours) == 256


def test_signing_the_same_twice_gives_the_same_bytes() -> None:
    content = digest(b"a", [b"b"])
    assert sign(KEY, content) == sign(KEY, content)


@given(st.binary(max_size=200), st.lists(st.binary(max_size=50), max_size=5))
def test_a_digest_does_not_depend_on_how_the_body_is_cut(prefix: bytes, chunks: list[bytes]) -> None:
    assert digest(prefix, chunks) == digest(prefix, [b"".join(chunks)])


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0" * 256, id="zeros"),
        pytest.param(b"\xff" * 256, id="ones, above the modulus"),
        pytest.param(RAW, id="made up"),
        pytest.param(RAW[:255], id="short"),
        pytest.param(RAW * 4, id="long"),
        pytest.param(KEY.sign(b"content", padding.PKCS1v15(), hashes.SHA1()), id="SHA-1"),
        pytest.param(KEY.sign(b"content", padding.PKCS1v15(), hashes.SHA512()), id="SHA-512"),
        pytest.param(KEY.sign(b"content", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256()), id="PSS"),
        pytest.param(caller.key("other").sign(b"content", padding.PKCS1v15(), hashes.SHA256()), id="another key"),
        pytest.param(KEY.sign(b"content ", padding.PKCS1v15(), hashes.SHA256()), id="another content"),
    ],
)
def test_only_the_partners_own_signature_verifies(forged: bytes) -> None:
    content = digest(b"content", [])
    assert not verify(KEY.public_key(), forged, content)
    assert verify(KEY.public_key(), sign(KEY, content), content)


@given(st.integers(0, 255 * 8 + 7))
def test_a_signature_with_any_one_bit_turned_does_not_verify(bit: int) -> None:
    content = digest(b"content", [])
    raw = bytearray(sign(KEY, content))
    raw[bit // 8] ^= 1 << bit % 8
    assert not verify(KEY.public_key(), bytes(raw), content)


def test_a_written_header_has_no_blanks_and_percent_encoded_base64() -> None:
    header = format_header(3, b"\xfb\xff\xfe")
    assert header == "algorithm=RSA256,keyVersion=3,signature=%2B%2F%2F%2B"


@given(st.binary(min_size=1, max_size=300), st.integers(0, 999_999_999))
def test_what_is_written_is_read_back(raw: bytes, version: int) -> None:
    assert parse_header(format_header(version, raw)) == ("RSA256", version, raw)


ENCODED = base64.b64encode(RAW).decode()
LOWER = quote(ENCODED, safe="").replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (f"algorithm=RSA256,keyVersion=1,signature={quote(ENCODED, safe='')}", 1),
        (f"algorithm=RSA256, keyVersion=1, signature={quote(ENCODED, safe='')}", 1),
        (f" algorithm = RSA256 , keyVersion = 1 , signature = {quote(ENCODED, safe='')} ", 1),
        (f"algorithm=rsa256,keyVersion=1,signature={LOWER}", 1),
        (f"algorithm=Rsa256,keyVersion=1,signature={ENCODED}", 1),
        (f"signature={ENCODED},keyVersion=12,algorithm=RSA256", 12),
        (f"algorithm=RSA256,signature={ENCODED}", None),
        (f"algorithm=RSA256,keyVersion=,signature={ENCODED}", None),
        (f"keyVersion=1,signature={ENCODED}", 1),
        (f"algorithm=RSA256,keyVersion=1,extra,more=1,signature={ENCODED}", 1),
        (f"algorithm=RSA256,keyVersion=007,signature={ENCODED}", 7),
    ],
)
def test_every_form_that_the_familys_clients_send_is_read(header: str, version: int | None) -> None:
    assert parse_header(header) == ("RSA256", version, RAW)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("", "no signature= part"),
        ("RSA256", "no signature= part"),
        ("algorithm=RSA256,keyVersion=1", "no signature= part"),
        ("Signature=abcd", "no signature= part"),
        (f"algorithm=none,signature={ENCODED}", "algorithm 'none'"),
        (f"algorithm=HS256,signature={ENCODED}", "algorithm 'HS256'"),
        (f"algorithm=RSA512,signature={ENCODED}", "algorithm 'RSA512'"),
        (f"algorithm=,signature={ENCODED}", "algorithm ''"),
        (f"algorithm=RSA256,keyVersion=-1,signature={ENCODED}", "keyVersion '-1'"),
        (f"algorithm=RSA256,keyVersion=one,signature={ENCODED}", "keyVersion 'one'"),
        (f"algorithm=RSA256,keyVersion=1.0,signature={ENCODED}", "keyVersion '1.0'"),
        (f"algorithm=RSA256,keyVersion=1234567890,signature={ENCODED}", "keyVersion '1234567890'"),
        (f"algorithm=RSA256,keyVersion=\xb2,signature={ENCODED}", "keyVersion '\xb2'"),
        ("algorithm=RSA256,keyVersion=1,signature=abc", "not percent-encoded base64"),
        ("algorithm=RSA256,keyVersion=1,signature=a-_b", "not percent-encoded base64"),
        (f"algorithm=RSA256,keyVersion=1,signature={quote(quote('+///'))}", "not percent-encoded base64"),
        ("algorithm=RSA256,keyVersion=1,signature=\xe9\xe9\xe9\xe9", "not percent-encoded base64"),
    ],
)
def test_an_unreadable_header_is_refused_by_the_part(header: str, named: str) -> None:
    with pytest.raises(UnreadableHeaderError) as refused:
        parse_header(header)
    assert named in str(refused.value)


@given(st.text(st.characters(max_codepoint=255), max_size=300))
def test_no_header_text_raises_anything_else(header: str) -> None:
    with suppress(UnreadableHeaderError):
        assert parse_header(header).algorithm == "RSA256"
