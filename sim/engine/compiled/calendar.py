"""A binary heap of appointments in arrays, ordered by (time, rank, order of asking)."""

from typing import NamedTuple

import numpy as np

from sim.model.kernel import growing_kernel, twin
from sim.model.world import Floats, Ints


class Calendar(NamedTuple):
    """Appointments; the first `size` entries of each array form a heap."""

    time: Floats  # (C,)
    keys: Ints  # (C, 2) rank, order of asking
    rows: Ints  # (C, 4) kind and what it carries
    size: Ints  # (2,) entries, appointments asked for so far


CalendarRef = twin(Calendar)
_ROOM = 256  # entries at first; arrays double when they are full


def empty_calendar() -> Calendar:
    """A calendar without appointments."""
    ints = np.int64
    return Calendar(np.empty(_ROOM), np.empty((_ROOM, 2), ints), np.empty((_ROOM, 4), ints), np.zeros(2, ints))


@growing_kernel
def push(calendar: Calendar, time: float, rank: int, kind: int, a: int, b: int, c: int) -> None:
    """Add an appointment."""
    n = calendar.size[0]
    if n == len(calendar.time):
        _grow(calendar)
    calendar.size[0] = n + 1
    asked = calendar.size[1]
    calendar.size[1] = asked + 1
    times, keys, rows = calendar.time, calendar.keys, calendar.rows
    while n > 0:
        parent = (n - 1) // 2
        if not _before(time, rank, asked, times[parent], keys[parent, 0], keys[parent, 1]):
            break
        _copy(times, keys, rows, parent, n)
        n = parent
    times[n] = time
    keys[n, 0], keys[n, 1] = rank, asked
    rows[n, 0], rows[n, 1], rows[n, 2], rows[n, 3] = kind, a, b, c


@growing_kernel
def pop(calendar: Calendar) -> None:
    """Remove the first appointment (entry 0), which the caller has read."""
    calendar.size[0] -= 1
    last = calendar.size[0]
    times, keys, rows = calendar.time, calendar.keys, calendar.rows
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= last:
            break
        other = child + 1
        if other < last and _before(
            times[other], keys[other, 0], keys[other, 1], times[child], keys[child, 0], keys[child, 1]
        ):
            child = other
        if not _before(times[child], keys[child, 0], keys[child, 1], times[last], keys[last, 0], keys[last, 1]):
            break
        _copy(times, keys, rows, child, hole)
        hole = child
    _copy(times, keys, rows, last, hole)


@growing_kernel
def _before(t: float, rank: int, asked: int, t2: float, rank2: int, asked2: int) -> bool:
    if t != t2:
        return t < t2
    return rank < rank2 if rank != rank2 else asked < asked2


@growing_kernel
def _copy(times: Floats, keys: Ints, rows: Ints, source: int, target: int) -> None:
    times[target] = times[source]
    keys[target, 0], keys[target, 1] = keys[source, 0], keys[source, 1]
    for n in range(4):
        rows[target, n] = rows[source, n]


@growing_kernel
def _grow(calendar: Calendar) -> None:
    calendar.time = np.concatenate((calendar.time, np.empty_like(calendar.time)))  # type: ignore[misc]
    calendar.keys = np.concatenate((calendar.keys, np.empty_like(calendar.keys)))  # type: ignore[misc]
    calendar.rows = np.concatenate((calendar.rows, np.empty_like(calendar.rows)))  # type: ignore[misc]
