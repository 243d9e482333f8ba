"""Where along a parameter one policy stops beating another, with an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.lazy_imports import CONVENIENCES, fetch
from sim.scenario.ranges import between, rounded
from sim.study.jobs.measure_reader import measure_names
from sim.study.jobs.point_runs import point_runs
from sim.study.sensitivity.unit_cube import unit_cube
from sim.study.statistics.bands import Band, bands
from sim.study.statistics.regret import LARGER_IS_BETTER
from sim.suggest import check_known

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

    from sim.engine import Engine
    from sim.scenario.scenario import Scenario
    from sim.study.jobs.collect import Watcher
    from sim.study.jobs.worker_pool import Workers
    from sim.world.arrays import Floats

Shape = Literal["rises", "falls", "turns", "flat"]
"""How a difference goes along a range: as far as steps between points are more than luck, up, down, both or neither."""
_RESAMPLES = 2000
_BOOTSTRAP_SEED = 20170904  # fixed: the same data give the same intervals


@dataclass(frozen=True)
class Crossing:
    """Where the difference crosses zero, as a part of the range from its low end, with its interval.

    An end of -inf or inf lies beyond the range. `sure`: the difference has opposite signs on the two sides, with
    intervals that leave out zero. `a_before`: whether A is the better one below it.
    """

    at: float
    low: float
    high: float
    sure: bool
    a_before: bool


@dataclass(frozen=True, eq=False, repr=False)
class Tipping:
    """The paired difference of a measure, A minus B, along a parameter; `sim.tipping` makes it.

    `parts` (P,) are the points as parts of the range `ends`; `a_values` and `b_values` (P, R) the measure at each.
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

    @property
    def interval_scope(self) -> str:
        """What the intervals cover."""
        return "intervals: luck within the model, at all points at once; all other parameters at the file's values"

    def table(self) -> DataFrame:
        """One row per point: the value, mean, low and high of the difference A minus B, n, and the better policy.

        `better` is empty where the interval holds zero.
        """
        from pandas import DataFrame

        names = {1: self.a, -1: self.b, 0: ""}
        columns = {"mean": self.band.mean, "low": self.band.low, "high": self.band.high, "n": self.band.n}
        better = [names[int(sign)] for sign in self._signs]
        return DataFrame({"value": [self.value(part) for part in self.parts], **columns, "better": better})

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
        a, b, signs, better = self.a, self.b, self._signs, f"in {self.measure}"
        along = f"from {rounded(self.ends[0])} to {rounded(self.ends[1])} of {self.parameter}"
        if not signs.any():
            return f"{a} and {b} cannot be told apart {better} anywhere {along}"
        if not self.crossings:
            first = a if signs[np.flatnonzero(signs)[0]] > 0 else b
            other = b if first == a else a
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
        points, replications = self.a_values.shape
        return (
            f"Tipping of {self.scenario.name} along {self.parameter}: {points} points, {replications:,} replications "
            f"each, seed {self.seed}\n{self}"
        )


def tipping(
    scenario: Scenario,
    a: str,
    b: str,
    parameter: str,
    measure: str,
    range_: str | None,
    larger_is_better: bool | None,
    points: int,
    replications: int,
    confidence: float,
    seed: int,
    executor: Workers,
    engine: Engine,
    watch: Watcher | None = None,
) -> Tipping:
    """See `sim.tipping`; `watch` is called with the progress whenever it changes."""
    for policy in (a, b):
        check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    if a == b:
        raise ValueError(f"{a} cannot stop beating itself; name two policies")
    check_known(measure, measure_names(scenario), "measure")
    if points < 2 or replications < 2:
        raise ValueError("points and replications are whole numbers from 2 on")
    cube = unit_cube(scenario, [parameter] if range_ is None else {parameter: range_})
    parts = np.linspace(0.0, 1.0, points)
    values = [cube.point(part) for part in parts[:, None]]
    runs = point_runs(scenario, values, (a, b), (measure,), replications, seed, executor, engine, None, watch)
    larger = measure in LARGER_IS_BETTER if larger_is_better is None else larger_is_better
    return Tipping(
        scenario, measure, larger, a, b, parameter, cube.ranges[parameter], parts, runs.of(measure, a),
        runs.of(measure, b), confidence, seed, runs.invalid,
    )  # fmt: skip


