"""Problem details (RFC 9457) for our own endpoints; the signed API never uses them."""

from __future__ import annotations

import msgspec
from starlette.responses import Response


def problem(status: int, title: str, detail: str) -> Response:
    """Return a problem document."""
    body = msgspec.json.encode({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return Response(body, status, media_type="application/problem+json")
