"""Below the contract: HTTP that is malformed, ambiguous or forged never hangs, never harms, and is never half a call."""

from __future__ import annotations

import json
import random
import re
import select
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from contract.family import PATHS, body
from harness import caller
from harness.caller import Answer, check_contract
from harness.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "/v2/pos/syncStore"
OWN_HEADERS = {"content-type", "content-length", "client-id", "response-time", "signature"}
TRANSPORTS = {"connection", "date", "transfer-encoding"}
MOST_SECONDS = 5.0
PATIENCE = 0.1


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests here; what they try ends before any database."""
    with Server(
        f"sqlite:///{tmp_path_factory.mktemp('http') / 'dstore.db'}", workers=2, DSTORE_BODY_LIMIT="100000"
    ) as server:
        yield server


def message(store: str = "http") -> bytes:
    return json.dumps(
        body(PATH, requestId=store, posAccountId="http", store={"posStoreId": store, "name": store})
    ).encode()


def head(target: str, raw: bytes, *more: str, method: str = "POST", length: bool = True, **signing: Any) -> bytes:
    """Return the head of a signed request."""
    lines = [f"{name}: {value}" for name, value in caller.signed_headers(target, raw, **signing)]
    lines += [f"content-length: {len(raw)}"] if length else []
    lines += ["connection: close"]
    return "\r\n".join([f"{method} {target} HTTP/1.1", "host: test", *lines, *more, "", ""]).encode("latin-1")


def exchange(server: Server, sent: bytes) -> bytes:
    """Send bytes and return all that comes back; hang up when nothing comes, as for a request that is not whole."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        received = b""
        # Hanging up in the middle of something malformed is an answer.
        with suppress(ConnectionError):
            line.sendall(sent)
            if not select.select([line], [], [], PATIENCE)[0]:
                line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(65536):
                received += chunk
                if not select.select([line], [], [], PATIENCE)[0]:
                    line.shutdown(socket.SHUT_WR)
    assert time.monotonic() - began < MOST_SECONDS
    return received


def answers(received: bytes) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    """Return the status, headers and body of every answer in what was received."""
    found = []
    while received:
        top, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = top.decode("latin-1").split("\r\n")
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        length = int(dict(headers).get("content-length", len(rest)))
        found.append((int(first.split()[1]), headers, rest[:length]))
        received = rest[length:]
    return found


def signed_answer(server: Server, sent: bytes, target: str) -> Answer:
    """Send one request; check its one answer to the last header."""
    [(status, headers, raw)] = answers(exchange(server, sent))
    names = [name for name, _ in headers]
    assert names == [name.lower() for name in names]
    assert len(names) == len(set(names))
    assert OWN_HEADERS <= set(names) <= OWN_HEADERS | TRANSPORTS
    answer = Answer(status, dict(headers), raw)
    check_contract(answer, target, "c1", server.platform_key)
    return answer


def stores(server: Server) -> int:
    return len(json.loads(server.get("/storefront/v1/stores").body)["stores"])


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_these_headers_and_no_others(one: Server, path: str) -> None:
    good = head(path, b"{}") + b"{}"
    assert signed_answer(one, good, path).code == "PARAM_ILLEGAL"
    assert signed_answer(one, good.replace(b"algorithm=RSA256", b"algorithm=none"), path).code == "PARAM_ILLEGAL"
    assert signed_answer(one, head(path, b"xx") + b"{}", path).code == "INVALID_SIGNATURE"
    assert signed_answer(one, head(f"{path}/%C3%A9", b""), f"{path}/%C3%A9").code == "INVALID_API"
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
        assert signed_answer(one, head(path, b"", method=method), path).code == "INVALID_API"


def test_a_success_has_these_headers_too(one: Server) -> None:
    raw = message("success")
    assert signed_answer(one, head(PATH, raw) + raw, PATH).code == "SUCCESS"


