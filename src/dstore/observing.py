"""What the operator sees of each request: one JSON log line, and Prometheus metrics with bounded labels."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dstore.clock import Clock
    from dstore.findings import Finding
    from dstore.protocol.calls import Call
    from dstore.protocol.trace import Trace
    from dstore.results import Result

_CALLS = Counter("dstore_calls", "Signed calls by API and result code; LEFT had no answer.", ["api", "code"])
_SECONDS = Histogram(
    "dstore_call_seconds", "Seconds from the first byte to the answer.", ["api"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
_REPLAYS = Counter("dstore_replays", "Calls answered with the stored result.", ["api", "body"])
_DEFERRED = Counter("dstore_deferred", "Calls that were answered A, and those of them that are done.", ["api", "state"])
_WAITING = Gauge("dstore_deferred_waiting", "Accepted calls that are not done.", multiprocess_mode="mostrecent")
_LOGGED = Counter("dstore_request_log", "Calls that the request log kept, or dropped for want of room.", ["outcome"])

MOST_FINDINGS = 100
LEFT = "LEFT"
"""Stands for a result code where the caller went away before it could be answered."""


def exposition() -> bytes:
    """Return the metrics of all processes in Prometheus' text form."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def count_logged(outcome: str, calls: int) -> None:
    """Count calls that were `kept` in the request log or `dropped`."""
    _LOGGED.labels(outcome).inc(calls)


class _Lines:
    """Log lines of one turn of the event loop, written together: under load a write costs more than a line."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def add(self, line: bytes) -> None:
        """Take a line."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._write)
        self._waiting.append(line)

    def _write(self) -> None:
        lines, self._waiting = self._waiting, []
        sys.stdout.buffer.write(b"".join(lines))
        sys.stdout.buffer.flush()


@cache
def _counted(api: str, code: str) -> tuple[Counter, Histogram]:
    """Return where calls of an API with a result code are counted."""
    return _CALLS.labels(api, code), _SECONDS.labels(api)


def observer(clock: Clock, *, log: bool, note: Callable[[Trace], None] | None = None) -> Callable[[Trace], None]:
    """Return what the door calls once a request is over; `note` takes note of those answered in the request log."""
    lines = _Lines()

    def observe(trace: Trace) -> None:
        outcome = trace.outcome
        api = trace.api.name if trace.api else "none"
        calls, seconds = _counted(api, LEFT if outcome is None else outcome.result.code.name)
        calls.inc()
        if log:
            lines.add(_line(trace, clock))
        if outcome is None:
            return
        seconds.observe(trace.milliseconds / 1000)
        if outcome.replayed or outcome.changed_body:
            _REPLAYS.labels(api, "changed" if outcome.changed_body else "same").inc()
        if outcome.result.code.status == "A" and not outcome.replayed:
            _DEFERRED.labels(api, "accepted").inc()
        if note is not None:
            note(trace)

    return observe


def count_waiting(calls: int) -> None:
    """Note how many accepted calls are not done."""
    _WAITING.set(calls)


def deferred_observer(clock: Clock, *, log: bool) -> Callable[[Call, Result, Sequence[Finding]], None]:
    """Return what is called once a call that was answered A has its final result."""

    def observe(call: Call, result: Result, found: Sequence[Finding]) -> None:
        _DEFERRED.labels(call.api.rpartition("/")[2], "done" if result.code.status == "S" else "failed").inc()
        if not log:
            return
        line: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "clientId": call.caller.client_id,
            "api": call.api,
            "requestId": call.request_id,
            "deferred": True,
            "code": result.code.name,
        }
        if result.code.status != "S":
            line["message"] = result.message
        if found:
            line["findings"] = [one.sentence for one in found[:MOST_FINDINGS]]
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()

    return observe


def _line(trace: Trace, clock: Clock) -> bytes:
    """Return one log line; no bodies, no signatures, no keys."""
    outcome = trace.outcome
    line: dict[str, Any] = {
        "at": clock.now().isoformat(timespec="milliseconds"),
        "clientId": trace.head.client_id.decode("latin-1")[:255],
        "api": trace.api.path if trace.api else trace.head.path.decode("latin-1")[:255],
        "requestId": trace.request_id,
        "address": trace.head.address,
        "bytes": trace.size,
        "milliseconds": round(trace.milliseconds, 2),
    }
    if outcome is not None:
        line["code"] = outcome.result.code.name
        if outcome.result.code.status != "S":
            line["message"] = outcome.result.message
        if outcome.replayed:
            line["replayed"] = True
        if outcome.changed_body:
            line["changedBody"] = True
    if trace.findings:
        line["findings"] = [one.sentence for one in trace.findings[:MOST_FINDINGS]]
    if trace.fault:
        line["fault"] = trace.fault
    return msgspec.json.encode(line) + b"\n"
