"""Checking the partner's signature and signing answers, with the same cryptographic library as the product."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse


class Keys:
    """The one partner's public key and the platform's private key, from the environment."""

    def __init__(self) -> None:
        partner = load_pem_public_key(os.environ["BENCH_PARTNER_KEY"].encode())
        platform = load_pem_private_key(os.environ["BENCH_PLATFORM_KEY"].encode(), None)
        assert isinstance(partner, rsa.RSAPublicKey)
        assert isinstance(platform, rsa.RSAPrivateKey)
        self.partner = partner
        self.platform = platform


async def authenticated(request: Request) -> str:
    """Return the client-id of a call whose signature verifies."""
    headers = request.headers
    try:
        client_id, time = headers["client-id"], headers["request-time"]
        parts = dict(part.strip().split("=", 1) for part in headers["signature"].split(","))
        signature = base64.b64decode(unquote(parts["signature"]))
        content = f"POST {request.url.path}\n{client_id}.{time}.".encode() + await request.body()
        request.app.state.keys.partner.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
    except (KeyError, ValueError, InvalidSignature):
        raise HTTPException(401, "INVALID_SIGNATURE") from None
    return client_id


def signed(request: Request, client_id: str, result: dict[str, Any]) -> JSONResponse:
    """Return an answer with its signature."""
    answer = JSONResponse({"result": result})
    time = datetime.now(UTC).isoformat(timespec="seconds")
    content = f"POST {request.url.path}\n{client_id}.{time}.".encode() + bytes(answer.body)
    raw = request.app.state.keys.platform.sign(content, padding.PKCS1v15(), hashes.SHA256())
    encoded = quote(base64.b64encode(raw), safe="")
    answer.headers["client-id"] = client_id
    answer.headers["response-time"] = time
    answer.headers["signature"] = f"algorithm=RSA256,keyVersion=1,signature={encoded}"
    return answer
