"""How a study is cut into pieces of work: by what is asked, never by who does it, so that a store is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.work import Work

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.study.draws import Draws

_FIXED, _PER_CELL = 2e-4, 6e-9  # seconds of a compiled run, about: a base, and per venue, segment and record
_PIECE = 1.0  # seconds that a piece of work takes, about
_LEAST = 0.02  # and below which it is not worth cutting further
_MOST = 4096
_SHARES = 8  # a policy's replications are cut into at least so many pieces if they take longer
_INSTANTS = 120  # most records of a path that are kept


@dataclass(frozen=True)
class Plan:
    """What all pieces of work of a study share."""

    worlds: dict[str, World]
    engine: str
    seed: int
    until: float
    every: float
    records: tuple[int, ...]
    draws: Draws | None = None

    def pieces(self, policy: str, first: int, last: int) -> Iterator[Work]:
        """The pieces that make replications `first` up to `last` of a policy."""
        run = self._seconds(self.worlds[policy])
        size = max(int(_LEAST / run), -(-(last - first) // _SHARES), 1)
        size = min(size, max(int(_PIECE / run), 1), _MOST)
        for start in range(first, last, size):
            count = min(size, last - start)
            drawn = self.draws.worlds(policy, start, count) if self.draws is not None else ()
            yield Work(
                policy, self.worlds[policy], self.engine, self.seed, start, count, self.until, self.every, self.records,
                drawn,
            )  # fmt: skip

    def _seconds(self, world: World) -> float:
        """Time that a replication takes, about."""
        cells = world.firms.taste.size * (self.until / self.every + 1.0)
        return _FIXED + _PER_CELL * float(cells)


def instants(records: int, wanted: bool) -> tuple[int, ...]:
    """Indices of the records whose paths are kept: evenly spread, first and last among them."""
    if not wanted:
        return ()
    return tuple(np.unique(np.linspace(0, records - 1, min(records, _INSTANTS)).round().astype(int)).tolist())
