"""What makes the intervals of predictions wide: `python -m tests.benchmarks.interval_widths [NAME ...]`.

In worlds of the posterior beside each scenario, with many histories in each. Widths of intervals of 90 %, as multiples of
the record's own bounds, are printed of every fact whose interval is wider than twice these: of the errors of record and
model alone; of these and chance, which is what would be left if the parameters were known, on average over the worlds
and in the one in which it is least; of errors and parameters, with chance averaged over the histories; and of all.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

import sim
from sim.calibration.calibrate import record_of
from sim.evidence.evidence_file import Errors
from sim.scenario.shipped import shipped
from sim.study.fact_values import fact_values
from sim.study.statistics.posterior import posterior_file, posterior_of
from sim.study.statistics.predictions import NARROW, Prediction
from sim.world.arrays import Floats

_FIRST = 70_000_000
"""Number of the first point, so that it shares no random draws with a calibration or its predictions."""


@dataclass(frozen=True)
class Widths:
    """Of one fact: widths of errors, with chance (mean, and least of any world), with parameters, and of all."""

    scenario: str
    fact: str
    use: str
    errors: float
    chance: float
    least_chance: float
    parameters: float
    all: float

    def __str__(self) -> str:
        parts = (self.errors, self.chance, self.least_chance, self.parameters, self.all)
        return " ".join(f"{part:8.1f}" for part in parts) + f"  {self.scenario} {self.fact} ({self.use})"


def widths_of(values: Floats, errors: Errors, lowest: float = -np.inf) -> tuple[float, float, float, float, float]:
    """The widths in the order of `Widths`, of values (worlds, histories) of a fact."""

    def width(some: Floats) -> float:
        return Prediction(some.ravel(), errors.both, lowest).width(errors.record)

    means = [float(np.mean(world[np.isfinite(world)])) for world in values if np.isfinite(world).any()]
    known = Prediction(values.ravel(), errors.both, lowest).known(values).width(errors.record)
    least = min(width(world) for world in values if np.isfinite(world).any())
    return errors.both / errors.record, known, least, width(np.array(means)), width(values)


def interval_widths(name: str, worlds: int, histories: int) -> list[Widths]:
    """Of every fact of a shipped scenario whose value has an error, over some worlds of its posterior."""
    scenario = sim.load(name)
    points = posterior_of(scenario).rows[:worlds]
    found = fact_values(scenario, record_of(scenario), points, histories, executor=2, first=_FIRST)
    return [
        Widths(scenario.name, id_, fact.use, *widths_of(found.of(id_), fact.errors, found.statistics[id_].lowest))
        for id_, fact in found.facts.items()
        if fact.errors.record > 0.0
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what is wide and why."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--histories", type=int, default=20)
    options = parser.parse_args(arguments)
    known = [name for name in shipped() if (file := posterior_file(sim.load(name))) and file.is_file()]
    found = [
        each for name in options.names or known for each in interval_widths(name, options.worlds, options.histories)
    ]
    print("  errors   chance    least   parameters  all")
    for each in found:
        if each.all > NARROW:
            print(each)
    narrow, possible = (sum(each.all <= NARROW for each in found), sum(each.chance <= NARROW for each in found))
    print(f"{narrow} of {len(found)} are at most twice as wide as the bounds of the record,")
    print(f"and {possible} would be if the parameters were known")


if __name__ == "__main__":
    main()
