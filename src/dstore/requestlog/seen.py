"""A call as the log keeps it: a narrow row to search by, and its text, packed with that of other calls."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import msgspec

from dstore.protocol.envelope import result_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dstore.protocol.door import Trace

MOST_FINDINGS = 1_000
LONGEST = 255
REDACTED = b"(redacted)"
SECRET = frozenset(
    (b"authorization", b"proxy-authorization", b"cookie", b"set-cookie", b"x-api-key", b"x-auth-token", b"x-csrf-token")
)

Headers = list[tuple[bytes, bytes]]
Stores = tuple[tuple[int, int], ...]
"""Stores that a call touched, each with the version that it gave the store, or 0."""


class Text(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What went over the wire, and what was found in it. `body` may be the beginning only; `size` is that of all."""

    method: str
    target: bytes
    headers: Headers
    body: bytes
    size: int
    reply_headers: Headers
    reply_body: bytes
    findings: list[tuple[str, str, str]]
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Whether the body is kept whole."""
        return len(self.body) == self.size


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A call that was answered; `stores` is empty when the change did not tell."""

    at: int
    direction: str
    client_id: str
    partner_id: int | None
    api: str
    request_id: str
    code: str
    message: str
    verdict: str
    stores: Stores
    microseconds: int
    warnings: int
    address: str
    text: Text


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Text]).decode


def packed(texts: Sequence[Text]) -> bytes:
    """Return the texts of several calls as they are stored."""
    return zlib.compress(_pack(texts), 1)


def unpacked(doc: bytes) -> list[Text]:
    """Return what was packed."""
    return _unpack(zlib.decompress(doc))


def without_secrets(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return headers with the values of those taken out that let their reader in somewhere."""
    return [(name, REDACTED if name in SECRET else value) for name, value in headers]


def seen_at_the_door(trace: Trace, at: int) -> Seen:
    """Return a call that came in, as the door tells of it."""
    outcome, head = trace.outcome, trace.head
    if outcome is None:
        raise AssertionError("a call without an answer")
    result, found = outcome.result, trace.findings
    return Seen(
        at,
        "in",
        head.client_id.decode("latin-1")[:LONGEST],
        trace.caller.partner_id if trace.caller else None,
        trace.api.path if trace.api else head.path.decode("latin-1")[:LONGEST],
        trace.request_id,
        result.code.name,
        result.message,
        "changed" if outcome.changed_body else "replay" if outcome.replayed else "new" if trace.caller else "",
        outcome.stores,
        int(trace.milliseconds * 1000),
        sum(not one.is_error for one in found) if found else 0,
        head.address,
        Text(
            head.method,
            head.target,
            without_secrets(trace.headers),
            trace.text,
            trace.bytes,
            list(trace.reply),
            result_body(result),
            [(one.path, one.rule, one.cause) for one in found[:MOST_FINDINGS]],
            trace.fault,
        ),
    )
