"""SimPy's event queue with a total order of ties: (time, kind, subject), never the order of insertion."""

from collections.abc import Generator

import simpy
from simpy.events import EventPriority

Process = Generator[simpy.Event, object, None]

_OWN = 2  # SimPy's own events (process starts, interrupts, grants) have 0 and 1 and come first


class RankedEvent(simpy.Event):
    """An event after `delay` days that takes its `rank` among those of the same instant."""

    def __init__(self, env: simpy.Environment, delay: float, rank: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(_OWN + rank), delay)
