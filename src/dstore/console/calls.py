"""What the operator's pages need of the signed API: the family, the door, the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dstore.protocol.client import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from dstore.findings import Finding
    from dstore.protocol.api import Api
    from dstore.protocol.client import SignedCall
    from dstore.requestlog.writing import RequestLog

    Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Calls:
    """The APIs by path, the door that answers them, and the log of this process, if one is kept."""

    family: Mapping[str, Api]
    door: Asgi
    log: RequestLog | None

    @property
    def apis(self) -> list[Api]:
        """The APIs, each once, in the order of their paths."""
        return sorted({one.path: one for one in self.family.values()}.values(), key=lambda one: one.path)

    def findings(self, path: str, body: bytes) -> list[Finding] | None:
        """Return what a dry run finds in a body; None when no API is called under this path."""
        api = self.family.get(path)
        return None if api is None else api.findings(body)

    async def flush(self) -> None:
        """Bring what this process has just answered into the log."""
        if self.log is not None:
            await self.log.flush()

    async def send(self, call: SignedCall, address: str) -> Reply:
        """Send a call through the door, as if it came over the network from `address`, and return the answer."""
        path, _, query = call.target.partition("?")
        headers = [(b"host", b"console"), (b"content-length", b"%d" % len(call.body))]
        headers += [(name.encode(), value.encode("latin-1")) for name, value in call.headers]
        scope = {
            "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": headers, "client": (address, 0),
        }  # fmt: skip
        sent: list[dict[str, Any]] = []
        incoming = [{"type": "http.request", "body": call.body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return incoming.pop() if incoming else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.door(scope, receive, send)
        told = tuple((name.decode(), value.decode("latin-1")) for name, value in sent[0]["headers"])
        return Reply(sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:]))
