"""The page: margins in points, titles, axes and their ticks, words at a distance from a point, and figures as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.ticker import Formatter, FuncFormatter, MaxNLocator
from matplotlib.transforms import Transform

from sim.atomic_write import atomic_file
from sim.plot.fonts import families
from sim.plot.labels import Box, wrap
from sim.plot.plotted_dates import date_of
from sim.plot.style import FAINT, INK, MINUS, NORMAL, SMALL, TITLE, Floats

WIDTH, HEIGHT, DPI = 10.0, 5.0, 100
"""Normal size of a figure in inches, and its resolution."""
TICKS_HEIGHT = 28.0
"""Height of the two lines of tick labels below an axis of dates, in points."""
_SOURCE_HEIGHT = 11.0
"""Height of the small line under a title, in points."""


class Margins(LayoutEngine):
    """Places the only Axes of a figure of ours inside margins that are given in points."""

    _adjust_compatible = True
    _colorbar_gridspec = False

    def __init__(self) -> None:
        super().__init__()
        self.points = {"left": 54.0, "right": 20.0, "top": 30.0, "bottom": TICKS_HEIGHT + 4}

    def execute(self, fig: Figure) -> None:
        """Set the position of the Axes from the margins and the size of the figure."""
        if not fig.axes:
            return
        width, height = (72 * inches for inches in fig.get_size_inches())
        left, bottom = self.points["left"] / width, self.points["bottom"] / height
        right, top = 1 - self.points["right"] / width, 1 - self.points["top"] / height
        fig.axes[0].set_position((left, bottom, max(right - left, 0.05), max(top - bottom, 0.05)))


def notebook_axes() -> Axes:
    """Axes in a new figure that a notebook or a window shows."""
    from matplotlib import pyplot

    _, axes = pyplot.subplots(figsize=(WIDTH, HEIGHT), dpi=DPI, layout=Margins())
    return axes


def file_axes() -> Axes:
    """Axes in a new figure that only a file will see: no pyplot, no global state."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, layout=Margins())
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def root(ax: Axes) -> Figure:
    """The whole figure that the Axes stand in, also if they stand in a part of it."""
    return ax.figure.canvas.figure


def reserve(ax: Axes, inner: float | None = None, **points: float) -> None:
    """Give the Axes these margins, and this inner height, all in points, if their figure is one of ours.

    Axes that the caller made stay where they are; the caller's own layout makes room.
    """
    figure = root(ax)
    engine = figure.get_layout_engine()
    if not isinstance(engine, Margins):
        return
    engine.points.update(points)
    if inner is not None:
        figure.set_size_inches(WIDTH, (inner + engine.points["top"] + engine.points["bottom"]) / 72)
    engine.execute(figure)


def size_points(ax: Axes) -> tuple[float, float]:
    """Width and height of the Axes in points."""
    scale = 72 / root(ax).dpi
    return ax.bbox.width * scale, ax.bbox.height * scale


def line_points(ax: Axes) -> float:
    """Width for words from the left end of the Axes: to the edge of a figure of ours, else to their right."""
    engine, width = root(ax).get_layout_engine(), size_points(ax)[0]
    return width + engine.points["right"] - 6 if isinstance(engine, Margins) else width


def indent(ax: Axes) -> float:
    """Points from the left edge of a figure of ours, less a small margin, to the Axes; 0 on the caller's Axes."""
    engine = root(ax).get_layout_engine()
    return engine.points["left"] - 8 if isinstance(engine, Margins) else 0.0


def title(ax: Axes, sentence: str, source: str, above: float = 0.0, before: float = 0.0) -> None:
    """Write the finding above the Axes, `above` points higher, beginning `before` points left of them.

    Under it, in small print, stands of what it was found.
    """
    write(ax, source, (0, 1), (-before, above + 4), size=SMALL, colour=FAINT, va="bottom")
    above += _SOURCE_HEIGHT if source else 0.0
    lines = wrap(sentence, line_points(ax) + before, TITLE, "bold")
    style: dict[str, Any] = {"fontsize": TITLE, "fontweight": "bold", "color": INK, "x": -before / size_points(ax)[0]}
    ax.set_title("\n".join(lines), loc="left", pad=above + 6, **style, **as_written(sentence))
    reserve(ax, top=above + 14 + 14.5 * len(lines))


