"""SimPy's calendar with a total order of ties: (time, kind, subject), never the order of insertion."""

import math
from collections.abc import Generator

import simpy
from simpy.events import EventPriority

(
    LEVER, CAMPAIGN, CLOSE, ENTRY, LAUNCH, LICENCE, PATIENCE, CASE, DETECTION, DOMAIN, RELEASE, DECISION, TICK, RULE,
    RECORD,
) = range(15)  # fmt: skip
"""Kinds of appointment in the order in which they fall within one instant: levers first, the record last."""

Process = Generator[simpy.Event, object, None]

_OWN = 2  # SimPy's own events (process starts, interrupts, grants) have 0 and 1 and come first
_SUBJECTS = 1 << 40


class Appointment(simpy.Event):
    """An event after `delay` days that ranks by kind and subject among those of the same instant."""

    def __init__(self, env: simpy.Environment, delay: float, kind: int, subject: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(_OWN + kind * _SUBJECTS + subject), delay)


def never(env: simpy.Environment, delay: float, kind: int, subject: int) -> simpy.Event:
    """An appointment, or for an infinite delay an event that does not come."""
    return simpy.Event(env) if math.isinf(delay) else Appointment(env, delay, kind, subject)
