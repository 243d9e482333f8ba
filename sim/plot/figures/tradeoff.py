"""Two measures of every policy against each other, with what no other policy beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.plot import page
from sim.plot.labelled_rows import AXIS_HEIGHT, caption, name_axis
from sim.plot.labels import Box, fit, free_box, leader_line, text_width
from sim.plot.plotted_quantity import Quantity, quantity_of
from sim.plot.style import FAINT, NORMAL, Floats, capital, line_styles, listed, percent
from sim.plot.wording import cut, policy_labels, remark_notes, study_notes, study_source
from sim.study.statistics.pareto import Region, efficient, efficient_share, region
from sim.study.statistics.regret import LARGER_IS_BETTER
from sim.study.study import Study

_OUTLINE_POINTS = 90
"""Points of the outline of a region."""
_NAME_WIDTH = 210.0
"""Most room for a name, in points."""
_MAX_NAMED = 14
"""Policies that are named; of more, the efficient ones are."""


@dataclass(frozen=True)
class PolicyPoint:
    """Means of two measures under a policy, the outline (N, 2) of their region, and how often it is efficient.

    Units are those of levels. `efficient_share` is the share of resampled studies in which no other policy beats it.
    """

    policy: str
    x: float
    y: float
    outline: Floats
    efficient: bool
    efficient_share: float


@dataclass(frozen=True)
class TradeoffData:
    """Points of the policies for which both measures are defined; `larger` says of which more is better."""

    x: Quantity
    y: Quantity
    larger: tuple[bool, bool]
    points: tuple[PolicyPoint, ...]
    title: str
    source: str
    notes: tuple[str, ...]


_Styled = list[tuple[PolicyPoint, str]]
"""Points with their colours."""


def plot_tradeoff(
    study: Study, x: str = "suppression", y: str = "leakage", larger: tuple[bool, bool] | None = None,
    confidence: float = 0.95, *, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Two measures of every policy with joint confidence regions, and what no other policy beats in both.

    `larger` says of each whether more is better; by default more suppression and licences, less of all else.
    """
    return draw_tradeoff(ax or page.notebook_axes(), gather_tradeoff(study, x, y, larger, confidence))


def gather_tradeoff(
    study: Study, x: str = "suppression", y: str = "leakage", larger: tuple[bool, bool] | None = None,
    confidence: float = 0.95,
) -> TradeoffData:  # fmt: skip
    """Means of `x` and `y` with their joint regions.

    `larger` says of each measure whether more of it is better; by default what a regulator would say. Raises KeyError
    for a measure that is not there.
    """
    across, up = (quantity_of(measure, study.scenario.labels) for measure in (x, y))
    larger = (x in LARGER_IS_BETTER, y in LARGER_IS_BETTER) if larger is None else larger
    pairs = {policy: np.stack([study.values(x, policy), study.values(y, policy)], axis=1) for policy in study.policies}
    counts = {policy: int((~np.isnan(values).any(axis=1)).sum()) for policy, values in pairs.items()}
    defined = {policy: values for policy, values in pairs.items() if counts[policy]}
    labels = policy_labels(study.scenario, study.policies)
    named = {labels[policy]: values for policy, values in defined.items()}
    points = _points(named, np.array([across.factor, up.factor]), larger, confidence)
    notes = [
        f"Means with {100 * confidence:g} % regions. Filled: efficient, no other policy is better in one "
        "and as good in the other. Replications are paired, so policies can differ surely where regions overlap."
    ]
    notes += [
        f"{cut(labels[policy])}: both are defined in {counts[policy]:,} of {len(values):,} replications."
        for policy, values in defined.items()
        if counts[policy] < len(values)
    ]
    without = [cut(labels[policy]) for policy in study.policies if policy not in defined]
    notes += [f"{name} is left out: {x} or {y} is undefined." for name in without]
    notes += [note for measure in dict.fromkeys((x, y)) for note in remark_notes(study, measure)]
    sentence, source = finding(across, up, points), study_source(study)
    return TradeoffData(across, up, larger, points, sentence, source, (*notes, *study_notes(study)))


def _points(
    pairs: dict[str, Floats], factors: Floats, larger: tuple[bool, bool], confidence: float
) -> tuple[PolicyPoint, ...]:
    if not pairs:
        return ()
    regions = [region(values[:, 0], values[:, 1], confidence) for values in pairs.values()]
    n = min(len(values) for values in pairs.values())
    shares = efficient_share(np.stack([values[:n] for values in pairs.values()], axis=1), larger)
    best = efficient([area.centre for area in regions], larger)
    points = []
    for policy, area, is_best, share in zip(pairs, regions, best, shares, strict=True):
        centre = factors * area.centre
        outline = factors * _outline(area)
        points.append(PolicyPoint(policy, float(centre[0]), float(centre[1]), outline, bool(is_best), float(share)))
    return tuple(points)


def _outline(region: Region) -> Floats:
    """The ellipse of a region, (N, 2); a point if it has no size."""
    angle = np.linspace(0.0, 2.0 * np.pi, _OUTLINE_POINTS)
    long, short = np.nan_to_num(region.axes)
    turn = 0.0 if np.isnan(region.angle) else region.angle
    u, v = long * np.cos(angle), short * np.sin(angle)
    x = region.centre[0] + u * np.cos(turn) - v * np.sin(turn)
    y = region.centre[1] + u * np.sin(turn) + v * np.cos(turn)
    return np.column_stack([x, y])


