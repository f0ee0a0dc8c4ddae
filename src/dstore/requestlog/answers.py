"""Our own answers as they were sent, made again: the same content has the same signature (PKCS#1 v1.5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from dstore.protocol.envelope import result_body
from dstore.protocol.signature import content_prefix, digest, format_header, sign
from dstore.results import Code, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dstore.protocol.signing import PlatformKey
    from dstore.requestlog.records import Head, Text

_VERSION = re.compile(rb"keyVersion=(\d+)")


def with_answer(head: Head, text: Text, keys: Mapping[int, PlatformKey]) -> Text:
    """Return a text with the whole answer; one whose key is gone keeps its signature header as far as it is known."""
    if head.direction == "out" or text.reply_body:
        return text
    kept = dict(text.reply_headers)
    time, signature = kept.get(b"response-time", b""), kept.get(b"signature", b"")
    client_id = dict(text.headers).get(b"client-id", b"")
    body = result_body(Result(Code[head.code], head.message))
    version = _VERSION.search(signature)
    key = keys.get(int(version[1])) if version else None
    if key is not None:
        content = digest(content_prefix(text.target, client_id, time), (body,))
        signature = format_header(key.version, sign(key.key, content)).encode()
    headers = [
        (b"content-type", b"application/json; charset=UTF-8"),
        (b"content-length", b"%d" % len(body)),
        (b"client-id", client_id),
        (b"response-time", time),
        (b"signature", signature),
    ]
    return msgspec.structs.replace(text, reply_headers=headers, reply_body=body)
