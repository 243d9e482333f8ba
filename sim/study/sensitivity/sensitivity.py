"""Which uncertain parameters matter, for the level of a measure and for the difference between policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.arguments import whole
from sim.engine import Engine
from sim.lazy_imports import CONVENIENCES, fetch
from sim.plurals import counted
from sim.scenario.scenario import Scenario
from sim.study.call_arguments import check_scenario
from sim.study.compare import Policies, chosen_policies
from sim.study.drawn_from import DrawnFrom, drawn_from
from sim.study.jobs.collect import Watcher
from sim.study.jobs.measure_reader import measure_names
from sim.study.jobs.point_runs import PointRuns, point_runs
from sim.study.jobs.worker_pool import Workers
from sim.study.point_worlds import Point
from sim.study.sensitivity.drawn_indices import LEAST_DRAWS
from sim.study.sensitivity.indices import ORDER, VarianceShares, indices, variance_shares
from sim.study.sensitivity.unit_cube import METHODS, Method, UnitCube, design, unit_cube
from sim.study.statistics.parameter_draws import Draws, numbers_of
from sim.study.statistics.posterior import Posterior
from sim.study.study import BASELINE
from sim.study.sweep.design import Over
from sim.suggest import check_known
from sim.world.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DRAWS: Method = "rbd-fast"
"""The method that takes draws as they are."""
DEFAULT_SIZE = {"tornado": 1, "morris": 10, "sobol": 64}
"""Trajectories of Morris's method, base points of Sobol's."""
_SCOPES = {
    "tornado": "intervals: luck within the model, in the same replications",
    "morris": "intervals: which trajectories were drawn; what luck leaves in the points is part of that",
    "sobol": "intervals: which base points were drawn; what luck leaves in the points is part of that",
    "rbd-fast": "intervals: which draws there are; what luck leaves in each is part of that",
}


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity:
    """How a measure, or the difference between policies, depends on what is uncertain; `sim.sensitivity` makes it.

    `rows` (points, D) is the design in the unit cube of the ranges, NaN for the file's own value. `runs` holds the
    measures at each point. If parameters were drawn (`rbd-fast`), each point is a draw, `rows` holds its values as
    numbers, and `cube` between which of them 90 % of the draws lie; `posterior`: where they come from, if not from
    their ranges.
    """

    scenario: Scenario
    seed: int
    method: Method
    cube: UnitCube
    rows: Floats
    runs: PointRuns
    confidence: float
    posterior: Posterior | None = None

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies, the baseline first."""
        return self.runs.policies

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that were kept."""
        return self.runs.measures

    @property
    def replications(self) -> int:
        """Replications of each policy at each point."""
        return int(self.runs.values.shape[2])

    @property
    def interval_scope(self) -> str:
        """What the intervals cover."""
        if self.method != _DRAWS:
            return _SCOPES[self.method]
        kind = "draws from the ranges" if self.posterior is None else "worlds that the record makes plausible"
        return f"{_SCOPES[self.method]}; {len(self.rows):,} {kind}"

    def table(self, measure: str, policy: str = BASELINE, against: str | None = None) -> DataFrame:
        """One row per parameter, the one that matters most first, of a measure under a policy.

        With `against`, of the paired difference, policy minus `against`. Columns by method, in the unit of the measure
        but for Sobol's parts: see `sim.study.sensitivity.indices`. Raises ValueError for an unknown measure or policy.
        """
        rows, _ = self._indices(measure, policy, against)
        table = DataFrame(rows).set_index("parameter")
        return table.sort_values(ORDER[self.method], ascending=False, kind="stable")

    def shares(self, measure: str, policy: str = BASELINE, against: str | None = None) -> VarianceShares:
        """How much of the variance among single runs comes from the parameters, and how much from luck."""
        return variance_shares(self._values(measure, policy, against))

    def left_out(self, measure: str, policy: str = BASELINE, against: str | None = None) -> int:
        """Points that do not count, because the measure is not defined there, or at one that belongs to it."""
        return self._indices(measure, policy, against)[1]

    def plot(self, measure: str, policy: str = BASELINE, against: str | None = None, *, ax: Axes | None = None) -> Axes:
        """Draw the tornado, or the indices as bars, on `ax` or on Axes in a new figure."""
        axes: Axes = fetch(CONVENIENCES["Sensitivity.plot"])(self, measure, policy, against, ax=ax)
        return axes

    def _indices(self, measure: str, policy: str, against: str | None) -> tuple[list[dict[str, object]], int]:
        values = self._values(measure, policy, against)
        return indices(self.cube, self.method, self.rows, values, self.confidence, self.seed)

    def _values(self, measure: str, policy: str, against: str | None) -> Floats:
        check_known(measure, self.measures, "measure")
        for name in (policy, against):
            if name is not None:
                check_known(name, self.policies, "policy")
        return self.runs.of(measure, policy, against)

    def __repr__(self) -> str:
        points, policies, replications, _ = self.runs.values.shape
        bad = f", {counted(len(self.runs.invalid), 'point')} not valid" if self.runs.invalid else ""
        return (
            f"Sensitivity of {self.scenario.name} by {self.method}: "
            f"{counted(len(self.cube.ranges), 'parameter')}, {counted(points, 'point')}, "
            f"{counted(policies, 'policy', 'policies')}, {counted(replications, 'replication')} each, "
            f"seed {self.seed}{bad}"
        )


def sensitivity(
    scenario: Scenario,
    policies: Policies = None,
    measures: Sequence[str] = ("suppression", "leakage"),
    method: Method | None = None,
    *,
    over: Over = None,
    size: int | None = None,
    replications: int = 8,
    confidence: float = 0.95,
    seed: int = 0,
    executor: Workers = None,
    engine: Engine = "auto",
    store: str | PathLike[str] | None = None,
    draws: DrawnFrom = None,
    watch: Watcher | None = None,
) -> Sensitivity:
    """Find which uncertain parameters matter, for measures and for the differences between policies.

        found = sim.sensitivity(china, ["payments_first"], method="morris", executor=2)
        found.table("leakage")
        found.table("leakage", "payments_first", against="baseline")
        found.shares("leakage", "payments_first", against="baseline")
        sim.sensitivity(china, ["payments_first"], draws="posterior")

    All points and policies have their replications in common, so a difference between policies is paired at each point.

    Parameters
    ----------
    policies, executor, engine
        As in `compare`.
    measures
        Those to keep.
    method
        `tornado` (default): each parameter at both ends of its range, all others at the file's values. `morris`:
        elementary effects, to tell what matters from what does not. `sobol`: parts of the variance, alone and with
        others. `rbd-fast` (default with draws): parts of the variance over draws of all parameters at once.
    over
        Paths whose ranges stand under `uncertainties` (default: all of these), or ranges by path, `low..high`.
    size
        Trajectories of `morris` (default 10, each one point more than there are parameters) or base points of `sobol`
        (a power of two, default 64, each two points more than there are parameters).
    replications
        Of each policy at each point; measures are averaged over them.
    store
        A folder that gets the points as they are done; a study that was interrupted goes on from there.
    watch
        Called with the progress whenever it changes.
    draws
        As in `compare`, 50 or more, for `rbd-fast` alone: the other methods move parameters independently, into worlds
        that the record excludes. Parameters of a posterior depend on each other; `first` counts what goes with a
        parameter too, `own` what it explains beyond all others.

    Raises ValueError for what cannot be varied. All but `tornado` need SALib (`pip install
    'regpressure[sensitivity]'`).
    """
    check_scenario(scenario, size=size, replications=replications, seed=seed)
    whole("replications", replications, 2)
    chosen_method: Method = method or ("tornado" if draws is None else _DRAWS)
    check_known(chosen_method, METHODS, "method")
    if chosen_method != "tornado" and find_spec("SALib") is None:
        raise ValueError(f"{chosen_method} needs a library more: pip install 'regpressure[sensitivity]'")
    _check_draws(chosen_method, draws, over, size)
    scenario, chosen = chosen_policies(scenario, policies)
    names = (measures,) if isinstance(measures, str) else tuple(measures)
    for name in names:
        check_known(name, measure_names(scenario), "measure")
    count, posterior = drawn_from(scenario, draws)
    points: list[Point]
    scenario_of = None
    if count is None:
        cube = unit_cube(scenario, over)
        rows = design(cube, chosen_method, DEFAULT_SIZE[chosen_method] if size is None else size, seed)
        points = [cube.point(row) for row in rows]
    elif count < LEAST_DRAWS:
        raise ValueError(f"{_DRAWS} takes {LEAST_DRAWS} draws or more, got {count}")
    else:
        drawn = Draws(scenario, seed, count, posterior)
        points, scenario_of = [drawn.values(draw) for draw in range(count)], drawn.scenario_of
        cube, rows = _drawn_cube(points)
    runs = point_runs(
        scenario, points, chosen, names, replications, seed, executor, engine,
        None if store is None else Path(store), watch, scenario_of=scenario_of,
    )  # fmt: skip
    return Sensitivity(scenario, seed, chosen_method, cube, rows, runs, confidence, posterior)


def _check_draws(method: Method, draws: DrawnFrom, over: Over, size: int | None) -> None:
    """Raise ValueError unless the method and the draws go together."""
    if draws is None:
        if method == _DRAWS:
            raise ValueError(f"{_DRAWS} takes draws of all that is uncertain: so many, or those of the posterior")
        return
    if method != _DRAWS:
        raise ValueError(
            f"{method} moves parameters through their ranges, each independently of the others, and so takes no draws; "
            f"{_DRAWS} takes them as they are"
        )
    if over is not None or size is not None:
        raise ValueError("draws say which parameters vary and how many points there are; leave over and size out")


def _drawn_cube(points: Sequence[Point]) -> tuple[UnitCube, Floats]:
    """Parameters that vary in draws, with the values between which 90 % lie; their values as numbers, (K, D)."""
    columns = {path: tuple(point[path] for point in points) for path in points[0]}
    numbers = {path: found for path, values in columns.items() if (found := numbers_of(values)) is not None}
    if not numbers:
        raise ValueError("no parameter varies in the draws")
    ends = {}
    for path, found in numbers.items():
        order = np.argsort(found, kind="stable")
        low, high = (columns[path][order[int(part * len(order))]] for part in (0.05, 0.95))
        ends[path] = low, high
    return UnitCube(ends), np.column_stack(list(numbers.values()))
