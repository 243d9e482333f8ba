"""A binary heap of appointments in arrays, ordered by (time, rank, order of asking)."""

from typing import NamedTuple

import numpy as np

from sim.model.kernel import inlined, kernel
from sim.model.world import Floats, Ints


class Calendar(NamedTuple):
    """Appointments; the first `size` entries of `time`, `rank` and `place` form a heap.

    What an appointment carries stays at its place, so that an entry of the heap is small; the last entries of `spare`
    are the places that are free.
    """

    time: Floats  # (C,)
    rank: Ints  # (C,)
    place: Ints  # (C,)
    rows: Ints  # (C, 5) order of asking, kind and what it carries
    spare: Ints  # (C,)
    size: Ints  # (2,) entries, appointments asked for so far


def empty_calendar() -> Calendar:
    """A calendar without room for appointments, see `ledger.grown`."""
    ints, size = np.zeros(0, np.int64), np.zeros(2, np.int64)
    return Calendar(np.zeros(0), ints, ints, np.zeros((0, 5), np.int64), ints, size)


@kernel
def clear(calendar: Calendar) -> None:
    """Cross out all appointments."""
    for n in range(calendar.size[0]):
        calendar.spare[n] = calendar.place[n]
    calendar.size[0], calendar.size[1] = 0, 0


@kernel
def push(calendar: Calendar, time: float, rank: int, kind: int, a: int, b: int, c: int) -> None:
    """Add an appointment; there must be room for it."""
    times, ranks, places = calendar.time, calendar.rank, calendar.place
    n, asked = calendar.size[0], calendar.size[1]
    calendar.size[0], calendar.size[1] = n + 1, asked + 1
    place = calendar.spare[n]
    row = calendar.rows[place]
    row[0], row[1], row[2], row[3], row[4] = asked, kind, a, b, c
    while n > 0:
        parent = (n - 1) >> 1
        # Of what falls into one instant under one rank, what was asked for first comes first.
        if times[parent] < time or (times[parent] == time and ranks[parent] <= rank):
            break
        times[n], ranks[n], places[n] = times[parent], ranks[parent], places[parent]
        n = parent
    times[n], ranks[n], places[n] = time, rank, place


@inlined
def pop(calendar: Calendar) -> None:
    """Remove the first appointment (entry 0), which the caller has read."""
    times, ranks, places = calendar.time, calendar.rank, calendar.place
    last = calendar.size[0] - 1
    calendar.size[0] = last
    calendar.spare[last] = places[0]
    time, rank, place = times[last], ranks[last], places[last]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= last:
            break
        if child + 1 < last:
            if times[child + 1] == times[child]:
                child += _before(calendar, times[child + 1], ranks[child + 1], places[child + 1], child)
            else:
                child += times[child + 1] < times[child]  # no branch: it would be guessed wrong half of the time
        if _before(calendar, time, rank, place, child):
            break
        times[hole], ranks[hole], places[hole] = times[child], ranks[child], places[child]
        hole = child
    times[hole], ranks[hole], places[hole] = time, rank, place


@inlined
def _before(calendar: Calendar, time: float, rank: int, place: int, n: int) -> bool:
    """Whether an appointment comes before entry n."""
    if time != calendar.time[n]:
        return bool(time < calendar.time[n])
    if rank != calendar.rank[n]:
        return bool(rank < calendar.rank[n])
    return bool(calendar.rows[place, 0] < calendar.rows[calendar.place[n], 0])
