"""The tables: ratios and targets first, then what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench import rounds

if TYPE_CHECKING:
    from bench.samples import Figures, Span

EQUAL = 1.3


@dataclass(frozen=True)
class Target:
    """A row of the first table: two figures of one round, their ratio and its bound."""

    what: str
    above: str
    below: str
    bound: float | None
    at_most: bool = True

    def verdict(self, ratio: float) -> str:
        """Return whether the bound holds."""
        if self.bound is None:
            return ""
        holds = ratio <= self.bound if self.at_most else ratio >= self.bound
        return "yes" if holds else "NO"

    @property
    def wanted(self) -> str:
        """Return the bound in words."""
        return "" if self.bound is None else f"{'≤' if self.at_most else '≥'} {self.bound:g}"


TARGETS = (
    Target("full sync of 1,000 items, new store / its floor", "full new", "floor full: all", 1.5),
    Target("the same sync unchanged / the full sync's floor", "full unchanged", "floor full: all", 0.5),
    Target("the same sync, 1 % changed / the full sync's floor", "full 1 % changed", "floor full: all", None),
    Target("status update, each answer signed anew / its floor", "status", "floor status: all", 1.5),
    Target("status updates a second, signature memo on / off", "status", "status, memo", 2.5, at_most=False),
    Target("replay of a requestId / a status update", "replay", "status", None),
    Target("menu of 1,000 POS items / the same bytes as a constant", "POS menu", "POS constant", 1.3),
    Target("menu of 1,000 ISV items / the same bytes as a constant", "ISV menu", "ISV constant", 1.3),
    Target("updateItem in a store of 1,000 items / a status update", "updateItem", "status beside F&B", 2),
    Target("addItem in a store of 1,000 items / a status update", "addItem", "status beside F&B", 2),
    Target("status update among 10,000 stores / among few", "status among many", "status beside F&B", 1.1),
    Target("conventional stack, full sync / ours", "conventional: full new", "full new", 15, at_most=False),
    Target("conventional stack, status update / ours signed anew", "conventional: status", "status", 5, at_most=False),
    Target("conventional stack, status update / ours with its memo", "conventional: status", "status, memo", None),
    Target("conventional stack tuned, full sync / ours", "tuned: full new", "full new", None),
    Target("conventional stack tuned, status update / ours signed anew", "tuned: status", "status", None),
)
DETAILS = (
    "floor full: verify", "floor full: decode", "floor full: commit", "floor full: sign", "floor full: all",
    "floor full: commit by the product's load",
    "full new", "full unchanged", "full 1 % changed", "conventional: full new", "tuned: full new",
    "floor status: verify", "floor status: decode", "floor status: commit", "floor status: sign", "floor status: all",
    "floor status: commit in a group of 16",
    "status", "status, one store", "status, one connection", "status, memo", "replay",
    "status beside F&B", "status among many", "updateItem", "addItem",
    "conventional: status", "tuned: status", "POS menu", "POS constant", "ISV menu", "ISV constant", "small constant",
)  # fmt: skip


def number(value: float) -> str:
    """Write a figure with three digits that mean something."""
    if value >= 100:  # noqa: PLR2004 - three digits
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"  # noqa: PLR2004 - likewise


def spread(span: Span) -> str:
    """Write a median with its smallest and largest."""
    return f"{number(span[0])} ({number(span[1])}-{number(span[2])})"


def ratios(figures: Figures, labels: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return the table of targets."""
    rows = []
    for target in TARGETS:
        for label in labels:
            if not (figures.has(label, target.above) and figures.has(label, target.below)):
                continue
            wall = figures.ratio(label, target.above, target.below)
            cpu = figures.ratio(label, f"{target.above}: cpu", f"{target.below}: cpu")
            rows.append([target.what, label, spread(wall), target.wanted, target.verdict(wall[0]), spread(cpu)])
    return ["what", "database", "ratio, median (min-max)", "target", "met", "by CPU time alone"], rows


def details(figures: Figures, labels: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return what each call took."""
    rows = []
    for name in DETAILS:
        for label in labels:
            if not figures.has(label, name):
                continue
            each = figures.middle(label, name)
            has_latency = figures.has(label, f"{name}: p50")
            rows.append([
                name, label, spread(figures.span(label, name)), f"{1000 / each:,.0f}",
                f"{figures.middle(label, f'{name}: cpu') * 1000:,.0f}",
                f"{number(figures.middle(label, f'{name}: p50'))} / {number(figures.middle(label, f'{name}: p99'))}"
                if has_latency else "",
                f"{figures.middle(label, f'{name}: client busy'):.0%}" if has_latency else "",
            ])  # fmt: skip
    return ["call", "database", "ms each, median (min-max)", "a second", "CPU us", "p50 / p99 ms", "client busy"], rows


def sizes(figures: Figures, labels: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return the cost of full syncs of several sizes."""
    rows = []
    for label in labels:
        last: tuple[int, float] | None = None
        for items in rounds.SIZES:
            name = f"{items:,} items"
            if not figures.has(label, name):
                continue
            each = figures.middle(label, name)
            more = "" if last is None else number((each - last[1]) * 1000 / (items - last[0]))
            rows.append([name, label, spread(figures.span(label, name)), number(each * 1000 / items), more])
            last = (items, each)
    return ["full sync of", "database", "ms, median (min-max)", "us an item", "us for each item more"], rows


def mixed(figures: Figures, labels: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return what a very large call costs the small ones beside it."""
    wanted = (
        ("small calls alone: p99 ms", None), ("small calls meanwhile: p50 ms", None),
        ("small calls meanwhile: p99 ms", 100.0), ("small calls meanwhile: slowest ms", None),
        ("large call: seconds", 8.0), ("peak memory, all processes: MB", 400.0),
        ("peak memory, largest process: MB", None), ("large call: MB sent", None),
    )  # fmt: skip
    return _bounded(figures, labels, wanted)


def menus(figures: Figures, labels: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return what it takes to resolve 1,000 items with rules at a random moment."""
    wanted = (
        ("menu at a moment, after a change: ms", 20.0),
        ("menu at another moment, unchanged: ms", None),
        ("menu at a moment, first look of a process: ms", None),
    )
    return _bounded(figures, labels, wanted)


def _bounded(
    figures: Figures, labels: list[str], wanted: tuple[tuple[str, float | None], ...]
) -> tuple[list[str], list[list[str]]]:
    rows = []
    for name, bound in wanted:
        for label in labels:
            if figures.has(label, name):
                span = figures.span(label, name)
                met = "" if bound is None else "yes" if span[0] <= bound else "NO"
                rows.append([name, label, spread(span), "" if bound is None else f"≤ {bound:g}", met])
    return ["what", "database", "median (min-max)", "target", "met"], rows


def show(title: str, table: tuple[list[str], list[list[str]]]) -> None:
    """Print a table."""
    heads, rows = table
    shown = Table(*heads, title=title, title_justify="left")
    for row in rows:
        shown.add_row(*row, style="red" if "NO" in row else None)
    Console(width=170).print(shown)


def markdown(table: tuple[list[str], list[list[str]]]) -> str:
    """Return a table as Markdown."""
    heads, rows = table
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
