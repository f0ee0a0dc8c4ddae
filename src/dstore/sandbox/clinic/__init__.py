"""The signature clinic: a request that does not verify, and which of the known mistakes explains it.

    verdict = examine(read_request(pasted), [NamedKey("my.pub", key)], collect(apis))

Bytes in, a verdict out: no network, no files, public keys only.
"""

from __future__ import annotations

from dstore.sandbox.clinic.curl import UnreadableRequestError
from dstore.sandbox.clinic.diagnosis import NamedKey, Outcome, Verdict, examine
from dstore.sandbox.clinic.mistakes import Mistake
from dstore.sandbox.clinic.pasted import Request, read_request
from dstore.sandbox.clinic.visible import shortened, visible

__all__ = [
    "Mistake",
    "NamedKey",
    "Outcome",
    "Request",
    "UnreadableRequestError",
    "Verdict",
    "examine",
    "read_request",
    "shortened",
    "visible",
]
