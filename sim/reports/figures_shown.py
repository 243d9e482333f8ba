"""Which figures a report has, each drawn for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from matplotlib.axes import Axes

from sim.plot.figures.difference import draw_difference, gather_difference
from sim.plot.figures.exchange_shares import draw_exchanges, gather_exchanges
from sim.plot.figures.exchange_timelines import draw_timeline, gather_timeline
from sim.plot.figures.fan import draw_fan, gather_fan
from sim.plot.figures.flows import draw_flows, gather_flows
from sim.plot.figures.levers import draw_levers, gather_levers
from sim.plot.figures.mode_shares import draw_shares, gather_shares
from sim.plot.figures.pathways import draw_pathways, gather_pathways
from sim.plot.figures.tradeoff import draw_tradeoff, gather_tradeoff
from sim.plot.figures.volume import draw_volume, gather_volume
from sim.plot.page import file_axes
from sim.plot.style import MODES_AND_OUTSIDE
from sim.reports.inline_svg import illustration
from sim.reports.report_blocks import Illustration
from sim.reports.values_at_dates import values_at_dates
from sim.results.run import Run
from sim.study.study import Study

MEASURES = ("suppression", "leakage", "exposure")
"""The measures in which policies are told apart first."""

_Figure = tuple[str, Any, Callable[[Axes, Any], Axes]]
"""The name of a figure, its data, and what draws these."""


def illustrations(result: Run | Study) -> tuple[Illustration, ...]:
    """The figures of a run or of a study, in the order of the report."""
    figures = _of_run(result) if isinstance(result, Run) else _of_study(result)
    return tuple(
        illustration(name, draw(file_axes(), data), data.title, data.source, values_at_dates(data))
        for name, data, draw in figures
    )


def _of_run(run: Run) -> Iterator[_Figure]:
    yield "shares", gather_shares(run), draw_shares
    yield "exchanges", gather_exchanges(run), draw_exchanges
    yield "timeline", gather_timeline(run), draw_timeline
    yield "volume", gather_volume(run), draw_volume
    yield "levers", gather_levers(run), draw_levers
    yield "flows", gather_flows(run), draw_flows


def _of_study(study: Study) -> Iterator[_Figure]:
    if len(study.policies) > 1:
        for measure in MEASURES:
            yield f"difference-{measure}", gather_difference(study, measure), draw_difference
    if all(results.paths.shape[1] for results in study.results.values()):
        for mode in MODES_AND_OUTSIDE:
            yield f"fan-{mode}", gather_fan(study, mode), draw_fan
    if len(study.policies) > 1:
        yield "tradeoff", gather_tradeoff(study), draw_tradeoff
    if any(results.rules for results in study.results.values()):
        yield "pathways", gather_pathways(study), draw_pathways
