"""The figures of a study: `study.plot.difference("leakage")` and its siblings, and the main ones as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from sim.plot.draw.difference import draw_difference
from sim.plot.draw.layout import notebook_axes
from sim.plot.gather.difference import gather_difference

if TYPE_CHECKING:
    from sim.study.study import Study


class StudyPlots:
    def __init__(self, study: Study) -> None:
        self._study = study

    def difference(self, measure: str, against: str = "baseline", *, ax: Axes | None = None) -> Axes:
        return draw_difference(ax or notebook_axes(), gather_difference(self._study, measure, against))
