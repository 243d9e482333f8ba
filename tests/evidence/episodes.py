"""Episodes whose paths are given."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sim.evidence.episode import Cast, Episode, Query, Reading
from sim.evidence.series import Floats, SeriesTable, Traded


class PathEpisode(Episode):
    """One replication in which one exchange trades a given amount at each midnight from a day on, as the series `x`."""

    def __init__(self, volume: Floats, start: str = "2017-01-01", jumps: tuple[int, ...] = ()) -> None:
        cast = Cast(datetime.fromisoformat(start), ("alpha",), {}, {"traders": True}, ())
        super().__init__(cast, SeriesTable({"x": (Traded(),)}, {}), 1, len(volume) - 1)
        self.volume, self.jumped = volume, np.isin(np.arange(len(volume)), jumps)

    def read(self, reading: Reading) -> Floats:
        return self.volume[np.newaxis, reading.begin : reading.end]

    def jumps(self, begin: int, end: int) -> NDArray[np.bool_]:
        return self.jumped[np.newaxis, begin:end]

    def ask(self, query: Query) -> tuple[Floats, Floats]:
        raise NotImplementedError