def finding(x: Quantity, y: Quantity, points: Sequence[PolicyPoint]) -> str:
    """Which policies are efficient, and whether resampling agrees."""
    best = [cut(point.policy) for point in points if point.efficient]
    both = f"{x.name} and {y.name}"
    if not best:
        return f"{capital(both)} are defined together under no policy"
    if len(points) == 1:
        return f"{capital(both)} are defined together under {best[0]} only"
    if len(best) == 1:
        return f"{best[0]} is best in both {both}"
    if len(best) == len(points):
        return f"All policies trade {x.name} for {y.name}: none is better in both"
    names = listed(best) if len(best) <= 3 else f"{len(best)} of {len(points)} policies"
    return f"{names} trade {x.name} for {y.name}; the other {len(points) - len(best)} are beaten in both"


def draw_tradeoff(ax: Axes, data: TradeoffData) -> Axes:
    """Draw the regions, the points (open if beaten), the front, and names beside the points."""
    page.plain_axes(ax)
    page.reserve(ax, left=62, right=24)
    few = len(data.points) <= _MAX_NAMED
    colours = [colour if few else FAINT for colour, _ in line_styles(len(data.points))]
    styled = list(zip(data.points, colours, strict=False))
    for point, colour in styled:
        ax.fill(*point.outline.T, facecolor=colour, alpha=0.18, edgecolor="none", zorder=1)
        fill = colour if point.efficient else "white"
        ax.plot([point.x], [point.y], "o", color=colour, markerfacecolor=fill, markersize=5.5, zorder=3)
    front = sorted((point.x, point.y) for point in data.points if point.efficient)
    if len(front) > 1:
        ax.plot(*np.array(front).T, color=FAINT, linewidth=0.9, linestyle="--", zorder=2)
    _limits(ax, data)
    for axis, quantity, more in ((ax.xaxis, data.x, data.larger[0]), (ax.yaxis, data.y, data.larger[1])):
        axis.set_major_locator(page.round_ticks())
        words = f"{quantity.axis_label}, {'more' if more else 'less'} is better"
        name_axis(ax, words) if axis is ax.xaxis else ax.set_ylabel(words)
    caption(ax, data.notes, AXIS_HEIGHT)
    page.title(ax, data.title, data.source)
    _name_points(ax, [(point, colour) for point, colour in styled if few or point.efficient])
    return ax


def _limits(ax: Axes, data: TradeoffData) -> None:
    if not data.points:
        return
    outlines = np.concatenate([point.outline for point in data.points])
    low, high = outlines.min(axis=0), outlines.max(axis=0)
    room = np.where(high > low, 0.12 * (high - low), 1.0)
    ax.set_xlim(low[0] - room[0], high[0] + room[0])
    ax.set_ylim(low[1] - room[1], high[1] + room[1])


def _name_points(ax: Axes, styled: _Styled) -> None:
    """Names in free boxes, led to their points; numbers and a key at the right if not all names find one."""
    labels = [_label(point) for point, _ in styled]
    boxes = _boxes(ax, styled, [width for *_, width in labels])
    if boxes is None:
        _write_key(ax, styled, labels)
        labels = [(str(i + 1), NORMAL, text_width(str(i + 1), NORMAL, "bold")) for i in range(len(styled))]
        boxes = _boxes(ax, styled, [width for *_, width in labels])
    for (point, colour), (words, font, _), box in zip(styled, labels, boxes or [], strict=False):
        page.write_led(ax, words, _position(ax, point), box, colour, font, shrink=(0, 2))


def _label(point: PolicyPoint) -> tuple[str, float, float]:
    """Name, font size and width; with how often the policy is efficient, if that is in doubt."""
    name, font, width = fit(point.policy, bold=True, width=_NAME_WIDTH)
    doubt = f" (efficient in {percent(point.efficient_share)})" if 0.025 < point.efficient_share < 0.975 else ""
    return name + doubt, font, width + text_width(doubt, font, "bold")


def _boxes(ax: Axes, styled: _Styled, widths: Sequence[float]) -> list[Box] | None:
    """Boxes of these widths near their points that meet neither each other nor points nor the front; else None.

    Points close to others choose first: those that stand alone find room anywhere.
    """
    right, top = page.size_points(ax)
    positions = [_position(ax, point) for point, _ in styled]
    taken: list[Box] = [(x - 5, y - 5, x + 5, y + 5) for x, y in positions]
    front = sorted(tuple(at) for at, (point, _) in zip(positions, styled, strict=True) if point.efficient)
    curves = [np.array(front)] if len(front) > 1 else []
    found: dict[int, Box] = {}
    for k in sorted(range(len(positions)), key=lambda k: _room(positions, k)):
        found[k] = free_box(positions[k], widths[k], curves, taken, (0, 0, right, top))
        if found[k][2] > right:
            return None
        taken.append(found[k])
        curves.append(leader_line(positions[k], found[k]))
    return [found[k] for k in range(len(positions))]


def _room(positions: Sequence[Floats], k: int) -> float:
    """How far the next point is."""
    return min((float(np.hypot(*(positions[k] - at))) for i, at in enumerate(positions) if i != k), default=0.0)


def _position(ax: Axes, point: PolicyPoint) -> Floats:
    """Where a policy stands, in points from the corner of the Axes."""
    return page.to_points(ax, np.array([point.x, point.y]))


def _write_key(ax: Axes, styled: _Styled, labels: Sequence[tuple[str, float, float]]) -> None:
    page.reserve(ax, right=max(width for *_, width in labels) + 44)
    for i, ((_, colour), (words, font, _)) in enumerate(zip(styled, labels, strict=True)):
        page.write(ax, str(i + 1), (1, 1), (28, -6 - 13 * i), colour=colour, bold=True, ha="right")
        page.write(ax, words, (1, 1), (33, -6 - 13 * i), size=font, colour=colour, bold=True)
