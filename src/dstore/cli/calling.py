"""`dstore call`: a signed call from the command line."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from dstore.cli.checking import ApiName, BodyFile, find_api, read_body
from dstore.clock import SystemClock
from dstore.protocol.client import HttpTransport, UnreadableAnswerError, read_answer, sign_call
from dstore.protocol.keys import read_private_key, read_public_key

if TYPE_CHECKING:
    from dstore.protocol.client import Answer, Headers, Reply, SignedCall

# Longer than the server allows itself for the largest bodies.
SECONDS = 65.0
_COLOURS = {"S": "green", "A": "green", "U": "yellow"}


def call(
    api: ApiName,
    body: BodyFile,
    /,
    *,
    client_id: Annotated[str, Parameter(help="Who calls: the header client-id.")],
    key: Annotated[Path, Parameter(help="Private key to sign with: PEM or bare base64.")],
    url: Annotated[str, Parameter(help="The platform; a path in it goes before the API's.")] = "http://127.0.0.1:8080",
    key_version: Annotated[int, Parameter(help="Version under which the key is registered.")] = 1,
    platform_key: Annotated[
        Path | None, Parameter(help="The platform's public key, to verify the answer: PEM or bare base64.")
    ] = None,
) -> None:
    """Sign a body, send it, verify the answer; exit 0 on S, 1 on anything else or an answer that does not verify."""
    private = read_private_key(key.read_text(encoding="utf-8", errors="replace"))
    public = (
        None if platform_key is None else read_public_key(platform_key.read_text(encoding="utf-8", errors="replace"))
    )
    target = urlsplit(url).path.rstrip("/") + find_api(api)[0]
    if not (client_id.isascii() and client_id.isprintable() and target.isascii()):
        raise SystemExit("dstore: client-id and URL are made of printable ASCII characters")
    signed = sign_call(target, read_body(body), client_id, private, SystemClock().now(), key_version)
    console = Console(highlight=False)
    _show_call(console, url, signed)
    reply = HttpTransport(SECONDS, allow_http=True).post(url, signed)
    _show_reply(console, reply)
    try:
        answer = read_answer(signed, reply, public)
    except UnreadableAnswerError as fault:
        console.print(Text(reply.body[:2000].decode("utf-8", "replace")))
        raise SystemExit(f"dstore: not an answer of the signed API: {fault}") from None
    _show_answer(console, answer, checked=public is not None)
    if answer.status != "S" or (public is not None and answer.distrust):
        sys.exit(1)


def _show_call(console: Console, url: str, signed: SignedCall) -> None:
    console.print(Text(f"POST {signed.target}", "bold"), Text(f"to {url}", "dim"))
    _show_headers(console, signed.headers)
    digest = hashlib.sha256(signed.body).hexdigest()
    console.print(Text(f"body of {len(signed.body):,} bytes\nSHA-256 {digest}\n", "dim"))


def _show_reply(console: Console, reply: Reply) -> None:
    console.print(Text(f"HTTP {reply.status}", "bold"))
    _show_headers(console, reply.headers)


def _show_headers(console: Console, headers: Headers) -> None:
    for name, value in headers:
        console.print(Text.assemble((f"{name}: ", "cyan"), value), soft_wrap=True)


def _show_answer(console: Console, answer: Answer, *, checked: bool) -> None:
    colour = _COLOURS.get(answer.status, "red")
    console.print(Text.assemble("\n", (f"{answer.status}  {answer.code}", f"bold {colour}"), f"\n   {answer.message}"))
    if not checked:
        told = Text(
            "the answer's signature was not verified: give --platform-key (`dstore key show` prints it)", "yellow"
        )
    elif answer.distrust:
        told = Text(f"NOT AUTHENTIC: {answer.distrust}", "bold red")
    else:
        told = Text("the answer's signature verifies with the platform's key", "green")
    console.print(told)
