"""The payment provider's own SDK, pointed at a server here. Only its socket class is replaced: every byte is its own."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from com.alipay.ams.api.default_alipay_client import DefaultAlipayClient
from com.alipay.ams.api.net import default_http_rpc
from com.alipay.ams.api.request.alipay_request import AlipayRequest
from cryptography.hazmat.primitives import serialization

from harness import caller

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "https://open.example.com"


def request(path: str, body: Any, key_version: str | None = None) -> Any:
    """Return a request of an API that the SDK does not know, its body written as the SDK writes those it knows."""
    one = AlipayRequest(path, key_version=key_version)
    one.to_ams_json = lambda: json.dumps(body, indent=3)
    return one


@contextmanager
def wired(port: int) -> Iterator[list[bytes]]:
    """Let the SDK's HTTPS connections end in plain HTTP at a local port; give what it sent."""
    sent: list[bytes] = []

    class Connection(http.client.HTTPConnection):
        default_port = 443

        def __init__(self, host: str, port: int, timeout: float, context: Any) -> None:
            super().__init__(host, port, timeout)

        def connect(self) -> None:
            self.sock = socket.create_connection(("127.0.0.1", port), self.timeout)

        def send(self, data: Any) -> None:
            sent.append(bytes(data))
            super().send(data)

    with mock.patch.object(default_http_rpc, "http_client", SimpleNamespace(HTTPSConnection=Connection)):
        yield sent


def private_pkcs1(name: str) -> str:
    """Return a private key as the SDK wants it: PKCS#1 PEM."""
    return (
        caller.key(name)
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        .decode()
    )


def client(public_key: str, client_id: str = "c1", key_name: str = "c1", **more: Any) -> DefaultAlipayClient:
    """Return the SDK's client with a partner's private key and the platform's public key."""
    return DefaultAlipayClient(HOST, client_id, private_pkcs1(key_name), public_key, **more)
