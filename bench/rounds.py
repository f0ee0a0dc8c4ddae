"""One round: every stack once, on fresh databases, one after another."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bench import databases, floors, loads
from bench.processes import Server
from bench.samples import Figures, Meter
from dstore.protocol import keys
from dstore.sandbox.catalogues import pds_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.databases import Kind

CONNECTIONS = 16
STORES = 8
UNLIMITED = {"DSTORE_LOG": "none", "DSTORE_ADDRESS_RATE": "0", "DSTORE_PARTNER_RATE": "0"}
SERVE = ["-m", "dstore", "serve", "--port", "{port}"]
UVICORN = [
    "-m", "uvicorn", "--factory", "--port", "{port}", "--loop", "uvloop", "--http", "httptools", "--ws", "none",
    "--no-access-log", "--no-server-header", "--log-level", "warning",
]  # fmt: skip
SIZES = (100, 1_000, 5_000, 20_000)
WARM_FULLS = 20


@dataclass
class Plan:
    """How much a round sends, and where."""

    servers: set[int]
    statuses: int = 1600
    bursts: int = 3200
    fulls: int = 40
    reads: int = 1500
    peer_statuses: int = 240
    peer_fulls: int = 3
    floor_small: int = 400
    sizes: tuple[int, ...] = SIZES
    load: loads.PosLoad = field(default_factory=lambda: loads.PosLoad(1000))


def quick(servers: set[int]) -> Plan:
    """Return a plan for a look at the figures, not for keeping them."""
    return Plan(
        servers, statuses=400, bursts=800, fulls=4, reads=500, peer_statuses=80, peer_fulls=2, floor_small=100,
        sizes=(100, 1_000, 5_000),
    )  # fmt: skip


def floor(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Measure the unavoidable steps alone, on the servers' core."""
    with kind.fresh() as url:
        parts = floors.measured(plan.servers, url, kind.pid, plan.floor_small, plan.fulls * 2)
    for part, cost in parts.items():
        figures.add(kind.label, f"floor {part}", cost.wall)
        figures.add(kind.label, f"floor {part}: cpu", cost.cpu)


@contextmanager
def product(plan: Plan, kind: Kind, figures: Figures, *, wrapped: bool = False, **settings: str) -> Iterator[Meter]:
    """Start the product on a fresh database."""
    environment = {**UNLIMITED, **settings}
    with kind.fresh() as url:
        ready = databases.prepare(url)
        environment["DSTORE_DATABASE"] = url
        arguments = [*UVICORN, "bench.wrapped:from_environment"] if wrapped else SERVE
        with Server(arguments, environment, plan.servers) as server:
            yield Meter(figures, kind, server, ready.platform.public_key(), url)


def peer(plan: Plan, kind: Kind, figures: Figures, *, tuned: bool) -> None:
    """The same full syncs and status updates on the conventional stack, plain or tuned."""
    load, stores = plan.load, [f"s{number}" for number in range(plan.peer_fulls)]
    platform = keys.new_private_key()
    name = "tuned" if tuned else "conventional"
    environment = {
        "BENCH_TUNED": "1" if tuned else "0",
        "BENCH_PARTNER_KEY": loads.partner_public_pem(),
        "BENCH_PLATFORM_KEY": keys.private_pem(platform),
    }
    with kind.fresh() as url:
        environment["BENCH_DATABASE"] = url
        with Server([*UVICORN, "bench.conventional.app:from_environment"], environment, plan.servers) as server:
            meter = Meter(figures, kind, server, platform.public_key(), url)
            meter.signed("warm-up", [load.full("w0")])
            meter.signed(f"{name}: full new", [load.full(one) for one in stores])
            meter.signed("warm-up", load.statuses(stores, 20))
            meter.signed(f"{name}: status", load.statuses(stores, plan.peer_statuses), CONNECTIONS)


