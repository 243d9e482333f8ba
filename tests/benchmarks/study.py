"""Throughput, memory and overhead of studies: `python -m tests.benchmarks.study`.

Memory is the most that the process and its children hold at a time, sampled. Overhead is what a study with a store takes
beyond simulating the same pieces of work, in processor time, which others on the machine do not touch.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

import sim
from sim.study.compare import chosen_policies, described
from sim.study.jobs.job import run_job
from sim.study.store.study_manifest import Request

ROOT = Path(__file__).resolve().parents[2]
CASES = {"minimal": 50_000, "china_2017": 1_000}
"""Replications of each policy: 100,000 and 6,000 runs."""
_EVERY = 0.02  # seconds between two looks at the memory


@dataclass(frozen=True)
class Cost:
    """What one study costs, on so many workers."""

    scenario: str
    executor: str
    runs: int
    seconds: float
    megabytes: float
    stored_megabytes: float

    @property
    def rate(self) -> float:
        """Runs per second."""
        return self.runs / self.seconds


def cost(scenario: str, replications: int, executor: str = "2 threads", store: bool = True) -> Cost:
    """A study of all policies of a scenario in a process of its own."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "study"
        words = [scenario, str(replications), executor, str(folder) if store else ""]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.study", "--child", *words], cwd=ROOT, stdout=-1
        )
        most = _watched(process)
        assert process.stdout is not None
        told = json.loads(process.stdout.read())
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Cost(scenario, executor, told["runs"], told["seconds"], most / 1e6, size / 1e6)


def _watched(process: subprocess.Popen[bytes]) -> int:
    """The most bytes that a process and its children held at a time."""
    parent, most = psutil.Process(process.pid), 0
    while process.poll() is None:
        try:
            family = [parent, *parent.children(recursive=True)]
            most = max(most, sum(member.memory_info().rss for member in family))
        except psutil.NoSuchProcess:
            pass
        time.sleep(_EVERY)
    return most


def _child(scenario: str, replications: str, executor: str, folder: str) -> None:
    """Make the study, then look at all of it as one who reads it does."""
    world = sim.load(ROOT / "configs" / f"{scenario}.yaml")
    began = time.perf_counter()
    if executor == "dask":
        from distributed import Client, LocalCluster

        with LocalCluster(2, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:
            study = sim.compare(world, replications=int(replications), executor=client, store=folder or None)
    else:
        study = sim.compare(world, replications=int(replications), executor=2, store=folder or None)
    seconds = time.perf_counter() - began
    for policy in study.policies[1:]:
        study.difference("leakage")
        if folder:  # else paths of so many runs are not kept
            study.band("otc", policy)
    print(json.dumps({"runs": sum(study.replications.values()), "seconds": seconds}))


def overhead(scenario: str, replications: int, repeat: int = 3) -> float:
    """What a serial study with a store takes beyond its pieces of work, as a part of what they take."""
    world = sim.load(ROOT / "configs" / f"{scenario}.yaml")

    def pure() -> None:
        whole, chosen = chosen_policies(world, None)
        plan = described(whole, Request(chosen, None, ()), 0, "compiled", paths=True).plan
        for policy in chosen:
            for job in plan.jobs(policy, 0, replications):
                run_job(job)

    def stored() -> None:
        with tempfile.TemporaryDirectory() as room:
            sim.compare(world, replications=replications, store=Path(room) / "study")

    both = (pure, stored)
    seconds = [[_timed(each) for each in both] for _ in range(repeat)]  # the first may load code and is not the least
    best = [min(column) for column in zip(*seconds, strict=True)]
    return best[1] / best[0] - 1.0


def _timed(action: Callable[[], None]) -> float:
    before = time.process_time()
    action()
    return time.process_time() - before


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write the figures if a file is named."""
    parser = argparse.ArgumentParser(description="Throughput, memory and overhead of studies.")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--scenarios", choices=CASES, nargs="+", default=list(CASES))
    parser.add_argument("--executors", choices=["2 threads", "dask"], nargs="+", default=["2 threads", "dask"])
    parser.add_argument("--part", type=float, default=1.0, help="this part of the replications")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    if options.child:
        _child(*options.child)
        return
    rows = []
    for scenario in options.scenarios:
        replications = max(1, int(CASES[scenario] * options.part))
        beyond = overhead(scenario, max(1, replications // 20))
        print(f"{scenario}: a store and all else take {100.0 * beyond:.1f} % beyond simulating")
        for executor in options.executors:
            found = cost(scenario, replications, executor)
            rows.append(asdict(found) | {"rate": found.rate, "overhead": beyond})
            print(
                f"  {executor:<10} {found.runs:>8,} runs {found.rate:>8,.0f} /s {found.megabytes:>6,.0f} MB held, "
                f"{found.stored_megabytes:,.0f} MB stored"
            )
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
