"""The paired difference of a mode's share over time, with a band for each day and one for all days at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.marks import Mark
from sim.plot.gather.planned import days_of, differing_marks
from sim.plot.gather.quantity import between, digits, share_of
from sim.plot.gather.studied import BASELINE, lost, subject
from sim.plot.style import Floats, capital, date_words

if TYPE_CHECKING:
    from sim.study.study import Study


@dataclass(frozen=True)
class PairedBand:
    """Mean difference (T,) in points over `time` (T,) in matplotlib days, with bands (2, T).

    `marks` are the interventions in which the policies differ.
    """

    time: Floats
    mean: Floats
    pointwise: Floats
    simultaneous: Floats
    mode: str
    policy: str
    against: str
    end: str
    marks: tuple[Mark, ...]
    title: str
    notes: tuple[str, ...]


def gather_band(study: Study, mode: str, policy: str, against: str = BASELINE, confidence: float = 0.95) -> PairedBand:
    """The share of a mode, or `outside`, policy less `against`.

    Raises KeyError for a mode or policy that is not there, ValueError if the study kept no paths.
    """
    what = share_of(mode)
    by_day = study.band(mode, policy, against, confidence)
    all_days = study.band(mode, policy, against, confidence, simultaneous=True)
    time = days_of(study.scenario, study.day)
    mean = what.factor * by_day.mean
    bands = [what.factor * np.stack([band.low, band.high]) for band in (by_day, all_days)]
    notes = (
        f"Mean paired difference over {int(by_day.n.min()):,} replications. Dark band: {100 * confidence:g} % for each "
        "day by itself; light band: for all days at once.",
        *lost(study),
    )
    places = digits([float(np.nanmax(bands[1][1] - bands[1][0])) / 2] if np.isfinite(bands[1]).any() else [])
    title = finding(what.name, time, mean, bands[1], policy, against, places)
    end = f"{policy} less {subject(against)}"
    marks = differing_marks(study.scenario, policy, against)
    return PairedBand(time, mean, bands[0], bands[1], mode, policy, against, end, marks, title, notes)


def finding(name: str, time: Floats, mean: Floats, band: Floats, policy: str, against: str, places: int) -> str:
    """Where the difference is largest among the days on which it is sure, and what it is at the end."""
    whose = f"under {policy} than under {subject(against)}"
    sure = (band[0] > 0) | (band[1] < 0)
    if not sure.any():
        return f"{capital(name)} is on no day surely different {whose}"
    at = int(np.argmax(np.where(sure, np.abs(mean), -1.0)))
    words = f"{capital(name)} is up to {_apart(mean, band, at, places)} {whose}, on {date_words(time[at])}"
    if at == len(time) - 1:
        return f"{capital(name)} is {_apart(mean, band, at, places)} {whose} at the end"
    last = f"{_apart(mean, band, -1, places)} at the end" if sure[-1] else "not surely different at the end"
    return f"{words}; {last}"


def _apart(mean: Floats, band: Floats, at: int, places: int) -> str:
    low, high = sorted(np.abs(band[:, at]).tolist())
    side = "higher" if mean[at] > 0 else "lower"
    return f"{abs(mean[at]):.{places}f} points ({between(low, high, places)}) {side}"
