"""A comparison with the baseline whose replications grow: each policy is simulated once, however often it is asked for.

The replications are those of `sim.compare`, so the results are the same to the last bit.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from sim.engine import batch_simulator
from sim.results.own_measures import OWN
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario
from sim.study.compare import described
from sim.study.drawn_from import DrawnFrom, drawn_from
from sim.study.jobs.collect import Collector
from sim.study.jobs.job import joined_arrays
from sim.study.jobs.worker_pool import Workers, worker_pool
from sim.study.store.study_manifest import Request, StudyDescription
from sim.study.study import BASELINE, Results, Study

_POLICIES_KEPT = 24
"""Explored policies whose replications are kept: some 2 MB each."""


@dataclass(frozen=True)
class _Simulated:
    """A policy, and its replications so far."""

    about: StudyDescription
    collector: Collector


class GrowingStudy:
    """Paired replications of the baseline and of explored policies in a scenario.

    `draws`: as in `sim.compare`, at most so many, or those of the posterior; None for the file's values.
    Raises ValueError for draws that the scenario does not have.
    """

    def __init__(
        self, scenario: Scenario, seed: int = 0, workers: Workers = None, most: int = 100, draws: DrawnFrom = None
    ) -> None:
        self.scenario, self.seed, self.workers, self.most = scenario, seed, workers, most
        _, self.posterior = drawn_from(scenario, draws)
        self.engine, _ = batch_simulator("auto")
        self.drawn = draws is not None
        if self.posterior is not None:
            self.most = min(most, len(self.posterior.rows))
        self._baseline = self._begin(scenario, BASELINE)
        self._explored: OrderedDict[str, _Simulated] = OrderedDict()

    def study(self, name: str, policy: Policy, replications: int) -> Study:
        """The comparison of a policy with the baseline in the first `replications`, at most `most`."""
        count = min(replications, self.most)
        explored = self._simulated(name, policy)
        both = {BASELINE: self._baseline, name: explored}
        for simulated in both.values():
            self._extend(simulated.collector, count)
        about = explored.about
        day = np.array(about.plan.records, dtype=float) * about.plan.every
        results = {each: _results(simulated, each, count) for each, simulated in both.items()}
        failed = (failure for simulated in both.values() for failure in simulated.collector.failures())
        return Study(
            about.scenario, self.seed, self.engine, about.measures, day, results,
            failed=tuple(failure for failure in failed if failure.replication < count),
            draws=count if self.drawn else None, posterior=self.posterior,
        )  # fmt: skip

    def _simulated(self, name: str, policy: Policy) -> _Simulated:
        """The replications of a policy; the least recently used ones are forgotten."""
        key = policy.model_dump_json(exclude_unset=True)
        if key not in self._explored:
            self._explored[key] = self._begin(self._with(name, policy), name)
        self._explored.move_to_end(key)
        while len(self._explored) > _POLICIES_KEPT:
            self._explored.popitem(last=False)
        return self._explored[key]

    def _with(self, name: str, policy: Policy) -> Scenario:
        """The scenario with the policy, which was checked when it was made; drawing values needs its text as well."""
        if self.drawn:
            return self.scenario.with_policies({name: policy})
        return self.scenario.model_copy(update={"policies": {**self.scenario.policies, name: policy}})

    def _begin(self, scenario: Scenario, policy: str) -> _Simulated:
        request = Request((policy,), self.most, (), self.most if self.drawn else None, self.posterior is not None)
        paths = not self.drawn or bool(OWN)  # of draws, only measures that users added need them
        about = described(scenario, request, self.seed, self.engine, paths, self.posterior)
        return _Simulated(about, Collector(about.plan, self.most, len(about.measures)))

    def _extend(self, collector: Collector, count: int) -> None:
        if min(collector.done.values()) < count:
            with worker_pool(self.workers, self.engine) as run_jobs:
                collector.extend(run_jobs, count)


def _results(simulated: _Simulated, policy: str, count: int) -> Results:
    """The first `count` replications of a policy."""
    arrays = joined_arrays(simulated.collector.job_results[policy])
    return Results(**{name: rows[:count] for name, rows in arrays.items()}, rules=simulated.about.rules[policy])
