"""Styles, scripts and pictures of the pages: `static/` of every folder, served from the package.

The address carries a hash of all of them together, so that they may be kept for ever and scripts may import each
other by relative paths.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from dstore.problems import problem

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDERS = ("web", "console", "storefront")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
FOR_EVER = "public, max-age=31536000, immutable"


class Asset(NamedTuple):
    """A file as it is sent."""

    kind: str
    plain: bytes
    packed: bytes


@cache
def files() -> dict[str, Asset]:
    """Return every file by its name, such as `web/app.css`."""
    found: dict[str, Asset] = {}
    for folder in FOLDERS:
        place = resources.files("dstore").joinpath(folder, "static")
        for file in place.iterdir() if place.is_dir() else ():
            kind = KINDS.get(PurePosixPath(file.name).suffix)
            if kind:
                plain = file.read_bytes()
                found[f"{folder}/{file.name}"] = Asset(kind, plain, gzip.compress(plain, 9, mtime=0))
    return found


@cache
def digest() -> str:
    """Return the hash of all files, part of every address."""
    hashed = hashlib.sha256()
    for name, asset in sorted(files().items()):
        hashed.update(name.encode() + b"\0" + asset.plain + b"\0")
    return hashed.hexdigest()[:12]


def address(name: str) -> str:
    """Return where a file is served; KeyError when there is none of this name."""
    if name not in files():
        raise KeyError(f"no asset {name}")
    return f"/assets/{digest()}/{name}"


def routes() -> list[Route]:
    """Return the route of the files."""

    def serve(request: Request) -> Response:
        asset = files().get(request.path_params["name"])
        if asset is None:
            return problem(404, "Not found", f"There is nothing at {request.url.path[:200]}.")
        # A page of another version may still ask for its own; it gets today's, which it must not keep.
        is_current = request.path_params["digest"] == digest()
        headers = {
            "cache-control": FOR_EVER if is_current else "no-cache",
            "vary": "accept-encoding",
            "x-content-type-options": "nosniff",
        }
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, media_type=asset.kind, headers={**headers, "content-encoding": "gzip"})
        return Response(asset.plain, media_type=asset.kind, headers=headers)

    return [Route("/assets/{digest}/{name:path}", serve)]
