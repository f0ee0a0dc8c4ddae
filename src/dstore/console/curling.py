"""A call as the curl command that sends the same bytes again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dstore.requestlog.records import Text

# curl writes these by itself.
_OWN = {b"host", b"content-length", b"connection", b"transfer-encoding", b"expect", b"accept-encoding"}


def as_curl(origin: str, text: Text) -> str:
    """Return a command for a shell; of a body that is kept in part, or is no text, it names a file instead."""
    lines = [f"curl {shlex.quote(origin + text.target.decode('latin-1'))}", f"  --request {shlex.quote(text.method)}"]
    sent = (b": ".join(header).decode("latin-1") for header in text.headers if header[0] not in _OWN)
    lines += [f"  --header {shlex.quote(header)}" for header in sent]
    lines.append(f"  --data-binary {_body(text)}")
    return " \\\n".join(lines)


def _body(text: Text) -> str:
    try:
        body = text.body.decode()
    except UnicodeDecodeError:
        return "@body.bin"
    # curl reads a file where the data begins with an @.
    is_plain = text.whole and "\0" not in body and not body.startswith("@")
    return shlex.quote(body) if is_plain else "@body.json"
