"""How a study is cut into pieces of work: by the world alone, never by who works or how much is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.jobs.job import Work

if TYPE_CHECKING:
    from sim.study.statistics.parameter_draws import Draws
    from sim.world.arrays import World

_FIXED, _PER_CELL = 1e-4, 1e-8  # seconds of a compiled run, about: a base, and per venue, segment and record
_REFERENCE = 100.0  # how much longer the reference engine takes, about
_PIECE = 1.0  # seconds that a piece of work takes, about
_MOST = 4096
_MOST_DRAWN = 64  # if each replication may have a world of its own
_INSTANTS = 120  # most records of a path that are kept


@dataclass(frozen=True)
class Plan:
    """What all pieces of work of a study share."""

    worlds: Mapping[str, World]
    engine: str
    seed: int
    until: float
    every: float
    records: tuple[int, ...]
    draws: Draws | None = None

    def pieces(self, policy: str, first: int, last: int) -> Iterator[Work]:
        """The pieces that make replications `first` up to `last` of a policy.

        They end at multiples of `size`, so that whoever fills a gap in a study makes the pieces that are missing there.
        """
        size = self.size(policy)
        while first < last:
            end = min(last, (first // size + 1) * size)
            drawn = self.draws.worlds(policy, first, end - first) if self.draws is not None else ()
            yield Work(
                policy, self.worlds[policy], self.engine, self.seed, first, end - first,
                self.until, self.every, self.records, drawn,
            )  # fmt: skip
            first = end

    def size(self, policy: str) -> int:
        """Replications of a whole piece."""
        cells = self.worlds[policy].exchanges.taste.size * (self.until / self.every + 1.0)
        slower = _REFERENCE if self.engine == "reference" else 1.0
        most = _MOST if self.draws is None else _MOST_DRAWN
        return int(min(most, max(1.0, _PIECE / (slower * (_FIXED + _PER_CELL * cells)))))


def instants(records: int, wanted: bool) -> tuple[int, ...]:
    """Indices of the records whose paths are kept: evenly spread, first and last among them."""
    if not wanted:
        return ()
    return tuple(np.unique(np.linspace(0, records - 1, min(records, _INSTANTS)).round().astype(int)).tolist())
