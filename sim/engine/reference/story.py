"""What the actors of the reference engine share: world, state, clock, resources and the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import simpy

from sim.engine.reference.calendar import Appointment, Process, never
from sim.model.desk import Decision, read_desk
from sim.model.enforcement import rerate_firms
from sim.model.market import advance_market
from sim.model.shared import share_state, share_world
from sim.model.state import State
from sim.model.world import World


@dataclass
class Story:
    """One run in the making: `world` and `state` to read, `w` and `s` to hand to kernels.

    `before_decision` is called with the story, the exchange, the cause and its index just before a decision.
    """

    world: World
    state: State
    before_decision: Callable[[Story, int, int, int], None] | None = None
    env: simpy.Environment = field(default_factory=simpy.Environment)
    lines: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    work: list[tuple[int, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.w, self.s = share_world(self.world), share_state(self.state)
        agencies, offices = self.world.agencies, self.world.offices
        self.inspectors = [simpy.Resource(self.env, int(n)) for n in agencies.capacity]
        self.officers = [simpy.Resource(self.env, int(n)) for n in offices.officers]
        self.watchers: dict[tuple[int, int], simpy.Process] = {}
        self.changed = np.zeros(self.state.cases.rate.shape, dtype=np.bool_)

    @property
    def now(self) -> float:
        """Days from the start."""
        return float(self.env.now)

    def wait(self, days: float, kind: int, subject: int) -> Appointment:
        """An appointment so many days ahead."""
        return Appointment(self.env, days, kind, subject)

    def wait_if_ever(self, days: float, kind: int, subject: int) -> simpy.Event:
        """As `wait`, but infinitely many days are allowed."""
        return never(self.env, days, kind, subject)

    def start(self, process: Process) -> simpy.Process:
        """Let an actor begin."""
        return self.env.process(process)

    def arrive(self) -> float:
        """Bring demand up to the present and return it; every actor does so before it changes anything."""
        advance_market(self.w, self.s, self.now)
        return self.now

    def write(self) -> None:
        """Take the lines that the model wrote into the journal."""
        log = self.state.log
        count = int(log.lines[0])
        if count:
            self.lines.append((log.codes[:count].copy(), log.values[:count].copy()))
            log.lines[0] = 0

    def note_decision(self, f: int, cause: int, index: int) -> None:
        """Keep the record of the decision that was just taken."""
        self.decisions.append(read_desk(self.state.desk, self.now, f, cause, index))

    def changed_clocks(self, first: int, last: int) -> list[tuple[int, int]]:
        """(action, venue) of the detection clocks of exchanges first up to last whose rate changed."""
        if not rerate_firms(self.w, self.s, first, last, self.now, self.changed):
            return []
        part = self.changed[:, 3 * first : 3 * last]
        return [(int(action), 3 * first + int(v)) for action, v in np.argwhere(part)]
