"""What browsers are told about every page: where it may load from, who may frame it; and cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from dstore.settings import Settings

_POLICY = (
    # Pictures of stores that software partners feed lie on hosts of their own.
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' https: data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {framed_by}"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def protect(response: Response, *, framed_by: str = "'none'") -> Response:
    """Add the security headers to a page; `framed_by` is a source list of Content-Security-Policy."""
    response.headers.setdefault("content-security-policy", _POLICY.format(framed_by=framed_by))
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def is_secure(request: Request) -> bool:
    """Return whether the browser came over TLS, or cookies are to be as if it had."""
    chosen: Settings = request.app.state.settings
    return request.url.scheme == "https" or chosen.cookies == "secure"


def put_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie that scripts can not read and other sites do not send."""
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=is_secure(request)
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=is_secure(request))


def is_same_origin(request: Request) -> bool:
    """Return whether a form was sent from our own pages, as far as the browser says."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2] == request.headers.get("host", "")
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
