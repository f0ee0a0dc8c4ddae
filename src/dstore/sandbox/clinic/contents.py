"""The contents a client may have signed instead: every known form of every part, alone and together.

Each part (verb, path, client-id, time, layout, body, hash) has its right form first and then its mistaken ones.
The search goes by the number of mistakes, so the simplest explanation is found first.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import TYPE_CHECKING, NamedTuple

from dstore.protocol.signature import content_prefix
from dstore.sandbox.clinic import bodies, paths, times
from dstore.sandbox.clinic.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dstore.sandbox.clinic.pasted import Request

MOST_MISTAKES = 3
_LIKELY = 24
_BUDGET = 512 * 1024 * 1024
"""Bytes that are hashed at most beyond single mistakes: about half a second."""

_LAYOUTS: list[tuple[bytes, str, str]] = [
    (b"%(verb)b %(path)b%(client)b.%(time)b.", "layout.line-feed", "there is no line feed after the path"),
    (
        b"%(verb)b %(path)b\r\n%(client)b.%(time)b.",
        "layout.line-feed",
        "the path is followed by CR LF, not by LF alone",
    ),
    (
        b"%(verb)b %(path)b %(client)b.%(time)b.",
        "layout.line-feed",
        "the path is followed by a blank, not by a line feed",
    ),
    (b"%(verb)b %(path)b\\n%(client)b.%(time)b.", "layout.line-feed", "the path is followed by a backslash and an n"),
    (b"%(verb)b %(path)b\n\n%(client)b.%(time)b.", "layout.line-feed", "the path is followed by two line feeds"),
    (
        b"%(verb)b %(path)b.%(client)b.%(time)b.",
        "layout.line-feed",
        "the path is followed by a dot, not by a line feed",
    ),
    (b"%(verb)b %(path)b \n%(client)b.%(time)b.", "layout.blank", "there is a blank before the line feed"),
    (b"%(verb)b%(path)b\n%(client)b.%(time)b.", "layout.blank", "there is no blank between POST and the path"),
    (b"%(verb)b  %(path)b\n%(client)b.%(time)b.", "layout.blank", "there are two blanks between POST and the path"),
    (b"%(verb)b\n%(path)b\n%(client)b.%(time)b.", "layout.blank", "there is a line feed between POST and the path"),
    (b"%(verb)b %(path)b HTTP/1.1\n%(client)b.%(time)b.", "layout.blank", "the path is followed by HTTP/1.1"),
    (b"%(path)b\n%(client)b.%(time)b.", "method.missing", "POST is missing from the signed content"),
    (b"%(verb)b %(path)b\n%(time)b.%(client)b.", "layout.order", "the time stands before client-id"),
    (b"%(verb)b %(path)b\n%(time)b.", "client.missing", "client-id and its dot are missing from the signed content"),
    (b"%(verb)b %(path)b\n%(client)b.", "time.missing", "the time and its dot are missing from the signed content"),
    (b"%(verb)b %(path)b\n%(client)b%(time)b", "layout.dots", "both dots are missing"),
    (b"%(verb)b %(path)b\n%(client)b.%(time)b", "layout.dots", "the dot before the body is missing"),
    (b"%(verb)b %(path)b\n%(client)b%(time)b.", "layout.dots", "the dot between client-id and time is missing"),
    (b"%(verb)b %(path)b\n%(client)b\n%(time)b\n", "layout.dots", "line feeds stand in place of the dots"),
    (b"%(verb)b %(path)b\n%(client)b.%(time)b\n", "layout.dots", "a line feed stands in place of the second dot"),
    (b"%(verb)b %(path)b\n%(client)b.%(time)b.\n", "layout.dots", "a line feed follows the second dot"),
    (b"%(verb)b %(path)b\n%(client)b. %(time)b. ", "layout.dots", "blanks follow the dots"),
    (b"%(verb)b %(path)b\n%(client)b,%(time)b,", "layout.dots", "commas stand in place of the dots"),
    (b"%(verb)b %(path)b\n%(client)b %(time)b ", "layout.dots", "blanks stand in place of the dots"),
    (b"%(client)b.%(time)b.", "layout.body-only", "the line with POST and the path is missing"),
    (b"%(verb)b %(path)b\n", "layout.body-only", "client-id and time are missing, only the body follows the line feed"),
    (b"", "layout.body-only", "only the body was signed"),
    (b"\n%(client)b.%(time)b.", "layout.body-only", "the first line is empty"),
]
_RIGHT_LAYOUT = b"%(verb)b %(path)b\n%(client)b.%(time)b."


class Form(NamedTuple):
    """One form of a part; the right one has no mistake."""

    value: bytes
    mistake: Mistake | None


@dataclass(frozen=True, slots=True)
class Content:
    """A content and how it differs from the one that should have been signed."""

    signed: bytes
    mistakes: tuple[Mistake, ...]


@dataclass(slots=True)
class Search:
    """How a search ended: what was found, and how many contents were tried."""

    found: Content | None = None
    tried: int = 0


def right_prefix(request: Request) -> bytes:
    """Return what should stand before the body in the signed content of a request."""
    head = request.head
    return content_prefix(head.target, head.client_id, head.request_time)


def search(request: Request, api_paths: Sequence[str], is_signed: Callable[[bytes], bool]) -> Search:
    """Look for the content under a signature, simplest explanation first, within a bounded effort."""
    result = Search()
    for content in _bounded(_candidates(request, api_paths)):
        result.tried += 1
        if is_signed(content.signed):
            result.found = content
            break
    return result


def _bounded(candidates: Iterable[Content]) -> Iterator[Content]:
    left = _BUDGET
    for one in candidates:
        left -= len(one.signed)
        if left < 0 and len(one.mistakes) > 1:
            return
        yield one


def _candidates(request: Request, api_paths: Sequence[str]) -> Iterator[Content]:
    parts = _parts(request, api_paths)
    yield from _with_mistakes(parts, 0)
    yield from _with_mistakes(parts, 1)
    yield from _other_moments(request)
    for count in range(2, MOST_MISTAKES + 1):
        yield from _with_mistakes(parts, count)


def _with_mistakes(parts: list[list[Form]], count: int) -> Iterator[Content]:
    """Yield every combination with a mistake in `count` parts; of three, the likely forms only."""
    most = None if count < MOST_MISTAKES else _LIKELY + 1
    for chosen in combinations(range(len(parts)), count):
        pools = [islice(forms, 1, most) if at in chosen else forms[:1] for at, forms in enumerate(parts)]
        for verb, path, client, time, layout, body, wrap in product(*pools):
            values = {b"verb": verb.value, b"path": path.value, b"client": client.value, b"time": time.value}
            signed = _WRAPS[wrap.value](layout.value % values + body.value)
            made = (verb, path, client, time, layout, body, wrap)
            yield Content(signed, tuple(one.mistake for one in made if one.mistake))


def _other_moments(request: Request) -> Iterator[Content]:
    head = request.head
    for text, mistake in times.neighbours(head.request_time):
        yield Content(content_prefix(head.target, head.client_id, text) + request.body, (mistake,))


def _parts(request: Request, api_paths: Sequence[str]) -> list[list[Form]]:
    head = request.head
    return [
        _forms(b"POST", _verbs(request)),
        _forms(head.target, paths.other_forms(request, api_paths)),
        _forms(head.client_id, _clients(head.client_id)),
        _forms(head.request_time, times.other_forms(head.request_time)),
        [Form(_RIGHT_LAYOUT, None), *(Form(layout, _laid_out(kind, cause)) for layout, kind, cause in _LAYOUTS)],
        _forms(request.body, (*bodies.other_forms(request.body), *_hashed(request.body))),
        [Form(b"", None), *(Form(name, Mistake("digest.twice", cause)) for name, cause in _WRAP_CAUSES.items())],
    ]


def _forms(right: bytes, others: Iterable[tuple[bytes, Mistake]]) -> list[Form]:
    """Put the right form first and drop repetitions."""
    found = {right: Form(right, None)}
    for value, mistake in others:
        found.setdefault(value, Form(value, mistake))
    return list(found.values())


def _laid_out(kind: str, cause: str) -> Mistake:
    return Mistake(kind, f"in the signed content {cause}" if " signed" not in cause else cause)


def _verbs(request: Request) -> Iterator[tuple[bytes, Mistake]]:
    for verb in ("post", "Post"):
        yield verb.encode(), Mistake("method.case", f"the signed content begins with {verb}, not with POST")
    for verb in (request.method, "GET", "PUT", "HTTP_POST"):
        yield verb.encode(), Mistake("method.other", f"the signed content begins with {verb}, not with POST")
    yield b"", Mistake("method.missing", "POST is missing before the blank in the signed content")


def _clients(client_id: bytes) -> Iterator[tuple[bytes, Mistake]]:
    yield b"", Mistake("client.empty", "client-id is empty in the signed content")
    for form in (client_id.lower(), client_id.upper(), client_id.strip(), b"null", b"client-id:" + client_id):
        shown = form.decode("utf-8", "replace")
        yield form, Mistake("client.form", f"client-id is {shown!r} in the signed content, another one in the header")


def _hashed(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    for title, make in (("SHA-256", hashlib.sha256), ("MD5", hashlib.md5), ("SHA-1", hashlib.sha1)):
        digest = make(body, usedforsecurity=False).digest()
        digits = digest.hex().encode()
        for form in (digits, digits.upper(), base64.b64encode(digest), digest):
            yield form, Mistake("body.hash", f"the {title} hash of the body was signed in place of the body")


# What goes into the signing function in place of the content.

_WRAPS: dict[bytes, Callable[[bytes], bytes]] = {
    b"": lambda content: content,
    b"sha256": lambda content: hashlib.sha256(content).digest(),
    b"sha256 hex": lambda content: hashlib.sha256(content).hexdigest().encode(),
    b"sha256 HEX": lambda content: hashlib.sha256(content).hexdigest().upper().encode(),
    b"sha256 base64": lambda content: base64.b64encode(hashlib.sha256(content).digest()),
    b"md5 hex": lambda content: hashlib.md5(content, usedforsecurity=False).hexdigest().encode(),
    b"sha1 hex": lambda content: hashlib.sha1(content, usedforsecurity=False).hexdigest().encode(),
    b"base64": base64.b64encode,
    b"hex": lambda content: content.hex().encode(),
}
_WRAP_CAUSES = {
    b"sha256": "the content was hashed twice: its SHA-256 hash was given to a function that hashes again",
    b"sha256 hex": "the hex digits of the content's SHA-256 hash were signed, not the content",
    b"sha256 HEX": "the upper-case hex digits of the content's SHA-256 hash were signed, not the content",
    b"sha256 base64": "the base64 of the content's SHA-256 hash was signed, not the content",
    b"md5 hex": "the hex digits of the content's MD5 hash were signed, not the content",
    b"sha1 hex": "the hex digits of the content's SHA-1 hash were signed, not the content",
    b"base64": "the base64 of the content was signed, not the content",
    b"hex": "the hex digits of the content were signed, not the content",
}
