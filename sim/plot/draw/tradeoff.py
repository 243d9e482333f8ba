"""Draws policies as points in the plane of two measures, with regions and the front of efficient ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.plot.draw.fan import looks
from sim.plot.draw.layout import plain, reserve, size_points, title, write
from sim.plot.draw.places import Box, free_place, text_width, tie
from sim.plot.draw.rows import AXIS, caption, fit, name_axis
from sim.plot.gather.tradeoff import Place, Tradeoff
from sim.plot.style import FAINT, NORMAL, Floats, percent

Styled = list[tuple[Place, str]]
"""Places with their colours."""
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


def _name_places(ax: Axes, styled: Styled) -> None:
    """Names in free places, tied to their points; numbers and a key at the right if not all names find a place."""
    labels = [_label(place) for place, _ in styled]
    boxes = _boxes(ax, styled, [wide for *_, wide in labels])
    if boxes is None:
        _write_key(ax, styled, labels)
        labels = [(str(i + 1), NORMAL, text_width(str(i + 1), NORMAL, "bold")) for i in range(len(styled))]
        boxes = _boxes(ax, styled, [wide for *_, wide in labels])
    for (place, colour), (words, font, _), box in zip(styled, labels, boxes or [], strict=False):
        _name(ax, words, font, _point(ax, place), box, colour)


def _label(place: Place) -> tuple[str, float, float]:
    """Name, font size and width; with how often the policy is efficient, if that is in doubt."""
    name, font, wide = fit(place.policy, bold=True, width=NAME)
    return name + _doubt(place), font, wide + text_width(_doubt(place), font, "bold")


def _boxes(ax: Axes, styled: Styled, widths: Sequence[float]) -> list[Box] | None:
    """Boxes of these widths near their points that meet neither each other nor the points; None if they do not fit."""
    size = size_points(ax)
    points = [_point(ax, place) for place, _ in styled]
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    curves: list[Floats] = []
    for point, wide in zip(points, widths, strict=True):
        box = free_place(np.array(point), wide, curves, taken, (0, 0, *size))
        if box[2] > size[0]:
            return None
        taken.append(box)
        curves.append(tie(np.array(point), box))
    return taken[len(points) :]


def _write_key(ax: Axes, styled: Styled, labels: Sequence[tuple[str, float, float]]) -> None:
    reserve(ax, right=max(wide for *_, wide in labels) + 44)
    for i, ((_, colour), (words, font, _)) in enumerate(zip(styled, labels, strict=True)):
        write(ax, str(i + 1), (1, 1), (28, -6 - 13 * i), colour=colour, bold=True, ha="right")
        write(ax, words, (1, 1), (33, -6 - 13 * i), size=font, colour=colour, bold=True)


def _doubt(place: Place) -> str:
    return f" (efficient in {percent(place.often)})" if 0.025 < place.often < 0.975 else ""


def _point(ax: Axes, place: Place) -> tuple[float, float]:
    """Where a policy stands, in points from the corner of the Axes."""
    x, y = (ax.transData + ax.transAxes.inverted()).transform((place.x, place.y)) * size_points(ax)
    return float(x), float(y)


def _name(ax: Axes, words: str, font: float, end: tuple[float, float], box: Box, colour: str) -> None:
    width, height = size_points(ax)
    across = float(np.clip((end[0] - box[0]) / (box[2] - box[0]), 0, 1))
    up = 0.5 if across in (0, 1) else float(end[1] > box[1])
    arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 2, "relpos": (across, up)}
    shift = (box[0] + 2 - end[0], (box[1] + box[3]) / 2 - end[1])
    at = (end[0] / width, end[1] / height)
    write(ax, words, at, shift, size=font, colour=colour, bold=True, arrowprops=arrow, zorder=5)
