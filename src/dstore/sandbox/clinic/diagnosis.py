"""From a request and public keys to a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from dstore.protocol.envelope import read_credentials
from dstore.protocol.signature import UnreadableHeaderError, digest, parse_header, verify
from dstore.results import ParamIllegal
from dstore.sandbox.clinic import contents, header, times
from dstore.sandbox.clinic.mistakes import Mistake
from dstore.sandbox.clinic.openings import openings, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from dstore.sandbox.clinic.header import Decoded, Parts
    from dstore.sandbox.clinic.openings import Opening
    from dstore.sandbox.clinic.pasted import Request

_HEADERS = ("client-id", "request-time", "signature")
_ECDSA_SEQUENCE = 0x30


class Outcome(Enum):
    """How an examination can end, each with its sentence."""

    VERIFIES = "The signature verifies."
    EXPLAINED = "The signature does not verify, and this is why:"
    OTHER_CONTENT = "The signature was made with this key, but over a content that is none of those tried."
    OTHER_KEY = "The signature was not made with any of these keys, or it was damaged on the way."
    NO_SIGNATURE = "There is no signature to examine."


class NamedKey(NamedTuple):
    """A public key and what its owner calls it, such as its file."""

    name: str
    key: RSAPublicKey


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the clinic found.

    `prefix` and the request's body are the content that should have been signed, `signed` is the one that was,
    where it was found. `key` names the key that made the signature.
    """

    request: Request
    parts: Parts
    signature: bytes | None
    prefix: bytes
    outcome: Outcome
    mistakes: tuple[Mistake, ...] = ()
    notes: tuple[str, ...] = ()
    key: str = ""
    signed: bytes | None = None
    tried: int = 0

    @property
    def verifies(self) -> bool:
        """Whether the door accepts the signature as it is."""
        return self.outcome is Outcome.VERIFIES


def examine(
    request: Request, keys: Sequence[NamedKey], api_paths: Sequence[str] = (), platform: RSAPublicKey | None = None
) -> Verdict:
    """Say whether a request verifies with the first key, and if not, which mistakes explain it.

    The other keys are those it may have been mixed up with; `platform` is the key that signs answers.
    """
    parts = header.read_parts(request.header("signature").decode("latin-1"))
    decoded = None if parts.signature is None else header.decode(parts.signature)
    found = (*_header_mistakes(request, decoded), *_key_mistakes(keys, platform))
    notes = (*request.notes, *_notes(request, api_paths), *(decoded.notes if decoded else ()))
    signature = decoded.signature if decoded else None
    start = Verdict(request, parts, signature, contents.right_prefix(request), Outcome.NO_SIGNATURE, found, notes)
    if decoded is None:
        return start
    if not found and _verifies(request, keys[0].key):
        return replace(start, outcome=Outcome.VERIFIES, key=keys[0].name, signed=start.prefix + request.body)
    return _explain(start, decoded, keys, api_paths, platform)


def _verifies(request: Request, key: RSAPublicKey) -> bool:
    """Decide as the door does, with the door's own means."""
    head = request.head
    try:
        signature = read_credentials(head).signature.signature
    except ParamIllegal:
        return False
    return verify(key, signature, digest(contents.right_prefix(request), (request.body,)))


def _explain(
    start: Verdict, decoded: Decoded, keys: Sequence[NamedKey], api_paths: Sequence[str], platform: RSAPublicKey | None
) -> Verdict:
    fallback: Verdict | None = None
    for name, mixed_up, opening in _opened(decoded.signature, keys, platform):
        result = contents.search(start.request, api_paths, opening.is_over)
        made = (*start.mistakes, *mixed_up, *decoded.mistakes, *opening.mistakes)
        if result.found is not None:
            mistakes = (*made, *result.found.mistakes)
            signed = result.found.signed
            return replace(
                start, outcome=Outcome.EXPLAINED, mistakes=mistakes, key=name, signed=signed, tried=result.tried
            )
        if opening.certain and fallback is None:
            fallback = replace(start, outcome=Outcome.OTHER_CONTENT, mistakes=made, key=name, tried=result.tried)
    if fallback is not None:
        return fallback
    notes = (*start.notes, *_strangeness(decoded.signature, keys[0]))
    return replace(start, outcome=Outcome.OTHER_KEY, mistakes=(*start.mistakes, *decoded.mistakes), notes=notes)


