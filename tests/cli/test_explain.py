"""`dstore explain`: the signature clinic on the command line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from harness import caller
from sandbox.wrongly_signed import ALIAS, BODY, PRETTY, Client, right

if TYPE_CHECKING:
    from pathlib import Path

    from cli.terminal import Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the public keys of everyone."""
    for name in ("registered", "sandbox", "platform"):
        (tmp_path / f"{name}.pub").write_text(caller.public_pem(name))
    return tmp_path


def saved(folder: Path, pasted: bytes) -> Path:
    path = folder / "request.http"
    path.write_bytes(pasted)
    return path


def flat(text: str) -> str:
    """Undo the line breaks of a narrow terminal."""
    return " ".join(text.split())


def test_a_request_that_verifies_is_shown_whole_and_exits_0(dstore: Run, folder: Path) -> None:
    client = Client()
    done = dstore("explain", saved(folder, client.request()), "--public-key", folder / "registered.pub")
    assert (done.code, done.error) == (0, "")
    assert "POST /v2/pos/syncProduct\n" in done.out
    assert "Request-Time: 2026-11-22T12:00:00+08:00\n" in done.out
    assert "algorithm: RSA256\n" in done.out
    assert "keyVersion: 1\n" in done.out
    assert "which are 256 bytes" in done.out
    assert "POST·/v2/pos/syncProduct↵" in done.out
    assert 'c1.2026-11-22T12:00:00+08:00.{"requestId":·"r/1",·"note":' in done.out
    assert f"body of {len(BODY)} bytes\nSHA-256 {hashlib.sha256(BODY).hexdigest()}" in done.out
    assert f"SHA-256 {hashlib.sha256(client.content()).hexdigest()}" in done.out
    assert "The signature verifies." in done.out


def test_a_mistake_is_named_with_advice_and_what_was_signed_instead(dstore: Run, folder: Path) -> None:
    client = Client(signed={"path": ALIAS, "body": PRETTY})
    done = dstore("explain", saved(folder, client.request()), "--public-key", folder / "registered.pub")
    assert done.code == 1
    assert "1. the signed path is /v2/pds/store/syncProduct" in done.out
    assert "2. the body that was signed is the same JSON written again: indented by 2" in flat(done.out)
    assert "mend it: Serialise the body once" in flat(done.out)
    assert "POST·/v2/pds/store/syncProduct↵" in done.out
    assert f"content of {len(client.content())} bytes" in done.out


def test_the_key_that_was_really_used_is_named_among_several(dstore: Run, folder: Path) -> None:
    done = dstore(
        "explain", saved(folder, Client(key="sandbox").request()),
        "--public-key", folder / "registered.pub", "--public-key", folder / "sandbox.pub",
    )  # fmt: skip
    assert done.code == 1
    assert "made with the private key of sandbox.pub, not with that of registered.pub" in flat(done.out)
    assert "The signed content is the right one." in done.out


def test_the_platforms_key_in_the_partners_place_is_named(dstore: Run, folder: Path) -> None:
    done = dstore(
        "explain", saved(folder, Client().request()),
        "--public-key", folder / "platform.pub", "--platform-key", folder / "platform.pub",
    )  # fmt: skip
    assert done.code == 1
    assert "platform.pub is the platform's own public key" in flat(done.out)


def test_an_unknown_content_is_said_to_be_unknown(dstore: Run, folder: Path) -> None:
    client = Client(signed={"body": b"else"})
    done = dstore("explain", "-", "--public-key", folder / "registered.pub", stdin=client.request())
    assert done.code == 1
    assert "none of those tried" in flat(done.out)
    assert "contents tried" in done.out


def test_a_long_body_is_shortened_but_its_ends_are_seen(dstore: Run, folder: Path) -> None:
    client = Client(body=b'{"first": "' + b"x" * 5000 + b'", "last": "tea\t"}\r\n')
    done = dstore("explain", saved(folder, client.request()), "--public-key", folder / "registered.pub")
    assert done.code == 0
    unwrapped = "".join(done.out.split())
    assert '{"first":·"xxx' in unwrapped
    assert '"last":·"tea⇥"}␍↵' in unwrapped
    assert len(done.out) < 4000


def test_a_curl_command_with_its_body_in_a_file_is_explained(dstore: Run, folder: Path) -> None:
    client = Client(body=PRETTY)
    headers = " ".join(f"-H '{name}: {value}'" for name, value in client.all_headers().items())
    pasted = saved(folder, f"curl {headers} --data @body.json http://127.0.0.1:8080{client.target}".encode())
    (folder / "body.json").write_bytes(PRETTY)
    asked = dstore("explain", pasted, "--public-key", folder / "registered.pub")
    assert (asked.code, asked.out) == (1, "")
    assert "--body body.json" in asked.error
    done = dstore("explain", pasted, "--public-key", folder / "registered.pub", "--body", folder / "body.json")
    assert done.code == 1
    assert "--data-binary keeps them" in flat(done.out)


@pytest.mark.parametrize(
    ("pasted", "key", "told"),
    [
        (b"it does not work", caller.public_pem("registered"), "neither an HTTP request nor a curl command"),
        (b"", caller.public_pem("registered"), "nothing in it"),
        (b"POST /v2/x HTTP/1.1\n\n", "no key", "mine.pub: not an RSA public key"),
        (b"POST /v2/x HTTP/1.1\n\n", "\ufffd", "mine.pub: "),
    ],
)
def test_what_can_not_be_read_gets_one_line(dstore: Run, folder: Path, pasted: bytes, key: str, told: str) -> None:
    (folder / "mine.pub").write_text(key)
    done = dstore("explain", saved(folder, pasted), "--public-key", folder / "mine.pub")
    assert (done.code, done.out) == (1, "")
    assert told in done.error
    assert len(done.error.splitlines()) == 1


def test_a_request_without_signature_is_told_so(dstore: Run, folder: Path) -> None:
    client = Client(headers={"Signature": None, "Client-Id": None}, sign=right)
    done = dstore("explain", saved(folder, client.request()), "--public-key", folder / "registered.pub")
    assert done.code == 1
    assert "There is no signature to examine." in done.out
    assert "header client-id is missing or empty" in done.out
    assert "header signature is missing or empty" in done.out
