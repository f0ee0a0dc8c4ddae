"""A pasted curl command, as the reference page shows it, read as the request that curl would send."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dstore.mendable import MendableError

_QUOTED = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_CONTINUED = re.compile(r"""('[^']*'|"(?:[^"\\]|\\.)*")|\\\n""", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{1,2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
_DATA = {"-d": "--data", "--data-ascii": "--data"}
_WITH_VALUE = {
    "-X", "--request", "-H", "--header", "--url", "-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "--json",
    "-o", "--output", "-A", "--user-agent", "-u", "--user", "-e", "--referer", "-b", "--cookie", "-m", "--max-time",
    "--connect-timeout", "--retry", "-w", "--write-out", "--cacert", "--cert", "--key", "-E", "-x", "--proxy", "--resolve",
    "-D", "--dump-header", "-c", "--cookie-jar", "--data-urlencode", "-F", "--form", "-T", "--upload-file",
}  # fmt: skip
_UNREAD = {"--data-urlencode", "-F", "--form", "-T", "--upload-file", "-G", "--get"}


class UnreadableRequestError(MendableError, ValueError):
    """The pasted text is not a request; the text says why."""


@dataclass(slots=True)
class Curl:
    """What a curl command asks for; `file` names the file its body comes from, `strips` whether line ends go."""

    url: str = ""
    method: str = ""
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    body: bytes | None = None
    file: str = ""
    strips: bool = False

    @property
    def target(self) -> bytes:
        """Return path and query of the URL, as curl puts them on the request line."""
        parts = urlsplit(self.url if "://" in self.url else f"http://{self.url}")
        return _bytes((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))

    @property
    def origin(self) -> bytes:
        """Return scheme and host of the URL."""
        parts = urlsplit(self.url if "://" in self.url else f"http://{self.url}")
        return _bytes(f"{parts.scheme}://{parts.netloc}")


def is_curl(text: bytes) -> bool:
    """Return whether a pasted text is a curl command."""
    return re.match(rb"[\s$>]*curl(\.exe)?\s", text) is not None


def read_curl(text: bytes) -> Curl:
    """Read a command for a POSIX shell; raise UnreadableRequestError when it has no request in it."""
    command = text.decode("utf-8", "surrogateescape").replace("\r\n", "\n").lstrip(" \t\n$>")
    command = _QUOTED.sub(lambda found: shlex.quote(_ESCAPE.sub(_unescaped, found[1])), command)
    command = _CONTINUED.sub(lambda found: found[1] or " ", command)
    try:
        words = shlex.split(command)[1:]
    except ValueError as fault:
        raise UnreadableRequestError(f"the curl command can not be read: {fault}") from None
    found = Curl()
    while words:
        _take(found, words)
    if not found.url:
        raise UnreadableRequestError("the curl command names no URL")
    return found


def _unescaped(found: re.Match[str]) -> str:
    """Return what an escape inside $'…' stands for."""
    digits = found[1] or found[2]
    return chr(int(digits, 16)) if digits else _LETTERS.get(found[3], found[3])


def _take(found: Curl, words: list[str]) -> None:
    """Take one option, with its value, or the URL off the words."""
    word = words.pop(0)
    if not word.startswith("-") or word == "-":
        found.url = found.url or word.strip()
        return
    name, value = word, ""
    if word.startswith("--") and "=" in word:
        name, _, value = word.partition("=")
        words.insert(0, value)
    elif not word.startswith("--") and word[:2] in _WITH_VALUE and word[2:]:
        name = word[:2]
        words.insert(0, word[2:])
    if name in _UNREAD:
        raise UnreadableRequestError(f"curl's option {name} is not read here; paste the request itself")
    if name in _WITH_VALUE:
        if not words:
            raise UnreadableRequestError(f"the curl command ends after {name}")
        _apply(found, _DATA.get(name, name), words.pop(0))


def _apply(found: Curl, name: str, value: str) -> None:
    if name in ("-X", "--request"):
        found.method = value
    elif name == "--url":
        found.url = value
    elif name in ("-H", "--header"):
        header, colon, text = value.partition(":")
        if colon and text.strip():
            found.headers.append((header.strip(), _bytes(text.strip())))
    elif name in ("--data", "--data-binary", "--json") and value.startswith("@"):
        found.file, found.strips = value[1:], name == "--data"
    elif name in ("--data", "--data-raw", "--data-binary", "--json"):
        found.body = _bytes(value) if found.body is None else found.body + b"&" + _bytes(value)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