def _opened(
    signature: bytes, keys: Sequence[NamedKey], platform: RSAPublicKey | None
) -> Iterator[tuple[str, tuple[Mistake, ...], Opening]]:
    """Yield every way in which one of the keys made the signature, and what that says about the keys."""
    for at, (name, key) in enumerate(keys):
        mixed_up: tuple[Mistake, ...] = ()
        if at and keys[0].key != platform:
            cause = f"the signature was made with the private key of {name}, not with that of {keys[0].name}"
            mixed_up = (Mistake("key.other", cause),)
        for opening in openings(key, signature):
            yield name, mixed_up, opening
    if platform is not None and platform not in [key for _, key in keys]:
        cause = "the signature was made with the platform's own key, as the signatures of its answers are"
        for opening in openings(platform, signature):
            yield "the platform", (Mistake("key.platform-signed", cause),), opening


def _header_mistakes(request: Request, decoded: Decoded | None) -> tuple[Mistake, ...]:
    """Say everything that the door would refuse before it looks at the signature."""
    found = [*_missing(request), *_unreadable(request, decoded)]
    if not found and decoded is not None and not decoded.mistakes:
        try:
            read_credentials(request.head)
        except ParamIllegal as refusal:
            found.append(Mistake("header.form", refusal.result.message))
    return tuple(found)


def _missing(request: Request) -> Iterator[Mistake]:
    for name in _HEADERS:
        count = sum(each.lower() == name for each, _ in request.headers)
        if count > 1:
            yield Mistake("header.missing", f"header {name} is given {count} times")
        elif not request.header(name).strip():
            yield Mistake("header.missing", f"header {name} is missing or empty")


def _unreadable(request: Request, decoded: Decoded | None) -> Iterator[Mistake]:
    time = request.header("request-time")
    if time and times.moment_of(time) is None:
        shown = time.decode("utf-8", "replace")[:60]
        yield Mistake(
            "header.time", f"header request-time is {shown!r}: neither ISO 8601 with an offset nor milliseconds"
        )
    value = request.header("signature").decode("latin-1")
    if value and (decoded is None or not decoded.mistakes):
        try:
            parse_header(value)
        except UnreadableHeaderError as fault:
            yield Mistake("header.form", str(fault))


def _key_mistakes(keys: Sequence[NamedKey], platform: RSAPublicKey | None) -> Iterator[Mistake]:
    for name, key in keys:
        if platform is not None and key == platform:
            yield Mistake("key.platform", f"{name} is the platform's own public key, not that of the partner who signs")


def _notes(request: Request, api_paths: Sequence[str]) -> Iterator[str]:
    if request.method != "POST":
        yield f"the request is made with {request.method}; every API is called with POST, and POST is what is signed"
    path = request.head.path.decode("latin-1")
    if api_paths and path not in api_paths:
        yield f"{path} is not the path of an API of this platform"


def _strangeness(signature: bytes, registered: NamedKey) -> Iterator[str]:
    """Say what a signature looks like that no key opens."""
    size, wanted = len(signature), size_of(registered.key)
    if size == wanted:
        yield f"{registered.name} may be the key of another pair, or the platform's instead of the partner's"
        return
    yield f"the signature has {size} bytes; the key of {registered.name} makes signatures of {wanted}"
    if size in (20, 32, 48) or (size == 64 and signature[:1] != bytes([_ECDSA_SEQUENCE])):  # noqa: PLR2004 - sizes of hashes
        yield "that is the size of a hash or an HMAC: it must be signed with the RSA private key"
    elif signature[:1] == bytes([_ECDSA_SEQUENCE]) and size < 150:  # noqa: PLR2004 - two numbers of 521 bits at most
        yield "it looks like an ECDSA signature; an RSA key is needed"
    elif size < wanted:
        yield "it seems to be cut off; look for a limit on the length of headers"
