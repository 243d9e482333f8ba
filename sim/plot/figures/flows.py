"""Where the volume went: from modes and hosts at one date to those at another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.path import Path

from sim.plot.labels import spread, text_width, wrap
from sim.plot.page import line_points, plain, reserve, size_points, title, write
from sim.plot.run_series import days, focal_total, host_names, mode_shares
from sim.plot.style import (
    COLOURS,
    FAINT,
    NAMES,
    NORMAL,
    SMALL,
    TEXT,
    Floats,
    capital,
    date_words,
    day_numbers,
    listed,
    percent,
)

if TYPE_CHECKING:
    from sim.results.run import Run


SMALLEST = 0.01
"""Hosts that have less than this on both dates are drawn together."""


@dataclass(frozen=True)
class Place:
    """A mode, or offshore at one host."""

    mode: str
    host: str = ""

    @property
    def name(self) -> str:
        """What it is called beside its share."""
        return f"{NAMES[self.mode]}, {self.host}" if self.host else NAMES[self.mode]


@dataclass(frozen=True)
class Flows:
    """Shares of focal volume: `before` (P,), `after` (P,), and `moved` (P, P) from row to column."""

    places: tuple[Place, ...]
    before: Floats
    after: Floats
    moved: Floats
    start: float
    end: float
    title: str


def gather_flows(run: Run, start: str | date | None = None, end: str | date | None = None) -> Flows:
    """Flows between two dates (default: first and last of the record), read at the record before or on each.

    Raises ValueError if a date lies outside the run or the dates are not in order.
    """
    time = days(run)
    first, last = _index(time, start, 0), _index(time, end, len(time) - 1)
    if first >= last:
        ends = f"end on {date_words(time[last])}, not after they start on {date_words(time[first])}"
        raise ValueError(f"the flows {ends}")
    places, share = _places(run, [first, last])
    before, after = share[:, 0], share[:, 1]
    moved = reallocate(before, after)
    return Flows(places, before, after, moved, time[first], time[last], finding(places, before, after, moved))


def _index(time: Floats, when: str | date | None, default: int) -> int:
    if when is None:
        return default
    day = float(day_numbers(np.array([when], dtype="datetime64[s]"))[0])
    if not time[0] <= day <= time[-1]:
        raise ValueError(f"{when} is not in the run, {date_words(time[0])} to {date_words(time[-1])}")
    return int(np.searchsorted(time, day, side="right")) - 1


def _places(run: Run, at: list[int]) -> tuple[tuple[Place, ...], Floats]:
    """Places and their shares (P, 2): domestic, otc, offshore by host in order of size, outside."""
    domestic, otc, _, outside = mode_shares(run)[:, at]
    volume = run.data["focal_volume"].sel(mode="offshore").transpose("time", "exchange").values[at]
    host = run.data["host"].transpose("time", "exchange").values[at]
    names = [*host_names(run), "host unknown"]
    by_host = np.zeros((len(names), len(at)))
    for t in range(len(at)):
        np.add.at(by_host[:, t], host[t], volume[t])
    by_host /= focal_total(run)[at]
    large = [int(h) for h in np.argsort(-by_host.max(axis=1), kind="stable") if by_host[h].max() >= SMALLEST]
    rest = np.delete(by_host, large, axis=0).sum(axis=0)
    rows = [(Place("domestic"), domestic), (Place("otc"), otc)]
    rows += [(Place("offshore", names[h]), by_host[h]) for h in large]
    if rest.max() > 0:
        rows.append((Place("offshore", "other hosts" if large else ""), rest))
    rows.append((Place("outside"), outside))
    return tuple(place for place, _ in rows), np.array([share for _, share in rows])


def reallocate(before: Floats, after: Floats) -> Floats:
    """The least reallocation that leads from one split to another, shape (P, P), by proportional attribution.

    What a place has on both dates stays: min(before, after). Each net loss is spread over the net gains in
    proportion to them. Rows sum to `before` and columns to `after` if both have the same sum.
    """
    kept = np.minimum(before, after)
    lost, gained = before - kept, after - kept
    total = float(gained.sum())
    return np.diag(kept) + (np.outer(lost, gained) / total if total > 0 else 0.0)


def finding(places: tuple[Place, ...], before: Floats, after: Floats, moved: Floats) -> str:
    """Which place lost most and where that went, in a sentence."""
    loser = int(np.argmax(before - after))
    lost = float(before[loser] - after[loser])
    if lost < 0.005:
        return "Hardly any volume moved between modes and hosts"
    parts = moved[loser] / lost
    gains = [int(p) for p in np.argsort(-parts, kind="stable") if p != loser and parts[p] >= 0.01][:3]
    words = listed([f"{percent(parts[p])} {_went(places[p])}" for p in gains])
    return f"Of the {percent(lost)} of focal volume that {_left(places[loser])}, {words}"


def _left(place: Place) -> str:
    if place.mode == "outside":
        return "began to trade"
    return f"left {_market(place)}"


def _went(place: Place) -> str:
    if place.mode == "outside":
        return "stopped trading"
    return f"went {'' if place.mode == 'offshore' else 'to '}{_market(place)}"


def _market(place: Place) -> str:
    if place.host:
        return f"{NAMES[place.mode]} ({place.host})"
    return "the domestic market" if place.mode == "domestic" else NAMES[place.mode]


CAPTION = (
    "The least volume that must have moved: what a place kept stays there, net losses go to net gains in "
    "proportion to them. The record does not follow single traders."
)
NODE = 0.02
"""Width of a column, as part of the Axes."""
GAP = 10.0
"""Room between the places of a column, in points."""


def draw_flows(ax: Axes, data: Flows) -> Axes:
    """Draw both columns and the bands between them, with the share of each place beside it."""
    plain(ax)
    ax.spines[:].set_visible(False)
    ax.set(xticks=[], yticks=[], xlim=(0, 1))
    names = [_names(data, data.before), _names(data, data.after)]
    left, right = (20 + max(text_width(words, NORMAL, "bold") for words in side) for side in names)
    reserve(ax, left=left, right=right)
    caption = wrap(CAPTION, line_points(ax), SMALL)
    reserve(ax, bottom=16 + 10 * len(caption))
    title(ax, data.title, 16)
    gap = GAP / size_points(ax)[1]
    tops = [_tops(data.before, gap), _tops(data.after, gap)]
    low = min(float((top - share).min()) for top, share in zip(tops, (data.before, data.after), strict=True))
    ax.set_ylim(low, 0)
    _draw_bands(ax, data, *tops)
    _draw_column(ax, data, False, tops[0], names[0])
    _draw_column(ax, data, True, tops[1], names[1])
    write(ax, "\n".join(caption), (0, 0), (0, -10), size=SMALL, colour=FAINT, va="top")
    return ax


def _names(data: Flows, share: Floats) -> list[str]:
    parts = zip(data.places, share.tolist(), strict=True)
    return [f"{capital(place.name)} {percent(part)}" if part > 0 else "" for place, part in parts]


def _tops(share: Floats, gap: float) -> Floats:
    """Upper ends of the stacked places, from 0 downwards, with a gap after every place that has a share."""
    sizes = share + np.where(share > 0, gap, 0.0)
    return np.asarray(-np.concatenate([[0.0], np.cumsum(sizes)[:-1]]))


def _draw_column(ax: Axes, data: Flows, last: bool, top: Floats, names: list[str]) -> None:
    """Draw the places of one date, with the date above and the names outside."""
    x, inner, share, when = (1, 1 - NODE, data.after, data.end) if last else (0, NODE, data.before, data.start)
    side, align = (1, "left") if last else (-1, "right")
    shown = [p for p in range(len(share)) if share[p] > 0]
    ends = [(top[p], top[p] - share[p]) for p in shown]
    boxes = [((x, high), (inner, high), (inner, foot), (x, foot)) for high, foot in ends]
    colours = [COLOURS[data.places[p].mode] for p in shown]
    ax.add_collection(PolyCollection(boxes, facecolors=colours, zorder=2), autolim=False)
    low, height = ax.get_ylim()[0], size_points(ax)[1]
    middles = [(high + foot) / 2 for high, foot in ends]
    places = spread(middles, 11 / height * -low, low, 0.0)
    for p, middle, place in zip(shown, middles, places, strict=True):
        shift = (8 * side, (place - middle) / -low * height)
        colour = TEXT[data.places[p].mode]
        write(ax, names[p], (x, middle), shift, within="data", colour=colour, bold=True, ha=align)
    write(ax, date_words(when), (x, 1), (0, 9), bold=True, ha="right" if last else "left")


def _draw_bands(ax: Axes, data: Flows, left: Floats, right: Floats) -> None:
    """Bands in the colour of where they come from; they leave and arrive in the order of the places."""
    paths, colours = [], []
    start, arrive = left.copy(), right.copy()
    for p in range(len(data.places)):
        for q in range(len(data.places)):
            size = data.moved[p, q]
            if size > 1e-4:
                paths.append(_band(start[p], arrive[q], size))
                colours.append(COLOURS[data.places[p].mode])
            start[p] -= size
            arrive[q] -= size
    bands = PathCollection(paths, facecolors=colours, edgecolors="none", alpha=0.45, zorder=1)
    ax.add_collection(bands, autolim=False)


def _band(left: float, right: float, size: float) -> Path:
    """A band of this height whose upper edge runs from `left` to `right` as a cubic curve."""
    upper = [(NODE, left), (0.5, left), (0.5, right), (1 - NODE, right)]
    points = [*upper, *((x, y - size) for x, y in reversed(upper)), upper[0]]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(points, codes)
