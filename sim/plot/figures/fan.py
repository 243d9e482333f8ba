"""The share of a mode over time under several policies: the middle of the replications, and bands that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.plot.labels import spread
from sim.plot.marks import Mark, days_of, draw_faint, planned_marks
from sim.plot.page import TICKS, date_axis, plain, reserve, size_points, title, write
from sim.plot.plotted_quantity import digits, share_of
from sim.plot.style import INK, SERIES, Floats, capital
from sim.plot.timeline_rows import caption, fit
from sim.plot.wording import BASELINE, lost, replications, shown, subject

if TYPE_CHECKING:
    from sim.study.study import Study


MOST = 12
"""Policies at most; of more, those that end farthest from the first are shown."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Fan:
    """One policy: quantiles (5, T) of the share over replications, at 5, 25, 50, 75 and 95 %.

    `parts` is the last instant at which the policy was the same history as the first one in all replications; 0 for
    the first.
    """

    policy: str
    quantiles: Floats
    parts: int


@dataclass(frozen=True)
class Fans:
    """Fans over `time` (T,) in matplotlib days; the baseline first, if it is shown."""

    time: Floats
    fans: tuple[Fan, ...]
    mode: str
    digits: int
    marks: tuple[Mark, ...]
    title: str
    notes: tuple[str, ...]


def gather_fan(study: Study, mode: str = "otc", policies: Sequence[str] | None = None) -> Fans:
    """Shares of a mode, or `outside`, under the policies named (default: all).

    Raises KeyError for a mode or policy that is not there, ValueError if the study kept no paths.
    """
    names = sorted(shown(study, policies), key=lambda policy: policy != BASELINE)
    paths = {policy: _complete(study.path(mode, policy)) for policy in names}
    known = [policy for policy in names if len(paths[policy])]
    chosen = _farthest(known, paths)
    fans = tuple(_fan(policy, paths[policy], paths[chosen[0]]) for policy in chosen)
    places = digits([100 * float(np.ptp(fan.quantiles[[1, 3], -1])) / 2 for fan in fans])
    notes = [f"Lines: medians of {replications(study)}. Bands hold half and nine tenths of them."]
    if len(fans) > 1:
        notes[0] += f" Others are drawn from where they part from {subject(chosen[0])}."
    if len(known) > len(chosen):
        notes.append(f"{len(known) - len(chosen)} policies that end nearer to {chosen[0]} are not shown.")
    notes += [f"No replication of {policy} was completed." for policy in names if policy not in known]
    marks, time = planned_marks(study.scenario, BASELINE), days_of(study.scenario, study.day)
    return Fans(time, fans, mode, places, marks, finding(mode, fans, places), (*notes, *lost(study)))


def finding(mode: str, fans: Sequence[Fan], places: int) -> str:
    """Between what the policies ended, by their medians."""
    what = share_of(mode)
    name = capital(what.name)
    ends = {fan.policy: what.factor * float(fan.quantiles[2, -1]) for fan in fans}
    if not ends:
        return f"{name}: no replication was completed"
    told = {policy: f"{what.level(end, places)} under {subject(policy)}" for policy, end in ends.items()}
    low, high = min(ends, key=lambda policy: ends[policy]), max(ends, key=lambda policy: ends[policy])
    if len(ends) == 1:
        return f"{name} ends at {told[low]}"
    if round(ends[low], places) == round(ends[high], places):
        return f"{name} ends at {what.level(ends[low], places)} under every policy"
    words = f"{name} ends between {told[low]} and {told[high]}"
    return f"{words}; {told[BASELINE]}" if BASELINE in ends and BASELINE not in (low, high) else words


def _complete(path: Floats) -> Floats:
    """The replications that were completed."""
    return path[~np.isnan(path).any(axis=1)]


def _farthest(policies: Sequence[str], paths: dict[str, Floats]) -> list[str]:
    """The first policy and, of the others in their order, those that end farthest from it."""
    ends = [float(np.median(paths[policy][:, -1])) for policy in policies]
    order = sorted(range(1, len(policies)), key=lambda i: -abs(ends[i] - ends[0]))
    return [policies[i] for i in sorted([0, *order[: MOST - 1]][: len(policies)])]


def _fan(policy: str, path: Floats, first: Floats) -> Fan:
    n = min(len(path), len(first))
    apart = np.flatnonzero((path[:n] != first[:n]).any(axis=0))
    parts = max(int(apart[0]) - 1, 0) if len(apart) and path is not first else 0
    return Fan(policy, np.quantile(path, QUANTILES, axis=0), parts)


SHARE = share_of("outside")
WIDEST = 260.0
"""Most room for a name at the right end, in points."""
OUTER, INNER = 4, 7
"""Up to so many policies the outer, and the inner, bands can be told apart."""


def looks(count: int) -> list[tuple[str, str]]:
    """Colours and dashes of so many policies; the first, to which others are compared, is the ink of the axes."""
    colours = SERIES[:-1]
    return [(INK, "-"), *((colours[i % 6], ("-", "--", ":")[i // 6 % 3]) for i in range(count - 1))]


def draw_fan(ax: Axes, data: Fans) -> Axes:
    """Draw the bands where they can be told apart, the medians, and the interventions of the baseline."""
    count = len(data.fans)
    for fan, (colour, dash) in zip(data.fans, looks(count), strict=False):
        time, levels = data.time[fan.parts :], fan.quantiles[:, fan.parts :]
        if count <= OUTER:
            ax.fill_between(time, levels[0], levels[4], color=colour, alpha=0.13, linewidth=0, zorder=1)
        if count <= INNER:
            ax.fill_between(time, levels[1], levels[3], color=colour, alpha=0.25, linewidth=0, zorder=2)
        ax.plot(time, levels[2], dash, color=colour, linewidth=1.6, zorder=3)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}\u00a0%" if value else "0"))
    ax.set_ylabel(f"{share_of(data.mode).name} (of focal demand at the start)")
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    _label(ax, data)
    above = draw_faint(ax, data.marks)
    caption(ax, [*data.notes], TICKS + 8)
    title(ax, data.title, above)
    return ax


def end_words(fan: Fan, digits: int) -> str:
    """The policy and its median at the end."""
    return f"{fan.policy} {SHARE.level(100 * float(fan.quantiles[2, -1]), digits)}"


def _label(ax: Axes, data: Fans) -> None:
    """Names at the right end, moved apart, with the medians there."""
    ends = [float(fan.quantiles[2, -1]) for fan in data.fans]
    names = [end_words(fan, data.digits) for fan in data.fans]
    words = [fit(name, bold=True, width=WIDEST) for name in names]
    reserve(ax, left=54, right=max((width for *_, width in words), default=0.0) + 30)
    bottom, top = ax.get_ylim()
    height = size_points(ax)[1]
    at = [(end - bottom) / (top - bottom) for end in ends]
    places = spread(at, 11 / height, 0.0, 1.0)
    for (name, size, _), y, place, (colour, _) in zip(words, at, places, looks(len(words)), strict=False):
        arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)}
        shift = (16, (place - y) * height)
        write(ax, name, (1, y), shift, size=size, colour=colour, bold=True, arrowprops=arrow, zorder=5)
