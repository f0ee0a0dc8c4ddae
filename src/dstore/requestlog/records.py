"""A call as the log keeps it: a head to search by, a text to look at; both packed together with their neighbours'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from dstore.packing import unpacked
from dstore.results import MOST_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dstore.protocol.trace import Trace

LONGEST = 255
LONGEST_TARGET = 2048
LONGEST_VALUE = 4096
MOST_OF_HEADERS = 16 * 1024
MOST_OF_STRANGERS = 16 * 1024
"""Bytes of a body whose caller was not proved: enough to find out why an ordinary body's signature is wrong."""
REDACTED = b"(redacted)"
SECRET = frozenset(
    (b"authorization", b"proxy-authorization", b"cookie", b"set-cookie", b"x-api-key", b"x-auth-token", b"x-csrf-token")
)
_KEPT = frozenset((b"response-time", b"signature"))

Headers = list[tuple[bytes, bytes]]
Stores = tuple[tuple[int, int], ...]
"""Stores that a call touched, each with the version that it gave the store, or 0."""


class Head(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What a call is searched by. `partner_id` is there when the caller was proved; `verdict` is that of once-only."""

    at: int
    direction: str
    client_id: str
    partner_id: int | None
    api: str
    request_id: str
    code: str
    message: str
    verdict: str
    microseconds: int
    size: int
    warnings: int
    address: str


class Text(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What went over the wire, and what was found in it; `body` may be the beginning only, `size` is that of all.

    Of our own answers only the time and the key's version are kept: with them `answers.py` makes the same bytes again,
    which are most of what a small call would take up.
    """

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


pack = msgspec.msgpack.Encoder().encode
_heads = msgspec.msgpack.Decoder(list[Head]).decode
_texts = msgspec.msgpack.Decoder(list[Text]).decode
_stores = msgspec.msgpack.Decoder(list[Stores]).decode


def joined(packed: Iterable[bytes]) -> bytes:
    """Return things that are packed one by one as a packed list of them."""
    return pack([msgspec.Raw(one) for one in packed])


def unpack_heads(doc: bytes) -> list[Head]:
    """Return packed heads."""
    return _heads(doc)


def unpack_stores(doc: bytes) -> list[Stores]:
    """Return the packed stores of several calls."""
    return _stores(doc)


def unpack_texts(doc: bytes) -> list[Text]:
    """Return packed texts."""
    return _texts(unpacked(doc))


def without_secrets(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return headers with the values of those taken out that let their reader in somewhere; not all of what is long."""
    kept: Headers = []
    room = MOST_OF_HEADERS
    for name, value in headers:
        shown = REDACTED if name in SECRET else value[:LONGEST_VALUE]
        room -= len(name) + len(shown)
        if room < 0:
            break
        kept.append((name, shown))
    return kept


def head_of(trace: Trace, at: int) -> Head:
    """Return the head of a call that came in and was answered at a moment, in milliseconds."""
    outcome, head, found = trace.outcome, trace.head, trace.findings
    if outcome is None:
        raise AssertionError("a call without an answer")
    verdict = "changed" if outcome.changed_body else "replay" if outcome.replayed else "new" if trace.caller else ""
    return Head(
        at,
        "in",
        head.client_id.decode("latin-1")[:LONGEST],
        trace.caller.partner_id if trace.caller else None,
        trace.api.path if trace.api else head.path.decode("latin-1")[:LONGEST],
        trace.request_id,
        outcome.result.code.name,
        outcome.result.message,
        verdict,
        int(trace.milliseconds * 1000),
        trace.size,
        sum(not one.is_error for one in found) if found else 0,
        head.address,
    )


def _kept_of_reply(reply: Iterable[tuple[bytes, bytes]]) -> Headers:
    return [
        (name, value if name == b"response-time" else value.partition(b",signature=")[0])
        for name, value in reply
        if name in _KEPT
    ]


def text_of(trace: Trace) -> Text:
    """Return the text of a call that came in."""
    head = trace.head
    return Text(
        head.method[:LONGEST],
        head.target[:LONGEST_TARGET],
        without_secrets(trace.headers),
        trace.text if trace.caller else trace.text[:MOST_OF_STRANGERS],
        trace.size,
        _kept_of_reply(trace.reply),
        b"",
        [(one.path, one.rule, one.cause) for one in trace.findings[:MOST_FINDINGS]] if trace.findings else [],
        trace.fault,
    )