def write(
    ax: Axes, words: str, at: tuple[float, float], shift: tuple[float, float] = (0.0, 0.0),
    within: Literal["axes fraction", "data"] | Transform = "axes fraction", size: float = NORMAL, colour: str = INK,
    bold: bool = False, **more: Any,
) -> None:  # fmt: skip
    """Write words `shift` points away from a point that is given in axes fractions (or as `within` says)."""
    style: dict[str, Any] = {"va": "center", "fontweight": "bold" if bold else "normal"} | more
    style |= {"fontsize": size, "color": colour} | as_written(words)
    ax.annotate(words, at, shift, within, "offset points", annotation_clip=False, **style)


def as_written(words: str) -> dict[str, Any]:
    """The style in which words are drawn as they are: dollars are no formulas, and every character has a font."""
    return {"parse_math": False, "fontfamily": families(words)}


def write_led(
    ax: Axes, words: str, end: Floats, box: Box, colour: str, size: float = NORMAL,
    shrink: tuple[float, float] = (0.0, 0.0),
) -> None:  # fmt: skip
    """Write words in a box, with a leader line that ends so many points before the words and before `end`.

    `end` and the box are in points from the corner of the Axes.
    """
    width, height = size_points(ax)
    across = float(np.clip((end[0] - box[0]) / (box[2] - box[0]), 0, 1))
    up = 0.5 if across in (0, 1) else float(end[1] > box[1])
    leader = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "relpos": (across, up)}
    leader |= {"shrinkA": shrink[0], "shrinkB": shrink[1]}
    shift = (box[0] + 2 - end[0], (box[1] + box[3]) / 2 - end[1])
    at = (end[0] / width, end[1] / height)
    write(ax, words, at, shift, size=size, colour=colour, bold=True, arrowprops=leader, zorder=5)


def to_points(ax: Axes, values: Floats) -> Floats:
    """Points (..., 2) in data coordinates as points from the corner of the Axes, same shape."""
    return np.asarray((ax.transData + ax.transAxes.inverted()).transform(values) * size_points(ax))


def y_label(ax: Axes, words: str) -> None:
    """Say beside the Axes what goes up them."""
    ax.set_ylabel(words, **as_written(words))


def plain_axes(ax: Axes) -> None:
    """Leave of the frame only what is read."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(FAINT)
    ax.tick_params(labelsize=NORMAL, colors=INK, color=FAINT, length=3)
    ax.yaxis.label.set(size=NORMAL, color=INK)


class Dates(Formatter):
    """Months, with days if ticks need them, and the year under the first tick and wherever it turns."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        """One date in full, as a window shows it under the pointer."""
        return f"{date_of(value):%Y-%m-%d}"

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Labels of all ticks, which know of each other."""
        dates = [date_of(value) for value in values]
        monthly = all(date.day == 1 for date in dates)
        names = [f"{date:%b}" if monthly else f"{date.day} {date:%b}" for date in dates]
        before = [None, *(date.year for date in dates)]
        return [n if d.year == y else f"{n}\n{d.year}" for n, d, y in zip(names, dates, before, strict=False)]


def date_axis(ax: Axes, start: float, end: float) -> None:
    """An axis of dates (matplotlib day numbers)."""
    most = int(np.clip(size_points(ax)[0] // 60, 3, 10))
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=most // 2, maxticks=most))  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(Dates())
    ax.set_xlim(start, end if end > start else start + 1)


def percent_format() -> FuncFormatter:
    """Ticks of shares as "20 %", and "0"."""
    return FuncFormatter(lambda value, _: f"{100 * value:g}\u00a0%" if value else "0")


def signed_format() -> FuncFormatter:
    """Ticks with a plus or a true minus, and "0"."""
    return FuncFormatter(lambda value, _: f"{value:+g}".replace("-", MINUS) if value else "0")


def round_ticks() -> MaxNLocator:
    """At most seven intervals between ticks at round numbers."""
    return MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])


def keep_margins(figure: Figure) -> None:
    """Leave the margins as they are set: with a layout engine, also with one called "none", files are drawn twice."""
    with rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)


def write_file(ax: Axes, path: Path, comment: str | None = None) -> Path:
    """Write the figure of some Axes as a PNG file, whole or not at all; returns its path.

    Its metadata have the finding as `Title` and a `comment`, such as how the figure is made again.
    """
    figure = root(ax)
    keep_margins(figure)
    metadata = {"Software": None, "Title": ax.get_title(loc="left").replace("\n", " "), "Comment": comment}
    with atomic_file(path) as unfinished:
        figure.savefig(unfinished, format="png", metadata=metadata)
    return path
