"""Volume of one mode over time, for comparison with the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.marks import Mark, gather_marks
from sim.plot.gather.reading import check_mode, days
from sim.plot.style import NAMES, Floats, amount, capital, date_words, day_numbers

if TYPE_CHECKING:
    import pandas as pd

    from sim.record import Run


@dataclass(frozen=True)
class Volume:
    """`volume` (T,) at `time` (T,) and, if given, `observed` (N,) at `observed_time` (N,), in `unit`."""

    time: Floats
    volume: Floats
    observed_time: Floats
    observed: Floats
    mode: str | None
    unit: str
    marks: tuple[Mark, ...]
    title: str


def gather_volume(run: Run, mode: str | None = "otc", observed: pd.DataFrame | None = None) -> Volume:
    """All volume of the venues of a mode (None: of all modes), whoever trades there, with activity pulses.

    `observed` has the columns `date` and `value` (same unit). Rows without a positive value, which a
    logarithmic axis cannot show, and rows outside the run are left out.
    """
    check_mode(mode)
    time, unit = days(run), str(run.data.attrs["volume_unit"])
    venues = run.data["volume"].sum("exchange")
    path = (venues.sum("mode") if mode is None else venues.sel(mode=mode)).values.astype(np.float64)
    when, seen = _observed(observed, time)
    words = finding(time, path, mode, unit)
    if len(seen) and path.max() > 0:
        words += f"; {_ratio(time, path, when, seen)}"
    return Volume(time, path, when, seen, mode, unit, gather_marks(run), words)


def _observed(observed: pd.DataFrame | None, time: Floats) -> tuple[Floats, Floats]:
    if observed is None:
        return np.empty(0), np.empty(0)
    missing = sorted({"date", "value"} - set(observed.columns))
    if missing:
        has = ", ".join(map(str, observed.columns))
        raise ValueError(f"observed lacks the column {' and '.join(missing)}; it has {has}")
    when = day_numbers(observed["date"].to_numpy(dtype="datetime64[s]"))
    seen = observed["value"].to_numpy(dtype=np.float64)
    use = (seen > 0) & (when >= time[0]) & (when <= time[-1])
    return when[use], seen[use]


def finding(time: Floats, path: Floats, mode: str | None, unit: str) -> str:
    """Start, peak and end of the volume, in a sentence."""
    name = capital(f"{NAMES[mode]} volume") if mode else "Volume of all modes"
    if not path.max() > 0:
        return f"{name} is zero throughout"
    peak = int(np.argmax(path))
    ends = f"(start {amount(path[0])}, end {amount(path[-1])})"
    return f"{name} peaked at {amount(path[peak])} {unit} on {date_words(time[peak])} {ends}"


def _ratio(time: Floats, path: Floats, when: Floats, seen: Floats) -> str:
    ratio = float(np.median(np.interp(when, time, path) / seen))
    return f"median ratio to the record {amount(ratio)} on {len(seen)} dates"
