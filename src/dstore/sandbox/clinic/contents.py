"""The contents a client may have signed instead: every known form of every part, alone and together.

Each part (verb, path, client-id, time, layout, body, hash) has its right form first and then its mistaken ones.
The search goes by the number of mistakes, so the simplest explanation is found first.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING, Any, NamedTuple

from dstore.protocol.signature import content_prefix
from dstore.sandbox.clinic import bodies, paths, times
from dstore.sandbox.clinic.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dstore.sandbox.clinic.pasted import Request

# The place of the body among the parts.
_BODY = 5
# Forms of a part that are tried together with others when there are too many for all.
_LIKELY = 25
# Bytes of all forms of a body that are made, and those of them that are kept for that.
_MADE = 256 * 1024 * 1024
_KEPT = 64 * 1024 * 1024
# Bytes hashed at most beyond single mistakes: about half a second.
_BUDGET = 512 * 1024 * 1024

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
    for content in _candidates(request, api_paths):
        result.tried += 1
        if is_signed(content.signed):
            result.found = content
            break
    return result


def _candidates(request: Request, api_paths: Sequence[str]) -> Iterator[Content]:
    parts = _parts(request, api_paths)
    yield _content([forms[0] for forms in parts])
    yield from _with_one_mistake(parts, _other_bodies(request.body))
    yield from _bounded(_other_moments(request), _BUDGET // 4)
    likely_pairs, pairs = _with_mistakes(parts, 2, _LIKELY), _with_mistakes(parts, 2, None)
    yield from _bounded(chain(likely_pairs, pairs, _with_mistakes(parts, 3, _LIKELY)), _BUDGET)


def _bounded(candidates: Iterable[Content], left: int) -> Iterator[Content]:
    for one in candidates:
        left -= len(one.signed)
        if left < 0:
            return
        yield one


def _with_one_mistake(parts: list[list[Form]], other_bodies: Iterable[tuple[bytes, Mistake]]) -> Iterator[Content]:
    """Yield every single mistake; the forms of the body are made on the way and added to `parts`."""
    right = [forms[0] for forms in parts]
    for at, forms in enumerate(parts):
        others = _remembered(forms, other_bodies) if at == _BODY else forms[1:]
        for form in others:
            yield _content([*right[:at], form, *right[at + 1 :]])


def _remembered(forms: list[Form], others: Iterable[tuple[bytes, Mistake]]) -> Iterator[Form]:
    """Pass on what is new, and keep it, as long as it is not too many bytes in all."""
    seen, made = {hash(forms[0].value)}, 0
    for value, mistake in others:
        made += len(value)
        if made > _MADE:
            return
        mark = hash(value)
        if mark not in seen:
            seen.add(mark)
            form = Form(value, mistake)
            if made <= _KEPT:
                forms.append(form)
            yield form


def _with_mistakes(parts: list[list[Form]], count: int, most: int | None) -> Iterator[Content]:
    """Yield every combination with a mistake in `count` parts, of each at most the first `most` forms."""
    for chosen in combinations(range(len(parts)), count):
        pools = [islice(forms, 1, most) if at in chosen else forms[:1] for at, forms in enumerate(parts)]
        yield from map(_content, product(*pools))


def _content(made: Sequence[Form]) -> Content:
    verb, path, client, time, layout, body, wrap = made
    values = {b"verb": verb.value, b"path": path.value, b"client": client.value, b"time": time.value}
    wrapped, _ = _WRAPS[wrap.value]
    signed = wrapped(layout.value % values + body.value)
    return Content(signed, tuple(one.mistake for one in made if one.mistake))


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
        [Form(request.body, None)],
        [Form(name, mistake) for name, (_, mistake) in _WRAPS.items()],
    ]


def _forms(right: bytes, others: Iterable[tuple[bytes, Mistake]]) -> list[Form]:
    """Put the right form first and drop repetitions."""
    found = {right: Form(right, None)}
    for value, mistake in others:
        found.setdefault(value, Form(value, mistake))
    return list(found.values())


def _other_bodies(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    yield from bodies.other_forms(body)
    yield from _hashed(body)


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


# What goes into the signing function in place of the content: how it is made, which mistake that is.


def _hex_of(make: Callable[..., Any]) -> Callable[[bytes], bytes]:
    return lambda content: make(content, usedforsecurity=False).hexdigest().encode()


_WRAPS: dict[bytes, tuple[Callable[[bytes], bytes], Mistake | None]] = {
    b"": (bytes, None),
    b"digest": (
        lambda content: hashlib.sha256(content).digest(),
        Mistake(
            "digest.twice", "the content was hashed twice: its SHA-256 hash went into a function that hashes again"
        ),
    ),
    b"hex digest": (
        _hex_of(hashlib.sha256),
        Mistake("digest.twice", "the hex digits of the content's SHA-256 hash were signed, not the content"),
    ),
    b"HEX digest": (
        lambda content: hashlib.sha256(content).hexdigest().upper().encode(),
        Mistake("digest.twice", "the upper-case hex digits of the content's SHA-256 hash were signed, not the content"),
    ),
    b"base64 digest": (
        lambda content: base64.b64encode(hashlib.sha256(content).digest()),
        Mistake("digest.twice", "the base64 of the content's SHA-256 hash was signed, not the content"),
    ),
    b"hex MD5": (
        _hex_of(hashlib.md5),
        Mistake("digest.twice", "the hex digits of the content's MD5 hash were signed, not the content"),
    ),
    b"hex SHA-1": (
        _hex_of(hashlib.sha1),
        Mistake("digest.twice", "the hex digits of the content's SHA-1 hash were signed, not the content"),
    ),
    b"base64": (base64.b64encode, Mistake("digest.encoded", "the base64 of the content was signed, not the content")),
    b"hex": (
        lambda content: content.hex().encode(),
        Mistake("digest.encoded", "the hex digits of the content were signed, not the content"),
    ),
}
