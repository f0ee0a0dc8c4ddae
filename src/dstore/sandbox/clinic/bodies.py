"""The forms in which a body is signed by mistake: trimmed, with other line ends, serialised anew."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from functools import partial
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import msgspec

from dstore.sandbox.clinic.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BOM = b"\xef\xbb\xbf"
_LAYOUTS = {
    "compact, without blanks": -1,
    "with a blank after each comma and colon": 0,
    "indented by 2": 2,
    "indented by 4": 4,
    "indented by 3": 3,
    "indented by 1": 1,
}
_INDENT = re.compile(rb"^ +", re.MULTILINE)
_CHARSETS = {
    "utf-16-le": "UTF-16",
    "utf-16": "UTF-16",
    "latin-1": "ISO 8859-1",
    "cp1252": "Windows-1252",
    "gb18030": "GB 18030",
}


def other_forms(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """Yield every known other form of a body, the likeliest first; some may equal the body."""
    yield from _ends(body)
    yield from _lines(body)
    yield from _reformatted(body)
    yield from _serialised(body)
    yield from _encoded(body)


def _ends(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    for end in (b"\n", b"\r\n"):
        bare = body.removesuffix(end)
        yield bare, Mistake("body.line-end", "the body was signed without the line end it is sent with")
    for end, name in ((b"\n", "a line feed"), (b"\r\n", "a carriage return and a line feed")):
        yield body + end, Mistake("body.line-end", f"the body was signed with {name} after it, which is not sent")
    yield body.strip(), Mistake("body.trimmed", "the body was trimmed of blanks and line ends before it was signed")
    yield b"", Mistake("body.missing", "the body is not in the signed content")


def _lines(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    unix = body.replace(b"\r\n", b"\n")
    yield unix, Mistake("body.line-ends", "the body was signed with LF line ends and is sent with CRLF")
    windows = unix.replace(b"\n", b"\r\n")
    yield windows, Mistake("body.line-ends", "the body was signed with CRLF line ends and is sent with LF")
    for end in (b"\n", b"\r\n"):
        both = unix if end == b"\n" else windows
        yield both + end, Mistake("body.line-ends", "the body was signed with other line ends, and one more at its end")
        yield (
            both.removesuffix(end),
            Mistake("body.line-ends", "the body was signed with other line ends, but none at its end"),
        )
    flat = body.replace(b"\r", b"").replace(b"\n", b"")
    yield flat, Mistake("body.no-newlines", "the body was signed without its line ends")
    yield body.removeprefix(_BOM), Mistake("body.bom", "the body is sent with a byte order mark that was not signed")
    yield _BOM + body, Mistake("body.bom", "the body was signed with a byte order mark that is not sent")


def _reformatted(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """The same JSON, members, numbers and escapes as written, with other blanks."""
    with suppress(msgspec.DecodeError, RecursionError):
        yield from _laid_out(body, "")


def _serialised(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """The same JSON, written as the libraries of the clients write it."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return
    for is_sorted, (how, escape) in product((False, True), _ESCAPES.items()):
        with suppress(ValueError, RecursionError, msgspec.DecodeError):
            text = escape(partial(json.dumps, value, sort_keys=is_sorted, separators=(",", ":")))
            order = ", members sorted by name" if is_sorted else ""
            yield from _laid_out(text.encode("utf-8", "surrogatepass"), order + how)


def _laid_out(text: bytes, how: str) -> Iterator[tuple[bytes, Mistake]]:
    for name, indent in _LAYOUTS.items():
        form = msgspec.json.format(text, indent=indent)
        yield form, _as_json(name + how)
        if indent > 0:
            yield form.replace(b"\n", b"\r\n"), _as_json(f"{name}{how}, lines ended by CRLF")
        if indent == 1:
            yield _INDENT.sub(lambda found: b"\t" * len(found[0]), form), _as_json(f"indented by tabs{how}")


def _as_json(how: str) -> Mistake:
    return Mistake("body.json", f"the body that was signed is the same JSON written again: {how}")


# How libraries escape. Each takes the writer and returns the text.


def _plain(write: Callable[..., str]) -> str:
    return write(ensure_ascii=False)


def _ascii(write: Callable[..., str]) -> str:
    return write(ensure_ascii=True)


def _slashes(write: Callable[..., str]) -> str:
    return write(ensure_ascii=False).replace("/", r"\/")


def _ascii_and_slashes(write: Callable[..., str]) -> str:
    return write(ensure_ascii=True).replace("/", r"\/")


def _go(write: Callable[..., str]) -> str:
    return _as_code_points(write(ensure_ascii=False), "<>&\u2028\u2029")


def _gson(write: Callable[..., str]) -> str:
    return _as_code_points(write(ensure_ascii=False), "<>&='\u2028\u2029")


def _dotnet(write: Callable[..., str]) -> str:
    text = write(ensure_ascii=False).replace(r"\"", r"\u0022")
    odd = {character for character in text if not character.isascii()}
    return _as_code_points(text, "<>&+'`" + "".join(sorted(odd)), upper=True)


def _as_code_points(text: str, characters: str, *, upper: bool = False) -> str:
    r"""Write characters as \uXXXX; beyond the basic plane as the two halves of a surrogate pair."""
    form = "\\u%04X" if upper else "\\u%04x"
    table = {}
    for character in characters:
        pair = character.encode("utf-16-be", "surrogatepass")
        halves = [int.from_bytes(pair[at : at + 2], "big") for at in range(0, len(pair), 2)]
        table[ord(character)] = "".join(form % half for half in halves)
    return text.translate(table)


_ESCAPES: dict[str, Callable[[Callable[..., str]], str]] = {
    "": _plain,
    r", other than ASCII as \uXXXX": _ascii,
    r", / as \/": _slashes,
    r", / as \/ and other than ASCII as \uXXXX (as PHP does)": _ascii_and_slashes,
    r", < > & as \u003c \u003e \u0026 (as Go does)": _go,
    r", < > & = ' as \uXXXX (as Gson does)": _gson,
    r", < > & + ' and other than ASCII as \uXXXX (as .NET does)": _dotnet,
}


def _encoded(body: bytes) -> Iterator[tuple[bytes, Mistake]]:
    text = body.decode("utf-8", "replace")
    for ascii_only in (False, True):
        quoted = json.dumps(text, ensure_ascii=ascii_only).encode()
        yield quoted, Mistake("body.quoted", "the body was signed as a JSON string: in quotes, its own quotes escaped")
    for charset, name in _CHARSETS.items():
        with suppress(UnicodeError):
            yield text.encode(charset), Mistake("body.charset", f"the body was signed as {name} text, not as UTF-8")
    for encode in (quote, quote_plus):
        yield (
            encode(text, safe="").encode(),
            Mistake("body.encoded", "the body was percent-encoded before it was signed"),
        )