def catalogues_and_statuses(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Full syncs new, unchanged and one per cent changed; then status updates, each signed anew, and replays."""
    load, stores = plan.load, [f"s{number}" for number in range(plan.fulls)]
    with product(plan, kind, figures, DSTORE_SIGNATURE_MEMO="0") as meter:
        # A server that has been up for a while: its memory and the database's caches have found their sizes.
        meter.signed("warm-up", [load.full(f"w{number}") for number in range(WARM_FULLS)])
        meter.signed("warm-up", [load.full("w0"), load.changed("w0", 1)])
        meter.signed("full new", [load.full(one) for one in stores])
        meter.signed("full unchanged", [load.full(one) for one in stores])
        meter.signed("full 1 % changed", [load.changed(one, turn) for turn, one in enumerate(stores)])
        few = stores[:STORES]
        meter.signed("warm-up", load.statuses(few, 200), CONNECTIONS)
        requests = load.statuses(few, plan.statuses)
        meter.signed("status", requests, CONNECTIONS)
        meter.signed("status, one connection", load.statuses(few, plan.statuses // 4))
        meter.signed("status, one store", load.statuses(few[:1], plan.statuses // 2), CONNECTIONS)
        meter.signed("replay", requests[: plan.statuses // 2], CONNECTIONS)


def bursts_and_reads(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Status updates of a burst whose answers are equal, and the menu beside the same bytes as a constant."""
    load, stores = plan.load, [f"s{number}" for number in range(STORES)]
    with product(plan, kind, figures, wrapped=True) as meter:
        meter.signed("warm-up", [load.full(one) for one in stores])
        meter.signed("warm-up", load.statuses(stores, 400), CONNECTIONS)
        meter.signed("status, memo", load.statuses(stores, plan.bursts), CONNECTIONS)
        fed = {"requestId": "isv", "stores": [pds_store("ISV", 1000)]}
        meter.signed("warm-up", [loads.signed(loads.INITIALIZE_STORE, fed)], path=loads.INITIALIZE_STORE)
        for store in msgspec.json.decode(meter.server.get("/storefront/v1/stores"))["stores"]:
            if store["feed"] == "pds":
                _menu_and_constant(plan, meter, store["id"], "ISV")
            elif store["name"] == "Store s0":
                _menu_and_constant(plan, meter, store["id"], "POS")
        meter.server.request("PUT", "/constant", b"small")
        meter.reads("small constant", "/constant", b"small", plan.reads * 2, CONNECTIONS)


def _menu_and_constant(plan: Plan, meter: Meter, store_id: str, feed: str) -> None:
    target = f"/storefront/v1/stores/{store_id}/menu"
    menu = meter.server.get(target)
    meter.server.request("PUT", "/constant", menu)
    meter.figures.add(meter.database.label, f"{feed} menu: kB", len(menu) / 1000)
    for name, where in (("warm-up", target), ("warm-up", "/constant")):
        meter.reads(name, where, menu, plan.reads // 4, CONNECTIONS)
    for name, where in ((f"{feed} menu", target), (f"{feed} constant", "/constant")):
        meter.reads(name, where, menu, plan.reads, CONNECTIONS)


def sizes(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Full syncs of several sizes into new stores."""
    with product(plan, kind, figures, DSTORE_LIMITS="products=40000") as meter:
        for turn in range(2):
            for items in plan.sizes:
                load = plan.load if items == plan.load.items else loads.PosLoad(items)
                count = max(1, 1000 // items)
                message = [load.full(f"{items}-{turn}-{number}") for number in range(count)]
                meter.signed("warm-up" if turn == 0 else f"{items:,} items", message)


def one(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Run a whole round on one kind of database."""
    floor(plan, kind, figures)
    catalogues_and_statuses(plan, kind, figures)
    peer(plan, kind, figures, tuned=False)
    bursts_and_reads(plan, kind, figures)
    peer(plan, kind, figures, tuned=True)
    sizes(plan, kind, figures)
