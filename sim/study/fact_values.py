"""What a scenario says to the facts of its record, at many points of its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.results.simulate import simulate
from sim.scenario.errors import ScenarioError
from sim.study.jobs.collect import Progress, Watcher
from sim.study.study import BASELINE
from sim.suggest import check_known

if TYPE_CHECKING:
    from sim.engine import Engine
    from sim.evidence.facts import Evidence, Fact
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.worker_pool import Workers
    from sim.world.arrays import Floats

Point = Mapping[str, object]
"""Values by path, as a scenario file writes them; none for the file's own."""
REPLICATIONS_OF_A_POINT = 1_000_000
"""Replication r of point p is the scenario's replication p times this, plus r: points share no random draws."""


@dataclass(frozen=True, eq=False, repr=False)
class FactValues:
    """What replications at points of the parameters say to facts; `fact_values` makes it.

    `facts` are those that a run can be compared with, by id, in the order of the last axis of `values` (points,
    replications, facts). A value is NaN where it is undefined; `why_undefined` says why.
    """

    points: tuple[Point, ...]
    facts: Mapping[str, Fact]
    values: Floats
    invalid: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def of(self, fact: str) -> Floats:
        """The values of one fact, (points, replications). Raises ValueError for an unknown one."""
        check_known(fact, self.facts, "fact")
        return self.values[..., list(self.facts).index(fact)]

    def why_undefined(self, point: int, replication: int) -> str:
        """What it comes from that values of a replication (the rows of `values`) are NaN."""
        if point in self.invalid:
            return self.invalid[point]
        return self.failed.get((point, replication), "the run has nothing to read, or ends before the days of the fact")

    def __repr__(self) -> str:
        points, replications, facts = self.values.shape
        return f"{facts} facts in {replications:,} replications at each of {points:,} points"


def fact_values(
    scenario: Scenario,
    evidence: Evidence,
    points: Sequence[Point] | None = None,
    replications: int = 1,
    seed: int = 0,
    policy: str = BASELINE,
    executor: Workers = None,
    engine: Engine = "auto",
    watch: Watcher | None = None,
    first: int = 0,
) -> FactValues:
    """Simulate what a scenario says to the facts of its record.

    Parameters
    ----------
    points
        Values by path at each point; None: the file's own alone.
    replications
        Of each point.
    first
        Number of the first point. A point has the same values whatever others are asked for.
    executor, engine, watch
        As in `sim.compare`.

    Raises ValueError for counts below one and an unknown policy. A point whose values are not valid together is NaN,
    and in `invalid`.
    """
    if seed < 0 or replications < 1 or first < 0:
        raise ValueError("seed and first are whole numbers from 0 on, replications one from 1 on")
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    rows = tuple(points) if points is not None else ({},)
    values = np.full((len(rows), replications, len(evidence.statistics)), np.nan)
    invalid: dict[int, str] = {}
    failed: dict[tuple[int, int], str] = {}
    for p, point in enumerate(rows):
        try:
            varied = scenario.with_values(point) if point else scenario
        except ScenarioError as error:
            invalid[p] = str(error)
            continue
        for r in range(replications):
            number = (first + p) * REPLICATIONS_OF_A_POINT + r
            try:
                run = simulate(varied, policy, seed, number, engine="compiled" if engine == "auto" else engine)
            except Exception as error:
                failed[p, r] = f"{type(error).__name__}: {error}"
            else:
                values[p, r] = list(evidence.read(run).values())
            if watch is not None:
                watch(Progress(p * replications + r + 1, 0, len(rows) * replications))
    facts = {name: evidence.facts[name] for name in evidence.statistics}
    return FactValues(rows, facts, values, invalid, failed)
