"""What is known of a request when it has been answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from dstore.findings import Finding
    from dstore.protocol.api import Api
    from dstore.protocol.calls import Outcome
    from dstore.protocol.envelope import Caller, Head
    from dstore.protocol.signing import Signed


@dataclass(slots=True)
class Trace:
    """What the log line, the metrics and the request log tell of a request.

    `signing` is an answer made ready ahead; `spent` is what the call has no use for any more, let go after the answer.
    """

    head: Head
    headers: Sequence[tuple[bytes, bytes]] = ()
    api: Api | None = None
    request_id: str = ""
    size: int = 0
    text: bytes = b""
    caller: Caller | None = None
    signing: Future[Signed] | None = None
    spent: object = None
    reply: Sequence[tuple[bytes, bytes]] = ()
    outcome: Outcome | None = None
    findings: Sequence[Finding] = ()
    fault: str = ""
    milliseconds: float = 0.0
