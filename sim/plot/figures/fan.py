"""The share of a mode over time under several policies: medians of the replications, and bands that hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.figures.spread import draw_spread, gather_spread
from sim.plot.labelled_rows import caption, name_ends
from sim.plot.labels import fit
from sim.plot.marks import Mark, draw_faint_marks, planned_marks
from sim.plot.page import TICKS_HEIGHT, date_axis, notebook_axes, percent_format, plain_axes, reserve, title
from sim.plot.plotted_dates import days_of
from sim.plot.plotted_quantity import QUANTILES, decimals_for, share_of
from sim.plot.style import Floats, capital, line_styles
from sim.plot.wording import BASELINE, cut, named_policies, policy_words, replication_words, study_notes, study_source
from sim.scenario.trade_labels import NEUTRAL, Labels
from sim.study.study import Study

_MAX_POLICIES = 12
"""Policies at most; of more, those that end farthest from the first are shown."""
_MAX_OUTER, _MAX_INNER = 4, 7
"""Up to so many policies the outer, and the inner, bands can be told apart."""
_NAME_WIDTH = 260.0
"""Most room for a name at the right end, in points."""


@dataclass(frozen=True)
class Fan:
    """One policy: quantiles (5, T) of the share over replications, at 5, 25, 50, 75 and 95 %.

    `diverges_at` is the last instant at which the policy was the same history as the first one in all replications; 0
    for the first.
    """

    policy: str
    quantiles: Floats
    diverges_at: int

    @property
    def end(self) -> float:
        """The median at the end."""
        return float(self.quantiles[2, -1])


@dataclass(frozen=True)
class FanData:
    """Fans over `time` (T,) in matplotlib days; the baseline first, if it is shown."""

    time: Floats
    fans: tuple[Fan, ...]
    mode: str
    decimals: int
    marks: tuple[Mark, ...]
    title: str
    source: str
    notes: tuple[str, ...]
    labels: Labels = NEUTRAL


def plot_fan(
    study: Study, of: str = "share", mode: str = "otc", policies: Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Share of a mode (or `outside`) over time: medians, and bands that hold half and nine tenths of replications.

    With the name of a measure instead of "share": how it is spread over the replications of each policy. Of more
    than twelve policies, the baseline and those that end farthest from it are drawn.
    """
    ax = ax or notebook_axes()
    if of == "share":
        return draw_fan(ax, gather_fan(study, mode, policies))
    return draw_spread(ax, gather_spread(study, of, policies))


def gather_fan(study: Study, mode: str = "otc", policies: Sequence[str] | None = None) -> FanData:
    """Shares of a mode, or `outside`, under the policies named (default: all).

    Raises KeyError for a mode or policy that is not there, ValueError if the study kept no paths.
    """
    labels = named_policies(study, policies)
    names = sorted(labels, key=lambda policy: policy != BASELINE)
    paths = {policy: _complete(study.path(mode, policy)) for policy in names}
    completed = [policy for policy in names if len(paths[policy])]
    chosen = _farthest(completed, paths)
    fans = tuple(_fan(labels[policy], paths[policy], paths[chosen[0]]) for policy in chosen)
    decimals = decimals_for([100 * float(np.ptp(fan.quantiles[[1, 3], -1])) / 2 for fan in fans])
    notes = [f"Lines: medians of {replication_words(study)}. {_band_words(len(fans))}".rstrip()]
    if len(fans) > 1:
        notes[0] += f" Others are drawn from where they part from {policy_words(labels[chosen[0]])}."
    if len(completed) > len(chosen):
        first = policy_words(labels[chosen[0]])
        notes.append(f"{len(completed) - len(chosen)} policies that end nearer to {first} are not shown.")
    notes += [f"No replication of {cut(labels[p])} was completed." for p in names if p not in completed]
    marks, time = planned_marks(study.scenario, BASELINE), days_of(study.scenario, study.day)
    sentence, source = finding(mode, fans, decimals, study.scenario.labels), study_source(study, shares=True)
    told = (*notes, *study_notes(study))
    return FanData(time, fans, mode, decimals, marks, sentence, source, told, study.scenario.labels)


