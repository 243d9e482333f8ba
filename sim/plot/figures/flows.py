"""Where the volume went: from modes and hosts at one date to those at another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.path import Path

from sim.plot.labels import push_apart, text_width, wrap
from sim.plot.page import line_points, notebook_axes, plain_axes, reserve, size_points, title, write
from sim.plot.plotted_dates import date_words, day_numbers
from sim.plot.run_series import days, host_names
from sim.plot.style import FAINT, MODE_COLOURS, MODE_INKS, NORMAL, SMALL, Floats, capital, listed, percent
from sim.plot.wording import run_source
from sim.results.frames import mode_shares, venue_shares
from sim.results.run import Run
from sim.scenario.trade_labels import NEUTRAL, Labels
from sim.world.codes import OFFSHORE

_SMALLEST = 0.01
"""Hosts that have less than this on both dates are drawn together."""
_CAPTION = (
    "The least volume that must have moved: what a place kept stays there, net losses go to net gains in "
    "proportion to them. The record does not follow single traders."
)
_NODE_WIDTH = 0.02
"""Width of a column, as part of the Axes."""
_NODE_GAP = 10.0
"""Room between the nodes of a column, in points."""


@dataclass(frozen=True)
class FlowNode:
    """A mode, or offshore at one host."""

    mode: str
    host: str = ""
    labels: Labels = NEUTRAL

    @property
    def name(self) -> str:
        """What it is called beside its share."""
        return f"{self.labels.mode(self.mode)}, {self.host}" if self.host else self.labels.mode(self.mode)


@dataclass(frozen=True)
class FlowsData:
    """Shares of focal volume: `before` (N,), `after` (N,), and `moved` (N, N) from row to column."""

    nodes: tuple[FlowNode, ...]
    before: Floats
    after: Floats
    moved: Floats
    start: float
    end: float
    title: str
    source: str


def plot_flows(
    run: Run, start: str | date | None = None, end: str | date | None = None, *, ax: Axes | None = None
) -> Axes:
    """Where focal volume was on two dates, and the least that must have moved between."""
    return draw_flows(ax or notebook_axes(), gather_flows(run, start, end))


def gather_flows(run: Run, start: str | date | None = None, end: str | date | None = None) -> FlowsData:
    """Flows between two dates (default: first and last of the record), read at the record before or on each.

    Raises ValueError if a date lies outside the run or the dates are not in order.
    """
    time = days(run)
    first, last = _index(time, start, 0), _index(time, end, len(time) - 1)
    if first >= last:
        ends = f"end on {date_words(time[last])}, not after they start on {date_words(time[first])}"
        raise ValueError(f"the flows {ends}")
    nodes, share = _nodes(run, [first, last])
    before, after = share[:, 0], share[:, 1]
    moved = reallocate(before, after)
    sentence = finding(nodes, before, after, moved)
    return FlowsData(nodes, before, after, moved, time[first], time[last], sentence, run_source(run, shares=True))


def _index(time: Floats, when: str | date | None, default: int) -> int:
    if when is None:
        return default
    day = float(day_numbers(np.array([when], dtype="datetime64[s]"))[0])
    if not time[0] <= day <= time[-1]:
        raise ValueError(f"{when} is not in the run, {date_words(time[0])} to {date_words(time[-1])}")
    return int(np.searchsorted(time, day, side="right")) - 1


def _nodes(run: Run, instants: list[int]) -> tuple[tuple[FlowNode, ...], Floats]:
    """Nodes and their shares (N, 2): domestic, otc, offshore by host in order of size, outside."""
    domestic, otc, _, outside = mode_shares(run)[:, instants]
    abroad = venue_shares(run)[instants, :, OFFSHORE]
    host = run.data["host"].transpose("time", "exchange").values[instants]
    names = [*host_names(run), "host unknown"]
    by_host = np.zeros((len(names), len(instants)))
    for t in range(len(instants)):
        np.add.at(by_host[:, t], host[t], abroad[t])
    large = [int(h) for h in np.argsort(-by_host.max(axis=1), kind="stable") if by_host[h].max() >= _SMALLEST]
    rest = np.delete(by_host, large, axis=0).sum(axis=0)
    node = partial(FlowNode, labels=run.scenario.labels)
    rows = [(node("domestic"), domestic), (node("otc"), otc)]
    rows += [(node("offshore", names[h]), by_host[h]) for h in large]
    if rest.max() > 0:
        rows.append((node("offshore", "other hosts" if large else ""), rest))
    rows.append((node("outside"), outside))
    return tuple(node for node, _ in rows), np.array([share for _, share in rows])


def reallocate(before: Floats, after: Floats) -> Floats:
    """The least reallocation that leads from one split to another, shape (N, N), by proportional attribution.

    What a node has on both dates stays: min(before, after). Each net loss is spread over the net gains in
    proportion to them. Rows sum to `before` and columns to `after` if both have the same sum.
    """
    stayed = np.minimum(before, after)
    losses, gains = before - stayed, after - stayed
    total = float(gains.sum())
    return np.diag(stayed) + (np.outer(losses, gains) / total if total > 0 else 0.0)


def finding(nodes: tuple[FlowNode, ...], before: Floats, after: Floats, moved: Floats) -> str:
    """Which node lost most and where that went, in a sentence."""
    loser = int(np.argmax(before - after))
    loss = float(before[loser] - after[loser])
    if loss < 0.005:
        return "Hardly any volume moved between modes and hosts"
    parts = moved[loser] / loss
    gainers = [int(n) for n in np.argsort(-parts, kind="stable") if n != loser and parts[n] >= 0.01][:3]
    words = listed([f"{percent(parts[n])} {_gain_words(nodes[n])}" for n in gainers])
    return f"Of the {percent(loss)} of focal volume that {_loss_words(nodes[loser])}, {words}"


def _loss_words(node: FlowNode) -> str:
    if node.mode == "outside":
        return "began to trade"
    return f"left {_market_words(node)}"


def _gain_words(node: FlowNode) -> str:
    if node.mode == "outside":
        return "stopped trading"
    return f"went {'' if node.mode == 'offshore' else 'to '}{_market_words(node)}"


def _market_words(node: FlowNode) -> str:
    if node.host:
        return f"{node.labels.mode(node.mode)} ({node.host})"
    words = node.labels.mode(node.mode)
    return f"the {words} market" if node.mode == "domestic" else words


def draw_flows(ax: Axes, data: FlowsData) -> Axes:
    """Draw both columns and the bands between them, with the share of each node beside it."""
    plain_axes(ax)
    ax.spines[:].set_visible(False)
    ax.set(xticks=[], yticks=[], xlim=(0, 1))
    names = [_names(data, data.before), _names(data, data.after)]
    left, right = (20 + max(text_width(words, NORMAL, "bold") for words in side) for side in names)
    reserve(ax, left=left, right=right)
    caption = wrap(_CAPTION, line_points(ax), SMALL)
    reserve(ax, bottom=16 + 10 * len(caption))
    title(ax, data.title, data.source, 16)
    gap = _NODE_GAP / size_points(ax)[1]
    tops = [_tops(data.before, gap), _tops(data.after, gap)]
    low = min(float((top - share).min()) for top, share in zip(tops, (data.before, data.after), strict=True))
    ax.set_ylim(low, 0)
    _draw_bands(ax, data, *tops)
    _draw_column(ax, data, False, tops[0], names[0])
    _draw_column(ax, data, True, tops[1], names[1])
    write(ax, "\n".join(caption), (0, 0), (0, -10), size=SMALL, colour=FAINT, va="top")
    return ax


def _names(data: FlowsData, share: Floats) -> list[str]:
    parts = zip(data.nodes, share.tolist(), strict=True)
    return [f"{capital(node.name)} {percent(part)}" if part > 0 else "" for node, part in parts]


def _tops(share: Floats, gap: float) -> Floats:
    """Upper ends of the stacked nodes, from 0 downwards, with a gap after every node that has a share."""
    sizes = share + np.where(share > 0, gap, 0.0)
    return np.asarray(-np.concatenate([[0.0], np.cumsum(sizes)[:-1]]))


def _draw_column(ax: Axes, data: FlowsData, last: bool, top: Floats, names: list[str]) -> None:
    """Draw the nodes of one date, with the date above and the names outside."""
    share, day = (data.after, data.end) if last else (data.before, data.start)
    x, inner = (1, 1 - _NODE_WIDTH) if last else (0, _NODE_WIDTH)
    side, align = (1, "left") if last else (-1, "right")
    shown = [n for n in range(len(share)) if share[n] > 0]
    ends = [(top[n], top[n] - share[n]) for n in shown]
    boxes = [((x, high), (inner, high), (inner, foot), (x, foot)) for high, foot in ends]
    colours = [MODE_COLOURS[data.nodes[n].mode] for n in shown]
    ax.add_collection(PolyCollection(boxes, facecolors=colours, zorder=2), autolim=False)
    low, height = ax.get_ylim()[0], size_points(ax)[1]
    middles = [(high + foot) / 2 for high, foot in ends]
    heights = push_apart(middles, 11 / height * -low, low, 0.0)
    for n, middle, y in zip(shown, middles, heights, strict=True):
        shift = (8 * side, (y - middle) / -low * height)
        colour = MODE_INKS[data.nodes[n].mode]
        write(ax, names[n], (x, middle), shift, within="data", colour=colour, bold=True, ha=align)
    write(ax, date_words(day), (x, 1), (0, 9), bold=True, ha="right" if last else "left")


def _draw_bands(ax: Axes, data: FlowsData, left: Floats, right: Floats) -> None:
    """Bands in the colour of where they come from; they leave and arrive in the order of the nodes."""
    paths, colours = [], []
    start, arrive = left.copy(), right.copy()
    for p in range(len(data.nodes)):
        for q in range(len(data.nodes)):
            size = data.moved[p, q]
            if size > 1e-4:
                paths.append(_band(start[p], arrive[q], size))
                colours.append(MODE_COLOURS[data.nodes[p].mode])
            start[p] -= size
            arrive[q] -= size
    bands = PathCollection(paths, facecolors=colours, edgecolors="none", alpha=0.45, zorder=1)
    ax.add_collection(bands, autolim=False)


def _band(left: float, right: float, size: float) -> Path:
    """A band of this height whose upper edge runs from `left` to `right` as a cubic curve."""
    upper = [(_NODE_WIDTH, left), (0.5, left), (0.5, right), (1 - _NODE_WIDTH, right)]
    points = [*upper, *((x, y - size) for x, y in reversed(upper)), upper[0]]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(points, codes)
