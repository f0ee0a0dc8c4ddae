"""The platform's own signature under every answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dstore.protocol.signature import content_prefix, digest, format_header, sign

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

REMEMBERED = 1024
"""Bytes of client-id and target together up to which a signature is kept: what strangers send may not fill memory."""


@dataclass(frozen=True, slots=True)
class PlatformKey:
    """The key that signs answers, and its version."""

    version: int
    key: RSAPrivateKey


class Signed(NamedTuple):
    """An answer's body, its time and its signature header."""

    body: bytes
    time: bytes
    header: bytes


class Signer:
    """Signs answers.

    Signatures are deterministic and response-time has whole seconds, so equal answers to one client within one
    second have equal signatures: a bounded memo gives them out again, byte for byte.
    """

    def __init__(self, memo: int) -> None:
        self._memo: dict[tuple[int, bytes, bytes, bytes, bytes], bytes] = {}
        self._most = memo
        self._time = (0, b"")

    def response_time(self, now: datetime) -> bytes:
        """Return the moment as ISO 8601 with offset, in whole seconds."""
        second = int(now.timestamp())
        known, time = self._time
        if second != known:
            time = now.replace(microsecond=0).isoformat().encode()
            self._time = (second, time)  # in one piece: answers to large calls are signed on another thread
        return time

    def header(self, platform: PlatformKey, target: bytes, client_id: bytes, time: bytes, body: bytes) -> bytes:
        """Return the signature header over an answer."""
        wanted = (platform.version, target, client_id, time, body)
        header = self._memo.get(wanted)
        if header is None:
            content = digest(content_prefix(target, client_id, time), (body,))
            header = format_header(platform.version, sign(platform.key, content)).encode()
            if self._most and len(target) + len(client_id) <= REMEMBERED:
                if len(self._memo) >= self._most:
                    self._memo.clear()
                self._memo[wanted] = header
        return header
