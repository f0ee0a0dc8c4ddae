"""Requests written byte by byte, as the family's other clients write them, and answers read off the socket."""

from __future__ import annotations

import base64
import http.client
import json
import socket
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from harness import caller
from harness.caller import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.server import Server

TARGET = "/v2/pos/syncStore"
TIME = "2026-11-22T02:00:19+00:00"
_numbers = count(1)


def escaped(signature: str) -> str:
    """Percent-encode with upper-case hexadecimal, as most clients do."""
    return quote(signature, safe="")


def new_body() -> bytes:
    """Return a body that nobody has sent yet."""
    store = {"posStoreId": "s", "name": f"Name {next(_numbers)}"}
    return json.dumps({"requestId": f"wire{next(_numbers)}", "posAccountId": "wire", "store": store}).encode()


@dataclass
class Form:
    """How a client writes a request; the defaults are the plainest way."""

    time: str = TIME
    target: str = TARGET
    line: str = ""
    body: Callable[[], bytes] = new_body
    signature: Callable[[str], str] = lambda base64: f"algorithm=RSA256,keyVersion=1,signature={escaped(base64)}"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json; charset=UTF-8"),)
    names: tuple[str, str, str] = ("client-id", "request-time", "signature")
    length: bool = True
    sent: bytes = field(default=b"", init=False)

    def head_and_body(self) -> tuple[bytes, bytes]:
        """Return the bytes of the head, with its empty line, and those of the body."""
        body = self.body()
        content = f"POST {self.target}\nc1.{self.time}.".encode() + body
        raw = caller.key("c1").sign(content, padding.PKCS1v15(), hashes.SHA256())
        values = ("c1", self.time, self.signature(base64.b64encode(raw).decode()))
        headers = [("Host", "t"), *self.headers, *zip(self.names, values, strict=True)]
        if self.length:
            headers.append(("Content-Length", str(len(body))))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"{self.line or f'POST {self.target} HTTP/1.1'}\r\n{head}\r\n".encode(), body


class Wire:
    """A socket to the server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._incoming = self.socket.makefile("rb")

    def answer(self, target: str = TARGET) -> Answer:
        """Read the next answer and check it against the contract."""
        response = http.client.HTTPResponse(_Kept(self._incoming))  # type: ignore[arg-type]
        response.begin()
        got = Answer(response.status, dict(response.getheaders()), response.read())
        caller.check_contract(got, target, "c1", self._server.platform_key)
        return got

    def line(self) -> bytes:
        """Read one line."""
        return self._incoming.readline()

    def next_line(self, more: bytes) -> bytes:
        """Send more and read a line; nothing when the server has hung up, in whatever way that shows."""
        try:
            self.socket.sendall(more)
            return self.line()
        except OSError:
            return b""

    def close(self) -> None:
        """Hang up."""
        self._incoming.close()
        self.socket.close()


class _Kept:
    """What HTTPResponse wants of a socket; the stream under it stays open for the next answer."""

    def __init__(self, incoming: Any) -> None:
        self._incoming = incoming

    def makefile(self, _mode: str) -> Any:
        return _Borrowed(self._incoming)


class _Borrowed:
    """A stream that is not closed by its reader."""

    def __init__(self, incoming: Any) -> None:
        self._incoming = incoming

    def __getattr__(self, name: str) -> Any:
        return getattr(self._incoming, name)

    def close(self) -> None:
        """Leave it open."""
