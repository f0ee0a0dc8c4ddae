"""The door outwards: sign a call, send it, verify the answer, read its result.

Signing, verifying and reading are pure functions of bytes; only the transport touches the network.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import msgspec

from dstore.mendable import MendableError
from dstore.protocol.signature import (
    UnreadableHeaderError,
    content_prefix,
    digest,
    format_header,
    parse_header,
    sign,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from ipaddress import IPv4Address, IPv6Address

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

ANSWER_SECONDS = 8.0
ANSWER_BYTES = 1024 * 1024
_OK = 200

Headers = tuple[tuple[str, str], ...]


class NoAnswerError(MendableError):
    """There is no answer to the call: not reached, too slow, cut off or too large; its effect is unknown."""


class UnreadableAnswerError(Exception):
    """The answer is not one of the signed API: another HTTP status than 200, or no result in it."""


@dataclass(frozen=True, slots=True)
class SignedCall:
    """A call ready to be sent: the raw target, the headers that belong to it, the exact body."""

    target: str
    client_id: str
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, unread."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """Return the value of a header in any case, empty when it is absent."""
        return next((value for each, value in self.headers if each.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says. `distrust` tells why its signature proves nothing; it is empty when it verifies."""

    code: str
    status: str
    message: str
    distrust: str


# Pure: bytes to bytes.


def sign_call(
    target: str, body: bytes, client_id: str, key: RSAPrivateKey, at: datetime, key_version: int = 1
) -> SignedCall:
    """Sign a call of `client_id`; `at` becomes request-time, in whole seconds with its offset."""
    request_time = at.replace(microsecond=0).isoformat()
    prefix = content_prefix(target.encode(), client_id.encode("latin-1"), request_time.encode())
    signature = sign(key, digest(prefix, (body,)))
    headers = (
        ("content-type", "application/json; charset=UTF-8"),
        ("client-id", client_id),
        ("request-time", request_time),
        ("signature", format_header(key_version, signature)),
    )
    return SignedCall(target, client_id, headers, body)


def read_answer(call: SignedCall, reply: Reply, key: RSAPublicKey | None) -> Answer:
    """Read the result of a reply and verify it with the answering side's public key.

    Raises UnreadableAnswerError when there is no result in it.
    """
    if reply.status != _OK:
        raise UnreadableAnswerError(f"HTTP {reply.status} instead of 200")
    try:
        result = msgspec.json.decode(reply.body, type=_Envelope).result
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise UnreadableAnswerError(f"the body holds no result: {fault}") from None
    return Answer(result.result_code, result.result_status, result.result_message, distrust(call, reply, key))


def distrust(call: SignedCall, reply: Reply, key: RSAPublicKey | None) -> str:
    """Return why the signature of a reply proves nothing; empty when it verifies over this call's answer."""
    if key is None:
        return "no public key of the answering side was given"
    client_id, moment, header = (reply.header(name) for name in ("client-id", "response-time", "signature"))
    for name, value in (("client-id", client_id), ("response-time", moment), ("signature", header)):
        if not value:
            return f"the answer has no header {name}"
    if client_id != call.client_id:
        return f"the answer is for client-id {client_id[:60]}"
    try:
        _, version, signature = parse_header(header)
    except UnreadableHeaderError as fault:
        return f"the answer's {fault}"
    prefix = content_prefix(call.target.encode(), client_id.encode("latin-1"), moment.encode("latin-1"))
    if not verify(key, signature, digest(prefix, (reply.body,))):
        named = "" if version is None else f" (it names key version {version})"
        return f"the answer's signature does not verify with this public key{named}"
    return ""


class _Result(msgspec.Struct, rename="camel"):
    result_code: str
    result_status: str
    result_message: str = ""


class _Envelope(msgspec.Struct):
    result: _Result


# The network.


def _permit_any(_address: IPv4Address | IPv6Address) -> bool:
    return True


class HttpTransport:
    """Sends over HTTP/1.1, a connection a call: `seconds` for everything, `most` bytes of answer, no redirects.

    Plain http is refused unless `allow_http`; `permits` decides about each resolved address.
    """

    def __init__(
        self,
        seconds: float = ANSWER_SECONDS,
        most: int = ANSWER_BYTES,
        *,
        allow_http: bool = False,
        permits: Callable[[IPv4Address | IPv6Address], bool] = _permit_any,
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._allow_http = allow_http
        self._permits = permits

    def post(self, origin: str, call: SignedCall) -> Reply:
        """Send the call to scheme, host and port of `origin`; raise NoAnswerError when nothing comes back."""
        deadline = time.monotonic() + self._seconds
        try:
            parts = self._origin(origin)
            with closing(self._connect(parts, deadline)) as link, _cut_at(deadline, link):
                reply = self._exchange(parts, link, call)
            if time.monotonic() >= deadline:
                raise OSError("the answer was cut off")  # noqa: TRY301 - told below like every other failure
        except (OSError, http.client.HTTPException, ValueError) as fault:
            if time.monotonic() >= deadline:
                raise NoAnswerError(f"{origin}: no answer within {self._seconds:g} s") from None
            raise NoAnswerError(f"{origin}: {fault or type(fault).__name__}") from None
        return reply

    def _origin(self, origin: str) -> SplitResult:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NoAnswerError(f"{origin}: is not a URL such as https://host")
        if parts.scheme == "http" and not self._allow_http:
            raise NoAnswerError(f"{origin}: plain http is not allowed here")
        return parts

    def _connect(self, parts: SplitResult, deadline: float) -> socket.socket:
        """Connect to the first address that is permitted and answers; what was checked is what is called."""
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        failure = OSError("no address of this host may be called")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if not self._permits(ip_address(str(address[0]).partition("%")[0])):
                continue
            link = socket.socket(family, kind, protocol)
            try:
                link.settimeout(_left(deadline))
                link.connect(address)
                if parts.scheme == "https":
                    return ssl.create_default_context().wrap_socket(link, server_hostname=host)
            except OSError as fault:
                link.close()
                failure = fault
            else:
                return link
        raise failure

    def _exchange(self, parts: SplitResult, link: socket.socket, call: SignedCall) -> Reply:
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port)
        connection.sock = link
        connection.request("POST", call.target, call.body, dict(call.headers))
        response = connection.getresponse()
        body = response.read(self._most + 1)
        if len(body) > self._most:
            raise OSError(f"the answer has more than {self._most:,} bytes")
        if response.length:
            raise OSError("the answer was cut off")
        return Reply(response.status, tuple(response.getheaders()), body)


def _left(deadline: float) -> float:
    """Return the seconds left, at least a moment: a timeout of 0 would mean not to wait at all."""
    return max(deadline - time.monotonic(), 0.001)


@contextmanager
def _cut_at(deadline: float, link: socket.socket) -> Iterator[None]:
    """Cut the connection at the deadline: a peer that sends a byte now and then would outlast any socket timeout."""

    def cut() -> None:
        with suppress(OSError):
            # Not the TLS way of it, which would wait for the peer.
            socket.socket.shutdown(link, socket.SHUT_RDWR)

    timer = threading.Timer(_left(deadline), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
