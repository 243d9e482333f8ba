"""In which of the plausible worlds a policy fails against another: scenario discovery on the paired difference."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame

from sim.arguments import of_type
from sim.lazy_imports import CONVENIENCES, fetch
from sim.study.discovery.boxes import Box, find_boxes
from sim.study.statistics.parameter_draws import numbers_of, pairs_by_draw
from sim.study.statistics.regret import LARGER_IS_BETTER
from sim.study.study import Study
from sim.world.arrays import Bools, Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class Discovery:
    """Where a policy fails against another; `sim.discover` makes it.

    `difference` (K,) is by how much A is better in each draw, in the unit of the measure, NaN where it is not defined.
    A draw is a case if that is below `threshold`. `values` are those of the parameters by path (K,), as numbers;
    `written` as a file would write them.
    """

    study: Study
    measure: str
    a: str
    b: str
    larger_is_better: bool
    threshold: float
    difference: Floats
    values: dict[str, Floats]
    written: dict[str, tuple[object, ...]]
    boxes: tuple[Box, ...]

    @property
    def cases(self) -> Bools:
        """In which draws A fails, (K,)."""
        return np.asarray(np.nan_to_num(self.difference, nan=np.inf) < self.threshold)

    @property
    def defined(self) -> int:
        """Draws in which the difference is defined."""
        return int((~np.isnan(self.difference)).sum())

    def value(self, path: str, number: float) -> object:
        """The drawn value of a parameter that is nearest to a number, as a file would write it."""
        return self.written[path][int(np.argmin(np.abs(self.values[path] - number)))]

    def table(self) -> DataFrame:
        """One row per box and parameter that it limits.

        Columns: box, parameter, low and high (as in a file, empty for no limit), p_low and p_high (quasi-p values),
        coverage, density, n, and those of the draws held out: held_coverage, held_density, held_n.
        """
        columns = [
            "box", "parameter", "low", "high", "p_low", "p_high", "coverage", "density", "n", "held_coverage",
            "held_density", "held_n",
        ]  # fmt: skip
        rows = []
        for number, box in enumerate(self.boxes, 1):
            for path, limit in box.limits.items():
                ends = {"low": limit.low, "high": limit.high}
                written = {name: "" if np.isnan(end) else self.value(path, end) for name, end in ends.items()}
                rows.append({"box": number, "parameter": path} | vars(box) | vars(limit) | written)
        return DataFrame(rows, columns=columns)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the boxes within the ranges, on `ax` or on Axes in a new figure."""
        axes: Axes = fetch(CONVENIENCES["Discovery.plot"])(self, ax=ax)
        return axes

    def __str__(self) -> str:
        cases, worlds = int(self.cases.sum()), self.defined
        noun = "draws" if self.study.posterior is None else "plausible worlds"
        fails = f"{self.a} fails against {self.b} in {self.measure} in {cases:,} of {worlds:,} {noun}"
        if not worlds:
            return f"{self.measure} is defined under both policies in no draw"
        if not self.boxes:
            few = min(cases, worlds - cases) < 15
            return f"{fails}: {'too few to look for where' if few else 'no box holds them much denser than all draws'}"
        box = self.boxes[0]
        density, held, coverage = (f"{100 * x:.0f} %" for x in (box.density, box.held_density, box.coverage))
        held = "" if np.isnan(box.held_density) else f" ({held} of the {box.held_n} held out)"
        return f"{fails}; in {density} of those in box 1{held}, which holds {coverage} of the failures"

    def __repr__(self) -> str:
        return f"Discovery in {self.study.scenario.name}, seed {self.study.seed}\n{self}"


def discover(
    study: Study,
    a: str,
    b: str = "baseline",
    measure: str = "leakage",
    *,
    larger_is_better: bool | None = None,
    threshold: float = 0.0,
) -> Discovery:
    """Find boxes of parameters in which policy `a` fails against policy `b`, by PRIM (scenario discovery).

        study = sim.compare(china, ["payments_first"], replications=600, draws=300, executor=2)
        found = sim.discover(study, "payments_first")
        found.table()

    `a` fails in a draw of the parameters if it is better than `b` by less than `threshold`, in the unit of the measure
    and in the mean over the replications of the draw. Each box comes with coverage, density and the quasi-p values of
    its limits, and with coverage and density among the third of the draws that did not take part in finding it.

    `larger_is_better`: by default for suppression and licences, not for others. Raises ValueError for a study without
    draws, KeyError for an unknown policy or measure. Needs the EMA Workbench (`pip install 'regpressure[discovery]'`).
    """
    of_type("study", study, Study, "sim.compare(scenario, draws=300, replications=600)")
    if find_spec("ema_workbench") is None:
        raise ValueError("scenario discovery needs a library more: pip install 'regpressure[discovery]'")
    if study.draws is None:
        raise ValueError("this study has no draws of parameters; compare(..., draws=...) has")
    larger = measure in LARGER_IS_BETTER if larger_is_better is None else larger_is_better
    own, other = study.values(measure, a), study.values(measure, b)
    n = min(len(own), len(other))
    first, second = pairs_by_draw(own[:n], other[:n], study.draws)
    difference = (first - second) * (1.0 if larger else -1.0)
    drawn = study.parameters().iloc[: len(difference)]
    written = {str(path): tuple(drawn[path]) for path in drawn}
    values = {path: numbers for path, column in written.items() if (numbers := numbers_of(column)) is not None}
    defined = ~np.isnan(difference)
    boxes = find_boxes({path: column[defined] for path, column in values.items()}, difference[defined] < threshold)
    return Discovery(study, measure, a, b, larger, threshold, difference, values, written, boxes)
