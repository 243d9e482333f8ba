"""What the venues of each exchange did over time, one row per venue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.codes import DOMESTIC, MODES, OFFSHORE, OTC
from sim.plot.gather.marks import Mark, gather_marks
from sim.plot.gather.reading import days, exchange_names, exchange_shares, host_names
from sim.plot.style import NAMES, Floats, date_words, listed
from sim.record.layout import STATUS

if TYPE_CHECKING:
    from sim.record import Run

SERVING = [code for code, name in enumerate(STATUS) if name not in ("closed", "building")]
"""Codes of the states in which a venue serves traders."""


@dataclass(frozen=True)
class Bar:
    """A stretch of one state, in matplotlib days; `note` is the host of an offshore venue."""

    start: float
    end: float
    state: str
    note: str


@dataclass(frozen=True)
class Row:
    """One venue."""

    exchange: str
    mode: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """Rows of one exchange stand together; `hidden` exchanges are not drawn."""

    rows: tuple[Row, ...]
    hidden: int
    start: float
    end: float
    marks: tuple[Mark, ...]
    title: str


def gather_timeline(run: Run, n: int = 30) -> Timeline:
    """Venues of the exchanges with the highest peaks of focal share: whole exchanges, up to `n` rows.

    The largest exchange is there in any case. Raises ValueError if `n` is not positive.
    """
    if n < 1:
        raise ValueError(f"n is {n}: at least one row is drawn")
    time = days(run)
    status = run.data["status"].sel(mode=list(MODES)).transpose("exchange", "mode", "time").values
    peaks = exchange_shares(run).max(axis=1)
    present = [int(i) for i in np.argsort(-peaks, kind="stable") if status[i].any()]
    height = np.cumsum(status[present].any(axis=2).sum(axis=1))
    drawn = present[: max(int(np.searchsorted(height, n, side="right")), 1)]
    rows = _rows(run, time, status, drawn)
    hidden = len(present) - len(drawn)
    return Timeline(rows, hidden, time[0], time[-1], gather_marks(run), finding(time, status))


def _rows(run: Run, time: Floats, status: NDArray[np.int8], drawn: list[int]) -> tuple[Row, ...]:
    names, places = exchange_names(run), [*host_names(run), ""]
    host = run.data["host"].transpose("exchange", "time").values
    shell = run.data["disguised"].transpose("exchange", "time").values
    rows = []
    for i in drawn:
        abroad = [f"shell: {places[h]}" if s and h >= 0 else places[h] for h, s in zip(host[i], shell[i], strict=True)]
        for m, mode in enumerate(MODES):
            if status[i, m].any():
                rows.append(Row(names[i], mode, _bars(time, status[i, m], abroad if m == OFFSHORE else None)))
    return tuple(rows)


def _bars(time: Floats, status: NDArray[np.int8], notes: list[str] | None) -> tuple[Bar, ...]:
    """Stretches of the same state and note, without the closed ones; each lasts until the next record."""
    words = notes or [""] * len(time)
    starts = [0] + [t for t in range(1, len(time)) if status[t] != status[t - 1] or words[t] != words[t - 1]]
    ends = [*starts[1:], len(time) - 1]
    return tuple(
        Bar(float(time[a]), float(time[b]), STATUS[status[a]], words[a])
        for a, b in zip(starts, ends, strict=True)
        if status[a] and b > a
    )


def finding(time: Floats, status: NDArray[np.int8]) -> str:
    """How many order books at home closed and where their exchanges went, in a sentence."""
    serving = np.isin(status, SERVING)
    first, last = serving[:, DOMESTIC, 0], serving[:, DOMESTIC, -1]
    closed = first & ~last
    if not closed.any():
        then, now = ([f"{serving[:, m, t].sum()} {NAMES[mode]}" for m, mode in enumerate(MODES)] for t in (0, -1))
        return f"Open venues at the start: {listed(then)}; at the end: {listed(now)}"
    latest = max(int(np.flatnonzero(row)[-1]) + 1 for row in serving[closed, DOMESTIC])
    which = "All" if closed.sum() == first.sum() else f"{closed.sum()} of"
    books = f"{which} {first.sum()} domestic order book{'s' if first.sum() > 1 else ''}"
    shut = f"{books} had closed by {date_words(time[latest])}"
    return f"{shut}; their exchanges at the end: {_fates(serving[closed])}"


def _fates(serving: NDArray[np.bool_]) -> str:
    """What exchanges (exchange, mode, time) run in the end."""
    otc, offshore = serving[:, OTC, -1], serving[:, OFFSHORE, -1]
    counts = {
        "OTC only": otc & ~offshore,
        "offshore only": offshore & ~otc,
        "both": otc & offshore,
        "gone": ~otc & ~offshore,
    }
    return listed(
        [f"{chosen.sum()} {words}".replace(" ", "\u00a0") for words, chosen in counts.items() if chosen.any()]
    )
