"""`dstore explain`: the signature clinic."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dstore import apis
from dstore.cli.checking import counted, read_body
from dstore.protocol.api import collect
from dstore.protocol.keys import UnreadableKeyError, read_public_key
from dstore.sandbox.clinic import NamedKey, Outcome, examine, read_request, shortened, visible

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from dstore.sandbox.clinic import Mistake, Verdict


def explain(
    request: Annotated[
        Path,
        Parameter(help="The request: raw HTTP, or the curl command; - is standard input.", allow_leading_hyphen=True),
    ],
    /,
    *,
    public_key: Annotated[
        list[Path],
        Parameter(
            help="The public key that is registered; give more to learn whether another one was used.", negative=""
        ),
    ],
    platform_key: Annotated[
        Path | None, Parameter(help="The platform's public key, to recognise it where it does not belong.")
    ] = None,
    body: Annotated[
        Path | None, Parameter(help="File with the exact body, in place of the one in the request.")
    ] = None,
) -> None:
    """Show what should have been signed and name the mistake that explains a signature; exit 0 if it verifies."""
    keys = [NamedKey(file.name, _read_key(file)) for file in public_key]
    platform = None if platform_key is None else _read_key(platform_key)
    pasted = read_request(read_body(request), None if body is None else body.read_bytes())
    verdict = examine(pasted, keys, list(collect(apis)), platform)
    console = Console(highlight=False)
    _show_request(console, verdict)
    _show_content(console, verdict)
    _show_verdict(console, verdict)
    if not verdict.verifies:
        sys.exit(1)


def _read_key(file: Path) -> RSAPublicKey:
    try:
        return read_public_key(file.read_text(encoding="utf-8", errors="replace"))
    except UnreadableKeyError as fault:
        raise UnreadableKeyError(f"{file}: {fault}") from None


def _show_request(console: Console, verdict: Verdict) -> None:
    request, parts = verdict.request, verdict.parts
    _title(console, "The request")
    _line(console, f"{request.method} {request.target.decode('utf-8', 'replace')}")
    for name, value in request.headers:
        _named(console, name, value.decode("utf-8", "replace"))
    _measure(console, "body", request.body)
    _title(console, "Its signature header")
    _named(console, "algorithm", "absent" if parts.algorithm is None else parts.algorithm)
    _named(console, "keyVersion", "absent: the newest key is meant" if parts.key_version is None else parts.key_version)
    size = "" if verdict.signature is None else f", which are {len(verdict.signature):,} bytes"
    _named(console, "signature", "absent" if parts.signature is None else f"{len(parts.signature):,} characters{size}")


def _show_content(console: Console, verdict: Verdict) -> None:
    _title(console, "The content that should have been signed (· is a blank, ↵ a line feed)")
    _indented(console, visible(verdict.prefix) + shortened(verdict.request.body))
    _measure(console, "content", verdict.prefix + verdict.request.body)


def _show_verdict(console: Console, verdict: Verdict) -> None:
    _title(console, "The verdict")
    colour = "green" if verdict.verifies else "red"
    console.print(Text(verdict.outcome.value, f"bold {colour}"))
    for number, mistake in enumerate(verdict.mistakes, 1):
        _show_mistake(console, number, mistake)
    if verdict.key:
        _named(console, "key that made the signature", verdict.key)
    if verdict.outcome is Outcome.OTHER_CONTENT:
        tried = counted(verdict.tried, "content")
        console.print(f"{tried} tried. Print the bytes that your program signs and compare them with the above.")
    if verdict.signed is not None and not verdict.verifies:
        _show_signed(console, verdict.signed, verdict.prefix + verdict.request.body)
    for note in verdict.notes:
        console.print(Text(f"note: {note}", "yellow"))


def _show_signed(console: Console, signed: bytes, right: bytes) -> None:
    if signed == right:
        console.print("The signed content is the right one.")
        return
    _title(console, "The content that was signed instead")
    _indented(console, shortened(signed))
    _measure(console, "content", signed)


def _show_mistake(console: Console, number: int, mistake: Mistake) -> None:
    console.print(Text(f"{number}. {mistake.cause}", "bold"))
    _indented(console, Text.assemble(("mend it: ", "green"), mistake.advice))


def _title(console: Console, text: str) -> None:
    console.print(Text(f"\n{text}", "bold underline"))


def _line(console: Console, text: str | Text) -> None:
    """Print a line as it is, however long: it may be copied."""
    console.print(text, soft_wrap=True, markup=False)


def _named(console: Console, name: str, value: str) -> None:
    _line(console, Text.assemble((f"{name}: ", "cyan"), value))


def _indented(console: Console, text: str | Text) -> None:
    told = Text(text, overflow="fold") if isinstance(text, str) else text
    console.print(Padding(told, (0, 0, 0, 3), expand=False))


def _measure(console: Console, what: str, content: bytes) -> None:
    console.print(Text(f"{what} of {len(content):,} bytes\nSHA-256 {hashlib.sha256(content).hexdigest()}", "dim"))
