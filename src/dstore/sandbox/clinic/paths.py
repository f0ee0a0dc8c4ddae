"""The forms in which the path is signed by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from dstore.sandbox.clinic.mistakes import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dstore.sandbox.clinic.pasted import Request


def other_forms(request: Request, paths: Sequence[str]) -> Iterator[tuple[bytes, Mistake]]:
    """Yield every known other form of the request's target; `paths` are those of all APIs."""
    head = request.head
    target, path = head.target, head.path
    name = b"/" + path.rpartition(b"/")[2]
    aliases = [one.encode() for one in paths if one.encode().endswith(name) and not path.endswith(one.encode())]
    yield path, Mistake("path.query", "the query is missing from the signed path")
    for one in aliases:
        yield one, Mistake("path.alias", f"the signed path is {one.decode()}, another path of the same API")
    yield from _urls(request, target)
    yield from _slashes(target)
    yield from _spelled(target)
    yield from _cut(path)
    if target != path:
        yield from _urls(request, path)
    for text in paths:
        yield text.encode(), Mistake("path.other", f"the signed path is {text}, that of another API")


def _urls(request: Request, target: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """The path with scheme and host in front, as far as the request shows them."""
    host = request.header("host") or request.origin.partition(b"://")[2]
    origins = [request.origin, b"https://" + host, b"http://" + host, host]
    bare = host.partition(b":")[0]
    origins += [b"https://" + bare, b"http://" + bare, bare]
    for origin in dict.fromkeys(one for one in origins if one.rpartition(b"/")[2]):
        shown = origin.decode("latin-1")
        yield origin + target, Mistake("path.url", f"the signed path has {shown} in front of it")


def _slashes(target: bytes) -> Iterator[tuple[bytes, Mistake]]:
    yield target.lstrip(b"/"), Mistake("path.slash", "the signed path lacks its leading slash")
    yield target + b"/", Mistake("path.slash", "the signed path has a slash at its end that is not called")
    yield target.rstrip(b"/"), Mistake("path.slash", "the signed path lacks the slash at its end")
    yield b"/" + target, Mistake("path.slash", "the signed path begins with two slashes")


def _spelled(target: bytes) -> Iterator[tuple[bytes, Mistake]]:
    yield target.lower(), Mistake("path.case", "the signed path is in lower case")
    yield target.upper(), Mistake("path.case", "the signed path is in upper case")
    text = target.decode("latin-1")
    yield unquote(text).encode(), Mistake("path.case", "the signed path was percent-decoded")
    yield quote(text, safe="").encode(), Mistake("path.case", "the signed path was percent-encoded")


def _cut(path: bytes) -> Iterator[tuple[bytes, Mistake]]:
    """Parts of the path, as behind a proxy that takes a prefix off or puts one on."""
    pieces = path.split(b"/")[1:]
    for count in range(1, len(pieces)):
        rest = b"/" + b"/".join(pieces[count:])
        taken = (b"/" + b"/".join(pieces[:count])).decode("latin-1")
        yield rest, Mistake("path.prefix", f"the signed path lacks {taken} at its beginning")
    yield pieces[-1], Mistake("path.prefix", "the signed path is only the API's name")
    yield b"/", Mistake("path.missing", "the signed content has / in place of the path")
    yield b"", Mistake("path.missing", "the signed content has no path")
