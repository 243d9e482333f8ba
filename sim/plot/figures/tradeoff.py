"""Two measures of every policy against each other, with what no other policy beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.plot.figures.fan import looks
from sim.plot.labels import Box, free_place, text_width, tie
from sim.plot.page import plain, reserve, size_points, title, write
from sim.plot.plotted_quantity import Quantity, quantity
from sim.plot.style import FAINT, NORMAL, Floats, capital, listed, percent
from sim.plot.timeline_rows import AXIS, caption, fit, name_axis
from sim.plot.wording import lost

if TYPE_CHECKING:
    from sim.study.statistics.pareto import Region
    from sim.study.study import Study


LARGER = ("suppression", "licences_granted")
"""Measures of which a regulator wants more; of all others, less."""
OUTLINE = 90
"""Points of the outline of a region."""


@dataclass(frozen=True)
class Place:
    """Means of two measures under a policy, the outline (N, 2) of their region, and how often it is efficient.

    Units are those of levels. `often` is the share of resampled studies in which no other policy beats it.
    """

    policy: str
    x: float
    y: float
    outline: Floats
    efficient: bool
    often: float


@dataclass(frozen=True)
class Tradeoff:
    """Places of the policies for which both measures are defined; `larger` says of which more is better."""

    x: Quantity
    y: Quantity
    larger: tuple[bool, bool]
    places: tuple[Place, ...]
    title: str
    notes: tuple[str, ...]


def gather_tradeoff(
    study: Study, x: str = "suppression", y: str = "leakage", larger: tuple[bool, bool] | None = None,
    confidence: float = 0.95,
) -> Tradeoff:  # fmt: skip
    """Means of `x` and `y` with their joint regions.

    `larger` says of each measure whether more of it is better; by default what a regulator would say. Raises KeyError
    for a measure that is not there.
    """
    from sim.study.statistics.pareto import efficient, efficient_share, region

    across, up = quantity(x), quantity(y)
    better = (x in LARGER, y in LARGER) if larger is None else larger
    pairs = {policy: np.stack([study.values(x, policy), study.values(y, policy)], axis=1) for policy in study.policies}
    known = [policy for policy, values in pairs.items() if not np.isnan(values).any(axis=1).all()]
    regions = [region(pairs[policy][:, 0], pairs[policy][:, 1], confidence) for policy in known]
    good = efficient([each.centre for each in regions], better) if known else np.zeros(0, bool)
    n = min((len(pairs[policy]) for policy in known), default=0)
    values = np.stack([pairs[policy][:n] for policy in known], axis=1) if known else np.zeros((0, 0, 2))
    often = efficient_share(values, better) if known else np.zeros(0)
    factors = np.array([across.factor, up.factor])
    places = tuple(
        Place(policy, float(at[0]), float(at[1]), factors * _outline(each), bool(best), float(share))
        for policy, each, best, share in zip(known, regions, good, often, strict=True)
        for at in [factors * each.centre]
    )
    notes = [
        f"Means with {100 * confidence:g} % regions. Filled: efficient, no other policy is better in one "
        "and as good in the other. Replications are paired, so policies can differ surely where regions overlap."
    ]
    counts = {policy: int((~np.isnan(pairs[policy]).any(axis=1)).sum()) for policy in known}
    notes += [
        f"{policy}: both are defined in {count:,} of {len(pairs[policy]):,} replications."
        for policy, count in counts.items()
        if count < len(pairs[policy])
    ]
    notes += [f"{policy} is left out: {x} or {y} is undefined." for policy in study.policies if policy not in known]
    return Tradeoff(across, up, better, places, finding(across, up, places), (*notes, *lost(study)))


def finding(x: Quantity, y: Quantity, places: Sequence[Place]) -> str:
    """Which policies are efficient, and whether resampling agrees."""
    best = [place.policy for place in places if place.efficient]
    about = f"{x.name} and {y.name}"
    if not best:
        return f"{capital(about)} are defined together under no policy"
    if len(places) == 1:
        return f"{capital(about)} are defined together under {best[0]} only"
    if len(best) == 1:
        return f"{best[0]} is best in both {about}"
    if len(best) == len(places):
        return f"All policies trade {x.name} for {y.name}: none is better in both"
    names = listed(best) if len(best) <= 3 else f"{len(best)} of {len(places)} policies"
    return f"{names} trade {x.name} for {y.name}; the other {len(places) - len(best)} are beaten in both"


def _outline(found: Region) -> Floats:
    """The ellipse of a region, (N, 2); a point if it has no size."""
    angle = np.linspace(0.0, 2.0 * np.pi, OUTLINE)
    long, short = np.nan_to_num(found.axes)
    turn = 0.0 if np.isnan(found.angle) else found.angle
    u, v = long * np.cos(angle), short * np.sin(angle)
    x = found.centre[0] + u * np.cos(turn) - v * np.sin(turn)
    y = found.centre[1] + u * np.sin(turn) + v * np.cos(turn)
    return np.column_stack([x, y])


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
