"""When the rules of adaptive policies fired, and in how many replications."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import close_rows, lay_rows
from sim.plot.labels import fit
from sim.plot.page import TICKS_HEIGHT, date_axis, notebook_axes, reserve, write
from sim.plot.plotted_dates import date_words, day_number, days_of
from sim.plot.style import FAINT, INK, LINE_COLOURS, Floats, listed, percent
from sim.plot.wording import cut, intervention_label, policy_labels, replication_words, study_notes, study_source
from sim.study.study import Study

_BARS = 60
"""Bars that would fill the whole scenario."""
_ROW_HEIGHT = 34.0
"""In points."""
_MAX_BAR_HEIGHT = 0.6
"""Height of the tallest bar, in rows."""


@dataclass(frozen=True)
class Rung:
    """One step of a rule's ladder: `days` (fired,) on which it came, in matplotlib days, in `n` replications.

    `bars` (k, 2): dates, and the share of replications in which it came about then; the shares add up to `share`.
    """

    policy: str
    rule: str
    step: int
    words: str
    days: Floats
    bars: Floats
    n: int

    @property
    def share(self) -> float:
        """Share of replications in which it came."""
        return len(self.days) / self.n if self.n else 0.0

    @property
    def median(self) -> float:
        """Median day of the replications in which it came."""
        return float(np.median(self.days)) if len(self.days) else np.nan


@dataclass(frozen=True)
class PathwaysData:
    """All rungs by policy, rule and step; the axis goes from `start` to `end` in matplotlib days.

    A bar takes together what came within `width` days; `tallest` is its largest share.
    """

    rungs: tuple[Rung, ...]
    start: float
    end: float
    width: float
    tallest: float
    title: str
    source: str
    notes: tuple[str, ...]


def plot_pathways(study: Study, *, ax: Axes | None = None) -> Axes:
    """When the steps of adaptive rules came, and in what share of replications.

    Raises ValueError if no policy has rules.
    """
    return draw_pathways(ax or notebook_axes(), gather_pathways(study))


def gather_pathways(study: Study) -> PathwaysData:
    """Days of firing of all rules of all policies. Raises ValueError if no policy has a rule."""
    start, end = day_number(study.scenario.start), day_number(study.scenario.end)
    width = (end - start) / _BARS
    labels = policy_labels(study.scenario, study.policies)
    rungs = tuple(rung for policy in study.policies for rung in _rungs(study, policy, labels[policy], width))
    if not rungs:
        raise ValueError("no policy of this study has adaptive rules")
    days = np.concatenate([rung.days for rung in rungs])
    first = max(start, float(days.min()) - 0.08 * (end - float(days.min()))) if len(days) else start
    tallest = max((float(rung.bars[:, 1].max()) for rung in rungs if len(rung.bars)), default=0.0)
    notes = (
        f"Height: share of {replication_words(study)} in which the step came about that date, {percent(tallest)} at "
        "the most. Triangles: medians. Medians and the dates between which nine tenths lie are of those in which it "
        "came.",
        *study_notes(study),
    )
    return PathwaysData(rungs, first, end, width, tallest, finding(rungs), study_source(study), notes)


def _rungs(study: Study, policy: str, called: str, width: float) -> Iterator[Rung]:
    """The steps that the rules of a policy have; arrays of several rules are as wide as the longest ladder."""
    results, rules = study.results[policy], {rule.id: rule for rule in study.scenario.policies[policy].rules}
    done = ~np.isnan(results.measures).all(axis=1)
    for a, name in enumerate(results.rules):
        for step, items in enumerate(rules[name].steps):
            days = results.fired[done, a, step]
            days = days_of(study.scenario, days[~np.isnan(days)])
            words = listed([intervention_label(item) for item in items]) if items else "nothing"
            yield Rung(called, name, step, words, days, _bars(days, width, int(done.sum())), int(done.sum()))


def _bars(days: Floats, width: float, n: int) -> Floats:
    """Dates in groups no wider than so many days, each at its mean, with its share of n, (k, 2)."""
    group = np.floor((days - days.min(initial=np.inf)) / width)
    groups = [days[group == number] for number in np.unique(group)]
    return np.array([(members.mean(), len(members) / n) for members in groups]).reshape(-1, 2)


def finding(rungs: tuple[Rung, ...]) -> str:
    """How often the first steps came, and how far the ladders were climbed."""
    first = [rung for rung in rungs if rung.step == 0]
    if not any(len(rung.days) for rung in rungs):
        return "No rule fired in any replication"
    if all(rung.share == 1 for rung in rungs):
        day = date_words(np.max(max(rungs, key=lambda rung: rung.median).days))
        return f"Every rule went to the top of its ladder in all replications, the last by {day}"
    several = len({rung.policy for rung in rungs}) > 1
    words = [_ladder_words(rung, rungs, f" ({cut(rung.policy)})" if several else "") for rung in first[:2]]
    return "; ".join(words) + (f"; and {len(first) - 2} more" if len(first) > 2 else "")


def _ladder_words(first: Rung, rungs: tuple[Rung, ...], whose: str) -> str:
    top = [rung for rung in rungs if (rung.policy, rung.rule) == (first.policy, first.rule)][-1]
    words = f"{first.rule}{whose} fired in {percent(first.share)} of replications"
    return words if top is first else f"{words}, to its last step in {percent(top.share)}"


def draw_pathways(ax: Axes, data: PathwaysData) -> Axes:
    """Draw a row per step, its bars as high as the share of replications, with shares and dates at the right."""
    columns = {
        "came in": [percent(rung.share) for rung in data.rungs],
        "median (nine tenths)": [_date_words(rung) for rung in data.rungs],
    }
    lay_rows(ax, [_step_words(rung) for rung in data.rungs], columns)
    date_axis(ax, data.start, data.end)
    rules = list(dict.fromkeys((rung.policy, rung.rule) for rung in data.rungs))
    colours = dict(zip(rules, LINE_COLOURS * len(rules), strict=False))
    _name_rules(ax, data, colours)
    for i, rung in enumerate(data.rungs):
        _draw_row(ax, i, rung, data, colours[rung.policy, rung.rule])
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * len(data.rungs), below=TICKS_HEIGHT + 8)
    return ax


def _name_rules(ax: Axes, data: PathwaysData, colours: dict[tuple[str, str], str]) -> None:
    """The rule above its first step, with the policy if there are several."""
    several = len({policy for policy, _ in colours}) > 1
    names = {key: fit(f"{key[1]} ({key[0]})" if several else key[1], bold=True) for key in colours}
    steps = max(fit(_step_words(rung))[2] for rung in data.rungs)
    reserve(ax, left=max(steps, *(width for *_, width in names.values())) + 16)
    style: dict[str, Any] = {"within": ax.get_yaxis_transform(), "bold": True, "ha": "right"}
    for i, rung in enumerate(data.rungs):
        if rung.step == 0:
            key = rung.policy, rung.rule
            name, size, _ = names[key]
            write(ax, name, (0, i + 0.14), (-8, 0), size=size, colour=colours[key], **style)
            ax.axhline(i, color=FAINT, linewidth=0.5, zorder=0)


def _draw_row(ax: Axes, i: int, rung: Rung, data: PathwaysData, colour: str) -> None:
    """Bars, the tallest of all rows as high as its row allows, and the median."""
    base = i + 0.8
    ax.axhline(base, color=FAINT, linewidth=0.4, alpha=0.6, zorder=0)
    if not len(rung.days):
        return
    heights = -_MAX_BAR_HEIGHT * rung.bars[:, 1] / data.tallest
    ax.bar(rung.bars[:, 0], heights, 0.8 * data.width, bottom=base, color=colour, linewidth=0, zorder=2)
    ax.plot([rung.median], [base + 0.08], "^", color=INK, markersize=3.5, zorder=3)


def _step_words(rung: Rung) -> str:
    return f"{rung.step + 1}  {rung.words}"


def _date_words(rung: Rung) -> str:
    if not len(rung.days):
        return ""
    low, high = (date_words(float(day)) for day in np.quantile(rung.days, (0.05, 0.95), method="nearest"))
    median = date_words(rung.median)
    return median if low == high else f"{median} ({low} to {high})"
