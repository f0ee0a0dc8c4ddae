"""Requests that are right except for one thing: any part may be signed or sent otherwise than it should be."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from harness import caller

if TYPE_CHECKING:
    from harness.caller import Answer, Headers
    from harness.platform import Platform


def pss() -> padding.PSS:
    """Return the newer padding, which the contract does not use."""
    return padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH)


def percent(raw: bytes) -> str:
    """Encode a signature as the contract has it."""
    return quote(base64.b64encode(raw), safe="")


@dataclass(frozen=True)
class Request:
    """A signed request. `signed` overrides what the signature is made over; `headers_` what is sent beside it."""

    target: str
    body: bytes
    method: str = "POST"
    client_id: str = "c1"
    time: str = "2026-11-22T04:00:00+00:00"
    key: str = "c1"
    version: str = "1"
    algorithm: str = "RSA256"
    pad: Callable[[], Any] = padding.PKCS1v15
    hash: Callable[[], Any] = hashes.SHA256
    encode: Callable[[bytes], str] = percent
    form: str = "algorithm={algorithm},keyVersion={version},signature={signature}"
    signed: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    more: tuple[tuple[str, str], ...] = ()

    def content(self) -> bytes:
        """Return what is signed."""
        parts = {"method": "POST", "target": self.target, "client_id": self.client_id, "time": self.time, **self.signed}
        head = f"{parts['method']} {parts['target']}\n{parts['client_id']}.{parts['time']}."
        body: bytes = parts.get("body", self.body)
        return head.encode("latin-1") + body

    def headers(self) -> Headers:
        """Return the headers as they are sent."""
        raw = caller.signature(self.key, self.content(), self.pad, self.hash)
        signature = self.form.format(algorithm=self.algorithm, version=self.version, signature=self.encode(raw))
        all_three = [("client-id", self.client_id), ("request-time", self.time), ("signature", signature)]
        return [(name, value) for name, value in all_three if name not in self.without] + list(self.more)

    def send(self, platform: Platform) -> Answer:
        """Send it; the answer is checked against the wire contract."""
        return platform.send(self.method, self.target, self.headers(), self.body)
