"""What is sent: signed requests, made before the clock starts, and the check of every answer after it stopped."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bench.client import UnexpectedAnswerError
from dstore.sandbox.catalogues import pos_catalogue

SYNC_PRODUCT = "/v2/pos/syncProduct"
INITIALIZE_STORE = "/v2/pds/store/initializeStore"
CLIENT_ID = "c1"
ACCOUNT = "bench"
VERIFY_EVERY = 50
Json = dict[str, Any]


@cache
def partner_key() -> rsa.RSAPrivateKey:
    """Return the partner's key, made once in a run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def partner_public_pem() -> str:
    """Return the partner's public key as PEM."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return partner_key().public_key().public_bytes(encoding, form).decode()


def signature_header(path: str, body: bytes) -> tuple[str, str]:
    """Return request-time and signature of a call."""
    time = datetime.now(UTC).isoformat(timespec="seconds")
    content = f"POST {path}\n{CLIENT_ID}.{time}.".encode() + body
    raw = partner_key().sign(content, padding.PKCS1v15(), hashes.SHA256())
    return time, f"algorithm=RSA256,keyVersion=1,signature={quote(base64.b64encode(raw), safe='')}"


def signed(path: str, message: Json) -> bytes:
    """Return a whole HTTP request, signed, ready for the socket."""
    body = msgspec.json.encode(message)
    time, signature = signature_header(path, body)
    head = (
        f"POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json; charset=UTF-8\r\n"
        f"content-length: {len(body)}\r\nclient-id: {CLIENT_ID}\r\nrequest-time: {time}\r\nsignature: {signature}\r\n\r\n"
    )
    return head.encode() + body


def plain_get(target: str) -> bytes:
    """Return an unsigned GET."""
    return f"GET {target} HTTP/1.1\r\nhost: bench\r\n\r\n".encode()


@dataclass
class PosLoad:
    """Messages of the POS family about made-up stores; every one has a requestId of its own."""

    items: int
    products: list[Json] = field(init=False)
    _sent: int = 0

    def __post_init__(self) -> None:
        """Make the catalogue."""
        self.products = pos_catalogue(self.items)

    def full_message(self, store: str, products: list[Json] | None = None) -> Json:
        """Return a full sync of a store."""
        return {
            "requestId": self._request_id(),
            "posAccountId": ACCOUNT,
            "store": {"posStoreId": store, "name": f"Store {store}"},
            "products": self.products if products is None else products,
        }

    def full(self, store: str) -> bytes:
        """Return a signed full sync of a store."""
        return signed(SYNC_PRODUCT, self.full_message(store))

    def changed(self, store: str, turn: int) -> bytes:
        """Return a signed full sync with another price on one product of a hundred."""
        products = list(self.products)
        for place in range(turn % 100, len(products), 100):
            one = products[place]
            if "price" in one:
                price = {**one["price"], "value": one["price"]["value"] + 1 + turn}
                products[place] = {**one, "price": price}
        return signed(SYNC_PRODUCT, self.full_message(store, products))

    def status_message(self, store: str, turn: int) -> Json:
        """Return a status update of one product: sold out and available in turns."""
        return {
            "requestId": self._request_id(),
            "posAccountId": ACCOUNT,
            "store": {"posStoreId": store},
            "products": [
                {"posProductId": f"p000-{turn // 2 % 90:03}", "status": ("SOLDOUT", "AVAILABLE")[turn % 2]}
            ],
        }  # fmt: skip

    def statuses(self, stores: list[str], count: int) -> list[bytes]:
        """Return signed status updates that go round the stores."""
        return [
            signed(SYNC_PRODUCT, self.status_message(stores[turn % len(stores)], turn // len(stores)))
            for turn in range(count)
        ]

    def _request_id(self) -> str:
        self._sent += 1
        return f"r{self.items}-{self._sent:08}"


def check_answers(path: str, answers: list[bytes], platform_key: rsa.RSAPublicKey) -> None:
    """Read every answer of the signed API; verify the first one's signature and then one in fifty."""
    for place, answer in enumerate(answers):
        head, _, body = answer.partition(b"\r\n\r\n")
        try:
            result = msgspec.json.decode(body)["result"]
        except (msgspec.DecodeError, KeyError) as fault:
            raise UnexpectedAnswerError(repr(answer[:400])) from fault
        if not head.startswith(b"HTTP/1.1 200 ") or result["resultStatus"] != "S":
            raise UnexpectedAnswerError(repr(answer[:600]))
        if place % VERIFY_EVERY == 0:
            _verify(path, head, body, platform_key)


def _verify(path: str, head: bytes, body: bytes, platform_key: rsa.RSAPublicKey) -> None:
    lines = (line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:])
    headers = {name.lower(): value for name, _, value in lines}
    value = headers["signature"].rpartition("signature=")[2]
    content = f"POST {path}\n{headers['client-id']}.{headers['response-time']}.".encode() + body
    platform_key.verify(base64.b64decode(unquote(value)), content, padding.PKCS1v15(), hashes.SHA256())
