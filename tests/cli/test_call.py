"""`dstore call`: a signed call to a running server, and to what is none."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from dstore.protocol.keys import private_pem, public_base64, public_pem
from harness import caller

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.terminal import Run
    from harness.server import Server

BODY = {"requestId": "r1", "posAccountId": "shop-1", "store": {"posStoreId": "s1", "name": "Corner shop"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a partner's private key and a body."""
    (tmp_path / "c1.pem").write_text(private_pem(caller.key("c1")))
    (tmp_path / "other.pem").write_text(private_pem(caller.key("other")))
    (tmp_path / "other.pub").write_text(caller.public_pem("other"))
    (tmp_path / "body.json").write_text(json.dumps(BODY))
    return tmp_path


def test_a_call_is_signed_sent_verified_and_printed(dstore: Run, folder: Path, server: Server) -> None:
    (folder / "platform.pub").write_text(public_base64(server.platform_key))
    url = f"http://127.0.0.1:{server.port}"
    usual: list[str | Path] = ["--url", url, "--client-id", "c1", "--key", folder / "c1.pem"]
    checked = [*usual, "--platform-key", folder / "platform.pub"]

    done = dstore("call", "syncStore", folder / "body.json", *checked)
    assert (done.code, done.error) == (0, "")
    for shown in ("POST /v2/pos/syncStore", "client-id: c1\n", "request-time: ", "signature: algorithm=RSA256,keyVersion=1",
                  "HTTP 200", "response-time: ", "S  SUCCESS", "verifies with the platform's key"):  # fmt: skip
        assert shown in done.out

    refused = dstore("call", "syncStore", "-", *checked, stdin=b'{"requestId":"r2"}')
    assert refused.code == 1
    assert "F  PARAM_ILLEGAL" in refused.out
    assert "is required" in refused.out
    assert "verifies with the platform's key" in refused.out

    unchecked = dstore("call", "/v2/pos/syncStore", folder / "body.json", *usual)
    assert unchecked.code == 0
    assert "was not verified" in unchecked.out

    tampered = dstore("call", "syncStore", folder / "body.json", *usual, "--platform-key", folder / "other.pub")
    assert tampered.code == 1
    assert "S  SUCCESS" in tampered.out
    assert "NOT AUTHENTIC" in tampered.out

    stranger = dstore("call", "syncStore", folder / "body.json", *checked[:4], "--key", folder / "other.pem")
    assert stranger.code == 1
    assert "INVALID_SIGNATURE" in stranger.out

    alias = dstore("call", "/v2/pds/store/syncProduct", folder / "body.json", *checked)
    assert "POST /v2/pds/store/syncProduct" in alias.out
    assert "PARAM_ILLEGAL" in alias.out

    versioned = dstore("call", "syncStore", folder / "body.json", *checked, "--key-version", "7")
    assert versioned.code == 1
    assert "no valid key of version 7" in versioned.out


class _Proxy(BaseHTTPRequestHandler):
    """Answers as something that is not the signed API."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(502)
        self.end_headers()
        self.wfile.write(b"<h1>Bad gateway</h1>")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[str]:
    """The URL of a proxy without a platform behind it."""
    with HTTPServer(("127.0.0.1", 0), _Proxy) as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()
        thread.join()


def test_an_answer_of_something_else_is_shown_and_told(dstore: Run, folder: Path, proxy: str) -> None:
    done = dstore(
        "call", "syncStore", folder / "body.json", "--url", proxy, "--client-id", "c1", "--key", folder / "c1.pem"
    )
    assert done.code == 1
    assert "<h1>Bad gateway</h1>" in done.out
    assert done.error == "dstore: not an answer of the signed API: HTTP 502 instead of 200\n"


def test_a_path_in_the_url_goes_before_the_apis_and_is_signed(dstore: Run, folder: Path, proxy: str) -> None:
    done = dstore(
        "call",
        "syncStore",
        folder / "body.json",
        "--url",
        proxy + "/base/",
        "--client-id",
        "c1",
        "--key",
        folder / "c1.pem",
    )
    assert "POST /base/v2/pos/syncStore" in done.out


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"--url": "http://127.0.0.1:1"}, "refused"),
        ({"--url": "127.0.0.1"}, "is not a URL"),
        ({"--key": "body.json"}, "private key"),
        ({"--key": "none.pem"}, "none.pem"),
        ({"--platform-key": "c1.pem"}, "this is a private key"),
        ({"--client-id": "c\n1"}, "printable ASCII"),
    ],
)
def test_what_can_not_be_done_gets_one_line(dstore: Run, folder: Path, changes: dict[str, str], told: str) -> None:
    options = {"--url": "http://127.0.0.1:1", "--client-id": "c1", "--key": "c1.pem", **changes}
    arguments = [word for name, value in options.items() for word in (name, folder / value if "key" in name else value)]
    done = dstore("call", "syncStore", folder / "body.json", *arguments)
    assert done.code == 1
    assert told in done.error
    assert len(done.error.splitlines()) == 1
    assert done.error.startswith("dstore: ")


def test_the_platforms_key_is_read_as_pem_too(dstore: Run, folder: Path, proxy: str) -> None:
    (folder / "platform.pub").write_text(public_pem(caller.key("platform").public_key()))
    done = dstore("call", "syncStore", folder / "body.json", "--url", proxy, "--client-id", "c1",
                  "--key", folder / "c1.pem", "--platform-key", folder / "platform.pub")  # fmt: skip
    assert "HTTP 502" in done.error
