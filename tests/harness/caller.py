"""A partner's own side: keys, signing, verifying. Uses none of the program's signing code."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

PATHS = {
    "syncStore": "/v2/pos/syncStore",
    "syncProduct": "/v2/pos/syncProduct",
    "initializeShoppingArea": "/v2/pds/store/initializeShoppingArea",
    "initializeBrand": "/v2/pds/store/initializeBrand",
    "initializeStore": "/v2/pds/store/initializeStore",
    "addShoppingArea": "/v2/pds/store/addShoppingArea",
    "addBrand": "/v2/pds/store/addBrand",
    "addStore": "/v2/pds/store/addStore",
    "addMenu": "/v2/pds/store/addMenu",
    "addCategory": "/v2/pds/store/addCategory",
    "updateShoppingArea": "/v2/pds/store/updateShoppingArea",
    "updateBrand": "/v2/pds/store/updateBrand",
    "updateStore": "/v2/pds/store/updateStore",
    "updateMenu": "/v2/pds/store/updateMenu",
    "updateCategory": "/v2/pds/store/updateCategory",
    "addItem": "/v2/pds/item/addItem",
    "addModifierGroup": "/v2/pds/item/addModifierGroup",
    "updateItem": "/v2/pds/item/updateItem",
    "updateModifierGroup": "/v2/pds/item/updateModifierGroup",
}
Headers = list[tuple[str, str]]
LONGEST_REMEMBERED = 16 * 1024


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """Return the key of a name, made once for all tests of a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(name: str) -> str:
    """Return a public key as PEM."""
    encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key(name).public_key().public_bytes(encoding, form).decode()


def signature(key_name: str, content: bytes, pad: Any = padding.PKCS1v15, digest: Any = hashes.SHA256) -> bytes:
    """Sign, if nothing else is said as the contract has it. What is short is remembered: each signature takes long."""
    sign = _signed_before if len(content) <= LONGEST_REMEMBERED else _sign
    return sign(key_name, content, pad, digest)


def _sign(key_name: str, content: bytes, pad: Any, digest: Any) -> bytes:
    return key(key_name).sign(content, pad(), digest())


_signed_before = lru_cache(maxsize=5_000)(_sign)


def to_bytes(body: Any) -> bytes:
    """Return a body as it goes over the wire."""
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def signed_headers(
    target: str,
    body: bytes,
    *,
    client_id: str = "c1",
    key_name: str = "c1",
    version: int | None = 1,
    time: str | None = None,
) -> Headers:
    """Return the three headers of a call."""
    time = time or datetime.now(UTC).isoformat(timespec="seconds")
    content = f"POST {target}\n{client_id}.{time}.".encode() + body
    raw = signature(key_name, content)
    versioned = "" if version is None else f"keyVersion={version},"
    value = f"algorithm=RSA256,{versioned}signature={quote(base64.b64encode(raw), safe='')}"
    return [("client-id", client_id), ("request-time", time), ("signature", value)]


@dataclass(frozen=True)
class Answer:
    """An answer of the signed API, checked against the wire contract by whoever made it."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def result(self) -> dict[str, str]:
        """The result object."""
        result: dict[str, str] = json.loads(self.body)["result"]
        return result

    @property
    def code(self) -> str:
        """The result code."""
        return self.result["resultCode"]

    @property
    def message(self) -> str:
        """The result message."""
        return self.result["resultMessage"]


def check_contract(answer: Answer, target: str, client_id: str, platform_key: rsa.RSAPublicKey) -> None:
    """Assert what is true of every answer of the signed API."""
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.headers["client-id"] == client_id
    odd = {name for name in answer.headers if "signature" in name.lower() or "response-time" in name.lower()}
    assert odd == {"signature", "response-time"}
    assert not {"content-encoding", "server"} & set(answer.headers)
    assert datetime.fromisoformat(answer.headers["response-time"]).tzinfo is not None
    algorithm, version, signature = answer.headers["signature"].split(",")
    assert algorithm == "algorithm=RSA256"
    assert version.startswith("keyVersion=")
    name, value = signature.split("=")
    assert name == "signature"
    content = f"POST {target}\n{client_id}.{answer.headers['response-time']}.".encode("latin-1") + answer.body
    platform_key.verify(base64.b64decode(unquote(value), validate=True), content, padding.PKCS1v15(), hashes.SHA256())
    assert list(json.loads(answer.body)) == ["result"]
    assert list(answer.result) == ["resultCode", "resultStatus", "resultMessage"]
    assert len(answer.code) <= 64
    assert len(answer.message) <= 256
    assert answer.result["resultStatus"] in "SFUA"
