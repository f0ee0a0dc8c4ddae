"""What was pasted, read as the request that went over the wire: raw HTTP, or a curl command."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dstore.protocol.envelope import Head, read_head
from dstore.sandbox.clinic.curl import UnreadableRequestError, is_curl, read_curl

_REQUEST_LINE = re.compile(rb"([A-Za-z]+)[ \t]+(\S+)(?:[ \t]+HTTP/\d(?:\.\d)?)?[ \t]*")
_HEADER = re.compile(rb"([^\s:]+)[ \t]*:[ \t]*(.*?)[ \t]*", re.DOTALL)
_BLANK = b" \t"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent; `origin` is the URL's scheme and host where the paste shows them."""

    method: str
    target: bytes
    headers: tuple[tuple[str, bytes], ...]
    body: bytes
    origin: bytes = b""
    notes: tuple[str, ...] = ()

    def header(self, name: str) -> bytes:
        """Return the last header of this name in any case, empty when it is absent."""
        return next((value for each, value in reversed(self.headers) if each.lower() == name), b"")

    @property
    def head(self) -> Head:
        """Return the head as the door sees it."""
        path, _, query = self.target.partition(b"?")
        headers = [(name.lower().encode(), value) for name, value in self.headers]
        return read_head(self.method, path, query, headers, "")


def read_request(text: bytes, body: bytes | None = None) -> Request:
    """Read a pasted request; `body` replaces the pasted one. Raises UnreadableRequestError, one line of why."""
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = text.decode("utf-16", "replace").encode()
    text = text.removeprefix(b"\xef\xbb\xbf")
    if not text.strip():
        raise UnreadableRequestError("there is nothing in it")
    if is_curl(text):
        return _from_curl(text, body)
    return _from_http(text, body)


def _from_curl(text: bytes, body: bytes | None) -> Request:
    found = read_curl(text)
    notes: tuple[str, ...] = ()
    if found.file and body is None:
        raise UnreadableRequestError(f"curl takes the body from {found.file}; give that file with --body {found.file}")
    if found.strips and body is not None and (b"\n" in body or b"\r" in body):
        body = body.replace(b"\r", b"").replace(b"\n", b"")
        notes = ("curl --data takes the line ends out of the file, so they are not sent; --data-binary keeps them",)
    sent = found.body or b"" if body is None else body
    method = found.method or ("GET" if found.body is None and not found.file else "POST")
    return Request(method, found.target, tuple(found.headers), sent, found.origin, notes)


def _from_http(text: bytes, body: bytes | None) -> Request:
    lines, rest = _head_lines(text.lstrip())
    found = _REQUEST_LINE.fullmatch(lines[0])
    if found is None:
        shown = lines[0][:60].decode("utf-8", "replace")
        raise UnreadableRequestError(f"neither an HTTP request nor a curl command: it begins with {shown!r}")
    headers, notes = _headers(lines[1:])
    request = Request(found[1].decode(), found[2], headers, rest, notes=notes)
    if body is not None:
        return Request(request.method, request.target, headers, body, notes=notes)
    return _cut_to_length(request)


def _head_lines(text: bytes) -> tuple[list[bytes], bytes]:
    """Split off the lines up to the first empty one, whatever their line ends."""
    lines = []
    while text:
        line, _, text = text.partition(b"\n")
        line = line.removesuffix(b"\r")
        if not line:
            break
        lines.append(line)
    return lines, text


def _headers(lines: list[bytes]) -> tuple[tuple[tuple[str, bytes], ...], tuple[str, ...]]:
    headers: list[tuple[str, bytes]] = []
    notes = []
    for line in lines:
        found = _HEADER.fullmatch(line)
        if line[:1] in (b" ", b"\t") and headers:
            name, value = headers.pop()
            headers.append((name, value + line.strip(_BLANK)))
            notes.append(f"header {name} is broken into lines here; it must be sent on one")
        elif found is None:
            shown = line[:60].decode("utf-8", "replace")
            raise UnreadableRequestError(f"this line is no header, and no empty line stands before it: {shown!r}")
        else:
            headers.append((found[1].decode("latin-1"), found[2]))
    return tuple(headers), tuple(dict.fromkeys(notes))


def _cut_to_length(request: Request) -> Request:
    """Apply content-length: what a file holds beyond it was not sent."""
    length = request.header("content-length")
    if not length.isdigit() or int(length) == len(request.body):
        return request
    said, got = int(length), len(request.body)
    if said < got and not request.body[said:].strip():
        body, note = request.body[:said], "line ends after the body are left out: content-length does not count them"
    else:
        body, note = request.body, f"content-length says {said:,} bytes, but {got:,} are here; the paste is not exact"
    return Request(request.method, request.target, request.headers, body, notes=(*request.notes, note))