def _band_words(count: int) -> str:
    """What the bands hold, where so many policies leave room for them."""
    if count <= _MAX_OUTER:
        return "Bands hold half and nine tenths of them."
    return "Bands hold half of them." if count <= _MAX_INNER else ""


def finding(mode: str, fans: Sequence[Fan], decimals: int, labels: Labels = NEUTRAL) -> str:
    """Between what the policies ended, by their medians."""
    quantity = share_of(mode, labels)
    name = capital(quantity.name)
    ends = {fan.policy: quantity.factor * fan.end for fan in fans}
    if not ends:
        return f"{name}: no replication was completed"
    words = {policy: f"{quantity.level(end, decimals)} under {policy_words(policy)}" for policy, end in ends.items()}
    low, high = min(ends, key=lambda policy: ends[policy]), max(ends, key=lambda policy: ends[policy])
    if len(ends) == 1:
        return f"{name} ends at {words[low]}"
    if round(ends[low], decimals) == round(ends[high], decimals):
        return f"{name} ends at {quantity.level(ends[low], decimals)} under every policy"
    sentence = f"{name} ends between {words[low]} and {words[high]}"
    return f"{sentence}; {words[BASELINE]}" if BASELINE in ends and BASELINE not in (low, high) else sentence


def _complete(path: Floats) -> Floats:
    return path[~np.isnan(path).any(axis=1)]


def _farthest(policies: Sequence[str], paths: dict[str, Floats]) -> list[str]:
    """The first policy and, of the others in their order, those that end farthest from it."""
    ends = [float(np.median(paths[policy][:, -1])) for policy in policies]
    order = sorted(range(1, len(policies)), key=lambda i: -abs(ends[i] - ends[0]))
    return [policies[i] for i in sorted([0, *order[: _MAX_POLICIES - 1]][: len(policies)])]


def _fan(policy: str, path: Floats, first: Floats) -> Fan:
    n = min(len(path), len(first))
    apart = np.flatnonzero((path[:n] != first[:n]).any(axis=0))
    diverges_at = max(int(apart[0]) - 1, 0) if len(apart) and path is not first else 0
    return Fan(policy, np.quantile(path, QUANTILES, axis=0), diverges_at)


def draw_fan(ax: Axes, data: FanData) -> Axes:
    """Draw the bands where they can be told apart, the medians, and the interventions of the baseline."""
    count = len(data.fans)
    for fan, (colour, dash) in zip(data.fans, line_styles(count), strict=False):
        time, levels = data.time[fan.diverges_at :], fan.quantiles[:, fan.diverges_at :]
        if count <= _MAX_OUTER:
            ax.fill_between(time, levels[0], levels[4], color=colour, alpha=0.13, linewidth=0, zorder=1)
        if count <= _MAX_INNER:
            ax.fill_between(time, levels[1], levels[3], color=colour, alpha=0.25, linewidth=0, zorder=2)
        ax.plot(time, levels[2], dash, color=colour, linewidth=1.6, zorder=3)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(percent_format())
    ax.set_ylabel(f"{share_of(data.mode, data.labels).name} (of focal volume)")
    plain_axes(ax)
    date_axis(ax, data.time[0], data.time[-1])
    _label_ends(ax, data)
    above = draw_faint_marks(ax, data.marks)
    caption(ax, data.notes, TICKS_HEIGHT + 8)
    title(ax, data.title, data.source, above)
    return ax


def _label_ends(ax: Axes, data: FanData) -> None:
    quantity = share_of(data.mode, data.labels)
    names = [f"{fan.policy} {quantity.level(quantity.factor * fan.end, data.decimals)}" for fan in data.fans]
    fitted = [fit(name, bold=True, width=_NAME_WIDTH) for name in names]
    reserve(ax, left=54, right=max((width for *_, width in fitted), default=0.0) + 30)
    ends, colours = [fan.end for fan in data.fans], [colour for colour, _ in line_styles(len(data.fans))]
    name_ends(ax, fitted, ends, colours, 16, led=True)
