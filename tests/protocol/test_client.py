"""The outward client: signing and verifying without a network, and a transport that bounds what a peer can do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from dstore.protocol.client import (
    HttpTransport,
    NoAnswerError,
    Reply,
    SignedCall,
    UnreadableAnswerError,
    read_answer,
    sign_call,
)
from dstore.protocol.keys import private_pem
from harness import caller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TARGET = "/v2/pos/createOrder"
AT = datetime(2026, 11, 22, 4, 0, 0, 123456, tzinfo=UTC)
RESULT = {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"}


def signed_call(body: bytes = b'{"requestId":"1"}') -> SignedCall:
    return sign_call(TARGET, body, "c1", caller.key("caller"), AT, 3)


def reply_to(call: SignedCall, body: bytes | None = None, *, status: int = 200, **changes: str | None) -> Reply:
    """Answer as the other side does, with its own means of signing."""
    raw = json.dumps({"result": RESULT}).encode() if body is None else body
    made = dict(caller.signed_headers(call.target, raw, key_name="till", time="2026-11-22T12:00:01+08:00"))
    headers = {"client-id": made["client-id"], "response-time": made["request-time"], "signature": made["signature"]}
    for name, value in changes.items():
        headers.pop(name.replace("_", "-"), None)
        if value is not None:
            headers[name.replace("_", "-")] = value
    return Reply(status, tuple(headers.items()), raw)


def till_key() -> Any:
    return caller.key("till").public_key()


def test_a_call_is_signed_as_a_partner_signs_by_hand() -> None:
    call = signed_call()
    by_hand = caller.signed_headers(TARGET, call.body, key_name="caller", version=3, time="2026-11-22T04:00:00+00:00")
    assert dict(call.headers) == {"content-type": "application/json; charset=UTF-8", **dict(by_hand)}


def test_an_answer_that_verifies_is_read() -> None:
    call = signed_call()
    answer = read_answer(call, reply_to(call), till_key())
    assert (answer.code, answer.status, answer.message, answer.distrust) == ("SUCCESS", "S", "success", "")


def test_header_names_of_an_answer_may_have_any_case() -> None:
    call = signed_call()
    reply = reply_to(call)
    titled = Reply(200, tuple((name.title(), value) for name, value in reply.headers), reply.body)
    assert read_answer(call, titled, till_key()).distrust == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signature": None}, "no header signature"),
        ({"client_id": None}, "no header client-id"),
        ({"response_time": None}, "no header response-time"),
        ({"client_id": "c2"}, "is for client-id c2"),
        ({"signature": "nonsense"}, "no signature= part"),
        ({"response_time": "2026-11-22T12:00:02+08:00"}, "does not verify"),
    ],
)
def test_an_answer_whose_headers_were_tampered_with_is_not_trusted(changes: dict[str, Any], reason: str) -> None:
    call = signed_call()
    assert reason in read_answer(call, reply_to(call, **changes), till_key()).distrust


def test_a_changed_body_another_key_and_the_answer_to_another_call_are_not_trusted() -> None:
    call = signed_call()
    reply = reply_to(call)
    changed = Reply(200, reply.headers, reply.body.replace(b'"S"', b'"F"'))
    other = sign_call("/v2/pos/inquireOrderDetail", b"{}", "c1", caller.key("caller"), AT)
    assert "does not verify" in read_answer(call, changed, till_key()).distrust
    assert "does not verify" in read_answer(call, reply, caller.key("c1").public_key()).distrust
    assert "does not verify" in read_answer(other, reply, till_key()).distrust


def test_without_a_key_nothing_is_trusted() -> None:
    call = signed_call()
    assert read_answer(call, reply_to(call), None).distrust == "no public key of the answering side was given"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (302, b""),
        (500, b"oops"),
        (200, b""),
        (200, b"<html>"),
        (200, b'{"result": {"resultCode": 1}}'),
        (200, b"[" * 5000),
        (200, b'{"result": "\xff"}'),
    ],
)
def test_what_is_not_an_answer_of_the_signed_api_is_said_to_be_unreadable(status: int, body: bytes) -> None:
    call = signed_call()
    with pytest.raises(UnreadableAnswerError):
        read_answer(call, reply_to(call, body, status=status), till_key())


# The transport, against peers made of a bare socket.


@contextmanager
def peer(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """Accept one connection and let `behave` have it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            link, _ = listening.accept()
            with link:
                behave(link)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def received(link: socket.socket) -> bytes:
    """Read one request, of which the body ends with a brace."""
    text = b""
    while not text.endswith(b"}"):
        text += link.recv(65536)
    return text


