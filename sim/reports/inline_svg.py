"""The project's own figures as SVG for a page: small, the same bytes each time, and with words for those who listen."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes

from sim.plot.page import keep_margins, root
from sim.plot.plotted_dates import date_words
from sim.reports.report_blocks import HoverValues, Illustration, Table
from sim.reports.values_at_dates import ValuesAtDates

_HOVER_DATES = 200
"""Dates at most that can be read off a figure; of more, every n-th and the last."""
_TABLE_DATES = 13
"""The same of the table below a figure."""
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_SIZE = re.compile(r" (?:width|height)=\"[^\"]*\"")
_FAMILY = re.compile(r"font-family: [^;\"]*;? ?")
_NAMES = re.compile(r"( id=\"|href=\"#|url\(#)")
_PATH = re.compile(r"(?<= d=\")[^\"]*")
_LINE = re.compile(r"[ML] \S+ \S+")
_DECIMALS = re.compile(r"(\.\d)\d+")


def illustration(name: str, ax: Axes, finding: str, source: str, values: ValuesAtDates | None = None) -> Illustration:
    """A figure drawn on Axes for a page, under a name, with the words that go with it.

    If it is over time, with values to read at dates, and some of them as a table.
    """
    svg = _described(_small(_svg(ax, name)), name, finding, source)
    if values is None:
        return Illustration(name, svg, finding, source, None, None)
    hover = _hover(ax, values)  # only now: writing a figure settles where its Axes are
    return Illustration(name, svg, finding, source, hover, _table(values))


def _svg(ax: Axes, name: str) -> str:
    figure, buffer = root(ax), io.StringIO()
    keep_margins(figure)
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        nothing: dict[str, Any] = {"Date": None}
        figure.savefig(buffer, format="svg", metadata=nothing)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _small(svg: str) -> str:
    """Without what the page says once for all figures, and with paths as short as a reader can tell."""
    head, _, rest = _METADATA.sub("", svg).partition(">")
    rest = re.sub(r"[ \n]+", " ", _FAMILY.sub("", rest))
    return _SIZE.sub("", head) + ">" + _PATH.sub(lambda path: short_path(path[0]), rest)


def short_path(path: str) -> str:
    """A path to tenths of a point, without points that lie between their neighbours on a level or upright line."""
    steps = _DECIMALS.sub(r"\1", path).replace(".0", "")
    kept: list[str] = []
    for step in re.findall(r"[A-Za-z][^A-Za-z]*", steps):
        words = step.strip()
        if len(kept) > 1 and all(map(_LINE.fullmatch, (*kept[-2:], words))) and words[0] == kept[-1][0] == "L":
            (_, x0, y0), (_, x1, y1), (_, x2, y2) = (each.split() for each in (*kept[-2:], words))
            if x0 == x1 == x2 or y0 == y1 == y2 or (x1, y1) == (x2, y2):
                kept.pop()
        kept.append(words)
    return "".join(kept)


def _described(svg: str, name: str, finding: str, source: str) -> str:
    """With ids that no other figure of the page has, and with title and description."""
    head, _, rest = svg.partition(">")
    head += f' role="img" aria-labelledby="{name}-title" aria-describedby="{name}-source"'
    title = f'<title id="{name}-title">{escape(finding)}</title>'
    description = f'<desc id="{name}-source">{escape(source)}</desc>'
    return f"{head}>{title}{description}" + _NAMES.sub(rf"\g<1>{name}-", rest)


def _hover(ax: Axes, values: ValuesAtDates) -> HoverValues:
    chosen = _some(len(values.time), _HOVER_DATES)
    box, (low, high) = ax.get_position(), ax.get_xlim()
    dates = [float(values.time[i]) for i in chosen]
    return HoverValues(
        dates=tuple(map(date_words, dates)),
        values={name: tuple(words[i] for i in chosen) for name, words in values.words.items()},
        x=tuple(round(box.x0 + (date - low) / (high - low) * box.width, 5) for date in dates),
        top=round(1 - box.y1, 5),
        bottom=round(1 - box.y0, 5),
    )


def _table(values: ValuesAtDates) -> Table:
    columns = values.words.values()
    rows = [
        (date_words(float(values.time[i])), *(words[i] for words in columns))
        for i in _some(len(values.time), _TABLE_DATES)
    ]
    numbers = frozenset(range(1, len(values.words) + 1))
    return Table(f"Values: {values.caption}", ("date", *values.words), tuple(rows), numbers, folded=True)


def _some(count: int, most: int) -> Iterable[int]:
    """At most so many of the numbers below `count`, evenly, the first and the last among them."""
    if count <= most:
        return range(count)
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})
