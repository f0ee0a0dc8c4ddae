"""What JSON must be beyond its grammar: shallow enough, and text that every database can hold.

The checks run over the raw bytes in a few passes of C speed, so that they cost little on a body of
megabytes and see members that the typed decoder skips.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from dstore.findings import Finding
from dstore.results import MOST_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH_LIMIT = 64
_LEAVES = 2
_SLICE = 64 * 1024
_KEPT = b'"[]{}'
_DROPPED = bytes(byte for byte in range(256) if byte not in _KEPT)
# A bracket becomes the step it makes: one level down (1), or up again (-1 as a signed byte).
_STEPS = bytes.maketrans(b"[]{}", b"\x01\xff\x01\xff")
_NAME_SHOWN = 60
_NUL = re.compile(r"\x00")
_NUL_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def is_too_deep(body: bytes, inside: int = 0) -> bool:
    """Return whether brackets nest deeper than 64 levels (also for bodies that are not JSON at all).

    `inside` says how many levels are around a part of a body.
    """
    limit = DEPTH_LIMIT - inside
    if len(body) <= limit:
        return False
    steps = _steps(body)
    for _ in range(_LEAVES):
        # Most brackets belong to the innermost objects: taking those out is quicker than counting them.
        steps = steps.replace(b"\x01\xff", b"")
    return _highest_exceeds(steps, limit - _LEAVES)


def _steps(body: bytes) -> bytes:
    """Return the brackets outside strings as steps."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Strings without brackets become two adjacent quotes; removing those keeps the parity of the rest.
    kept = body.translate(_STEPS, _DROPPED).replace(b'""', b"")
    if b'"' in kept:
        kept = b"".join(kept.split(b'"')[::2])
    return kept


def _highest_exceeds(steps: bytes, limit: int) -> bool:
    """Return whether the steps ever lead above the limit; in slices, so that other threads get their turn."""
    level = 0
    view = memoryview(steps).cast("b")
    for start in range(0, len(view), _SLICE):
        levels = list(accumulate(view[start : start + _SLICE], initial=level))
        if max(levels) > limit:
            return True
        level = levels[-1]
    return False


def member(path: str, name: str) -> str:
    """Return the path of a member; a long name is cut, as each finding in it repeats it."""
    shown = name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…"
    return f"{path}.{shown}" if path else shown


def may_hold_nul(body: bytes) -> bool:
    """Return whether the body could hold a NUL character; only then is `nul_findings` worth its cost."""
    return b"\\" in body and b"\\u0000" in body


def holds_nul(body: bytes) -> bool:
    """Return whether a JSON document has a NUL character in any of its texts, without decoding it."""
    return _NUL_ESCAPED.search(body) is not None


def nul_findings(value: Any, path: str = "") -> Iterator[Finding]:
    """Name every text (or member name) with a NUL character in a decoded value."""
    if isinstance(value, str):
        if _NUL.search(value):
            yield Finding(path, "json.text", "text holds a NUL character")
    elif isinstance(value, dict):
        for name, inside in value.items():
            if _NUL.search(name):
                yield Finding(path, "json.text", "a member's name holds a NUL character")
            yield from nul_findings(inside, member(path, name))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from nul_findings(element, f"{path}[{index}]")


def duplicate_findings(body: bytes) -> list[Finding]:
    """Name members that are given more than once, up to a bound; for the dry run."""
    found: list[Finding] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for name, value in pairs:
            if name in seen and len(found) < MOST_FINDINGS:
                found.append(
                    Finding(member("", name), "json.duplicate", "member is given more than once; the last one counts")
                )
            seen[name] = value
        return seen

    json.loads(body, object_pairs_hook=members)
    return found
