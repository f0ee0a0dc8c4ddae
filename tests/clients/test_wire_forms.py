"""What the family's clients in other languages put on the wire, byte for byte: all of it is accepted and answered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from clients.wire import TARGET, Form, Wire, escaped, new_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.server import Server

JSON = ("Content-Type", "application/json; charset=UTF-8")
UPPER = ("Client-Id", "Request-Time", "Signature")


def lower_escapes(signature: str) -> str:
    return escaped(signature).replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d")


def signed(form: str) -> Form:
    return Form(signature=lambda base64: form.format(escaped(base64)))


FORMS = {
    "Go": Form(
        time=str(int(time.time() * 1000)),
        headers=(
            ("User-Agent", "Go-http-client/1.1"), JSON, ("Content-Type", "application/json"), ("Agent-Token", ""),
            ("Key-Version", "1"), ("Sdk-Version", "1.3.4"), ("Accept-Encoding", "gzip"),
        ),
        names=UPPER,
    ),
    "PHP": Form(
        time="2026-11-22T02:00:19+0000",
        body=lambda: new_body().replace(b"Name", rb"Caf\u00e9 \/ Bar"),
        headers=(JSON, ("Accept", "*/*")),
    ),
    "Java": Form(time=str(int(time.time() * 1000)), headers=(JSON, ("User-Agent", "global-alipay-sdk-java"), ("agent-token", ""))),
    "Java, the older one": Form(time="2026-11-22T10:00:19+08:00"),
    ".NET": Form(
        time="2026-11-22T02:00:19.1234567Z",
        signature=lambda base64: f"algorithm=RSA256,keyVersion=1,signature={lower_escapes(base64)}",
        names=UPPER,
    ),
    "Python": Form(line=f"POST https://open.example.com{TARGET} HTTP/1.1"),
    "an absolute target with a port": Form(line=f"POST http://10.0.0.1:8080{TARGET} HTTP/1.1"),
    "a query": Form(target=f"{TARGET}?a=b&c=%2F"),
    "milliseconds and an odd offset": Form(time="2026-11-22T07:30:19.253+05:30"),
    "raw base64": Form(signature=lambda base64: f"algorithm=RSA256,keyVersion=1,signature={base64}"),
    "blanks after the commas": signed("algorithm=RSA256, keyVersion=1, signature={}"),
    "the algorithm in lower case": signed("algorithm=rsa256,keyVersion=1,signature={}"),
    "no key version": signed("algorithm=RSA256,signature={}"),
    "an empty key version": signed("algorithm=RSA256,keyVersion=,signature={}"),
    "the parts in another order": signed("signature={},keyVersion=1,algorithm=RSA256"),
    "headers nobody knows": Form(headers=(JSON, ("X-Request-Id", "1"), ("Cookie", "a=b"), ("X-Empty", ""))),
    "a body that says nothing of its type": Form(headers=()),
    "a compact body with other text than ASCII": Form(body=lambda: new_body().replace(b"Name", "咖啡 Café 😀".encode())),
    "a body with blanks around it": Form(body=lambda: b"\r\n  " + new_body() + b" \n\n"),
}  # fmt: skip


@pytest.fixture
def wire(shared: Server) -> Iterator[Wire]:
    """A connection of the test's own."""
    one = Wire(shared)
    yield one
    one.close()


@pytest.mark.parametrize("name", FORMS)
def test_the_clients_forms_are_accepted(wire: Wire, name: str) -> None:
    form = FORMS[name]
    wire.socket.sendall(b"".join(form.head_and_body()))
    answer = wire.answer(form.target)
    assert answer.code == "SUCCESS", answer.result


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(wire: Wire) -> None:
    head, body = Form(headers=(JSON, ("Expect", "100-continue"))).head_and_body()
    wire.socket.sendall(head)
    assert wire.line() == b"HTTP/1.1 100 Continue\r\n"
    assert wire.line() == b"\r\n"
    wire.socket.sendall(body)
    assert wire.answer().code == "SUCCESS"


def test_a_body_in_chunks_is_verified_without_their_marks(wire: Wire) -> None:
    head, body = Form(headers=(JSON, ("Transfer-Encoding", "chunked")), length=False).head_and_body()
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    wire.socket.sendall(head)
    for piece in pieces:
        wire.socket.sendall(f"{len(piece):x};extension=1\r\n".encode() + piece + b"\r\n")
    wire.socket.sendall(b"0\r\nTrailer: of no interest\r\n\r\n")
    assert wire.answer().code == "SUCCESS"


def test_a_request_in_many_small_segments_is_put_together(wire: Wire) -> None:
    whole = b"".join(Form().head_and_body())
    for start in range(0, len(whole), 5):
        wire.socket.sendall(whole[start : start + 5])
    assert wire.answer().code == "SUCCESS"


def test_a_connection_serves_many_requests(wire: Wire) -> None:
    for _ in range(20):
        wire.socket.sendall(b"".join(Form().head_and_body()))
        assert wire.answer().code == "SUCCESS"


def test_pipelined_requests_are_answered_in_order(wire: Wire) -> None:
    """A request that is refused before its body is read ends the connection; the others do not."""
    forms = [Form(), Form(body=lambda: b"{"), Form(), Form(body=lambda: b"[]"), Form(), signed("no signature {}")]
    wire.socket.sendall(b"".join(b"".join(form.head_and_body()) for form in forms))
    codes = [wire.answer(form.target).code for form in forms]
    assert codes == ["SUCCESS", "PARAM_ILLEGAL", "SUCCESS", "PARAM_ILLEGAL", "SUCCESS", "PARAM_ILLEGAL"]


def test_a_refusal_before_the_body_was_read_leaves_no_body_behind_as_the_next_request(shared: Server) -> None:
    """The rest of a refused request must not be taken for a request: it could be one, unsigned by its sender."""
    smuggled = b"".join(Form().head_and_body())
    head, body = Form(target="/v2/pos/nothing", body=lambda: smuggled).head_and_body()
    wire = Wire(shared)
    wire.socket.sendall(head)
    assert wire.answer("/v2/pos/nothing").code == "INVALID_API"
    assert wire.next_line(body) == b""
    wire.close()


@pytest.mark.parametrize("name", ["client-id", "signature", "request-time"])
def test_a_header_given_twice_is_refused_in_words(wire: Wire, name: str) -> None:
    head, body = Form(headers=(JSON, (name, "c1"))).head_and_body()
    wire.socket.sendall(head + body)
    answer = wire.answer()
    assert answer.code == "PARAM_ILLEGAL"
    assert answer.message == f"header {name}: is given more than once"


def test_a_connection_that_is_kept_or_not_is_kept_or_not(shared: Server) -> None:
    for sent, kept in ((("Connection", "Keep-Alive"), True), (("Connection", "close"), False)):
        wire = Wire(shared)
        wire.socket.sendall(b"".join(Form(headers=(JSON, sent)).head_and_body()))
        assert wire.answer().code == "SUCCESS"
        assert (wire.next_line(b"".join(Form().head_and_body())) != b"") is kept
        wire.close()
