"""Figures of a run: one for each turn of a round, told as a median with the smallest and largest."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from bench import client, loads, processes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from bench.client import Run
    from bench.databases import Kind
    from bench.processes import Server


Span = tuple[float, float, float]


@dataclass
class Figures:
    """What each turn of each round gave for every (database, name).

    What is compared is measured in turns, one right after the other: the pace of a shared machine changes within
    seconds, and both sides of a ratio shall have had the same.
    """

    values: dict[tuple[str, str], list[list[float]]] = field(default_factory=dict)
    rounds: int = 0

    def begin_round(self) -> None:
        """Begin a round."""
        self.rounds += 1

    def add(self, database: str, name: str, value: float) -> None:
        """Note the figure of a turn."""
        turns = self.values.setdefault((database, name), [])
        while len(turns) < self.rounds:
            turns.append([])
        turns[-1].append(value)

    def middle(self, database: str, name: str) -> float:
        """Return the median over the rounds."""
        return self.span(database, name)[0]

    def span(self, database: str, name: str) -> Span:
        """Return median, smallest and largest of the rounds; a round's figure is the median of its turns."""
        return _span(median(turns) for turns in self.values[database, name])

    def ratio(self, database: str, above: str, below: str) -> Span:
        """Return the ratio of two figures likewise: of each turn where both have as many, else of the round's medians."""
        return _span(map(_ratio, self.values[database, above], self.values[database, below]))

    def has(self, database: str, name: str) -> bool:
        """Return whether there is such a figure."""
        return (database, name) in self.values


def _span(figures: Iterable[float]) -> Span:
    each = list(figures)
    return median(each), min(each), max(each)


def _ratio(above: list[float], below: list[float]) -> float:
    if len(above) == len(below):
        return median(one / other for one, other in zip(above, below, strict=True))
    return median(above) / median(below)


@dataclass
class Meter:
    """Runs requests against a server and notes what they cost it."""

    figures: Figures
    database: Kind
    server: Server
    platform_key: RSAPublicKey
    database_url: str

    def signed(self, name: str, requests: list[bytes], connections: int = 1, path: str = loads.SYNC_PRODUCT) -> Run:
        """Send signed calls, check every answer, and note milliseconds and CPU of each call."""
        run = self._metered(name, requests, connections)
        loads.check_answers(path, run.answers, self.platform_key)
        return run

    def reads(self, name: str, target: str, expected: bytes, count: int, connections: int = 4) -> Run:
        """Read one page over and over; every answer must hold just the expected bytes."""
        return self._metered(name, [loads.plain_get(target)] * count, connections, expected)

    def _metered(self, name: str, requests: list[bytes], connections: int, expected: bytes | None = None) -> Run:
        spent, stored = processes.cpu_seconds(self.server.pid), self.database.cpu_seconds()
        run = client.closed_loop(self.server.port, requests, connections, expected)
        count, note, label = len(requests), self.figures.add, self.database.label
        server_us = (processes.cpu_seconds(self.server.pid) - spent) * 1e6 / count
        database_us = (self.database.cpu_seconds() - stored) * 1e6 / count
        note(label, name, run.milliseconds_each)
        note(label, f"{name}: cpu", (server_us + database_us) / 1000)
        note(label, f"{name}: database cpu", database_us / 1000)
        note(label, f"{name}: p50", run.percentile(0.5))
        note(label, f"{name}: p99", run.percentile(0.99))
        note(label, f"{name}: client busy", run.busy / run.elapsed)
        return run
