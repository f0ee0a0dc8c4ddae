"""The product's application with one path more: `/constant` gives back bytes that were put there.

It answers in raw ASGI, without Starlette, so that it is the fastest way this server has to send these bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dstore import app

if TYPE_CHECKING:
    from dstore.app import Asgi


def from_environment() -> Asgi:
    """Build the application of a worker process."""
    product = app.from_environment()
    kept = {"body": b""}

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/constant":
            await product(scope, receive, send)
            return
        if scope["method"] == "PUT":
            kept["body"] = await _read(receive)
        await _send(send, kept["body"] if scope["method"] == "GET" else b"")

    return application


async def _read(receive: Any) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


async def _send(send: Any, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
