"""Problem details (RFC 9457) for our own endpoints; the signed API never uses them."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response


def problem(status: int, title: str, detail: str, **members: Any) -> Response:
    """Return a problem document; `members` are extensions that say more to a program."""
    body = msgspec.json.encode({"type": "about:blank", "title": title, "status": status, "detail": detail, **members})
    return Response(body, status, media_type="application/problem+json")
