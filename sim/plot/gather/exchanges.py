"""Focal market share by exchange over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.marks import Mark, gather_marks
from sim.plot.gather.reading import days, exchange_names, exchange_shares, focal_name
from sim.plot.style import NAMES, SERIES, Floats, date_words, percent

if TYPE_CHECKING:
    from sim.record import Run

GONE = 5e-4
"""A share below this is drawn no more: the line ends where it gets there for good."""
FLOOR = 1e-4
"""The same on a logarithmic axis, and its bottom."""
MOST = 3 * len(SERIES)
"""Lines that colours and dashes can tell apart."""


@dataclass(frozen=True)
class Line:
    """One line: `share` (T,), and the last index at which it is drawn (-1: it never is)."""

    name: str
    share: Floats
    end: int


@dataclass(frozen=True)
class Exchanges:
    """Lines in order of their peaks, the largest first; `others` is the sum of the rest, or None."""

    time: Floats
    lines: tuple[Line, ...]
    others: Line | None
    mode: str | None
    place: str
    log: bool
    marks: tuple[Mark, ...]
    title: str


def gather_exchanges(run: Run, mode: str | None = None, n: int = 7, log: bool = False) -> Exchanges:
    """Shares of focal volume of the `n` exchanges with the highest peaks, and of the others together.

    `mode` narrows it to venues of one mode. Raises ValueError for an unknown mode or an `n` beyond `MOST`.
    """
    if not 1 <= n <= MOST:
        raise ValueError(f"n is {n}: between 1 and {MOST} exchanges can be told apart")
    time, share, names = days(run), exchange_shares(run, mode), exchange_names(run)
    order = [int(i) for i in np.argsort(-share.max(axis=1), kind="stable") if share[i].max() > 0]
    gone, rest = FLOOR if log else GONE, order[n:]
    lines = tuple(_line(names[i], share[i], gone) for i in order[:n])
    label = names[rest[0]] if len(rest) == 1 else f"{len(rest)} others"
    others = _line(label, share[rest].sum(axis=0), gone) if rest else None
    words = finding(time, lines, mode)
    return Exchanges(time, lines, others, mode, focal_name(run), log, gather_marks(run), words)


def _line(name: str, share: Floats, gone: float) -> Line:
    there = np.flatnonzero(share >= gone)
    return Line(name, share, min(int(there[-1]) + 1, len(share) - 1) if len(there) else -1)


def finding(time: Floats, lines: tuple[Line, ...], mode: str | None) -> str:
    """Who was largest at its peak and who is in the end, in a sentence."""
    if not lines:
        return f"Nobody has a share of focal volume{f', {NAMES[mode]}' if mode else ''}"
    top, last = lines[0], max(lines, key=lambda line: float(line.share[-1]))
    peak, end = int(np.argmax(top.share)), percent(float(last.share[-1]))
    high = percent(float(top.share[peak]))
    whose = f"The {NAMES[mode]} share of {top.name}" if mode else top.name
    best = f"{whose} peaked at {high} of focal volume on {date_words(time[peak])}"
    if last.share[-1] < GONE:
        return f"{best}; all are gone at the end"
    if last is top:
        return f"{best} and is the largest at the end with {end}"
    return f"{best}; at the end {last.name} leads with {end}"
