"""Appointments in arrays, ordered by (time, rank, order of asking).

The near future is a binary heap, the rest a list for each slice of time, turned into the heap when its time comes: an
appointment costs the same however many others lie ahead (a calendar queue, Brown 1988).
"""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.column_type import fetch
from sim.kernels.compile import inlined, kernel
from sim.world.arrays import Floats, Ints

_SLICES = 4  # a day
_NOWHERE = -1


class Calendar(NamedTuple):
    """Appointments. Each has a place, and the last entries of `spare` are the places that are free."""

    rows: Annotated[Ints, 6]  # (C, 6) by place: rank, order of asking, kind and what it carries
    day: Floats  # (C,) by place
    later: Ints  # (C,) by place: the next place in the same slice, -1 none
    spare: Ints  # (C,)
    time: Floats  # (C,) the heap
    place: Ints  # (C,) the heap
    head: Ints  # (S,) first place of each slice, -1 none; the last slice has no end
    size: Annotated[Ints, 4]  # appointments, those in the heap, those asked for so far, the slice in the heap


def empty_calendar(days: float) -> Calendar:
    """A calendar without room for appointments, see `ledger.grown`, in slices up to a day."""
    ints, none = np.zeros(0, np.int64), np.zeros(0)
    head = np.full(int(days + 1.0) * _SLICES + 1, _NOWHERE)
    return Calendar(np.zeros((0, 6), np.int64), none, ints, ints, none, ints, head, np.zeros(4, np.int64))


@kernel
def clear(calendar: Calendar) -> None:
    """Cross out all appointments."""
    for n in range(len(calendar.spare)):
        calendar.spare[n] = n
    for s in range(len(calendar.head)):
        calendar.head[s] = _NOWHERE
    for n in range(len(calendar.size)):
        calendar.size[n] = 0


@kernel
def add(calendar: Calendar, time: float, rank: int, kind: int, a: int, b: int, c: int) -> None:
    """Add an appointment; there must be room for it."""
    count, asked = calendar.size[0], calendar.size[2]
    calendar.size[0], calendar.size[2] = count + 1, asked + 1
    place = calendar.spare[count]
    row = calendar.rows[place]
    row[0], row[1], row[2], row[3], row[4], row[5] = rank, asked, kind, a, b, c
    s = int(min(time * _SLICES, len(calendar.head) - 1.0))
    if s <= calendar.size[3]:
        _push(calendar, time, place)
    else:
        calendar.day[place], calendar.later[place], calendar.head[s] = time, calendar.head[s], place


@inlined
def find_first(calendar: Calendar) -> float:
    """Time of the first appointment, infinity if there is none; its place is then the first of the heap."""
    if calendar.size[0] == 0:
        return np.inf
    while calendar.size[1] == 0:
        _next_slice(calendar)
    return float(calendar.time[0])


@kernel
def _next_slice(calendar: Calendar) -> None:
    calendar.size[3] += 1
    place = calendar.head[calendar.size[3]]
    while place != _NOWHERE:
        fetch(calendar.rows, place)
        _push(calendar, calendar.day[place], place)
        place = calendar.later[place]


@kernel
def _push(calendar: Calendar, time: float, place: int) -> None:
    times, places, n = calendar.time, calendar.place, calendar.size[1]
    calendar.size[1] = n + 1
    while n > 0:
        parent = (n - 1) >> 1
        if not _before(calendar, time, place, parent):
            break
        times[n], places[n] = times[parent], places[parent]
        n = parent
    times[n], places[n] = time, place


@inlined
def remove_first(calendar: Calendar) -> None:
    """Remove the first appointment, which the caller has found and read."""
    times, places = calendar.time, calendar.place
    count, last = calendar.size[0] - 1, calendar.size[1] - 1
    calendar.size[0], calendar.size[1] = count, last
    calendar.spare[count] = places[0]
    time, place, hole = times[last], places[last], 0
    while True:
        child = 2 * hole + 1
        if child >= last:
            break
        if child + 1 < last:
            child += _before(calendar, times[child + 1], places[child + 1], child)
        if _before(calendar, time, place, child):
            break
        times[hole], places[hole] = times[child], places[child]
        hole = child
    times[hole], places[hole] = time, place


@inlined
def _before(calendar: Calendar, time: float, place: int, n: int) -> bool:
    """Whether an appointment comes before entry n of the heap."""
    if time != calendar.time[n]:
        return bool(time < calendar.time[n])
    mine, other = calendar.rows[place], calendar.rows[calendar.place[n]]
    if mine[0] != other[0]:
        return bool(mine[0] < other[0])
    return bool(mine[1] < other[1])
