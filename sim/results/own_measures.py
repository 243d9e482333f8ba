"""Measures that users add: functions of the shares over time, which runs and studies both keep.

They are computed when they are asked for, from what was recorded, so they cost a study nothing and change none of its
files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.model.outcomes.measures import MEASURES, WHY_UNDEFINED, Measure
from sim.world.codes import MODES

if TYPE_CHECKING:
    from sim.results.run import Run

Floats: TypeAlias = NDArray[np.float64]
Volumes: TypeAlias = NDArray[np.floating[Any]]
SERIES = (*MODES, "outside")
"""Names along the last axis of paths: the modes, and not trading."""


@dataclass(frozen=True)
class Paths:
    """Where focal trade was over time, in n replications, at the demand of the first day.

    `day` (T,) counts from the start, `share` has by mode, and for `outside` (not trading), arrays (n, T). A run has n =
    1 and a record for each day; a study has up to 120 records.
    """

    day: Floats
    share: Mapping[str, Floats]


Reading: TypeAlias = Callable[[Paths], Floats]
"""What computes a measure in each replication, (n,), NaN where it is not defined."""
OWN: dict[str, Reading] = {}
"""What was added, by name; unit and meaning are in `MEASURES`."""


def add_measure(measure: Measure, reading: Reading, undefined: str) -> None:
    """Add a measure, or replace one that was added. Raises ValueError for the name of one of the program's."""
    name = measure.name
    if (name in MEASURES and name not in OWN) or not name.isidentifier():
        raise ValueError(f"{name!r} cannot name a measure: it is one already, or not made of letters and _")
    OWN[name], MEASURES[name], WHY_UNDEFINED[name] = reading, measure, undefined


def read_own(name: str, paths: Paths) -> Floats:
    """An added measure in each replication, (n,), NaN in one that failed.

    Raises ValueError for a result of another shape.
    """
    values, share = np.asarray(OWN[name](paths), dtype=np.float64), next(iter(paths.share.values()))
    if values.shape != (len(share),):
        raise ValueError(f"the measure {name} gave an array of shape {values.shape}, not ({len(share)},)")
    return np.where(np.isnan(share).all(axis=1), np.nan, values)


def share_in(volume: Volumes, mode: str) -> Floats:
    """The share of a mode, or `outside`, over time (n, T), in the volumes (n, T, 4) that a study keeps."""
    return np.asarray(volume[:, :, SERIES.index(mode)] / volume[:, :1].sum(axis=2, dtype=np.float64))


def paths_in(day: Floats, volume: Volumes) -> Paths:
    """All shares over time in the volumes (n, T, 4) that a study keeps."""
    return Paths(day, {mode: share_in(volume, mode) for mode in SERIES})


def paths_of(run: Run) -> Paths:
    """The shares of a run over time."""
    day, table = np.asarray(run.data["day"].values, dtype=np.float64), run.to_frame()
    return Paths(day, {mode: table[mode].to_numpy(dtype=np.float64)[np.newaxis] for mode in SERIES})
