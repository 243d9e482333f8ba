"""The figures of one run: `run.plot.shares()` and its siblings, and all of them as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.plot.figure_table import Figure, Plots, write_main
from sim.plot.figures.exchanges import plot_exchanges
from sim.plot.figures.flows import plot_flows
from sim.plot.figures.levers import plot_levers
from sim.plot.figures.shares import plot_shares
from sim.plot.figures.timeline import plot_timeline
from sim.plot.figures.volume import plot_volume

if TYPE_CHECKING:
    from sim.results.run import Run


class RunPlots(Plots["Run"]):
    """Figures of one run. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes.

    On Axes of the caller's, the caller makes room for labels outside them (`layout="constrained"` does).
    """

    shares = Figure(plot_shares)
    exchanges = Figure(plot_exchanges)
    timeline = Figure(plot_timeline)
    levers = Figure(plot_levers)
    flows = Figure(plot_flows)
    volume = Figure(plot_volume)


def write_figures(run: Run, folder: str | Path) -> list[Path]:
    """Write all figures of a run as PNG files into the folder (made if missing), each whole or not at all.

    Needs no display and leaves pyplot and the backend alone. Returns the paths in reading order.
    """
    return write_main(RunPlots(run), folder)
