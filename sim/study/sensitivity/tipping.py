"""Where along a parameter one policy stops beating another, with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.engine import Engine
from sim.lazy_imports import CONVENIENCES, fetch
from sim.scenario.ranges import between, rounded
from sim.scenario.scenario import Scenario
from sim.study.call_arguments import check_scenario
from sim.study.drawn_from import DrawnFrom, drawn_at, drawn_from
from sim.study.jobs.collect import Watcher
from sim.study.jobs.measure_reader import measure_names
from sim.study.jobs.point_runs import PointRuns, point_runs
from sim.study.jobs.worker_pool import Workers
from sim.study.sensitivity.crossings import Crossing, Shape, crossings, shape
from sim.study.sensitivity.tipping_by_world import MIDDLE, WorldTippings, world_tippings
from sim.study.sensitivity.unit_cube import UnitCube, unit_cube
from sim.study.statistics.bands import Band, bands
from sim.study.statistics.confidence_intervals import defined_means
from sim.study.statistics.parameter_draws import Draws, interval_scope
from sim.study.statistics.posterior import Posterior
from sim.study.statistics.regret import LARGER_IS_BETTER
from sim.suggest import check_known
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPLICATIONS, REPLICATIONS_OF_A_DRAW = 60, 4
"""Of each policy at each value, unless a number is asked for: at the values of the file, and in each draw."""


@dataclass(frozen=True, eq=False, repr=False)
class Tipping:
    """The paired difference of a measure, A minus B, along a parameter; `sim.tipping` makes it.

    `parts` (P,) are the points as parts of the range `ends`; `a_values` and `b_values` (P, n) the measure at each, in
    n = `replications` or, if the other parameters were drawn, in so many `draws`, each the mean of the replications.
    `posterior`: what they were drawn from, if not from their ranges.
    """

    scenario: Scenario
    measure: str
    larger_is_better: bool
    a: str
    b: str
    parameter: str
    ends: tuple[object, object]
    parts: Floats
    a_values: Floats
    b_values: Floats
    confidence: float
    seed: int
    invalid: Mapping[int, str]
    replications: int = REPLICATIONS
    draws: int | None = None
    posterior: Posterior | None = None

    def value(self, part: float) -> object:
        """The value of the parameter at a part of the range, as a file would write it."""
        return between(self.parameter, *self.ends, float(np.clip(part, 0.0, 1.0)))

    @cached_property
    def band(self) -> Band:
        """The mean difference, A minus B, at each point, with intervals that hold at all points at once."""
        return bands(self.a_values.T, self.b_values.T, self.confidence, simultaneous=True)

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """Where it crosses zero, from the low end on. Several that are not sure count as one."""
        return crossings(self.parts, self._gain, self._signs, self.confidence)

    @cached_property
    def shape(self) -> Shape:
        """Whether the difference, A minus B, rises or falls along the range."""
        return shape(self.a_values - self.b_values, self.confidence)

    @cached_property
    def worlds(self) -> WorldTippings | None:
        """Where it crosses zero in each draw of the other parameters; None if they were not drawn."""
        return None if self.draws is None else world_tippings(self.parts, self._gain)

    @property
    def worlds_noun(self) -> str:
        """What draws are called, by where they come from."""
        return "draws" if self.posterior is None else "plausible worlds"

    @property
    def interval_scope(self) -> str:
        """What the intervals cover, and how to see the rest."""
        others = len(self.scenario.uncertainties.keys() - {self.parameter})
        values = "all points at once and at the file's values of all other parameters"
        words = interval_scope(others, self.draws, self.posterior is not None, values=values, ranges=False)
        if self.draws is None:
            return words
        words += (
            f", at all points at once; {self.worlds_noun}: where the middle 90 % of them lie, with what luck leaves in "
            f"{self.replications} replications of each"
        )
        if self.posterior is not None and self.parameter in self.posterior.paths:
            words += f"; {self.parameter} is varied in each world whatever its plausible value there"
        return words

    def table(self) -> DataFrame:
        """One row per point: the value, mean, low and high of the difference A minus B, n, and the better policy.

        `better` is empty where the interval holds zero. If the other parameters were drawn also `worlds_low` and
        `worlds_high`, between which the middle 90 % of the draws lie, and `a_better`, the part of them in which A is.
        """
        names = {1: self.a, -1: self.b, 0: ""}
        columns = {"mean": self.band.mean, "low": self.band.low, "high": self.band.high, "n": self.band.n}
        better = [names[int(sign)] for sign in self._signs]
        table = DataFrame({"value": [rounded(self.value(part), 6) for part in self.parts], **columns, "better": better})
        if self.draws is None:
            return table
        low, high = self.worlds_band
        return table.assign(worlds_low=low, worlds_high=high, a_better=self._part_better)

    @property
    def worlds_band(self) -> Floats:
        """Ends of the middle 90 % of the draws of the difference A minus B at each point, (2, P)."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.nanquantile(self.a_values - self.b_values, MIDDLE, axis=1))

    @property
    def _part_better(self) -> Floats:
        """The part of the draws in which A is better at each point, (P,)."""
        defined = ~np.isnan(self._gain)
        return np.asarray((self._gain > 0.0).sum(axis=1) / np.maximum(defined.sum(axis=1), 1))

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the difference along the range, on `ax` or on Axes in a new figure."""
        axes: Axes = fetch(CONVENIENCES["Tipping.plot"])(self, ax=ax)
        return axes

    @property
    def _gain(self) -> Floats:
        """By how much A is better, (P, R)."""
        return (self.a_values - self.b_values) * (1.0 if self.larger_is_better else -1.0)

    @property
    def _signs(self) -> Floats:
        """1 where A is surely better, -1 where B is, 0 where the interval holds zero, (P,)."""
        signs = (self.band.low > 0.0).astype(float) - (self.band.high < 0.0)
        return signs if self.larger_is_better else -signs

    def __str__(self) -> str:
        if self.worlds is None:
            return self._mean_words()
        others = self.worlds.others(self.a, self.b)
        return f"{self.finding}{others and f'; of all: {others}'}; in the mean over all: {self._mean_words()}"

    @property
    def finding(self) -> str:
        """Where it tips, in a clause: at the values of the file, or in the draws of the other parameters."""
        if self.worlds is None:
            return self._mean_words()
        own = self.worlds.finding(
            self.a, self.b, self.parameter, lambda part: rounded(self.value(part)), self.worlds_noun
        )
        return f"In {self.measure} {own}"

    def _mean_words(self) -> str:
        a, b, signs, better = self.a, self.b, self._signs, f"in {self.measure}"
        along = f"from {rounded(self.ends[0])} to {rounded(self.ends[1])} of {self.parameter}"
        if not signs.any():
            return f"{a} and {b} cannot be told apart {better} anywhere {along}"
        if not self.crossings:
            first, other = (a, b) if signs[np.flatnonzero(signs)[0]] > 0 else (b, a)
            unsure = int((signs == 0).sum())
            doubt = f", though not surely at {unsure} of {len(signs)} points" if unsure else ""
            return f"no tipping point: {first} beats {other} {better} {along}{doubt}"
        words = [self._words(crossing) for crossing in self.crossings]
        several = f"{len(words)} tipping points, so no single one: " if len(words) > 1 else ""
        return f"{several}{'; '.join(words)} ({better})"

    def _words(self, crossing: Crossing) -> str:
        winner, loser = (self.a, self.b) if crossing.a_before else (self.b, self.a)
        low = "below the range" if crossing.low < 0.0 else rounded(self.value(crossing.low))
        high = "beyond the range" if crossing.high > 1.0 else rounded(self.value(crossing.high))
        verb, at = "stops beating" if crossing.sure else "may stop beating", rounded(self.value(crossing.at))
        return f"{winner} {verb} {loser} where {self.parameter} is above {at} ({low} to {high})"

    def __repr__(self) -> str:
        drawn = "" if self.draws is None else f"{self.draws:,} {self.worlds_noun}, "
        return (
            f"Tipping of {self.scenario.name} along {self.parameter}: {len(self.parts)} points, {drawn}"
            f"{self.replications:,} replications each, seed {self.seed}\n{self}"
        )


def tipping(
    scenario: Scenario,
    a: str,
    b: str,
    parameter: str,
    measure: str = "leakage",
    *,
    between: str | None = None,
    larger_is_better: bool | None = None,
    points: int = 9,
    replications: int | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    draws: DrawnFrom = None,
    store: str | PathLike[str] | None = None,
    watch: Watcher | None = None,
) -> Tipping:
    """Find the value of a parameter at which policy `a` stops beating policy `b`, all else at the file's values.

        found = sim.tipping(china, "payments_first", "baseline", "segments.active.circumvention.payment")
        print(found)
        found.plot()

    Both run at `points` values from end to end of the range, at all of them in the same replications. Between two
    points the mean difference is taken as a straight line; the interval resamples whole replications. It is said if
    there is no such value, if it is not sure, if there are several, and how the difference goes along the range.

    `draws`, as in `compare`, puts all other parameters at the values of each draw, and so finds one tipping point for
    each plausible world: `worlds` has their distribution, and the parts of the worlds that have none. The parameter
    itself takes all values of the range in each world, also if the posterior draws it.

    `between`: the range, `low..high` (default: that under `uncertainties`). `larger_is_better`: by default for
    suppression and licences, not for others. `replications` of each policy at each value (default 60), or in each draw
    there (default 4). `executor` and `engine` as in `compare`. `store`: a folder that gets the points as they are done;
    a study that was interrupted goes on from there. `watch` is called with the progress whenever it changes. Raises
    ValueError for what is not there, for the same policy twice, and for draws where nothing else is uncertain.
    """
    check_scenario(scenario, points=points, replications=replications, seed=seed)
    for policy in (a, b):
        check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    if a == b:
        raise ValueError(f"{a} cannot stop beating itself; name two policies")
    check_known(measure, measure_names(scenario), "measure")
    count, posterior = drawn_from(scenario, draws)
    each = replications or (REPLICATIONS if count is None else REPLICATIONS_OF_A_DRAW)
    if points < 2 or each < (2 if count is None else 1):
        raise ValueError("points and replications are whole numbers from 2 on, those of each draw from 1 on")
    cube = unit_cube(scenario, [parameter] if between is None else {parameter: between})
    parts = np.linspace(0.0, 1.0, points)
    design = _Design(scenario, parameter, cube, parts, seed, count, posterior, each)
    folder = None if store is None else Path(store)
    runs = point_runs(
        scenario, design.points, (a, b), (measure,), each, seed, executor, engine, folder, watch,
        scenario_of=None if count is None else design.scenario_of, first_of=design.first_of,
    )  # fmt: skip
    larger = measure in LARGER_IS_BETTER if larger_is_better is None else larger_is_better
    return Tipping(
        scenario, measure, larger, a, b, parameter, cube.ranges[parameter], parts, *design.values(runs, a, b),
        confidence, seed, runs.invalid, each, count, posterior,
    )  # fmt: skip


@dataclass(frozen=True)
class _Design:
    """The points of a range and, if the other parameters are drawn, all `count` draws at each of them.

    A draw has the same replications at all points, which no other draw has: what draws have in common is not luck.
    """

    scenario: Scenario
    parameter: str
    cube: UnitCube
    parts: Floats
    seed: int
    count: int | None
    posterior: Posterior | None
    replications: int

    @cached_property
    def points(self) -> list[Mapping[str, object]]:
        """The values by path of every point in every draw."""
        ends = [self.cube.point(part) for part in self.parts[:, None]]
        if self.count is None:
            return [*ends]
        drawn = [self._draws[0].values(k) for k in range(self.count)]
        return [{**values, **end} for end in ends for values in drawn]

    @cached_property
    def _draws(self) -> list[Draws]:
        """The draws of the other parameters at each point."""
        assert self.count is not None
        found, own = [], None if self.posterior is None else self.posterior.without(self.parameter)
        for part in self.parts[:, None]:
            there = self.scenario.with_values(self.cube.point(part))
            others = there if own is not None else drawn_at(there, [self.parameter], None)[0]
            found.append(Draws(others, self.seed, self.count, own))
        return found

    def scenario_of(self, point: int) -> Scenario:
        """The scenario of a point in a draw."""
        assert self.count is not None
        return self._draws[point // self.count].scenario_of(point % self.count)

    def first_of(self, point: int) -> int:
        """The number of its first replication."""
        return 0 if self.count is None else point % self.count * self.replications

    def values(self, runs: PointRuns, a: str, b: str) -> tuple[Floats, Floats]:
        """Those of both policies (P, n), of each draw the mean over the replications in which both are defined."""
        own, other = runs.of(runs.measures[0], a), runs.of(runs.measures[0], b)
        if self.count is None:
            return own, other
        undefined, shape = np.isnan(own) | np.isnan(other), (len(self.parts), self.count)
        both = (np.where(undefined, np.nan, values) for values in (own, other))
        a_means, b_means = (defined_means(values, axis=1).reshape(shape) for values in both)
        return a_means, b_means
