"""The parts of a study in the making: those that a store has already are not made again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.study.jobs.job import Failure, Part, Work, joined
from sim.study.precision import Reached
from sim.study.study import Floats, Results

if TYPE_CHECKING:
    from sim.study.jobs.plan import Plan
    from sim.study.jobs.pool import Do
    from sim.study.store.store import Store


@dataclass(frozen=True)
class Progress:
    """How far a study is: runs that were made now and those kept from before, of those wanted so far.

    `reached` is what the last look at the precision found.
    """

    made: int = 0
    kept: int = 0
    wanted: int = 0
    reached: tuple[Reached, ...] = ()


Watcher = Callable[[Progress], None]


class Collector:
    """The parts by policy. With a store their paths stay there, so that memory stays flat."""

    def __init__(self, plan: Plan, store: Store | None = None, watch: Watcher | None = None) -> None:
        self.plan, self.store, self.watch = plan, store, watch
        self.parts: dict[str, list[Part]] = {policy: [] for policy in plan.worlds}
        self.done = dict.fromkeys(plan.worlds, 0)
        self.progress = Progress()

    def extend(self, do: Do, last: int) -> None:
        """Make the replications of every policy up to `last`, all policies abreast."""
        missing = heapq.merge(*[self._missing(policy, last) for policy in self.done], key=lambda work: work.first)
        if self.store is not None:
            for policy, first in self.done.items():
                for part in self.store.rows(policy, first, last):
                    self._take(part)
                    self._tell(kept=len(part.measures))
        self.done = {policy: max(first, last) for policy, first in self.done.items()}
        self._tell(wanted=sum(self.done.values()) - self.progress.wanted)
        with closing(do(missing)) as parts:
            for part in parts:
                if self.store is not None:
                    self.store.write(part)
                self._take(part)
                self._tell(made=len(part.measures))

    def _missing(self, policy: str, last: int) -> Iterator[Work]:
        """What is to be made of a policy, piece by piece when it is wanted."""
        kept = [] if self.store is None else self.store.ranges(policy)
        blanks = list(gaps(kept, self.done[policy], last))
        return (work for blank in blanks for work in self.plan.pieces(policy, *blank))

    def found(self, reached: tuple[Reached, ...]) -> None:
        """Tell whoever watches what a look at the precision found."""
        self.progress = replace(self.progress, reached=reached)
        self._tell()

    def measures(self, policy: str) -> Floats:
        """Measures of a policy so far, (n, M)."""
        ordered = sorted(self.parts[policy], key=lambda part: part.first)
        return np.concatenate([part.measures for part in ordered])

    def failures(self) -> tuple[Failure, ...]:
        """All that failed, by policy and replication."""
        parts = [part for each in self.parts.values() for part in sorted(each, key=lambda part: part.first)]
        return tuple(failure for part in parts for failure in part.failures)

    def results(self, policy: str, rules: tuple[str, ...]) -> Results:
        """All that was made of a policy, which is let go of here."""
        found = joined(self.parts.pop(policy))
        if self.store is not None:
            found["paths"] = self.store.paths(policy, len(found["measures"]))
        return Results(**found, rules=rules)

    def _take(self, part: Part) -> None:
        self.parts[part.policy].append(part if self.store is None else replace(part, paths=part.paths[:, :0].copy()))

    def _tell(self, made: int = 0, kept: int = 0, wanted: int = 0) -> None:
        now = self.progress
        self.progress = replace(now, made=now.made + made, kept=now.kept + kept, wanted=now.wanted + wanted)
        if self.watch is not None:
            self.watch(self.progress)


def gaps(kept: Sequence[tuple[int, int]], first: int, last: int) -> Iterator[tuple[int, int]]:
    """What of `first` up to `last` the ranges, in order, leave out."""
    for start, end in kept:
        if first < start and first < last:
            yield first, min(start, last)
        first = max(first, end)
    if first < last:
        yield first, last
