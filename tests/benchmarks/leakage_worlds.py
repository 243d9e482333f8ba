"""Two worlds that meet the record of all episodes and differ in leakage: `python -m tests.benchmarks.leakage_worlds`.

`leakage_worlds.csv` has a row for each parameter and a column for each world. They were found along the profile of
leakage over all episodes (`regpressure calibrate ... --profile leakage`). Of each is printed the leakage under the
baseline of China 2017, the facts of every episode whose median lies within the record's bounds, and -2 ln of the
likelihood of those for calibration (`misfit`).
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sim
from sim.calibration.calibrate import record_of
from sim.calibration.identification import measured
from sim.calibration.parameter_space import parameter_space
from sim.calibration.real_runs import chance_among, record_log_likelihood
from sim.calibration.targets import targets_of
from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_value
from sim.scenario.scenario import Scenario
from sim.study.fact_values import FactValues, fact_values
from sim.study.statistics.posterior import Posterior, scenario_hash

EPISODES = ("china_2017", "india_2018", "korea_2021", "china_2013", "china_2021", "japan_2018", "hong_kong_2024")
WORLDS = ("less", "more")
"""The world with less leakage, and the one with more."""
FILE = Path(__file__).with_suffix(".csv")
_FIRST = 90_000_000
"""Number of the first point, so that runs share no random draws with those by which the worlds were found."""


@dataclass(frozen=True)
class Met:
    """Of one episode, by world: facts met by median, of so many, and -2 ln of the likelihood of those for calibration."""

    episode: str
    facts: int
    met: tuple[int, ...]
    misfit: tuple[float, ...]


def worlds_of(scenarios: Sequence[Scenario], scenario: Scenario) -> list[dict[str, object]]:
    """The values by path of both worlds in one of the scenarios, whose parameters are shared as in a calibration."""
    with FILE.open(encoding="utf-8", newline="") as text:
        rows = {row["parameter"]: row for row in csv.DictReader(text)}
    shared = [each for each in parameter_space(scenarios).parameters if scenario.name in each.scenarios]
    return [
        {each.path: to_plain(read_value(rows[each.name][world], FILE.name)) for each in shared if each.name in rows}
        for world in WORLDS
    ]


def leakage(scenario: Scenario, worlds: Sequence[Mapping[str, object]], replications: int) -> list[float]:
    """Mean leakage under the baseline in each world."""
    rows = Posterior(scenario_hash(scenario), tuple(worlds), {})
    return [float(mean) for mean in measured(scenario, rows, ["leakage"], replications, 1, None)[:, 0]]


def met(scenario: Scenario, worlds: Sequence[Mapping[str, object]], replications: int, executor: int | None) -> Met:
    """How the worlds meet the record of a scenario."""
    found = fact_values(scenario, record_of(scenario), worlds, replications, executor=executor, first=_FIRST)
    inside = [_within(found, world) for world in range(len(worlds))]
    return Met(scenario.name, len(found.facts), tuple(inside), _misfit(found))


def _within(found: FactValues, world: int) -> int:
    medians = {name: float(np.nanmedian(found.of(name)[world])) for name in found.facts}
    return sum(fact.agrees(medians[name]) for name, fact in found.facts.items())


def _misfit(found: FactValues) -> tuple[float, ...]:
    targets = targets_of(found.facts, "calibrate")
    chosen = [list(found.facts).index(name) for name in targets.names]
    distances = targets.scaled(found.values[..., chosen])
    return tuple((-2.0 * record_log_likelihood(distances, chance_among(distances), targets)).tolist())


def main(arguments: Sequence[str] | None = None) -> None:
    """Print how both worlds meet the record, and their leakage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=200)
    options = parser.parse_args(arguments)
    scenarios = [sim.load(name) for name in EPISODES]
    total = np.zeros(len(WORLDS))
    for scenario in scenarios:
        each = met(scenario, worlds_of(scenarios, scenario), options.replications, 2)
        total += each.misfit
        counts = ", ".join(f"{count}" for count in each.met)
        print(f"{each.episode:15} facts met: {counts} of {each.facts}; misfit {np.round(each.misfit, 1)}")
    print(f"misfit of all {np.round(total, 1)}, difference {total[1] - total[0]:+.1f}")
    first = scenarios[0]
    low, high = leakage(first, worlds_of(scenarios, first), options.replications)
    print(f"leakage of {first.name}: {low:.3f} and {high:.3f}")


if __name__ == "__main__":
    main()
