"""`python -m bench`: measure, print, and write docs/benchmarks.md."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from bench import calibration, databases, family, mixed, processes, report, rounds
from bench.samples import Figures

HERE = Path(__file__).parent
app = App(name="bench", help="Measure speed and memory.", version_flags=[])


@app.default
def main(
    *,
    rounds_: Annotated[int, Parameter(name="--rounds", help="Rounds; medians are over these.")] = 5,
    quick: Annotated[bool, Parameter(help="Fewer requests, two rounds, nothing written.")] = False,
    database: Annotated[str | None, Parameter(help="Only sqlite, or only postgresql.")] = None,
    output: Annotated[Path, Parameter(help="Where the tables go.")] = HERE.parent / "docs" / "benchmarks.md",
) -> None:
    """Run every scenario in interleaved rounds and report."""
    servers, client = processes.cores()
    os.sched_setaffinity(0, client)
    wanted = {"sqlite": {databases.SQLITE}, "postgresql": {databases.POSTGRES}}.get(
        database or "", {databases.SQLITE, databases.POSTGRES}
    )
    plan = rounds.quick(servers) if quick else rounds.Plan(servers)
    began, figures = time.monotonic(), Figures()
    machine, rates = calibration.machine(), calibration.calibrate(servers)
    large = mixed.large_request(0)
    with databases.both(client, wanted) as kinds:
        others = calibration.Others(kinds)
        for turn in range(2 if quick else rounds_):
            print(f"round {turn + 1}, {time.monotonic() - began:.0f} s", flush=True)
            figures.begin_round()
            for kind in kinds:
                rounds.one(plan, kind, figures)
                family.family(plan, kind, figures)
                mixed.mixed(plan, kind, figures, large)
        machine["other programs"] = f"took {others.share():.0%} of the machine's time during the run"
        labels = [kind.label for kind in kinds]
    machine["measured"] = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {time.monotonic() - began:.0f} s"
    _report(figures, labels, machine, rates, None if quick else output)


def _report(
    figures: Figures, labels: list[str], machine: dict[str, str], rates: dict[str, float], output: Path | None
) -> None:
    facts = [[name, value] for name, value in machine.items()]
    facts += [[name, report.number(value)] for name, value in rates.items()]
    tables = (
        ("Ratios and targets", report.ratios(figures, labels)),
        ("Small calls beside one of 20 stores", report.mixed(figures, labels)),
        ("The menu at a moment", report.menus(figures, labels)),
        ("Full syncs of several sizes", report.sizes(figures, labels)),
        ("Each call", report.details(figures, labels)),
        ("The machine", (["fact", "value"], facts)),
    )
    text = "# Benchmarks\n\nWritten by `make bench`; do not edit.\n"
    for title, table in tables:
        report.show(title, table)
        text += f"\n## {title}\n\n{report.markdown(table)}"
    if output is not None:
        output.parent.mkdir(exist_ok=True)
        output.write_text(text + "\n" + (HERE / "method.md").read_text(encoding="utf-8"), encoding="utf-8")
        print(f"written to {output}")


if __name__ == "__main__":  # a floor's process imports this file too
    app()
