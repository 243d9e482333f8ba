"""The figures of a study: `study.plot.difference("leakage")` and its siblings, and the main ones as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from sim.plot.draw.band import draw_band
from sim.plot.draw.difference import draw_difference
from sim.plot.draw.fan import draw_fan
from sim.plot.draw.heatmap import draw_heatmap
from sim.plot.draw.layout import notebook_axes
from sim.plot.draw.pathways import draw_pathways
from sim.plot.draw.spread import draw_spread
from sim.plot.draw.tradeoff import draw_tradeoff
from sim.plot.gather.band import gather_band
from sim.plot.gather.difference import gather_difference
from sim.plot.gather.fan import gather_fan
from sim.plot.gather.heatmap import gather_heatmap
from sim.plot.gather.pathways import gather_pathways
from sim.plot.gather.spread import gather_spread
from sim.plot.gather.tradeoff import gather_tradeoff

if TYPE_CHECKING:
    from sim.study.study import Study


class StudyPlots:
    def __init__(self, study: Study) -> None:
        self._study = study

    def difference(self, measure: str, against: str = "baseline", *, ax: Axes | None = None) -> Axes:
        return draw_difference(ax or notebook_axes(), gather_difference(self._study, measure, against))

    def fan(self, of: str = "share", mode: str = "otc", policies: Sequence[str] | None = None, *, ax: Axes | None = None) -> Axes:
        ax = ax or notebook_axes()
        if of == "share":
            return draw_fan(ax, gather_fan(self._study, mode, policies))
        return draw_spread(ax, gather_spread(self._study, of, policies))

    def band(self, mode: str, policy: str, against: str = "baseline", *, ax: Axes | None = None) -> Axes:
        return draw_band(ax or notebook_axes(), gather_band(self._study, mode, policy, against))

    def tradeoff(self, x: str = "suppression", y: str = "leakage", larger: tuple[bool, bool] | None = None, *, ax: Axes | None = None) -> Axes:
        return draw_tradeoff(ax or notebook_axes(), gather_tradeoff(self._study, x, y, larger))

    def pathways(self, *, ax: Axes | None = None) -> Axes:
        return draw_pathways(ax or notebook_axes(), gather_pathways(self._study))

    def heatmap(self, measure: str, family: Orderings | Timings | Cells, against: str = "baseline", *, ax: Axes | None = None) -> Axes:
        return draw_heatmap(ax or notebook_axes(), gather_heatmap(self._study, measure, family, against))
