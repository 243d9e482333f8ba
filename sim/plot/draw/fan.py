"""Draws shares over time as medians with bands, each policy named at the right end."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.plot.draw.faint import draw_faint
from sim.plot.draw.layout import TICKS, date_axis, plain, reserve, size_points, title, write
from sim.plot.draw.places import spread
from sim.plot.draw.rows import caption, fit
from sim.plot.gather.fan import Fan, Fans
from sim.plot.gather.quantity import share_of
from sim.plot.style import INK, SERIES

SHARE = share_of("outside")
WIDEST = 260.0
"""Most room for a name at the right end, in points."""
OUTER, INNER = 4, 7
"""Up to so many policies the outer, and the inner, bands can be told apart."""


def looks(count: int) -> list[tuple[str, str]]:
    """Colours and dashes of so many policies; the first, to which others are compared, is the ink of the axes."""
    colours = SERIES[:-1]
    return [(INK, "-"), *((colours[i % 6], ("-", "--", ":")[i // 6 % 3]) for i in range(count - 1))]


def draw_fan(ax: Axes, data: Fans) -> Axes:
    """Draw the bands where they can be told apart, the medians, and the interventions of the baseline."""
    count = len(data.fans)
    for fan, (colour, dash) in zip(data.fans, looks(count), strict=False):
        time, levels = data.time[fan.parts :], fan.quantiles[:, fan.parts :]
        if count <= OUTER:
            ax.fill_between(time, levels[0], levels[4], color=colour, alpha=0.13, linewidth=0, zorder=1)
        if count <= INNER:
            ax.fill_between(time, levels[1], levels[3], color=colour, alpha=0.25, linewidth=0, zorder=2)
        ax.plot(time, levels[2], dash, color=colour, linewidth=1.6, zorder=3)
    ax.set_ylim(0, None)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g}\u00a0%" if value else "0"))
    ax.set_ylabel(f"{share_of(data.mode).name} (of focal demand at the start)")
    plain(ax)
    date_axis(ax, data.time[0], data.time[-1])
    _label(ax, data)
    above = draw_faint(ax, data.marks)
    caption(ax, [*data.notes], TICKS + 8)
    title(ax, data.title, above)
    return ax


def end_words(fan: Fan, digits: int) -> str:
    """The policy and its median at the end."""
    return f"{fan.policy} {SHARE.level(100 * float(fan.quantiles[2, -1]), digits)}"


def _label(ax: Axes, data: Fans) -> None:
    """Names at the right end, moved apart, with the medians there."""
    ends = [float(fan.quantiles[2, -1]) for fan in data.fans]
    names = [end_words(fan, data.digits) for fan in data.fans]
    words = [fit(name, bold=True, width=WIDEST) for name in names]
    reserve(ax, left=54, right=max((width for *_, width in words), default=0.0) + 30)
    bottom, top = ax.get_ylim()
    height = size_points(ax)[1]
    at = [(end - bottom) / (top - bottom) for end in ends]
    places = spread(at, 11 / height, 0.0, 1.0)
    for (name, size, _), y, place, (colour, _) in zip(words, at, places, looks(len(words)), strict=False):
        arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)}
        shift = (16, (place - y) * height)
        write(ax, name, (1, y), shift, size=size, colour=colour, bold=True, arrowprops=arrow, zorder=5)