def answering(text: bytes, seen: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    def behave(link: socket.socket) -> None:
        request = received(link)
        if seen is not None:
            seen.append(request)
        link.sendall(text)

    return behave


def test_the_very_bytes_that_were_signed_go_over_the_wire() -> None:
    seen: list[bytes] = []
    call = signed_call(b'{ "name":"caf\xc3\xa9" }')
    body = b'{"result":{}}'
    with peer(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nresponse-time: x\r\n\r\n" + body, seen)) as url:
        reply = HttpTransport(allow_http=True).post(url, call)
    head, _, sent = seen[0].partition(b"\r\n\r\n")
    assert sent == call.body
    assert head.startswith(b"POST /v2/pos/createOrder HTTP/1.1\r\n")
    for name, value in call.headers:
        assert f"{name}: {value}".encode() in head
    assert (reply.status, reply.body, reply.header("response-time")) == (200, body, "x")


def test_a_redirect_is_not_followed() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with peer(answering(answer)) as url:
        assert HttpTransport(allow_http=True).post(url, signed_call()).status == 302


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000, "more than 1,000 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000, "more than 1,000 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nxx", "cut off"),
        (b"SSH-2.0-hello\r\n", "SSH"),
        (b"", "closed"),
    ],
)
def test_a_peer_that_answers_too_much_too_little_or_nonsense_gives_no_answer(answer: bytes, reason: str) -> None:
    with peer(answering(answer)) as url, pytest.raises(NoAnswerError, match=reason):
        HttpTransport(most=1000, allow_http=True).post(url, signed_call())


def dripping(start: bytes) -> Callable[[socket.socket], None]:
    """Send a byte now and then, for as long as the other side takes them."""

    def behave(link: socket.socket) -> None:
        received(link)
        link.sendall(start)
        link.settimeout(0.02)
        while True:
            try:
                link.sendall(b"x")
                if not link.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    return behave


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nname: "])
def test_a_peer_that_drips_is_cut_off_at_the_deadline(start: bytes) -> None:
    with peer(dripping(start)) as url, pytest.raises(NoAnswerError, match=r"no answer within 0\.3 s"):
        HttpTransport(0.3, allow_http=True).post(url, signed_call())


def test_a_peer_that_is_not_there_gives_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(NoAnswerError, match="refused"):
        HttpTransport(allow_http=True).post(f"http://127.0.0.1:{port}", signed_call())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1", "plain http"),
        ("ftp://127.0.0.1", "not a URL"),
        ("127.0.0.1:8080", "not a URL"),
        ("https://[", "Invalid IPv6"),
        ("https://127.0.0.1:99999", "out of range"),
    ],
)
def test_a_url_that_may_not_be_called_is_refused(url: str, reason: str) -> None:
    with pytest.raises(NoAnswerError, match=reason):
        HttpTransport().post(url, signed_call())


def test_an_address_that_is_not_permitted_is_never_connected_to() -> None:
    asked = []

    def permits(address: Any) -> bool:
        asked.append(str(address))
        return False

    with pytest.raises(NoAnswerError, match="no address"):
        HttpTransport(allow_http=True, permits=permits).post("http://127.0.0.1:1", signed_call())
    assert asked == ["127.0.0.1"]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with a certificate for 127.0.0.1, signed by itself, and its key."""
    key = caller.key("tls")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "till")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    made = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    file = tmp_path / "till.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private_pem(key).encode())
    return file


def over_tls(certificate: Path, behave: Callable[[Any], None]) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def wrapped(link: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(link, server_side=True) as secure:
            behave(secure)

    return wrapped


def test_a_call_over_https_goes_to_a_peer_with_a_trusted_certificate_only(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = over_tls(certificate, answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
    with peer(answer) as url, pytest.raises(NoAnswerError, match="certificate"):
        HttpTransport(5).post(url.replace("http:", "https:"), signed_call())
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with peer(answer) as url:
        assert HttpTransport(5).post(url.replace("http:", "https:"), signed_call()).body == b"{}"


def test_a_peer_that_drips_over_https_is_cut_off_too(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    drips = over_tls(certificate, dripping(b"HTTP/1.1 200 OK\r\nname: "))
    with peer(drips) as url, pytest.raises(NoAnswerError, match=r"no answer within 0\.5 s"):
        HttpTransport(0.5).post(url.replace("http:", "https:"), signed_call())
