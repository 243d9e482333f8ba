"""What variants of a policy achieve, in replications that all of them share."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.clock import days_from
from sim.model.outcomes.tally import EVERY
from sim.scenario.errors import ScenarioError, ScenarioWarning
from sim.scenario.scenario import Scenario
from sim.study.jobs.job import Job
from sim.study.jobs.measure_reader import MeasureReader, measure_reader
from sim.study.jobs.worker_pool import RunJobs
from sim.study.search.variants import Variant
from sim.study.statistics.parameter_draws import Draws
from sim.world.arrays import Floats, World
from sim.world.build import world_of

_FRESH = 1_000_000
"""Number of the first replication of the check, behind all those of a search."""


@dataclass(frozen=True)
class Evaluation:
    """Simulates variants of the policy `base` of a scenario. If parameters are drawn, `half` is the number of draws.

    The search uses the first `half` draws, the check afterwards as many others.
    """

    scenario: Scenario
    base: str
    measures: tuple[str, ...]
    engine: str
    seed: int
    draws: Draws | None
    half: int

    def values(self, variants: Sequence[Variant], run_jobs: RunJobs, replications: int, fresh: bool) -> Floats:
        """The measures of each variant in each replication, (variants, replications, measures).

        NaN for a variant that cannot be, as when a date leaves the calendar, and where a replication failed. `fresh`:
        replications, and draws of the parameters, that the search has not seen.
        """
        found = np.full((len(variants), replications, len(self.measures)), np.nan)
        first = _FRESH if fresh else 0
        with closing(run_jobs(self._jobs(variants, first, replications, fresh))) as results:
            for result in results:
                values = self._reader.values(result.measures, result.paths)
                found[int(result.policy), result.first - first : result.last - first] = values
        return found

    def _jobs(self, variants: Sequence[Variant], first: int, count: int, fresh: bool) -> Iterator[Job]:
        until = days_from(self.scenario.start, self.scenario.end)
        for number, variant in enumerate(variants):
            try:
                worlds = self._worlds(variant, count, fresh)
            except (ValueError, ScenarioError):
                continue
            drawn = worlds if self.draws is not None else ()
            yield Job(
                str(number), worlds[0], self.engine, self.seed, first, count, until, EVERY, self._reader.records, drawn
            )

    def _worlds(self, variant: Variant, count: int, fresh: bool) -> tuple[World, ...]:
        """The world of each replication, one alone without draws; variants have the drawn values of the policy."""

        def world(scenario: Scenario) -> World:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ScenarioWarning)  # a date moved out of the scenario is no mistake here
                return world_of(scenario, variant.of(scenario.policies[self.base]))[0]

        if self.draws is None:
            return (world(self.scenario),)
        numbers = [(r % self.half) + (self.half if fresh else 0) for r in range(count)]
        worlds = {number: world(self.draws.scenario_of(number)) for number in dict.fromkeys(numbers)}
        return tuple(worlds[number] for number in numbers)

    @cached_property
    def _reader(self) -> MeasureReader:
        return measure_reader(self.scenario, self.measures)
