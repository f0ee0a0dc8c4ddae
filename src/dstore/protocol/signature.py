r"""The text to sign, signing, verifying, and the syntax of the signature header.

Pure functions of bytes. The scheme is that of the syncProduct page and of the family's clients:
RSA-2048, PKCS#1 v1.5, SHA-256 over ``POST <target>\n<client-id>.<time>.<raw body>``, base64, percent-encoded.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from cryptography.exceptions import InvalidSignature as Mismatch
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

ALGORITHM = "RSA256"
_PADDING = PKCS1v15()
_PREHASHED = Prehashed(hashes.SHA256())


class SignatureHeader(NamedTuple):
    """The parts of a signature header; `key_version` is None when absent or empty: the newest key is meant."""

    algorithm: str
    key_version: int | None
    signature: bytes


class UnreadableHeaderError(ValueError):
    """The signature header can not be read; the text says why."""


def content_prefix(target: bytes, client_id: bytes, time: bytes) -> bytes:
    """Return what precedes the raw body in the signed content. `target` is the raw path with its query."""
    return b"POST %b\n%b.%b." % (target, client_id, time)


def digest(prefix: bytes, body: Iterable[bytes]) -> bytes:
    """Return the SHA-256 of the signed content, without joining the body's chunks."""
    state = hashlib.sha256(prefix)
    for chunk in body:
        state.update(chunk)
    return state.digest()


def sign(key: RSAPrivateKey, digest_of_content: bytes) -> bytes:
    """Return the raw signature over a content digest."""
    return key.sign(digest_of_content, _PADDING, _PREHASHED)


def verify(key: RSAPublicKey, signature: bytes, digest_of_content: bytes) -> bool:
    """Return whether `signature` was made over the content with the partner's key."""
    try:
        key.verify(signature, digest_of_content, _PADDING, _PREHASHED)
    except Mismatch:
        return False
    return True


def format_header(key_version: int, signature: bytes) -> str:
    """Return the header value that every client of the family can read: no blanks, percent-encoded base64."""
    encoded = base64.b64encode(signature).replace(b"+", b"%2B").replace(b"/", b"%2F").replace(b"=", b"%3D")
    return f"algorithm={ALGORITHM},keyVersion={key_version},signature={encoded.decode()}"


def parse_header(value: str) -> SignatureHeader:
    """Read a signature header, tolerating blanks after commas, any case of `algorithm` and raw base64.

    Raises UnreadableHeaderError, whose text names the part.
    """
    parts: dict[str, str] = {}
    for piece in value.split(","):
        name, equals, content = piece.strip().partition("=")
        if equals:
            parts[name.strip()] = content.strip()
    if "signature" not in parts:
        raise UnreadableHeaderError("signature header has no signature= part")
    algorithm = parts.get("algorithm", ALGORITHM)
    if algorithm.upper() != ALGORITHM:
        raise UnreadableHeaderError(f"signature header asks for algorithm {algorithm[:40]!r}; only RSA256 is served")
    return SignatureHeader(ALGORITHM, _key_version(parts.get("keyVersion", "")), _decode(parts["signature"]))


def _key_version(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 9:  # noqa: PLR2004 - nine digits fit every integer column
        raise UnreadableHeaderError(f"signature header has keyVersion {text[:40]!r}; a number is expected")
    return int(text)


def _decode(text: str) -> bytes:
    # Plain percent-decoding: a '+' of raw base64 must survive (clients that forget to encode it).
    usual = text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
    try:
        return binascii.a2b_base64(unquote_to_bytes(text) if "%" in usual else usual, strict_mode=True)
    except (binascii.Error, ValueError):
        raise UnreadableHeaderError("signature header's signature= part is not percent-encoded base64") from None
