"""What the processes of the reference engine share: world, state, clock, resources and what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import EventPriority

from sim.engine.result import Decision, copy_decision
from sim.kernels.pointers import share
from sim.model.events import rank
from sim.model.exchanges.decisions import can_decide
from sim.model.state import State
from sim.model.traders.demand import advance
from sim.world.arrays import World

Lines = tuple[NDArray[np.int64], NDArray[np.float64]]
Request = tuple[float, int, int, int, int]
T = TypeVar("T")
Process = Generator[simpy.Event, object, None]
_OWN = 2  # SimPy's own events (process starts, interrupts, grants) have 0 and 1 and come first


class RankedEvent(simpy.Event):
    """An event after `delay` days. Ties are in the order of (time, rank), never in that of insertion."""

    def __init__(self, env: simpy.Environment, delay: float, rank: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(_OWN + rank), delay)


@dataclass
class ReferenceRun:
    """One run in the making: `world` and `state` to read, `world_ptr` and `state_ptr` for what may be compiled.

    `before_decision` is called with the run, the exchange, the cause and its index just before a decision, `on_journal`
    with lines of the journal as they are written.
    """

    world: World
    state: State
    before_decision: Callable[[ReferenceRun, int, int, int], None] | None = None
    compiled: bool = False
    env: simpy.Environment = field(default_factory=simpy.Environment)
    lines: list[Lines] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    work: list[tuple[int, float, float]] = field(default_factory=list)
    on_journal: Callable[[NDArray[np.int64], NDArray[np.float64]], None] | None = None
    watchers: dict[tuple[int, int], simpy.Process] = field(default_factory=dict)  # by action and venue
    files: dict[tuple[int, int], simpy.Process] = field(default_factory=dict)  # applications, by venue and office

    def __post_init__(self) -> None:
        self.world_ptr, self.state_ptr = self.pointer(self.world), self.pointer(self.state)
        agencies, offices = self.world.agencies, self.world.offices
        self.inspectors = [simpy.Resource(self.env, int(n)) for n in agencies.capacity]
        self.officers = [simpy.Resource(self.env, int(n)) for n in offices.officers]

    def pointer(self, record: T) -> T:
        """A record as the entrances take it."""
        return share(record) if self.compiled else record

    @property
    def now(self) -> float:
        """Days from the start."""
        return float(self.env.now)

    def wait(self, delay: float, kind: int, a: int = 0, b: int = 0, c: int = 0) -> RankedEvent:
        """An event so many days ahead."""
        return RankedEvent(self.env, delay, int(rank(self.world, kind, a, b, c)))

    def start(self, process: Process) -> simpy.Process:
        """Let a process begin."""
        return self.env.process(process)

    def take_requests(self) -> list[Request]:
        """Put the model's lines into the journal, and return what it scheduled: (delay, kind, a, b, c)."""
        journal, requests = self.state.journal, self.state.requests
        if count := int(journal.used[0]):
            codes, values = journal.codes[:count].copy(), journal.values[:count].copy()
            self.lines.append((codes, values))
            if self.on_journal is not None:
                self.on_journal(codes, values)
            journal.used[0] = 0
        count = int(requests.used[0])
        requests.used[0] = 0
        rows, delays = requests.rows[:count].tolist(), requests.delay[:count].tolist()
        return [(delay, *row) for delay, row in zip(delays, rows, strict=True)]

    def journal(self) -> Lines:
        """All lines so far: codes (N, 6) and values (N, 2)."""
        codes, values = np.zeros((0, 6), dtype=np.int64), np.zeros((0, 2))
        return (
            np.concatenate([codes, *(codes for codes, _ in self.lines)]),
            np.concatenate([values, *(values for _, values in self.lines)]),
        )

    def announce_decision(self, exchange: int, cause: int, reason: int) -> None:
        """Let whoever follows the run look at the state just before an exchange decides."""
        if self.before_decision is not None and can_decide(self.world, self.state, exchange):
            advance(self.world.segments, self.state.market, self.now)
            self.before_decision(self, exchange, cause, reason)

    def record_decision(self) -> None:
        """Keep the record of the decision that was just taken."""
        self.decisions.append(copy_decision(self.state.decision))
