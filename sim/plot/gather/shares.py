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
    """What became of the domestic market and who gained most, in a sentence.

    The date is the first after which the domestic share stays within a tenth of the change (at most a point)
    of where it ends.
    """
    domestic = share[DOMESTIC]
    first, last = float(domestic[0]), float(domestic[-1])
    if abs(last - first) < 0.02:
        return f"Domestic share began at {percent(first)} and ended at {percent(last)}"
    away = np.flatnonzero(np.abs(domestic - last) > min(0.01, 0.1 * abs(last - first)))
    when = date_words(time[min(away[-1] + 1, len(time) - 1)])
    moved = "fell" if last < first else "rose"
    change = f"Domestic share {moved} from {percent(first)} to {percent(last)} by {when}"
    return f"{change}; {_settled(time, share)}"


def _settled(time: Floats, share: Floats) -> str:
    """Where the share that gained most beside the domestic one came to rest."""
    gains = share[:, -1] - share[:, 0]
    gains[DOMESTIC] = -np.inf
    row = int(np.argmax(gains))
    name = "the part not trading" if BANDS[row] == "outside" else NAMES[BANDS[row]]
    end = percent(float(share[row, -1]))
    if np.ptp(share[row, time >= time[-1] - SETTLED]) < 0.01:
        return f"{name} settled at {end}"
    return f"{name} stood at {end} at the end"
