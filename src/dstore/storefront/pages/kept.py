"""Pages as they were last sent, kept by everything they are made of; whoever has a page of the same tag keeps it."""

from __future__ import annotations

import asyncio
import gzip
from collections import OrderedDict
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from dstore.web import assets
from dstore.web.security import protect

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

MOST_BYTES = 32 * 1024 * 1024
PACKING = 5
LARGE = 64 * 1024
FRAMED_BY = "'self'"
VARY = "accept-encoding, accept-language, cookie"


class Kept:
    """Packed pages of one process, the least used of which go first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    async def answer(self, request: Request, parts: tuple[Any, ...], make: Callable[[], str]) -> Response:
        """Return the page made of these parts: 304, what is kept, or what `make` returns, beside the event loop."""
        tag = f'W/"{_digest(parts)}"'
        headers = {"etag": tag, "cache-control": "no-cache", "vary": VARY}
        wanted = request.headers.get("if-none-match", "")
        if tag in (one.strip() for one in wanted.split(",")):
            return protect(Response(status_code=304, headers=headers), framed_by=FRAMED_BY)
        packed = self._pages.get(tag)
        if packed is None:
            packed = await asyncio.to_thread(lambda: pack(make()))
            self._keep(tag, packed)
        else:
            self._pages.move_to_end(tag)
        return send(request, packed, headers)

    def _keep(self, tag: str, packed: bytes) -> None:
        if tag not in self._pages:
            self._pages[tag] = packed
            self._bytes += len(packed)
        while self._bytes > MOST_BYTES and len(self._pages) > 1:
            self._bytes -= len(self._pages.popitem(last=False)[1])


def pack(text: str) -> bytes:
    """Return a page as it travels."""
    return gzip.compress(text.encode(), PACKING, mtime=0)


def send(request: Request, packed: bytes, headers: dict[str, str], status: int = 200) -> Response:
    """Return a packed page to a browser, unpacked if it wants it so."""
    body = packed
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**headers, "content-encoding": "gzip"}
    else:
        body = gzip.decompress(packed)
    response = Response(body, status, media_type="text/html; charset=utf-8", headers=headers)
    return protect(response, framed_by=FRAMED_BY)


@cache
def _program() -> str:
    """Return the hash of templates and texts: another release makes other pages of the same store."""
    hashed = blake2b(assets.digest().encode())
    for folder in ("web/templates", "web/locale/zh", "storefront/templates"):
        for file in sorted(resources.files("dstore").joinpath(folder).iterdir(), key=lambda one: one.name):
            hashed.update(file.read_bytes())
    return hashed.hexdigest()


def _digest(parts: tuple[Any, ...]) -> str:
    return blake2b(repr((_program(), *parts)).encode(), digest_size=12).hexdigest()
