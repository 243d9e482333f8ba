"""Appointments in arrays, a binary heap ordered by (time, rank, order of asking)."""

from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.kernels.shapes import Shape
from sim.world.arrays import Floats, Ints


class EventQueue(NamedTuple):
    """Appointments. Each has a place, and the last entries of `spare` are the places that are free."""

    rows: Annotated[Ints, Shape("events", 6)]  # by place: rank, order of asking, kind and what it carries
    spare: Annotated[Ints, Shape("events")]
    time: Annotated[Floats, Shape("events")]  # the heap
    place: Annotated[Ints, Shape("events")]  # the heap
    size: Annotated[Ints, Shape(2)]  # appointments, those asked for so far


@kernel
def clear(event_queue: EventQueue) -> None:
    """Cross out all appointments."""
    for n in range(len(event_queue.spare)):
        event_queue.spare[n] = n
    for n in range(len(event_queue.size)):
        event_queue.size[n] = 0


@kernel
def add(event_queue: EventQueue, time: float, rank: int, kind: int, a: int, b: int, c: int) -> None:
    """Add an appointment; there must be room for it."""
    times, places, n, asked = event_queue.time, event_queue.place, event_queue.size[0], event_queue.size[1]
    event_queue.size[0], event_queue.size[1] = n + 1, asked + 1
    place = event_queue.spare[n]
    row = event_queue.rows[place]
    row[0], row[1], row[2], row[3], row[4], row[5] = rank, asked, kind, a, b, c
    while n > 0:
        parent = (n - 1) >> 1
        if not _before(event_queue, time, place, parent):
            break
        times[n], places[n] = times[parent], places[parent]
        n = parent
    times[n], places[n] = time, place


@inlined
def first_time(event_queue: EventQueue) -> float:
    """Time of the first appointment, infinity if there is none; its place is the first of the heap."""
    return float(event_queue.time[0]) if event_queue.size[0] > 0 else np.inf


@inlined
def remove_first(event_queue: EventQueue) -> None:
    """Remove the first appointment, which the caller has read."""
    times, places, last = event_queue.time, event_queue.place, event_queue.size[0] - 1
    event_queue.size[0] = last
    event_queue.spare[last] = places[0]
    time, place, hole = times[last], places[last], 0
    while True:
        child = 2 * hole + 1
        if child >= last:
            break
        if child + 1 < last:
            child += _before(event_queue, times[child + 1], places[child + 1], child)
        if _before(event_queue, time, place, child):
            break
        times[hole], places[hole] = times[child], places[child]
        hole = child
    times[hole], places[hole] = time, place


@inlined
def _before(event_queue: EventQueue, time: float, place: int, n: int) -> bool:
    """Whether an appointment comes before entry n of the heap."""
    if time != event_queue.time[n]:
        return bool(time < event_queue.time[n])
    mine, other = event_queue.rows[place], event_queue.rows[event_queue.place[n]]
    if mine[0] != other[0]:
        return bool(mine[0] < other[0])
    return bool(mine[1] < other[1])
