"""Requests and answers as values, and the headers between them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from dstore.protocol.signature import SignatureHeader, UnreadableHeaderError, parse_header
from dstore.results import ParamIllegal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dstore.results import Result

HEADER_LIMIT = 255
SIGNATURE_LIMIT = 4096
TARGET_LIMIT = 1024
_EPOCH = re.compile(r"\d{10,16}")


class Head(msgspec.Struct, frozen=True, gc=False):
    """What a request says before its body: the raw target, and the caller's three headers as sent."""

    method: str
    path: bytes
    target: bytes
    client_id: bytes
    request_time: bytes
    signature: bytes
    content_length: int | None
    address: str
    twice: str = ""


class Caller(msgspec.Struct, frozen=True, gc=False):
    """The partner a request was proved to come from."""

    partner_id: int
    client_id: str
    mark: int


class Credentials(msgspec.Struct, frozen=True, gc=False):
    """The caller's headers, read."""

    client_id: str
    request_time: str
    moment: datetime
    signature: SignatureHeader


_READ = {b"client-id": 0, b"request-time": 1, b"signature": 2, b"content-length": 3}


def read_head(method: str, path: bytes, query: bytes, headers: Iterable[tuple[bytes, bytes]], address: str) -> Head:
    """Collect a request's head; an absolute-form target is reduced to its path."""
    found: list[bytes | None] = [None, None, None, None]
    twice = ""
    for name, value in headers:
        index = _READ.get(name)
        if index is not None:
            if found[index] is not None:
                twice = name.decode()
            found[index] = value
    path = _origin_form(path)
    target = path + b"?" + query if query else path
    length = found[3]
    return Head(
        method, path, target, found[0] or b"", found[1] or b"", found[2] or b"",
        int(length) if length is not None and length.isdigit() else None, address, twice,
    )  # fmt: skip


def _origin_form(path: bytes) -> bytes:
    if path.startswith(b"/"):
        return path
    _, scheme, rest = path.partition(b"://")
    return b"/" + rest.partition(b"/")[2] if scheme else path


def read_credentials(head: Head) -> Credentials:
    """Read the caller's headers; raise ParamIllegal naming the one that is missing, too long or unreadable."""
    if head.twice:
        raise ParamIllegal(f"header {head.twice}: is given more than once")
    _refuse_longer("the path with its query", head.target, TARGET_LIMIT)
    for name, value, limit in (
        ("client-id", head.client_id, HEADER_LIMIT),
        ("request-time", head.request_time, HEADER_LIMIT),
        ("signature", head.signature, SIGNATURE_LIMIT),
    ):
        if not value.strip():
            raise ParamIllegal(f"header {name}: is required")
        _refuse_longer(f"header {name}", value, limit)
    request_time = head.request_time.decode("latin-1")
    try:
        signature = parse_header(head.signature.decode("latin-1"))
    except UnreadableHeaderError as fault:
        raise ParamIllegal(f"header signature: {fault}") from None
    return Credentials(head.client_id.decode("latin-1"), request_time, read_time(request_time), signature)


def _refuse_longer(what: str, value: bytes, limit: int) -> None:
    if len(value) > limit:
        raise ParamIllegal(f"{what}: has {len(value):,} characters, at most {limit:,} are allowed")


def read_time(text: str) -> datetime:
    """Read a request-time in every form of the family's clients: ISO 8601 with offset, or epoch milliseconds."""
    try:
        if _EPOCH.fullmatch(text):
            seconds = int(text) / 1000 if len(text) > 11 else int(text)  # noqa: PLR2004 - ten or eleven digits are seconds
            return datetime.fromtimestamp(seconds, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ParamIllegal(f"header request-time: {text[:40]!r} is not ISO 8601 with an offset, nor epoch milliseconds")
    return moment


@lru_cache(maxsize=256)
def result_body(result: Result) -> bytes:
    """Return the body of an answer: code, status, message, in that order."""
    said = {"resultCode": result.code.name, "resultStatus": result.code.status, "resultMessage": result.message}
    return msgspec.json.encode({"result": said})
