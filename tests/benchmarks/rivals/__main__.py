"""The same small model in our engines, in SimPy, salabim, Mesa and AgentPy, and in plain C.

    python -m tests.benchmarks.rivals

Each library is used in two ways: with plain objects, as its own examples are written, and with the shares of all
exchanges in NumPy's arrays ("+numpy"), as somebody would write who has to be fast in Python.

First all versions must agree with our compiled engine (see `agreement`); one that does not is not timed. Then they are
run in turn: single runs, and ensembles on two workers (threads for our compiled engine, processes for the others).
What is done once, such as compilation and the start of workers, is not part of the times and is told apart.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.rivals.agreement import Agreement, compare, figures, level
from tests.benchmarks.rivals.timing import Cost, Plan, measure
from tests.benchmarks.rivals.versions import OURS, VERSIONS, Version

SIZES = (10, 150, 1_000, 10_000)
AGREE = {10: 1.0, 150: 0.2}
"""Sizes at which versions must agree, and the part of the runs that is made there."""
FEWEST = 20
"""Runs by which versions must at least agree."""


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the user asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rivals", description="Time the small model.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of exchanges")
    parser.add_argument("--repeat", type=int, default=3, help="how often each version is timed")
    parser.add_argument("--versions", choices=VERSIONS, nargs="+", default=list(VERSIONS))
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--agree", type=int, default=200, help="runs by which versions must agree")
    parser.add_argument("--patience", type=float, default=5.0, help="a run longer than these seconds is made once")
    parser.add_argument("--longest", type=float, default=300.0, help="a run expected to take longer is left out")
    parser.add_argument("--ensemble", type=float, default=2.0, help="seconds for an ensemble, at least one run each")
    parser.add_argument("--workers", type=int, default=2, help="threads or processes of an ensemble")
    return parser.parse_args(arguments)


def present(names: Sequence[str]) -> list[Version]:
    """The versions that can be run here; says which cannot, and why."""
    found = []
    for version in (VERSIONS[name] for name in names):
        if reason := version.absent():
            print(reason)
        else:
            found.append(version)
    return found


def prepare(versions: Sequence[Version], workers: int) -> dict[str, float]:
    """Do what is done once; returns the seconds that it took."""
    ready = {}
    for version in versions:
        began = time.perf_counter()
        version.prepare(1)
        version.prepare(workers)
        ready[version.name] = time.perf_counter() - began
    print("Ready after, in seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in ready.items()) + ".")
    return ready


def agreements(versions: Sequence[Version], runs: int, workers: int) -> list[Agreement]:
    """How each version compares with our compiled engine."""
    found = []
    rivals = [version for version in versions if version.name != OURS]
    alpha = level(max(1, len(rivals) * len(AGREE)))
    for exchanges, part in AGREE.items():
        count = max(FEWEST, round(part * runs))
        ours = figures(VERSIONS[OURS].ensemble(exchanges, 1, 2 * count, workers))
        for n, version in enumerate(rivals):
            theirs = figures(version.ensemble(exchanges, n + 2, count, workers))
            found.append(compare(version.name, exchanges, ours, theirs, version.tolerance, alpha))
            _tell(found[-1])
    return found


def _tell(found: Agreement) -> None:
    """One line, and one more for each figure that is off."""
    verdict = "agrees" if found.agrees else "does not agree and is not timed"
    print(
        f"{found.version:<13} {found.exchanges:>6} exchanges, {found.runs[1]:>4} runs: {verdict}; "
        f"largest |t| {found.largest_t:.1f}, shares within {found.largest_share:.3f}"
    )
    for line in found.disagreeing:
        print(f"  {line}")


def table(costs: Sequence[Cost]) -> str:
    """One line per size and version; ratios are to our compiled engine, or else to the first version."""
    lines = [
        f"{'exchanges':>9} {'version':<13} {'run, ms':>11} {'ratio':>7} {'events/s':>11} {'MB':>6} "
        f"{'ensemble, ms each':>18} {'ratio':>7}"
    ]
    for cost in costs:
        peers = [other for other in costs if other.exchanges == cost.exchanges]
        base = next((other for other in peers if other.version == OURS), peers[0])
        once = "" if cost.replications else "*"
        ensemble = f"{'not run':>18} {'':>7}"
        if cost.ensemble:
            ratio = f"{cost.ensemble / base.ensemble:.3g}" if base.ensemble else ""
            ensemble = f"{1e3 * cost.ensemble:>18.3f} {ratio:>7}"
        lines.append(
            f"{cost.exchanges:>9} {cost.version:<13} {1e3 * cost.run:>10.3f}{once or ' '} {cost.run / base.run:>7.3g} "
            f"{cost.events / cost.run:>11,.0f} {cost.megabytes:>6.0f} {ensemble}"
        )
    return "\n".join([*lines, "* run once"] if any(not cost.replications for cost in costs) else lines)


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    names = ("numpy", "numba", "simpy", "salabim", "mesa", "agentpy")
    installed = {found.metadata["Name"].lower(): found.version for found in importlib.metadata.distributions()}
    return {
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        **{name: installed[name] for name in names if name in installed},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare, compare, measure, print, and write the figures if a file is named."""
    options = options_of(arguments)
    versions = present(options.versions)
    ready = prepare([VERSIONS[OURS], *(v for v in versions if v.name != OURS)], options.workers)
    compared = agreements(versions, options.agree, options.workers)
    refused = {each.version for each in compared if not each.agrees}
    plan = Plan(options.repeat, options.patience, options.longest, options.ensemble, options.workers)
    costs = measure([version for version in versions if version.name not in refused], options.sizes, plan)
    print(table(costs))
    if options.json:
        found = {
            "machine": machine(),
            "ready": ready,
            "agreement": [asdict(each) for each in compared],
            "costs": [cost.row() for cost in costs],
        }
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
