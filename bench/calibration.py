"""What the machine can do: kept with every result, because absolute figures mean nothing without it."""

from __future__ import annotations

import os
import platform
import resource
import sqlite3
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bench import floors, loads
from bench.processes import on_cores
from dstore.protocol import signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.databases import Kind

PACKAGES = ("apsw", "cryptography", "msgspec", "psycopg", "uvicorn", "uvloop", "fastapi", "pydantic", "sqlalchemy")


def machine() -> dict[str, str]:
    """Return what was measured on."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next((line.partition(": ")[2] for line in info.splitlines() if line.startswith("model name")), "unknown")
    flags = set(next((line for line in info.splitlines() if line.startswith("flags")), "").split())
    has = ", ".join(f"{flag} {'yes' if flag in flags else 'no'}" for flag in ("avx2", "avx512ifma", "sha_ni"))
    return {
        "processor": f"{model}, {os.cpu_count()} cores ({has})",
        "system": f"{platform.system()} {platform.release()}, Python {sys.version.split()[0]}",
        "versions": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "SQLite": f"{floors.sqlite_version()} (the interpreter's own, used by the conventional stack: {sqlite3.sqlite_version})",
    }


def calibrate(core: set[int]) -> dict[str, float]:
    """Return the machine's own rates, measured on one core."""
    message = signature.digest(b"POST /v2/pos/syncProduct\nc1.2026-01-01T00:00:00+00:00.", (b"x" * 400,))
    key = loads.partner_key()
    public, given = key.public_key(), signature.sign(key, message)
    with on_cores(core), tempfile.TemporaryDirectory(prefix="dstore-bench-") as folder:
        return {
            "RSA-2048 sign /s": _rate(lambda: signature.sign(key, message), 300),
            "RSA-2048 verify /s": _rate(lambda: signature.verify(public, given, message), 3000),
            "4 KiB write and sync, ms": floors.disk_sync(folder),
            "Python loop of 1,000,000 steps, ms": 1000 / _rate(_loop, 3),
        }


def _loop() -> int:
    total = 0
    for number in range(1_000_000):
        total += number & 7
    return total


def _rate(work: Callable[[], object], count: int) -> float:
    work()
    began = perf_counter()
    for _ in range(count):
        work()
    return count / (perf_counter() - began)


class Others:
    """How busy other programs kept the machine during the run."""

    def __init__(self, kinds: list[Kind]) -> None:
        self._kinds = kinds
        self._before = self._read()

    def share(self) -> float:
        """Return the share of all cores' time that was neither idle nor ours."""
        busy, total, ours = (now - then for now, then in zip(self._read(), self._before, strict=True))
        return max(0.0, busy - ours) / max(total, 1e-9)

    def _read(self) -> tuple[float, float, float]:
        fields = [int(one) for one in Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:9]]
        ours = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        ours += sum(kind.cpu_seconds() for kind in self._kinds)
        ticks = os.sysconf("SC_CLK_TCK")
        return (sum(fields) - fields[3] - fields[4]) / ticks, sum(fields) / ticks, ours
