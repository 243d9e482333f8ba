"""How a measure responds to two parameters of a sweep: a cell for each pair of values."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.plot.figures.difference import DifferenceRow
from sim.plot.figures.heatmap import HeatmapData, draw_heatmap
from sim.plot.page import notebook_axes
from sim.plot.plotted_quantity import decimals_for
from sim.plot.style import capital
from sim.plot.swept_values import SweptMeasure, other_paths, sweep_scope, sweep_source, swept_measure, swept_values
from sim.plot.wording import BASELINE, cut, policy_words
from sim.plurals import counted
from sim.study.sweep.sweep import Sweep


def plot_surface(
    sweep: Sweep, measure: str, policy: str | None = None, across: str | None = None, down: str | None = None, *,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """The difference of a policy from the baseline in a measure, for each pair of values of two parameters."""
    return draw_heatmap(ax or notebook_axes(), gather_surface(sweep, measure, policy, across, down))


def gather_surface(
    sweep: Sweep, measure: str, policy: str | None = None, across: str | None = None, down: str | None = None
) -> HeatmapData:
    """Differences by the values of `across` and `down` (default: the first two parameters) under a policy.

    `policy` is by default the first beside the baseline. Raises ValueError for what is not there, and if the sweep
    has one parameter only, no policy beside the baseline, or other parameters that vary too.
    """
    paths = list(sweep.points[0])
    others = [each for each in sweep.policies if each != BASELINE]
    if len(paths) < 2 or not others:
        raise ValueError("a surface needs a sweep over two parameters and a policy beside the baseline")
    across, policy = across or paths[0], policy or others[0]
    down = down or next(path for path in paths if path != across)
    if hidden := other_paths(sweep, across, down):
        raise ValueError(
            f"{', '.join(hidden)} varied too, so a cell would mix points; choose a sweep over two parameters"
        )
    (columns, of_columns), (rows, of_rows) = swept_values(sweep, across), swept_values(sweep, down)
    found = swept_measure(sweep, measure, policy)
    decimals = decimals_for((found.high - found.low) / 2)
    most = min(sweep.replications, sweep.draws or sweep.replications)
    cells = {
        ([*of_rows].index(row), [*of_columns].index(column)): _cell(found, i, most, decimals)
        for i, (row, column) in enumerate(zip(rows, columns, strict=True))
    }
    notes = (
        f"Mean paired difference of {found.quantity.name} from {policy_words(BASELINE)}"
        + (f" in {found.quantity.change}" if found.quantity.change else "")
        + f". Hatched: zero lies within the {100 * sweep.confidence:g} % interval. {sweep_scope(sweep)}",
    )
    return HeatmapData(
        found.quantity, BASELINE, across, down, tuple(map(str, of_columns)), tuple(map(str, of_rows)), cells,
        _finding(found), sweep_source(sweep), notes,
    )  # fmt: skip


def _cell(found: SweptMeasure, point: int, most: int, decimals: int) -> DifferenceRow:
    mean, low, high = (float(values[point]) for values in (found.mean, found.low, found.high))
    n = int(found.n[point])
    return DifferenceRow(found.policy, mean, low, high, np.nan, n, most - n, decimals)


def _finding(found: SweptMeasure) -> str:
    """In how many cells the policy surely lies on which side."""
    name, policy = capital(found.quantity.name), policy_words(cut(found.policy))
    higher, lower, n = int((found.low > 0).sum()), int((found.high < 0).sum()), len(found.mean)
    if not higher and not lower:
        return f"{name} under {policy} can be told from that under the baseline in no cell"
    if n in (higher, lower):
        return f"{name} under {policy} is {'higher' if higher else 'lower'} than under the baseline in all {n} cells"
    words = [f"{side} in {counted(count, 'cell')}" for count, side in ((higher, "higher"), (lower, "lower")) if count]
    return f"{name} under {policy} is {' and '.join(words)} of {n} than under the baseline"
