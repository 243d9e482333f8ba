"""Where trade goes in two runs, one over the other: shares by mode, or of one mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot.labelled_rows import caption, name_ends
from sim.plot.labels import fit
from sim.plot.marks import Mark, draw_faint_marks, gather_marks
from sim.plot.page import TICKS_HEIGHT, date_axis, notebook_axes, percent_format, plain_axes, reserve, title, y_label
from sim.plot.plotted_dates import date_words
from sim.plot.plotted_quantity import share_of
from sim.plot.run_series import days
from sim.plot.style import FAINT, MODE_COLOURS, MODE_INKS, MODES_AND_OUTSIDE, Floats, capital, line_styles, percent
from sim.plot.wording import cut, policy_labels, run_source
from sim.results.frames import mode_shares
from sim.results.run import Run
from sim.scenario.trade_labels import NEUTRAL, Labels
from sim.suggest import check_known

_NAME_WIDTH = 230.0
"""Most room for a name at the right end, in points."""
_MOVED = 0.005
"""Shares nearer to each other than this are the same to a reader."""
_SAME = 0.0005
"""Histories that are nearly as far apart as they ever are have got there."""


@dataclass(frozen=True)
class OverlaidLine:
    """The share (T,) of a mode in a run, over `time` (T,) in matplotlib days, from where it is another history."""

    run: str
    mode: str
    time: Floats
    share: Floats
    colour: str
    dash: str

    @property
    def end(self) -> float:
        """The share at the end."""
        return float(self.share[-1])


@dataclass(frozen=True)
class OverlayData:
    """Lines in the order in which they are drawn. `mode` is that of all of them, None if there are several."""

    lines: tuple[OverlaidLine, ...]
    mode: str | None
    start: float
    end: float
    marks: tuple[Mark, ...]
    title: str
    source: str
    notes: tuple[str, ...]
    labels: Labels = NEUTRAL


def plot_overlay(run: Run, other: Run, mode: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Shares in this run and in another one, by mode or of one `mode` (or `outside`), with this run's interventions."""
    return draw_overlay(ax or notebook_axes(), gather_overlay(run, other, mode))


def gather_overlay(run: Run, other: Run, mode: str | None = None) -> OverlayData:
    """Shares of both runs; the other one dashed. Raises KeyError for a mode that is not there."""
    names = run_names([run, other])
    modes = checked_modes(mode)
    if mode is None:
        styles = {(name, each): (MODE_COLOURS[each] if each != "outside" else FAINT, dash)
                  for name, dash in zip(names, ("-", "--"), strict=True) for each in modes}  # fmt: skip
    else:
        styles = {(name, mode): style for name, style in zip(names, line_styles(2), strict=True)}
    runs = dict(zip(names, (run, other), strict=True))
    lines = tuple(share_line(name, each, runs[name], *styles[name, each]) for each in modes for name in names)
    time, labels = np.concatenate([days(run), days(other)]), run.scenario.labels
    start, end = float(time.min()), float(time.max())
    notes = (f"{capital(names[0])} against {names[1]}" + (" (dashed)." if mode is None else "."),)
    sentence = finding(lines, names, labels)
    return OverlayData(lines, mode, start, end, gather_marks(run), sentence, sources(runs), notes, labels)


def checked_modes(mode: str | None) -> tuple[str, ...]:
    """The mode, or all. Raises KeyError for one that is not there."""
    if mode is None:
        return MODES_AND_OUTSIDE
    check_known(mode, MODES_AND_OUTSIDE, "mode", error=KeyError)
    return (mode,)


def share_line(name: str, mode: str, run: Run, colour: str, dash: str, since: float = 0.0) -> OverlaidLine:
    """The share of a mode in a run, from the last record before a matplotlib day on."""
    time = days(run)
    first = max(int(np.searchsorted(time, since)) - 1, 0)
    share = mode_shares(run)[MODES_AND_OUTSIDE.index(mode)]
    return OverlaidLine(name, mode, time[first:], share[first:], colour, dash)


def run_names(runs: Sequence[Run]) -> list[str]:
    """What tells the runs apart: scenario, policy, seed, replication, or else their number."""
    facts = [
        (
            run.scenario.name,
            f"policy {cut(policy_labels(run.scenario, [run.policy])[run.policy])}",
            f"seed {run.seed}",
            f"replication {run.replication}",
        )
        for run in runs
    ]
    differing = [i for i in range(4) if len({fact[i] for fact in facts}) > 1]
    names = [", ".join(fact[i] for i in differing) for fact in facts]
    return names if len(set(names)) == len(names) else [f"run {number}" for number in range(1, len(runs) + 1)]


def sources(runs: Mapping[str, Run]) -> str:
    """Which histories are shown: what the runs have in common is said once."""
    words = list(dict.fromkeys(run_source(run) for run in runs.values()))
    return f"{'; '.join(words)}; shares at the demand of the first day"


def finding(lines: Iterable[OverlaidLine], names: Sequence[str], labels: Labels = NEUTRAL) -> str:
    """When and in which mode the runs are farthest apart."""
    by_mode: dict[str, list[OverlaidLine]] = {}
    for line in lines:
        by_mode.setdefault(line.mode, []).append(line)
    apart = {mode: _apart(*pair) for mode, pair in by_mode.items()}
    mode = max(apart, key=lambda mode: float(np.nanmax(apart[mode])))
    first, second = by_mode[mode]
    most = float(np.nanmax(apart[mode]))
    if most < _MOVED:
        return "Both histories have the same shares throughout"
    at = int(np.argmax(apart[mode] > most - _SAME))
    day, there = first.time[at], float(np.interp(first.time[at], second.time, second.share))
    name, here = capital(share_of(mode, labels).name), percent(float(first.share[at]))
    return f"{name} is farthest apart on {date_words(day)}: {here} with {names[0]}, {percent(there)} with {names[1]}"


def _apart(first: OverlaidLine, second: OverlaidLine) -> Floats:
    """How far apart two lines are at the times of the first; NaN where the second has ended."""
    other = np.interp(first.time, second.time, second.share, left=np.nan, right=np.nan)
    return np.asarray(np.abs(first.share - other))


def draw_overlay(ax: Axes, data: OverlayData) -> Axes:
    """Draw the lines with names at their ends."""
    for line in data.lines:
        ax.plot(line.time, line.share, line.dash, color=line.colour, linewidth=1.6, zorder=3)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(percent_format())
    y_label(ax, f"{share_of(data.mode, data.labels).name if data.mode else 'share'} (of focal volume)")
    plain_axes(ax)
    date_axis(ax, data.start, data.end)
    names = [fit(f"{_label(line, data)} {percent(line.end)}", bold=True, width=_NAME_WIDTH) for line in data.lines]
    reserve(ax, left=54, right=max((width for *_, width in names), default=0.0) + 30)
    above = draw_faint_marks(ax, data.marks)
    caption(ax, data.notes, TICKS_HEIGHT + 8)
    title(ax, data.title, data.source, above)
    inks = [MODE_INKS[line.mode] if data.mode is None else line.colour for line in data.lines]
    name_ends(ax, names, [line.end for line in data.lines], inks, 16, led=True)
    return ax


def _label(line: OverlaidLine, data: OverlayData) -> str:
    return line.run if data.mode else f"{share_of(line.mode, data.labels).name.removesuffix(' share')}, {line.run}"
