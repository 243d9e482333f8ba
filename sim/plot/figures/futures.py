"""One past and several futures of it: the share of a mode until a date, and after it under each policy."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.plot.figures.overlay import OverlaidLine, OverlayData, checked_modes, draw_overlay, share_line
from sim.plot.marks import gather_marks
from sim.plot.page import notebook_axes, write
from sim.plot.plotted_dates import date_words, day_number
from sim.plot.plotted_quantity import share_of
from sim.plot.run_series import days
from sim.plot.style import INK, SMALL, capital, line_styles, percent
from sim.plot.wording import cut, run_source
from sim.scenario.trade_labels import Labels
from sim.study.branch.branch import Branches


def plot_futures(branches: Branches, mode: str = "otc", *, ax: Axes | None = None) -> Axes:
    """The share of a mode (or `outside`) until the branch, and in each future after it."""
    return draw_futures(ax or notebook_axes(), gather_futures(branches, mode), branch_day(branches))


def gather_futures(branches: Branches, mode: str = "otc") -> OverlayData:
    """The first future whole, the others from the branch on. Raises KeyError for a mode that is not there."""
    checked_modes(mode)
    at, first = branch_day(branches), next(iter(branches.values()))
    styles = line_styles(len(branches))
    lines = [
        share_line(cut(name), mode, run, *style, since=0.0 if run is first else at)
        for (name, run), style in zip(branches.items(), styles, strict=False)
    ]
    time = days(first)
    source = f"{run_source(first)} until the branch; shares at the demand of the first day"
    notes = (
        "One past, so one history: what differs between the futures is due to their policies and to this past alone.",
    )
    labels = first.scenario.labels
    return OverlayData(
        tuple(lines), mode, time[0], time[-1], gather_marks(first), _finding(lines, mode, at, labels), source, notes,
        labels,
    )  # fmt: skip


def branch_day(branches: Branches) -> float:
    """The date of the branch as a matplotlib day number."""
    return day_number(branches.at)


def _finding(lines: list[OverlaidLine], mode: str, at: float, labels: Labels) -> str:
    """Between what the futures end."""
    name = capital(share_of(mode, labels).name)
    low, high = min(lines, key=lambda line: line.end), max(lines, key=lambda line: line.end)
    since = f"after {date_words(at)}"
    if percent(low.end) == percent(high.end):
        return f"{name} ends at {percent(low.end)} in every future {since}"
    return f"{name} ends between {percent(low.end)} ({low.run}) and {percent(high.end)} ({high.run}) {since}"


def draw_futures(ax: Axes, data: OverlayData, at: float) -> Axes:
    """Draw the lines, and the date on which they part."""
    draw_overlay(ax, data)
    ax.axvline(at, color=INK, linewidth=1.0, linestyle=":", zorder=2)
    write(ax, "branch", (at, 0.0), (4, 6), within=ax.get_xaxis_transform(), size=SMALL)
    return ax
