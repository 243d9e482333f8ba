"""The event queue: a binary heap in arrays, ordered by (time, rank, order of scheduling)."""

from typing import Annotated, NamedTuple

from sim.kernels.compile import inlined, kernel
from sim.kernels.shapes import Shape
from sim.world.arrays import Floats, Ints


class EventQueue(NamedTuple):
    """Events. Each has a row; the last entries of `spare` are the rows that are free."""

    rows: Annotated[Ints, Shape("events", 6)]  # rank, order of scheduling, kind and what it carries
    spare: Annotated[Ints, Shape("events")]
    time: Annotated[Floats, Shape("events")]  # the heap
    row: Annotated[Ints, Shape("events")]  # the heap
    size: Annotated[Ints, Shape(2)]  # events in the queue, events scheduled so far
    end: Annotated[Floats, Shape(1)]  # an event then or later never happens, and is not kept


@kernel
def clear(event_queue: EventQueue, end: float) -> None:
    """Remove all events; from now on keep those before `end`."""
    event_queue.end[0] = end
    for n in range(len(event_queue.spare)):
        event_queue.spare[n] = n
    for n in range(len(event_queue.size)):
        event_queue.size[n] = 0


@kernel
def add(event_queue: EventQueue, time: float, rank: int, kind: int, a: int, b: int, c: int) -> None:
    """Add an event; there must be capacity for it.

    Most clocks of detections would ring after the end: without them the heap is a quarter as large.
    """
    times, rows, n, scheduled = event_queue.time, event_queue.row, event_queue.size[0], event_queue.size[1]
    if time >= event_queue.end[0]:
        return
    event_queue.size[0], event_queue.size[1] = n + 1, scheduled + 1
    row = event_queue.spare[n]
    event = event_queue.rows[row]
    event[0], event[1], event[2], event[3], event[4], event[5] = rank, scheduled, kind, a, b, c
    while n > 0:
        parent = (n - 1) >> 1
        if not _before(event_queue, time, row, parent):
            break
        times[n], rows[n] = times[parent], rows[parent]
        n = parent
    times[n], rows[n] = time, row


@inlined
def remove_first(event_queue: EventQueue) -> None:
    """Remove the first event, which the caller has read."""
    times, rows, last = event_queue.time, event_queue.row, event_queue.size[0] - 1
    event_queue.size[0] = last
    event_queue.spare[last] = rows[0]
    time, row, hole = times[last], rows[last], 0
    while True:
        child = 2 * hole + 1
        if child >= last:
            break
        if child + 1 < last:
            child += _before(event_queue, times[child + 1], rows[child + 1], child)
        if _before(event_queue, time, row, child):
            break
        times[hole], rows[hole] = times[child], rows[child]
        hole = child
    times[hole], rows[hole] = time, row


@inlined
def _before(event_queue: EventQueue, time: float, row: int, n: int) -> bool:
    """Whether an event comes before entry n of the heap."""
    if event_queue.time[n] != time:
        return bool(event_queue.time[n] > time)
    event, other = event_queue.rows[row], event_queue.rows[event_queue.row[n]]
    if event[0] != other[0]:
        return bool(event[0] < other[0])
    return bool(event[1] < other[1])
