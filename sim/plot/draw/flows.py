"""Draws flows as bands between two columns."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.path import Path

from sim.plot.draw.layout import line_points, plain, reserve, size_points, title, write
from sim.plot.draw.places import spread, text_width, wrap
from sim.plot.gather.flows import Flows
from sim.plot.style import COLOURS, FAINT, NORMAL, SMALL, TEXT, Floats, capital, date_words, percent

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