@pytest.mark.parametrize("target", ["/v2/pos/%73yncStore", "/v2/pos/sync%53tore", "/%762/pos/syncStore", "//v2/pos/syncStore", "/V2/pos/syncStore", "/v2/pos/./syncStore", "/v2/pos/../pos/syncStore", "/v2/pos/syncStore%00", "/v2/pos/syncStore%FF"])  # fmt: skip
def test_a_path_that_decodes_to_an_api_is_another_path(one: Server, target: str) -> None:
    raw = message("decoded")
    assert signed_answer(one, head(target, raw) + raw, target).code == "INVALID_API"


def test_a_head_request_gets_the_headers_alone(one: Server) -> None:
    [(status, headers, raw)] = answers(exchange(one, head(PATH, b"", method="HEAD")))
    assert (status, raw) == (200, b"")
    assert set(dict(headers)) >= OWN_HEADERS


def test_a_body_announced_too_long_is_answered_before_it_comes(one: Server) -> None:
    for length in (100_001, 10**15):
        sent = head(PATH, b"", f"content-length: {length}", length=False)
        [(_, headers, raw)] = answers(exchange(one, sent))
        assert json.loads(raw)["result"]["resultCode"] == "PARAM_ILLEGAL"
        assert dict(headers)["connection"] == "close"


def test_a_body_in_chunks_that_grows_too_long_is_refused(one: Server) -> None:
    raw = b" " * 150_000
    chunks = b"".join(b"%x\r\n%b\r\n" % (1000, raw[:1000]) for _ in range(150)) + b"0\r\n\r\n"
    received = exchange(one, head(PATH, raw, "transfer-encoding: chunked", length=False) + chunks)
    if received:  # a connection that is closed while it still sends may lose the answer
        [(_, _, told)] = answers(received)
        assert json.loads(told)["result"]["resultMessage"].endswith(" bytes or more, at most 100,000 are allowed")


INNER = b"POST /v2/pos/syncStore HTTP/1.1\r\nhost: test\r\ncontent-length: 0\r\n\r\n"
MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "a line end": b"\r\n",
    "text": b"hello\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": b"POST /v2/x HTTP/9.9\r\nhost: a\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
    "zeros": b"\0" * 1000,
    "no target": b"POST HTTP/1.1\r\n\r\n",
    "a blank in the target": b"POST /v2/pos /syncStore HTTP/1.1\r\nhost: a\r\n\r\n",
    "a control character in the target": b"POST /v2/\x01 HTTP/1.1\r\nhost: a\r\n\r\n",
    "a NUL in a header": b"POST /v2/x HTTP/1.1\r\nhost: a\r\nclient-id: a\0b\r\n\r\n",
    "a blank before the colon": b"POST /v2/x HTTP/1.1\r\nclient-id : a\r\n\r\n",
    "no colon": b"POST /v2/x HTTP/1.1\r\nclient-id\r\n\r\n",
    "a folded header": b"POST /v2/x HTTP/1.1\r\nclient-id: a\r\n b\r\n\r\n",
    "bare line feeds": b"POST /v2/x HTTP/1.1\nhost: a\n\n",
    "bare carriage returns": b"POST /v2/x HTTP/1.1\rhost: a\r\r",
    "a header of a megabyte": b"POST /v2/x HTTP/1.1\r\nclient-id: " + b"x" * 2**20 + b"\r\n\r\n",
    "a target of a megabyte": b"POST /v2/" + b"x" * 2**20 + b" HTTP/1.1\r\n\r\n",
    "twenty thousand headers": b"POST /v2/x HTTP/1.1\r\n" + b"x: y\r\n" * 20_000 + b"\r\n",
    "a negative length": b"POST /v2/x HTTP/1.1\r\ncontent-length: -5\r\n\r\nhello",
    "a length that is no number": b"POST /v2/x HTTP/1.1\r\ncontent-length: five\r\n\r\nhello",
    "a length with a plus": b"POST /v2/x HTTP/1.1\r\ncontent-length: +5\r\n\r\nhello",
    "a length of 5,000 digits": b"POST /v2/x HTTP/1.1\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\n",
    "two lengths": b"POST /v2/x HTTP/1.1\r\ncontent-length: 0\r\ncontent-length: 60\r\n\r\n" + INNER,
    "two lengths on a line": b"POST /v2/x HTTP/1.1\r\ncontent-length: 0, 60\r\n\r\n" + INNER,
    "length and chunks": b"POST /v2/x HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    + INNER,
    "chunks and length": b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"
    + INNER,
    "chunked, misspelt": b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunked twice": b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n"
    + INNER,
    "a chunk without a size": b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a chunk of a huge size": b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello",
    "a chunk that is longer than it says": b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nhello\r\n0\r\n\r\n",
    "a body that never comes": b"POST /v2/x HTTP/1.1\r\ncontent-length: 500\r\n\r\nhello",
    "gzip": b"POST /v2/x HTTP/1.1\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00",
    "an upgrade": b"POST /v2/x HTTP/1.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "a tunnel": b"CONNECT /v2/x HTTP/1.1\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_http_is_refused_or_hung_up_on_and_harms_nothing(one: Server, name: str) -> None:
    before = stores(one)
    received = exchange(one, MALFORMED[name])
    for status, headers, raw in answers(received):
        assert status in {200, 400, 404, 405, 426, 431, 501}, received[:300]
        assert b"Traceback" not in raw
        if status == 200:
            assert json.loads(raw)["result"]["resultStatus"] == "F"
            assert set(dict(headers)) >= OWN_HEADERS
    assert stores(one) == before
    assert one.get("/readyz").status == 200


