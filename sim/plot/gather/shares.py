"""Focal market share by mode over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.marks import Mark, gather_marks
from sim.plot.gather.reading import days, focal_name, mode_shares
from sim.plot.style import BANDS, NAMES, Floats, date_words, percent

if TYPE_CHECKING:
    from sim.record import Run

SETTLED = 60
"""Days at the end over which a share counts as settled if it moves by less than a point."""
TURN = 0.05
"""A peak or trough this far beyond both ends, and farther than they are apart, is told of."""
DOMESTIC = BANDS.index("domestic")


@dataclass(frozen=True)
class Shares:
    """`time` (T,) in matplotlib days, `share` (4, T) in the order of `style.BANDS`, summing to one."""

    time: Floats
    share: Floats
    place: str
    marks: tuple[Mark, ...]
    title: str


def gather_shares(run: Run) -> Shares:
    """Shares of what the real focal segments would trade in all."""
    time, share = days(run), mode_shares(run)
    return Shares(time, share, focal_name(run), gather_marks(run), finding(time, share))


def finding(time: Floats, share: Floats) -> str:
    """What became of the domestic market and who gained most, in a sentence."""
    domestic = share[DOMESTIC]
    first, last = float(domestic[0]), float(domestic[-1])
    turn = int(np.argmax(np.minimum(np.abs(domestic - first), np.abs(domestic - last))))
    least, most = min(first, last), max(first, last)
    beyond = max(least - domestic[turn], domestic[turn] - most)
    if beyond > max(TURN, most - least):
        change = f"{_moved(first, domestic[turn])} on {date_words(time[turn])} and ended at {percent(last)}"
    elif most - least < 0.02:
        return f"Domestic share began at {percent(first)} and ended at {percent(last)}"
    else:
        change = f"{_moved(first, last)} by {date_words(time[_arrival(domestic)])}"
    return f"Domestic share {change}{_settled(time, share)}"


def _moved(start: float, end: float) -> str:
    return f"{'fell' if end < start else 'rose'} from {percent(start)} to {percent(end)}"


def _arrival(path: Floats) -> int:
    """First index from which a path stays within a tenth of its whole change (at most a point) of its end."""
    away = np.flatnonzero(np.abs(path - path[-1]) > min(0.01, 0.1 * abs(path[-1] - path[0])))
    return min(int(away[-1]) + 1, len(path) - 1)


def _settled(time: Floats, share: Floats) -> str:
    """Where the share that gained most beside the domestic one came to rest; nothing if none gained."""
    gains = share[:, -1] - share[:, 0]
    gains[DOMESTIC] = -np.inf
    row = int(np.argmax(gains))
    if gains[row] < 0.005:
        return ""
    name = "the part not trading" if BANDS[row] == "outside" else NAMES[BANDS[row]]
    end = percent(float(share[row, -1]))
    if np.ptp(share[row, time >= time[-1] - SETTLED]) < 0.01:
        return f"; {name} settled at {end}"
    return f"; {name} stood at {end} at the end"
