"""`GET /openapi.json` and `GET /docs`: made at the first request, kept, and the same until the program is another."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from dstore.problems import problem
from dstore.reference import page
from dstore.reference.document import document

if TYPE_CHECKING:
    from types import ModuleType

    from starlette.requests import Request

# The page is made of our own files only; nothing else may load, run, or frame it.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILES = {"reference.css": "text/css", "reference.js": "text/javascript", "icon.svg": "image/svg+xml"}


def routes(package: ModuleType) -> list[Route]:
    """Return the routes of the reference of the APIs below a package."""

    @cache
    def described() -> bytes:
        return msgspec.json.encode(document(package))

    @cache
    def shown() -> bytes:
        return page.render(document(package)).encode()

    # Synchronous, so that making the page for the first time does not hold up the calls.
    def openapi(request: Request) -> Response:
        return _fresh(request, described(), "application/json")

    def docs(request: Request) -> Response:
        return _fresh(request, shown(), "text/html")

    def file(request: Request) -> Response:
        name = request.path_params["file"]
        if name not in FILES:
            return problem(404, "Not found", f"There is nothing at {request.url.path[:200]}.")
        return _fresh(request, resources.files(__package__).joinpath("static", name).read_bytes(), FILES[name])

    return [Route("/openapi.json", openapi), Route("/docs", docs), Route("/docs/{file}", file)]


def _fresh(request: Request, body: bytes, kind: str) -> Response:
    """Answer with a strong tag, or 304 when the caller has the same."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {
        "etag": etag,
        "cache-control": "no-cache",
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=kind, headers=headers)