def smuggled(outer: bytes) -> bytes:
    """Return a request with a right, signed one hidden in it."""
    inner_body = message("smuggled")
    return outer.replace(b"INNER", head(PATH, inner_body) + inner_body)


@pytest.mark.parametrize(
    "outer",
    [
        pytest.param(b"POST /v2/x HTTP/1.1\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nXINNER", id="length, chunks"),
        pytest.param(b"POST /v2/x HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 6\r\n\r\n0\r\n\r\nXINNER", id="chunks, length"),
        pytest.param(b"POST /v2/x HTTP/1.1\r\ncontent-length: 0\r\ncontent-length: 5\r\n\r\nINNER", id="two lengths"),
        pytest.param(b"POST /v2/x HTTP/1.1\r\ntransfer-encoding : chunked\r\ncontent-length: 1\r\n\r\nXINNER", id="a blank"),
        pytest.param(b"POST /v2/x HTTP/1.1\r\nclient-id: a\r\n\tINNER", id="folded"),
        pytest.param(b"POST /v2/x HTTP/1.1\r\ncontent-length: 100000\r\n\r\nINNER", id="in the body"),
        pytest.param(b"POST /v2/pos/syncStore HTTP/1.1\r\ncontent-length: 100000\r\n\r\nINNER", id="in an API's body"),
        pytest.param(b"GET /healthz HTTP/1.1\r\ncontent-length: 100000\r\n\r\nINNER", id="in a page's body"),
    ],
)  # fmt: skip
def test_a_request_inside_another_is_not_carried_out(one: Server, outer: bytes) -> None:
    before = stores(one)
    exchange(one, smuggled(outer))
    assert stores(one) == before


INSERTS = [
    b"\r\n", b"\n", b"\r", b"\0", b":", b" ", b"\t", b"\xff", b",", b"=", b"%", b"%2", b"\r\n\r\n", b"\r\n ", b"Content-Length: 5\r\n", b"0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Client-Id: c1\r\n", b"GET / HTTP/1.1\r\n\r\n", b"x" * 9000,
]  # fmt: skip


