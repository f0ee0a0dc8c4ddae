"""One round: what is compared runs in turns, each side on a server and a fresh database of its own."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bench import databases, loads
from bench.floors import Floor
from bench.processes import Server
from bench.samples import Figures, Meter
from dstore.protocol import keys
from dstore.sandbox.catalogues import pds_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.databases import Kind
    from bench.floors import Parts

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
    """How many turns a round has, and how much is sent in each of them."""

    servers: set[int]
    turns: int = 8
    fulls: int = 8
    peer_fulls: int = 1
    statuses: int = 200
    bursts: int = 400
    peer_statuses: int = 40
    reads: int = 1000
    floor_fulls: int = 16
    floor_statuses: int = 60
    sizes: tuple[int, ...] = SIZES
    load: loads.PosLoad = field(default_factory=lambda: loads.PosLoad(1000))


def quick(servers: set[int]) -> Plan:
    """Return a plan for a look at the figures, not for keeping them."""
    return Plan(servers, turns=4, sizes=(100, 1_000, 5_000))


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


@contextmanager
def peer(plan: Plan, kind: Kind, figures: Figures, *, tuned: bool) -> Iterator[Meter]:
    """Start the conventional stack, plain or tuned, on a fresh database."""
    platform = keys.new_private_key()
    environment = {
        "BENCH_TUNED": "1" if tuned else "0",
        "BENCH_PARTNER_KEY": loads.partner_public_pem(),
        "BENCH_PLATFORM_KEY": keys.private_pem(platform),
    }
    with kind.fresh() as url:
        environment["BENCH_DATABASE"] = url
        with Server([*UVICORN, "bench.conventional.app:from_environment"], environment, plan.servers) as server:
            yield Meter(figures, kind, server, platform.public_key(), url)


def signed_calls(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Full syncs and status updates: the floor, the product, the conventional stack, one after the other in turns."""
    with ExitStack() as stack:
        floor = stack.enter_context(Floor(plan.servers, stack.enter_context(kind.fresh()), kind.pid))
        anew = stack.enter_context(product(plan, kind, figures, DSTORE_SIGNATURE_MEMO="0"))
        memo = stack.enter_context(product(plan, kind, figures))
        peers = {
            name: stack.enter_context(peer(plan, kind, figures, tuned=name == "tuned"))
            for name in ("conventional", "tuned")
        }
        stores = [f"s{number}" for number in range(STORES)]
        for meter in (anew, memo):
            # A server that has been up for a while: its memory and the database's caches have found their sizes.
            meter.signed("warm-up", [plan.load.full(f"w{number}") for number in range(WARM_FULLS)])
            meter.signed("warm-up", [plan.load.full(one) for one in stores])
            meter.signed("warm-up", plan.load.statuses(stores, 400), CONNECTIONS)
        for meter in peers.values():
            meter.signed("warm-up", [plan.load.full("s0"), plan.load.full("s1")])
            meter.signed("warm-up", plan.load.statuses(["s0", "s1"], 20))
        for turn in range(plan.turns):
            _note(figures, kind, "full", floor.full(plan.floor_fulls))
            _full_syncs(plan, anew, turn)
            for name, meter in peers.items():
                meter.signed(f"{name}: full new", [plan.load.full(f"t{turn}-{n}") for n in range(plan.peer_fulls)])
        for _ in range(plan.turns):
            _note(figures, kind, "status", floor.status(plan.floor_statuses))
            _statuses(plan, anew, memo, stores)
            for name, meter in peers.items():
                meter.signed(f"{name}: status", plan.load.statuses(["s0", "s1"], plan.peer_statuses), CONNECTIONS)


def _note(figures: Figures, kind: Kind, call: str, parts: Parts) -> None:
    for part, cost in parts.items():
        figures.add(kind.label, f"floor {call}: {part}", cost.wall)
        figures.add(kind.label, f"floor {call}: {part}: cpu", cost.cpu)


def _full_syncs(plan: Plan, meter: Meter, turn: int) -> None:
    load, stores = plan.load, [f"t{turn}-{number}" for number in range(plan.fulls)]
    meter.signed("full new", [load.full(one) for one in stores])
    meter.signed("full unchanged", [load.full(one) for one in stores])
    meter.signed("full 1 % changed", [load.changed(one, place) for place, one in enumerate(stores)])


def _statuses(plan: Plan, anew: Meter, memo: Meter, stores: list[str]) -> None:
    load = plan.load
    requests = load.statuses(stores, plan.statuses)
    anew.signed("status", requests, CONNECTIONS)
    memo.signed("status, memo", load.statuses(stores, plan.bursts), CONNECTIONS)
    anew.signed("replay", requests[: plan.statuses // 2], CONNECTIONS)
    anew.signed("status, one connection", load.statuses(stores, plan.statuses // 4))
    anew.signed("status, one store", load.statuses(stores[:1], plan.statuses // 2), CONNECTIONS)


def menus(plan: Plan, kind: Kind, figures: Figures) -> None:
    """Read whole menus beside the same bytes as a constant."""
    with product(plan, kind, figures, wrapped=True) as meter:
        meter.signed("warm-up", [plan.load.full("s0")])
        fed = {"requestId": "isv", "stores": [pds_store("ISV", 1000)]}
        meter.signed("warm-up", [loads.signed(loads.INITIALIZE_STORE, fed)], path=loads.INITIALIZE_STORE)
        stores = msgspec.json.decode(meter.server.get("/storefront/v1/stores"))["stores"]
        targets = {one["feed"]: f"/storefront/v1/stores/{one['id']}/menu" for one in stores}
        for feed, name in (("pos", "POS"), ("pds", "ISV")):
            menu = meter.server.get(targets[feed])
            meter.server.request("PUT", "/constant", menu)
            meter.figures.add(kind.label, f"{name} menu: kB", len(menu) / 1000)
            both = ((f"{name} menu", targets[feed]), (f"{name} constant", "/constant"))
            for _, target in both:
                meter.reads("warm-up", target, menu, plan.reads, CONNECTIONS)
            for _ in range(plan.turns):
                for what, target in both:
                    meter.reads(what, target, menu, plan.reads, CONNECTIONS)
        meter.server.request("PUT", "/constant", b"small")
        meter.reads("small constant", "/constant", b"small", plan.reads * 8, CONNECTIONS)


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
    signed_calls(plan, kind, figures)
    menus(plan, kind, figures)
    sizes(plan, kind, figures)
