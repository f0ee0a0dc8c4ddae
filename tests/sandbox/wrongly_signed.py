"""A client that makes one mistake, or several: it builds and signs requests by hand. Uses none of the program's signing code."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo

from harness import caller

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/v2/pos/syncProduct"
ALIAS = "/v2/pds/store/syncProduct"
OTHER = "/v2/pos/syncStore"
PATHS = [PATH, ALIAS, OTHER]
TIME = "2026-11-22T12:00:00+08:00"
VALUE: dict[str, Any] = {
    "requestId": "r/1",
    "note": "Café <b> & 'co' 👍",
    "price": 1.5,
    "none": [],
    "store": {"posStoreId": "s1", "name": 'a "quoted" one'},
}
BODY = json.dumps(VALUE, ensure_ascii=False).encode()
PRETTY = json.dumps(VALUE, ensure_ascii=False, indent=2).encode()


def pkcs(algorithm: hashes.HashAlgorithm) -> Callable[[Any, bytes], bytes]:
    return lambda key, content: key.sign(content, padding.PKCS1v15(), algorithm)


def pss(salt: int, algorithm: hashes.HashAlgorithm, mask: hashes.HashAlgorithm) -> Callable[[Any, bytes], bytes]:
    return lambda key, content: key.sign(content, padding.PSS(padding.MGF1(mask), salt), algorithm)


def bare(prepare: Callable[[bytes], bytes]) -> Callable[[Any, bytes], bytes]:
    return lambda key, content: key.sign(prepare(content), padding.PKCS1v15(), NoDigestInfo())


def hashed_first(prepare: Callable[[bytes], bytes]) -> Callable[[Any, bytes], bytes]:
    return lambda key, content: key.sign(prepare(content), padding.PKCS1v15(), hashes.SHA256())


def right(key: Any, content: bytes) -> bytes:
    signature: bytes = key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return signature


def reversed_bytes(key: Any, content: bytes) -> bytes:
    return right(key, content)[::-1]


def hex_digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def percent(raw: bytes) -> str:
    return quote(base64.b64encode(raw), safe="")


@dataclass(frozen=True)
class Client:
    """What a client sends, and what it signs; unless told otherwise it signs what it sends, correctly."""

    body: bytes = BODY
    target: str = PATH
    time: str = TIME
    client_id: str = "c1"
    method: str = "POST"
    key: str = "registered"
    layout: str = "{method} {path}\n{client}.{time}."
    signed: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[Any, bytes], bytes] = right
    write: Callable[[bytes], str] = percent
    header: str = "algorithm=RSA256,keyVersion=1,signature={}"
    headers: dict[str, str | None] = field(default_factory=dict)
    ends: str = "\r\n"

    def content(self) -> bytes:
        parts = {"method": "POST", "path": self.target, "client": self.client_id, "time": self.time, **self.signed}
        body: bytes = parts.pop("body", self.body)
        return self.layout.format(**parts).encode() + body

    def signature(self) -> str:
        return self.write(self.sign(caller.key(self.key), self.content()))

    def all_headers(self) -> dict[str, str]:
        headers: dict[str, str | None] = {
            "Host": "pos.example:8080",
            "Content-Type": "application/json",
            "Client-Id": self.client_id,
            "Request-Time": self.time,
            "Signature": self.header.format(self.signature()),
        }
        return {name: value for name, value in {**headers, **self.headers}.items() if value is not None}

    def request(self) -> bytes:
        """Return the request as it goes over the wire."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {v}" for name, v in self.all_headers().items())]
        return (self.ends.join(lines) + self.ends * 2).encode() + self.body

    def until(self, wanted: Callable[[str], bool]) -> Client:
        """Return the client with a body whose signature, as base64, has a property."""
        for number in range(2000):
            one = replace(self, body=json.dumps({"requestId": number}).encode())
            if wanted(base64.b64encode(self.sign(caller.key(self.key), one.content())).decode()):
                return one
        raise AssertionError("no such signature in 2,000")
