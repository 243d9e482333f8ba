"""The figures of a study: `study.plot.difference("leakage")` and its siblings, and the main ones as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.plot.figure_table import Figure, Plots, write_main
from sim.plot.figures.band import plot_band
from sim.plot.figures.decomposition import plot_decomposition
from sim.plot.figures.difference import plot_difference
from sim.plot.figures.fan import plot_fan
from sim.plot.figures.heatmap import plot_heatmap
from sim.plot.figures.pathways import plot_pathways
from sim.plot.figures.race import plot_race
from sim.plot.figures.tradeoff import plot_tradeoff
from sim.plot.style import MODES_AND_OUTSIDE

if TYPE_CHECKING:
    from sim.study.study import Study

MAIN_MEASURES = ("suppression", "leakage", "exposure", "half_life", "agency_days")
"""The measures of which `write_figures` draws differences."""


def _has_paths(study: Study) -> bool:
    return all(results.paths.shape[1] for results in study.results.values())


def _has_rules(study: Study) -> bool:
    return any(results.rules for results in study.results.values())


class StudyPlots(Plots["Study"]):
    """Figures of a study. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes.

    Names of policies, measures and modes that are not there raise KeyError, with what was probably meant. On Axes of
    the caller's, the caller makes room for labels outside them (`layout="constrained"` does).
    """

    difference = Figure(plot_difference, {f"difference-{name.replace('_', '-')}": (name,) for name in MAIN_MEASURES})
    tradeoff = Figure(plot_tradeoff)
    fan = Figure(plot_fan, {f"fan-{mode}": ("share", mode) for mode in MODES_AND_OUTSIDE}, needs=_has_paths)
    pathways = Figure(plot_pathways, needs=_has_rules)
    band = Figure(plot_band, files={})
    heatmap = Figure(plot_heatmap, files={})
    decomposition = Figure(plot_decomposition, files={})
    race = Figure(plot_race, files={})


def write_figures(study: Study, folder: str | Path) -> list[Path]:
    """Write the main figures of a study as PNG files into the folder (made if missing), each whole or not at all.

    Differences of the main measures, the trade-off, fans of the modes if paths were kept, pathways if there are rules.
    Needs no display and leaves pyplot and the backend alone. Returns the paths in reading order.
    """
    return write_main(StudyPlots(study), folder)
