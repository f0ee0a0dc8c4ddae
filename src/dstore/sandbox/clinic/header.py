"""The signature header read leniently: its parts as written, and the bytes they stand for with every misstep on the way."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from dstore.sandbox.clinic.mistakes import Mistake

_PART = re.compile(r"[,;]?\s*(algorithm|keyVersion)\s*=\s*([^,;]*)", re.IGNORECASE)
_SIGNATURE = re.compile(r"[,;]?\s*signature\s*=(.*)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}")
_HEX = re.compile(rb"[0-9A-Fa-f]{256,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{300,}={0,2}")


class Parts(NamedTuple):
    """The parts of a signature header as written; None where one is absent."""

    algorithm: str | None
    key_version: str | None
    signature: str | None


class Decoded(NamedTuple):
    """The bytes of a signature, what was wrong on the way to them, and what was only unusual."""

    signature: bytes
    mistakes: tuple[Mistake, ...]
    notes: tuple[str, ...]


def read_parts(value: str) -> Parts:
    """Take a header apart as far as it goes; a header without `signature=` is taken for the bare signature."""
    found = _SIGNATURE.search(value)
    rest = value[: found.start()] if found else value
    named = {name.lower(): content.strip() for name, content in _PART.findall(rest)}
    signature = found[1] if found else None if named or not value.strip() else value
    if signature is not None:
        # Parts in another order: what follows the signature is not of it.
        after = re.search(r"[,;]\s*(algorithm|keyVersion)\s*=", signature, re.IGNORECASE)
        if after:
            named |= {name.lower(): content.strip() for name, content in _PART.findall(signature[after.start() :])}
            signature = signature[: after.start()]
    return Parts(named.get("algorithm"), named.get("keyversion"), signature)


def decode(written: str) -> Decoded | None:
    """Return the bytes that a signature as written stands for, whatever was done to it; None if there are none."""
    mistakes: list[Mistake] = []
    notes: list[str] = []
    text = _without_quotes(written.encode("latin-1", "replace"), mistakes)
    if not _ESCAPED.search(text):
        notes.append("the base64 is not percent-encoded; read here, but other servers of the family may refuse it")
    text = _percent_decoded(text, mistakes)
    text = _without_blanks(text, mistakes)
    if _HEX.fullmatch(text) and len(text) % 2 == 0:
        mistakes.append(Mistake("encoding.hex", "the signature is written as hex digits, not as base64"))
        return Decoded(binascii.unhexlify(text), tuple(mistakes), ())
    raw = _from_base64(text, mistakes)
    if raw is None:
        return None
    if _BASE64.fullmatch(raw):
        inner = _from_base64(raw, [])
        if inner is not None:
            mistakes.append(
                Mistake("encoding.base64-twice", "the base64 of the signature was base64-encoded once more")
            )
            raw = inner
    return Decoded(raw, tuple(mistakes), tuple(notes))


def _without_quotes(text: bytes, mistakes: list[Mistake]) -> bytes:
    bare = text.strip()
    if len(bare) > 1 and bare[:1] == bare[-1:] and bare[:1] in (b'"', b"'"):
        mistakes.append(Mistake("encoding.quotes", "the signature stands in quotation marks"))
        return bare[1:-1]
    # A leading blank may have been a plus sign; the blanks are judged later.
    return text.rstrip()


def _percent_decoded(text: bytes, mistakes: list[Mistake]) -> bytes:
    text = unquote_to_bytes(text)
    if _ESCAPED.search(text):
        mistakes.append(Mistake("encoding.twice", "the signature was percent-encoded twice"))
        while _ESCAPED.search(text):
            text = unquote_to_bytes(text)
    return text


def _without_blanks(text: bytes, mistakes: list[Mistake]) -> bytes:
    if b"\n" in text or b"\r" in text:
        mistakes.append(Mistake("encoding.lines", "the base64 of the signature is broken into lines"))
        text = text.replace(b"\r", b"").replace(b"\n", b"")
    bare = text.lstrip(b" ")
    if len(bare) % 4 == 0:
        text = bare
    if b" " in text:
        mistakes.append(Mistake("encoding.plus", "the signature has blanks where base64 had plus signs"))
        text = text.replace(b" ", b"+")
    return text


def _from_base64(text: bytes, mistakes: list[Mistake]) -> bytes | None:
    if b"-" in text or b"_" in text:
        mistakes.append(Mistake("encoding.url-safe", "the signature is in the URL-safe base64 alphabet (- and _)"))
        text = text.replace(b"-", b"+").replace(b"_", b"/")
    missing = -len(text) % 4
    if missing:
        mistakes.append(Mistake("encoding.padding", "the base64 of the signature lacks its = signs at the end"))
        text += b"=" * missing
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
