"""What runs with facts at many points of the parameters cost: `python -m tests.benchmarks.fact_runs [--runs 100000]`.

With `--setting`, what it costs to set the parameters of a run, and the run itself.

As a wave of calibration makes them: points of the whole prior, a world for each, and all facts read off all runs. The
time of processors is what counts; wall-clock time also has what others did on the machine. With `--store FOLDER` it
can be interrupted; what is printed is then what the runs that were left cost.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sim
from sim.calibration.calibrate import record_of
from sim.calibration.parameter_space import parameter_space
from sim.calibration.particles import sobol
from sim.clock import days_from
from sim.engine.compiled import simulate_batch as compiled
from sim.model.outcomes.tally import EVERY
from sim.study.fact_values import fact_values
from sim.study.jobs.collect import Progress
from sim.study.statistics.parameter_draws import Draws


@dataclass(frozen=True)
class Cost:
    """What so many runs took: seconds on the clock, of processors, and the part of all facts that was defined."""

    runs: int
    facts: int
    seconds: float
    processor_seconds: float
    defined: float


def cost(name: str, runs: int, replications: int, workers: int, store: Path | None = None) -> Cost:
    """Runs of the baseline of a scenario with all facts of its record, so many replications at each point.

    Runs that are in the `store` already do not count.
    """
    scenario = sim.load(name)
    space, record = parameter_space([scenario]), record_of(scenario)
    points = [space.values(scenario.name, point) for point in sobol(max(runs // replications, 1), len(space), 0)]
    fact_values(scenario, record, points[:1])
    wall, processor = time.perf_counter(), time.process_time()
    progress: list[Progress] = []
    found = fact_values(
        scenario, record, points, replications, executor=workers, store=store, watch=progress.append
    ).values
    return Cost(
        progress[-1].simulated, found.shape[2], time.perf_counter() - wall, time.process_time() - processor,
        float(np.mean(~np.isnan(found))),
    )  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What a draw of all that is uncertain costs, in seconds of a processor: setting the parameters, and a run."""

    setting: float
    run: float

    @property
    def ratio(self) -> float:
        """Of setting the parameters to the run."""
        return self.setting / self.run


def setting(name: str, draws: int = 24, repeat: int = 5) -> Setting:
    """The least over some repetitions, of each in turn."""
    scenario = sim.load(name)
    until, settings, runs = days_from(scenario.start, scenario.end), list[float](), list[float]()
    compiled(Draws(scenario, 0, 2).worlds("baseline", 0, 1)[0], 0, [0], until, EVERY)
    for _ in range(repeat):
        drawn = Draws(scenario, 0, draws)
        drawn.worlds("baseline", 0, 1)
        begun = time.process_time()
        worlds = drawn.worlds("baseline", 1, draws - 1)
        built = time.process_time()
        for number, world in enumerate(worlds):
            compiled(world, 0, [number], until, EVERY)
        settings.append(built - begun)
        runs.append(time.process_time() - built)
    return Setting(min(settings) / (draws - 1), min(runs) / (draws - 1))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Cost of runs with facts at many points of the parameters.")
    parser.add_argument("--scenario", default="china_2017")
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--replications", type=int, default=4, help="at each point")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--store", type=Path, help="folder that keeps finished points")
    parser.add_argument("--setting", action="store_true", help="what it costs to set the parameters of a run instead")
    options = parser.parse_args(arguments)
    if options.setting:
        both = setting(options.scenario)
        print(f"{1e3 * both.setting:.1f} ms to set parameters, {1e3 * both.run:.1f} ms a run: ratio {both.ratio:.2f}")
        return
    found = cost(options.scenario, options.runs, options.replications, options.workers, options.store)
    each = found.processor_seconds / max(found.runs, 1)
    print(
        f"{found.runs:,} runs with {found.facts} facts, {found.defined:.1%} of them defined: {found.seconds:,.0f} s on "
        f"the clock, {found.processor_seconds:,.0f} s of processors, {1e3 * each:.1f} ms a run; 100,000 take "
        f"{1e5 * each / options.workers / 60:.1f} minutes on {options.workers} free cores"
    )


if __name__ == "__main__":
    main()