def shape(differences: Floats, confidence: float) -> Shape:
    """How differences (P, R) go from point to point: each step is taken in the same replications.

    A step counts if its interval leaves out zero, at a confidence that holds for all steps together (Bonferroni).
    """
    each = 1.0 - (1.0 - confidence) / max(len(differences) - 1, 1)
    steps = bands(differences[1:].T, differences[:-1].T, each)
    up, down = bool((steps.low > 0.0).any()), bool((steps.high < 0.0).any())
    return "turns" if up and down else "rises" if up else "falls" if down else "flat"


def crossings(parts: Floats, gain: Floats, signs: Floats, confidence: float) -> tuple[Crossing, ...]:
    """Where the mean of `gain` (P, R) crosses zero along `parts` (P,), by straight lines between points.

    `signs` (P,) says where it surely is above or below. The intervals are percentiles over resampled replications
    (bootstrap, Efron 1979), which keeps the points of a replication together.
    """
    certain = np.flatnonzero(signs).tolist()
    changes = [(i, j) for i, j in pairwise(certain) if signs[i] != signs[j]]
    mean = _mean(gain, np.ones((1, gain.shape[1])))[0]
    if not changes:
        if not len(certain) or not ((mean > 0.0).any() and (mean < 0.0).any()):
            return ()
        at = float(_zeros(parts, mean[None])[0])
        low, high = _interval(parts, gain, 0, len(parts) - 1, confidence)
        return (Crossing(at, low, high, False, bool(_first(mean) > 0.0)),)
    return tuple(
        Crossing(
            float(_zeros(parts[i : j + 1], mean[None, i : j + 1])[0]),
            *_interval(parts, gain, i, j, confidence),
            sure=True,
            a_before=bool(signs[i] > 0.0),
        )
        for i, j in changes
    )


def _interval(parts: Floats, gain: Floats, i: int, j: int, confidence: float) -> tuple[float, float]:
    random = np.random.default_rng(_BOOTSTRAP_SEED)
    n = gain.shape[1]
    curves = _mean(gain, random.multinomial(n, np.full(n, 1.0 / n), size=_RESAMPLES).astype(float))
    direction = np.sign(np.nanmean(gain[j]) - np.nanmean(gain[i]))
    zeros = _zeros(parts[i : j + 1], curves[:, i : j + 1], float(direction))
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(zeros, [tail, 1.0 - tail], method="inverted_cdf").tolist()
    return low, high


def _mean(gain: Floats, weights: Floats) -> Floats:
    """Weighted means over the replications in which the gain is defined, (B, P); NaN where it is in none."""
    defined = ~np.isnan(gain)
    total, count = weights @ np.where(defined, gain, 0.0).T, weights @ defined.T.astype(float)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1.0), np.nan))


def _zeros(parts: Floats, curves: Floats, direction: float = 0.0) -> Floats:
    """The first zero of each curve (B, P), (B,). Without one, inf or -inf: on which side it must be.

    `direction`: the sign with which curves go through zero; 0 for no matter, and then inf.
    """
    signs = np.sign(np.nan_to_num(curves))
    for k in range(1, len(parts)):
        signs[:, k] = np.where(signs[:, k] == 0.0, signs[:, k - 1], signs[:, k])
    turns = signs[:, :-1] * signs[:, 1:] < 0.0
    k, rows = turns.argmax(axis=1), np.arange(len(curves))
    y, after = curves[rows, k], curves[rows, k + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        zeros = parts[k] + (parts[k + 1] - parts[k]) * y / (y - after)
    without = np.where(direction * signs[:, -1] > 0.0, -np.inf, np.inf)
    return np.asarray(np.where(turns.any(axis=1), zeros, without))


def _first(mean: Floats) -> float:
    """The first value of a curve that is defined and not zero."""
    return float(mean[np.flatnonzero(np.nan_to_num(mean))[0]])
