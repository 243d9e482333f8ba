"""Time and memory of the versions, taken in turn so that whatever else the machine does falls on all alike."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import mean, median

from tests.benchmarks.rivals.versions import Version

_MOST = 1000  # replications of an ensemble


@dataclass
class Cost:
    """What one version costs at one size; `seconds` of single runs, `each` per replication of an ensemble."""

    version: str
    exchanges: int
    megabytes: float
    events: int  # of a run
    seconds: list[float] = field(default_factory=list)
    replications: int = 0
    each: list[float] = field(default_factory=list)

    @property
    def run(self) -> float:
        """Median seconds of a run."""
        return median(self.seconds)

    @property
    def ensemble(self) -> float | None:
        """Median seconds per replication of an ensemble; None if it was not run."""
        return median(self.each) if self.each else None

    def row(self) -> dict[str, object]:
        """All figures, for a file."""
        derived = {"run": self.run, "ensemble": self.ensemble, "events_per_second": self.events / self.run}
        return vars(self) | derived


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    A version that takes longer than `patience` for a run is run once; it is not run at all at sizes at which a run
    would take longer than `longest` if its time grew as the square of the number of exchanges, since each event
    touches all of them.
    """

    repeat: int
    patience: float
    longest: float
    ensemble: float  # seconds that an ensemble should take
    workers: int


def measure(versions: list[Version], sizes: list[int], plan: Plan) -> list[Cost]:
    """Costs of all versions at all sizes, by size."""
    known = {version.name: version for version in versions}
    costs: dict[tuple[int, str], Cost] = {}
    each: dict[str, float] = {}  # seconds per pair of exchanges at the size before
    for size in sorted(sizes):
        for version in versions:
            if each.get(version.name, 0.0) * size**2 > plan.longest:
                continue
            first = version.alone(size)
            each[version.name] = first.seconds / size**2
            costs[size, version.name] = cost = Cost(version.name, size, first.megabytes, first.events)
            if first.seconds > plan.patience:
                cost.seconds.append(first.seconds)
            else:
                cost.replications = _replications(first.seconds, plan)
    for turn in range(plan.repeat):
        for (_, name), cost in costs.items():
            if cost.replications:
                _measure(known[name], cost, turn, plan)
    return list(costs.values())


def _replications(seconds: float, plan: Plan) -> int:
    """Of an ensemble: as many as fit into its time, a multiple of the workers."""
    rounds = min(_MOST / plan.workers, max(1.0, plan.ensemble / max(seconds, 1e-9)))
    return plan.workers * round(rounds)


def _measure(version: Version, cost: Cost, turn: int, plan: Plan) -> None:
    """One more single run, and one more ensemble."""
    outcome, seconds = version.timed(cost.exchanges, 1, turn)
    cost.seconds.append(seconds)
    began = time.perf_counter()
    outcomes = version.ensemble(cost.exchanges, turn + 2, cost.replications, plan.workers)
    cost.each.append((time.perf_counter() - began) / cost.replications)
    cost.events = round(mean(each.events for each in [outcome, *outcomes]))
