"""The figures of one run: `run.plot.shares()` and its siblings, and all of them as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from sim.plot.figures.exchanges import draw_exchanges, gather_exchanges
from sim.plot.figures.flows import draw_flows, gather_flows
from sim.plot.figures.levers import draw_levers, gather_levers
from sim.plot.figures.shares import draw_shares, gather_shares
from sim.plot.figures.timeline import draw_timeline, gather_timeline
from sim.plot.figures.volume import draw_volume, gather_volume
from sim.plot.page import notebook_axes, write_figures

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.run import Run


class RunPlots:
    """Figures of one run. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes.

    On Axes of the caller's, the caller makes room for labels outside them (`layout="constrained"` does).
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def shares(self, ax: Axes | None = None) -> Axes:
        """Focal market share by mode, stacked, with the interventions marked."""
        return draw_shares(ax or notebook_axes(), gather_shares(self._run))

    def exchanges(self, ax: Axes | None = None, mode: str | None = None, n: int = 7, log: bool = False) -> Axes:
        """Focal market share of the `n` exchanges with the highest peaks, in one mode or (None) in all."""
        return draw_exchanges(ax or notebook_axes(), gather_exchanges(self._run, mode, n, log))

    def timeline(self, ax: Axes | None = None, n: int = 30) -> Axes:
        """What the venues of the largest exchanges did, in at most `n` rows."""
        return draw_timeline(ax or notebook_axes(), gather_timeline(self._run, n))

    def levers(self, ax: Axes | None = None) -> Axes:
        """Interventions from announcement to end, and the levers that they moved."""
        return draw_levers(ax or notebook_axes(), gather_levers(self._run))

    def flows(self, ax: Axes | None = None, start: str | date | None = None, end: str | date | None = None) -> Axes:
        """Where focal volume was on two dates, and the least that must have moved between."""
        return draw_flows(ax or notebook_axes(), gather_flows(self._run, start, end))

    def volume(self, ax: Axes | None = None, mode: str | None = "otc", observed: pd.DataFrame | None = None) -> Axes:
        """Volume of one mode on a logarithmic axis, beside observations (columns `date`, `value`)."""
        return draw_volume(ax or notebook_axes(), gather_volume(self._run, mode, observed))


def figures(run: Run, folder: str | Path) -> list[Path]:
    """Write all figures of a run as PNG files into the folder (made if missing), each whole or not at all.

    Needs no display and leaves pyplot and the backend alone. Returns the paths in reading order.
    """
    plots = RunPlots(run)
    drawings: dict[str, Callable[[Axes], Axes]] = {
        "shares": plots.shares,
        "exchanges": plots.exchanges,
        "timeline": plots.timeline,
        "levers": plots.levers,
        "flows": plots.flows,
        "volume": plots.volume,
    }
    return write_figures(drawings, folder)
