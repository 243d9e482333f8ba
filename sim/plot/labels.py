"""Where words fit: measured text, and labels that keep their distance from each other and from lines."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from sim.plot.fonts import families
from sim.plot.style import NORMAL, SMALL, Floats

Box = tuple[float, float, float, float]
"""Left, lower, right and upper end in points."""
_REACH = 180
"""Farthest that a name stands from the end of its line, in points."""
NAME_WIDTH = 250.0
"""Most room for a name, in points; a longer one is set smaller, then cut in its middle."""


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = NORMAL, weight: str = "normal") -> float:
    """Width in points of one line of text."""
    if not text:
        return 0.0
    font = FontProperties(family=families(text), size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Lines of at most `width` points, broken at ordinary spaces only."""
    lines, words = [], text.split(" ")
    while words:
        count = _words_on_a_line(words, width, size, weight)
        lines.append(" ".join(words[:count]))
        words = words[count:]
    return lines


def _words_on_a_line(words: Sequence[str], width: float, size: float, weight: str) -> int:
    """How many words fit on a line, at least one.

    Measuring is what takes the time, and most texts are one line: that is tried first.
    """

    def is_too_long(count: int) -> bool:
        return text_width(" ".join(words[:count]), size, weight) > width

    return 1 + bisect_left(range(2, len(words)), True, key=is_too_long) if is_too_long(len(words)) else len(words)


def fit(name: str, bold: bool = False, width: float = NAME_WIDTH) -> tuple[str, float, float]:
    """A name of at most so many points, its font size and its width: in small print, then with an ellipsis, if long."""
    weight = "bold" if bold else "normal"
    if text_width(name, NORMAL, weight) <= width:
        return name, NORMAL, text_width(name, NORMAL, weight)
    short = shorten(name, width, SMALL, weight)
    return short, SMALL, text_width(short, SMALL, weight)


def shorten(name: str, width: float, size: float, weight: str = "normal") -> str:
    """The name with an ellipsis in its middle if it is wider than so many points."""
    letters, short = len(name), name
    while letters > 2 and text_width(short, size, weight) > width:
        letters -= 1
        short = f"{name[: (letters + 1) // 2].rstrip()}\u2026{name[len(name) - letters // 2 :].lstrip()}"
    return short


def push_apart(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions within [low, high], at least `gap` apart, nearest to those given (least squares).

    Neighbours that would overlap are pooled into one block about their mean, as in isotonic regression. If
    all do not fit, they are spaced evenly over the interval.
    """
    count = len(positions)
    if count == 0:
        return []
    gap = min(gap, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=lambda i: positions[i])
    blocks: list[list[float]] = []  # [sum of slack positions, number]
    for rank, index in enumerate(order):
        blocks.append([positions[index] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, number = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + number]
    slack = [total / number for total, number in blocks for _ in range(int(number))]
    moved = [0.0] * count
    for rank, index in enumerate(order):
        moved[index] = min(max(slack[rank], low), high - (count - 1) * gap) + rank * gap
    return moved


def free_box(end: Floats, width: float, curves: Sequence[Floats], taken: Sequence[Box], limits: Box) -> Box:
    """Box for a name of this width: the nearest to the end of its line that touches no curve and no box.

    `end` is a point, curves are (N, 2) from left to right. The leader line from the end to the box must not run
    through another box either, if that can be had. A box on the left, where the line comes from, counts as 40
    points farther. If nothing within `_REACH` and the limits is free, the name stands right of the end.
    """
    boxes = [_beside(end, shift, width) for shift in _shifts()]
    free = [box for box in boxes if _inside(box, limits) and not any(_overlap(box, other) for other in taken)]

    def is_well_led(box: Box) -> bool:
        leader = leader_line(end, box)
        return not any(crosses(other, leader) for other in taken)

    in_order = chain(filter(is_well_led, free), free)
    clear = (box for box in in_order if not any(crosses(box, curve) for curve in curves))
    return next(clear, _beside(end, (12, 0), width))


@cache
def _shifts() -> list[tuple[int, int]]:
    """How far from the end of its line a name may begin, from the nearest on."""
    grid = [(x, y) for x in range(-_REACH, _REACH + 1, 12) for y in range(-_REACH, _REACH + 1, 4)]
    distances = {(x, y): float(np.hypot(x, y)) + (40 if x < 0 else 0) for x, y in grid if np.hypot(x, y) > 10}
    return sorted(distances, key=lambda shift: distances[shift])


def leader_line(end: Floats, box: Box) -> Floats:
    """The shortest line from a point to a box, from left to right, shape (2, 2)."""
    nearest = min(max(end[0], box[0]), box[2]), min(max(end[1], box[1]), box[3])
    return np.array(sorted([tuple(end), nearest]))


def crosses(box: Box, curve: Floats) -> bool:
    """Whether a curve (N, 2), from left to right, runs through the box."""
    x, y = curve.T
    low, high = max(box[0], x[0]), min(box[2], x[-1])
    if low > high:
        return False
    first, last = np.searchsorted(x, low, side="left"), np.searchsorted(x, high, side="right")
    heights = [*np.interp([low, high], x, y), *y[first:last]]
    return bool(min(heights) < box[3] and max(heights) > box[1])


def _beside(end: Floats, shift: tuple[float, float], width: float) -> Box:
    """Box of a name whose near side is shifted from the end of its line."""
    left, middle = float(end[0]) + shift[0] - (width if shift[0] < 0 else 0.0), float(end[1]) + shift[1]
    return left - 2, middle - 6, left + width + 2, middle + 6


def _inside(box: Box, limits: Box) -> bool:
    return box[0] >= limits[0] and box[1] >= limits[1] and box[2] <= limits[2] and box[3] <= limits[3]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
