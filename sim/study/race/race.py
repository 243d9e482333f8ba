"""Race policies to select the best: a policy that is beaten is simulated no further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.engine import Engine, batch_simulator
from sim.evidence.facts import Evidence
from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted, first_few
from sim.scenario.scenario import Scenario
from sim.study.call_arguments import check_scenario, evidence_in
from sim.study.compare import Policies, chosen_policies, described
from sim.study.drawn_from import DrawnFrom, drawn_from
from sim.study.jobs.job import JobResult, joined_arrays
from sim.study.jobs.measure_reader import MeasureReader, measure_reader
from sim.study.jobs.worker_pool import RunJobs, Workers, worker_pool
from sim.study.race.kim_nelson import RaceOptions, Stopped, run_race
from sim.study.statistics.confidence_intervals import difference
from sim.study.statistics.parameter_draws import interval_scope
from sim.study.statistics.posterior import Posterior
from sim.study.store.study_manifest import Request, StudyDescription
from sim.study.study import BASELINE
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_REPLICATIONS_PER_BATCH = 32  # of each policy that is still in the race


@dataclass(frozen=True, eq=False, repr=False)
class Selection:
    """How a race of policies ended; `sim.race` makes it.

    `best`: the winner. `survivors`: the winner and those not told apart from it. `eliminated`: by policy, after how
    many replications it was eliminated. `values`: by policy, the measure in replications 0, 1, ... in which it took
    part. `history`: (replications, policies remaining) whenever some were eliminated. `stopped`: "best known", every
    other policy was beaten; "within indifference zone", some were only found to be closer than `delta`, and the one
    with the better mean won; "cap", the maximum was reached with several policies remaining, and the one with the best
    mean is selected without guarantee. If parameters were drawn, each replication has a draw of its own, out of `draws`
    from the ranges or the `posterior`.
    """

    scenario: Scenario
    measure: str
    larger_is_better: bool
    delta: float
    confidence: float
    seed: int
    engine: str
    best: str
    survivors: tuple[str, ...]
    eliminated: Mapping[str, int]
    values: Mapping[str, Floats]
    history: tuple[tuple[int, int], ...]
    stopped: Stopped
    draws: int | None = None
    posterior: Posterior | None = None

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of all policies in the race, in the order given."""
        return tuple(self.values)

    @property
    def replications(self) -> Mapping[str, int]:
        """By policy, the number of replications in which it took part."""
        return {policy: len(values) for policy, values in self.values.items()}

    @property
    def saving(self) -> float:
        """Share of the replications saved, compared with running all policies as long as the longest."""
        counts = self.replications.values()
        return 1.0 - sum(counts) / (len(counts) * max(counts))

    @property
    def interval_scope(self) -> str:
        """What the intervals of the table cover, and how to see the rest."""
        longest = None if self.draws is None else max(self.replications.values())
        return interval_scope(len(self.scenario.uncertainties), longest, self.posterior is not None, ranges=False)

    def table(self) -> DataFrame:
        """One row per policy, the longest in the race and then the best mean first.

        Columns: mean of the measure, replications, eliminated (replications after which it was eliminated, <NA> if it
        was not), survivor, and behind: the mean paired difference to the winner over the policy's replications, with
        its 95 % interval (low, high). Each interval is by itself, not corrected for the selection of a winner.
        """
        rows = []
        for policy, own in self.values.items():
            d = difference(own, self.values[self.best][: len(own)])
            d = replace(d, low=0.0, high=0.0) if policy == self.best else d
            rows.append(
                {"policy": policy, "mean": float(own.mean()), "replications": len(own),
                 "eliminated": self.eliminated.get(policy), "survivor": policy in self.survivors,
                 "behind": d.mean, "low": d.low, "high": d.high}
            )  # fmt: skip
        order = ["winner", "survivor", "replications", "mean"]
        table = DataFrame(rows).astype({"eliminated": "Int64"}).assign(winner=lambda t: t["policy"] == self.best)
        table = table.sort_values(order, ascending=[False, False, False, not self.larger_is_better], kind="stable")
        return table.drop(columns="winner").set_index("policy")

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw when each policy was eliminated, on `ax` or on Axes in a new figure."""
        axes: Axes = fetch(CONVENIENCES["Selection.plot"])(self, ax)
        return axes

    def __repr__(self) -> str:
        return (
            f"Race of {counted(len(self.values), 'policy', 'policies')} of {self.scenario.name} for the {self._aim} "
            f"{self.measure}, seed {self.seed}\n{self}"
        )

    def __str__(self) -> str:
        mean, n = float(self.values[self.best].mean()), len(self.values[self.best])
        each = "" if self.draws is None else ", each with its own draw of what is uncertain"
        won = f"{self.best} has the {self._aim} {self.measure}, {mean:.4g} over {n:,} replications{each}"
        others = [policy for policy in self.survivors if policy != self.best]
        guarantee = f"with {100 * self.confidence:g} % confidence if it is ahead by {self.delta:g} or more"
        if self.stopped == "cap":
            end = "all draws were used" if n == self.draws else "the maximum was reached"
            return f"{won}, but not told apart from {first_few(others, 5)} when {end}: no guarantee"
        if others:
            return f"{won}, {guarantee}; within {self.delta:g} of it: {first_few(others, 5)}"
        return f"{won}, {guarantee}"

    @property
    def _aim(self) -> str:
        return "largest" if self.larger_is_better else "smallest"


def race(
    scenario: Scenario,
    policies: Policies,
    measure: str,
    *,
    delta: float,
    larger_is_better: bool,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    n0: int = 30,
    maximum: int = 10_000,
    undefined: float | None = None,
    evidence: Evidence | str | PathLike[str] | None = None,
    draws: DrawnFrom = None,
) -> Selection:
    """Find the best of many policies by a measure, such as all orders of some interventions (`sim.orderings`).

        orders = sim.orderings(china.policies["baseline"], ["closure-beijing", "site-blocks", "bank-accounts"])
        sim.race(china, orders, "suppression", delta=0.01, larger_is_better=True)

    All policies run in the same replications, and a policy that is beaten is simulated no further (Kim & Nelson 2001,
    ACM TOMACS 11(3)). If the best is ahead of all others by `delta` (in the unit of the measure), it is found with
    probability `confidence`; others within `delta` may win instead. `policies`: names of the scenario's (None: all), or
    policies by name. `n0`: replications of the first stage. `maximum`: replications after which it ends without a
    guarantee. `undefined`: the value of replications in which the measure is not defined. `evidence`, as in `check`:
    its facts are measures too, such as `fact:okex-share`. `draws`, as in `compare`, gives each replication a draw of
    its own of what is uncertain, and so the best is that in the mean over what is plausible; the race ends when all are
    used.

    The result is the same to the last bit whatever `executor` does the work (see `compare`). Raises ValueError for an
    unknown policy or measure, fewer than two policies, and a measure that is not defined in some replication, naming
    the policy.
    """
    check_scenario(scenario, seed=seed, n0=n0, maximum=maximum)
    options, facts = RaceOptions(delta, confidence, n0, maximum, larger_is_better), evidence_in(evidence, scenario)
    requested = list(scenario.policies if policies is None else policies)
    scenario, chosen = chosen_policies(scenario, policies)
    racers = [policy for policy in chosen if policy in requested or policy != BASELINE]
    if len(racers) < 2:
        raise ValueError(f"a race needs two policies or more, got {', '.join(racers) or 'none'}")
    name, _ = batch_simulator(engine)
    reader = measure_reader(scenario, [measure], facts)
    count, posterior = drawn_from(scenario, draws)
    options = _within(options, count)
    request = Request(tuple(racers), None, (), count, posterior is not None)
    about = described(scenario, request, seed, name, bool(reader.records), posterior, facts)
    with worker_pool(executor, name) as run_jobs:
        sampler = _Sampler(about, reader, undefined, run_jobs)
        outcome = run_race(sampler.sample, len(racers), options, _REPLICATIONS_PER_BATCH)
    counts = dict(zip(racers, outcome.replications.tolist(), strict=True))
    return Selection(
        scenario, measure, larger_is_better, delta, confidence, seed, name,
        best=racers[outcome.best],
        survivors=tuple(racers[system] for system in outcome.survivors),
        eliminated={racers[k]: int(n) for k, n in enumerate(outcome.eliminated_at) if n > 0},
        values={policy: np.concatenate(sampler.values[policy])[: counts[policy]] for policy in racers},
        history=outcome.history,
        stopped=outcome.stopped,
        draws=count,
        posterior=posterior,
    )  # fmt: skip


def _within(options: RaceOptions, draws: int | None) -> RaceOptions:
    """Options of a race that ends, at the latest, when each draw of parameters has had a replication.

    Replications that share a draw are not independent, which the guarantee takes for granted. Raises ValueError for
    fewer draws than the first stage has replications.
    """
    if draws is None:
        return options
    if draws < options.n0:
        raise ValueError(f"the first stage has {options.n0} replications, each with its own draw; there are {draws}")
    return replace(options, maximum=min(options.maximum, draws))


class _Sampler:
    """Simulates policies that are still in the race, and keeps the values of the measure."""

    def __init__(
        self, about: StudyDescription, reader: MeasureReader, undefined: float | None, run_jobs: RunJobs
    ) -> None:
        self.about, self.reader, self.undefined, self.run_jobs = about, reader, undefined, run_jobs
        self.values: dict[str, list[Floats]] = {policy: [] for policy in about.request.policies}

    def sample(self, systems: tuple[int, ...], first: int, count: int) -> Floats:
        """The measure in some replications of some policies, (count, systems)."""
        chosen = [self.about.request.policies[system] for system in systems]
        jobs = [job for policy in chosen for job in self.about.plan.jobs(policy, first, first + count)]
        results: dict[str, list[JobResult]] = {policy: [] for policy in chosen}
        for result in self.run_jobs(jobs):
            results[result.policy].append(result)
        for policy in chosen:
            self.values[policy].append(self._defined(policy, first, results[policy]))
        return np.stack([self.values[policy][-1] for policy in chosen], axis=1)

    def _defined(self, policy: str, first: int, results: Sequence[JobResult]) -> Floats:
        """The measure in all replications of these results; raises ValueError where it is not defined."""
        if failures := [failure for result in results for failure in result.failures]:
            number, error = failures[0].replication, failures[0].error
            raise ValueError(f"replication {number} of {policy!r} could not be simulated: {error}")
        arrays = joined_arrays(results)
        table: Floats = arrays["measures"]
        values = self.reader.values(table, arrays["paths"])[:, 0]
        missing = np.isnan(values)
        if missing.any() and self.undefined is None:
            always = [name for n, name in enumerate(self.about.measures) if not np.isnan(table[:, n]).any()]
            raise ValueError(
                f"{self.reader.names[0]} is not defined in replication {first + int(np.argmax(missing))} of {policy!r} "
                f"({missing.sum()} of {len(values)} in this batch), so its mean would not compare with the others'; "
                f"give those replications a value with `undefined`, or race for a measure that is always defined, "
                f"here: {', '.join(name for name in always if ':' not in name)}"
            )
        return np.where(missing, self.undefined, values) if self.undefined is not None else values
