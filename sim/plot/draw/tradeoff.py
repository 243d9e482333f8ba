"""Draws policies as points in the plane of two measures, with regions and the front of efficient ones."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.plot.draw.fan import looks
from sim.plot.draw.layout import plain, reserve, size_points, title, write
from sim.plot.draw.places import Box, free_place, text_width, tie
from sim.plot.draw.rows import AXIS, caption, fit, name_axis
from sim.plot.gather.tradeoff import Place, Tradeoff
from sim.plot.style import FAINT, Floats, percent

NAME = 210.0
"""Most room for a name, in points."""
NAMED = 14
"""Places that are named; of more, the efficient ones are."""


def draw_tradeoff(ax: Axes, data: Tradeoff) -> Axes:
    """Draw the regions, the points (open if beaten), the front, and names beside the points."""
    plain(ax)
    reserve(ax, left=62, right=24)
    several = len(data.places) <= NAMED
    styled = [
        (place, colour if several else FAINT)
        for place, (colour, _) in zip(data.places, looks(len(data.places)), strict=False)
    ]
    for place, colour in styled:
        ax.fill(*place.outline.T, facecolor=colour, alpha=0.18, edgecolor="none", zorder=1)
        fill = colour if place.efficient else "white"
        ax.plot([place.x], [place.y], "o", color=colour, markerfacecolor=fill, markersize=5.5, zorder=3)
    front = sorted((place.x, place.y) for place in data.places if place.efficient)
    if len(front) > 1:
        ax.plot(*np.array(front).T, color=FAINT, linewidth=0.9, linestyle="--", zorder=2)
    _limits(ax, data)
    for axis, what, more in ((ax.xaxis, data.x, data.larger[0]), (ax.yaxis, data.y, data.larger[1])):
        axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
        words = f"{what.axis(what.name)}, {'more' if more else 'less'} is better"
        name_axis(ax, words) if axis is ax.xaxis else ax.set_ylabel(words)
    caption(ax, data.notes, AXIS)
    title(ax, data.title)
    _name_places(ax, [(place, colour) for place, colour in styled if several or place.efficient])
    return ax


def _limits(ax: Axes, data: Tradeoff) -> None:
    """Room around all regions."""
    if not data.places:
        return
    every = np.concatenate([place.outline for place in data.places])
    low, high = every.min(axis=0), every.max(axis=0)
    room = np.where(high > low, 0.12 * (high - low), 1.0)
    ax.set_xlim(low[0] - room[0], high[0] + room[0])
    ax.set_ylim(low[1] - room[1], high[1] + room[1])


def _name_places(ax: Axes, styled: list[tuple[Place, str]]) -> None:
    """Names in free places, tied to their points; how often a policy is efficient if that is in doubt."""
    size = np.array(size_points(ax))
    points = [_points(ax, np.array([[place.x, place.y]])) * size for place, _ in styled]
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for ((x, y),) in (each.tolist() for each in points)]
    curves: list[Floats] = []
    for (place, colour), ((x, y),) in zip(styled, points, strict=True):
        name, font, wide = fit(place.policy, bold=True, width=NAME)
        words = name + _doubt(place)
        wide += text_width(_doubt(place), font, "bold")
        box = free_place(np.array([x, y]), wide, curves, taken, (0, 0, *size))
        taken.append(box)
        curves.append(tie(np.array([x, y]), box))
        _name(ax, words, font, (x, y), box, colour, size)


def _doubt(place: Place) -> str:
    return f" (efficient in {percent(place.often)})" if 0.025 < place.often < 0.975 else ""


def _points(ax: Axes, at: Floats) -> Floats:
    """Data as fractions of the Axes."""
    return np.asarray((ax.transData + ax.transAxes.inverted()).transform(at))


def _name(ax: Axes, words: str, font: float, end: tuple[float, float], box: Box, colour: str, size: Floats) -> None:
    across = float(np.clip((end[0] - box[0]) / (box[2] - box[0]), 0, 1))
    up = 0.5 if across in (0, 1) else float(end[1] > box[1])
    arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 2, "relpos": (across, up)}
    shift = (box[0] + 2 - end[0], (box[1] + box[3]) / 2 - end[1])
    at = (end[0] / size[0], end[1] / size[1])
    write(ax, words, at, shift, size=font, colour=colour, bold=True, arrowprops=arrow, zorder=5)