def changed(draw: random.Random, sent: bytes) -> bytes:
    """Return a request's bytes with one to three changes, mostly in its head."""
    for _ in range(draw.choice([1, 1, 2, 3])):
        end = sent.find(b"\r\n\r\n") if draw.random() < 0.8 else len(sent)
        at = draw.randrange(max(end, 1))
        kind = draw.randrange(6)
        lines = sent.split(b"\r\n")
        if kind == 0:
            sent = sent[:at] + draw.choice(INSERTS) + sent[at:]
        elif kind == 1:
            sent = sent[:at] + sent[at + draw.randrange(1, 12) :]
        elif kind == 2:
            sent = sent[:at] + bytes([draw.randrange(256)]) + sent[at + 1 :]
        elif kind == 3:
            line = draw.choice(lines)
            sent = sent.replace(line, line + b"\r\n" + line, 1)
        elif kind == 4:
            first, second = draw.choice(lines), draw.choice(lines)
            sent = sent.replace(first, b"\x00swap", 1).replace(second, first, 1).replace(b"\x00swap", second, 1)
        else:
            sent = sent[:at] + sent[at : at + 40].swapcase() + sent[at + 40 :]
    return sent


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.full)])
def test_a_request_with_bytes_changed_is_the_same_call_or_none(one: Server, count: int) -> None:
    """Whatever the change, the signature holds what is carried out to what the partner sent."""
    draw = random.Random(count)
    raw = message("bytes")
    right = head(PATH, raw, time="2026-11-22T04:00:00+00:00") + raw
    assert signed_answer(one, right, PATH).code == "SUCCESS"
    before = one.get("/storefront/v1/stores").body
    succeeded = 0
    for _ in range(count):
        sent = changed(draw, right)
        for status, headers, told in answers(exchange(one, sent)):
            # 307: a change may cut out a request for `/`, which leads to the diners' pages.
            assert status in {200, 307, 400, 404, 405, 431, 501}, sent
            if status == 200 and "signature" in dict(headers):
                result = json.loads(told)["result"]
                assert result["resultStatus"] in {"S", "F"}, sent
                assert re.fullmatch(r"algorithm=RSA256,keyVersion=1,signature=\S+", dict(headers)["signature"])
                succeeded += result["resultStatus"] == "S"
    assert 0 < succeeded < count / 2
    assert one.get("/storefront/v1/stores").body == before
    assert one.get("/readyz").status == 200


def test_a_caller_that_leaves_in_the_middle_of_its_body_is_in_the_log_and_the_metrics(tmp_path: Path) -> None:
    raw = message("left")
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", DSTORE_LOG="json") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
            line.sendall(head(PATH, raw) + raw[:10])
        counted, give_up = b'dstore_calls_total{api="syncStore",code="LEFT"} 1.0', time.monotonic() + MOST_SECONDS
        while counted not in server.get("/metrics").body:
            assert time.monotonic() < give_up, "not counted"
        server.terminate()
        server.ended()
        server.log.seek(0)
        [told] = [json.loads(line) for line in server.log.read().splitlines() if line.startswith(b"{")]
    assert (told["api"], told["clientId"], told["bytes"]) == (PATH, "c1", 10)
    assert told["fault"] == "caller: went away after 10 bytes"
    assert "code" not in told


def test_a_server_log_holds_no_bodies_signatures_or_tracebacks(tmp_path: Path) -> None:
    with Server(f"sqlite:///{tmp_path / 'dstore.db'}", DSTORE_LOG="json") as server:
        raw = message("confidential")
        assert signed_answer(server, head(PATH, raw) + raw, PATH).code == "SUCCESS"
        assert signed_answer(server, head(PATH, b"{}") + raw, PATH).code == "INVALID_SIGNATURE"
        for sent in MALFORMED.values():
            exchange(server, sent)
        server.terminate()
        server.ended()
        server.log.seek(0)
        log = server.log.read().decode()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [line["code"] for line in lines[:2]] == ["SUCCESS", "INVALID_SIGNATURE"]
    for secret in ("Traceback", "signature=", "PRIVATE", '"name"'):
        assert secret not in log
