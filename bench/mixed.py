"""Small calls while one very large call is being answered, by two workers on both cores."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, field
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from bench import client, databases, loads, processes, rounds
from bench.processes import Server, on_cores
from dstore.sandbox.catalogues import pds_store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from bench.databases import Kind
    from bench.rounds import Plan
    from bench.samples import Figures

STORES = 20
ITEMS = 1000
RATE = 200.0
SECONDS_BEFORE = 0.5
SECONDS = 6.0


@dataclass
class LargeCall(threading.Thread):
    """One request sent by a thread of its own on a blocking socket."""

    port: int
    request: bytes
    answer: bytes = b""
    began: float = 0.0
    ended: float = 0.0
    _pause: float = field(default=SECONDS_BEFORE)

    def __post_init__(self) -> None:
        """Be a thread."""
        super().__init__()

    def __hash__(self) -> int:
        """Threads are known by themselves."""
        return id(self)

    def run(self) -> None:
        """Wait a little, send, and read the answer to its end."""
        sleep(self._pause)
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as one:
            self.began = perf_counter()
            one.sendall(self.request)
            while b"}}" not in self.answer:
                piece = one.recv(65536)
                if not piece:
                    break
                self.answer += piece
            self.ended = perf_counter()


def mixed(plan: Plan, kind: Kind, figures: Figures, request: bytes) -> None:
    """Measure small calls alone, then beside the large one, then the server's memory."""
    load, stores = plan.load, [f"s{number}" for number in range(rounds.STORES)]
    every = set(range(os.cpu_count() or 1))
    with kind.fresh() as url, on_cores(every):
        ready = databases.prepare(url)
        environment = {**rounds.UNLIMITED, "DSTORE_DATABASE": url}
        with Server([*rounds.SERVE, "--workers", "2"], environment, every) as server:
            public = ready.platform.public_key()
            first = client.closed_loop(server.port, [load.full(one) for one in stores])
            loads.check_answers(loads.SYNC_PRODUCT, first.answers, public)
            client.open_loop(server.port, load.statuses(stores, 200), RATE)
            alone = client.open_loop(server.port, load.statuses(stores, int(2 * RATE)), RATE)
            _beside(server, kind, figures, load.statuses(stores, int(SECONDS * RATE)), request, public)
            peaks = processes.peak_megabytes(server.pid)
    note = figures.add
    note(kind.label, "small calls alone: p99 ms", alone.percentile(0.99))
    note(kind.label, "peak memory, all processes: MB", sum(peaks.values()))
    note(kind.label, "peak memory, largest process: MB", max(peaks.values()))
    note(kind.label, "large call: MB sent", len(request) / 1e6)


def _beside(
    server: Server, kind: Kind, figures: Figures, small: list[bytes], request: bytes, public: RSAPublicKey
) -> None:
    large = LargeCall(server.port, request)
    large.start()
    run = client.open_loop(server.port, small, RATE)
    large.join()
    loads.check_answers(loads.SYNC_PRODUCT, run.answers, public)
    loads.check_answers(loads.INITIALIZE_STORE, [large.answer], public)
    while_large = [
        seconds
        for meant, seconds in zip(run.meant, run.seconds, strict=True)
        if meant + seconds >= large.began and meant <= large.ended
    ]
    note = figures.add
    note(kind.label, "large call: seconds", large.ended - large.began)
    note(kind.label, "small calls meanwhile: p50 ms", client.percentile(while_large, 0.5))
    note(kind.label, "small calls meanwhile: p99 ms", client.percentile(while_large, 0.99))
    note(kind.label, "small calls meanwhile: slowest ms", max(while_large) * 1000)


def large_request(turn: int) -> bytes:
    """Return the signed call with 20 stores of 1,000 items."""
    stores = [pds_store(f"ST{turn}-{number}", ITEMS) for number in range(STORES)]
    return loads.signed(loads.INITIALIZE_STORE, {"requestId": f"large-{turn}", "stores": stores})
