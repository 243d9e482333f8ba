"""What facts need of a run, recorded as it goes: volumes and open venues on some days, and when something happened.

A monitor holds readings, each of one thing on the records from `begin` up to `end`, and queries, each about the lines
of the journal. All that it records of a run goes into one row of numbers, which begins with whether anything happened
just when each record was taken.
"""

import math
from typing import Annotated, NamedTuple

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.kernels.shapes import Shape, empty, sizes_of
from sim.model.outcomes.snapshot import status
from sim.model.state import State
from sim.model.traders.attraction import base_volume
from sim.model.traders.demand import project, venue_share
from sim.model.traders.periodic_updates import activity
from sim.world import codes as c
from sim.world.arrays import Bools, Floats, Ints, World

VOLUME, SERVING, SITES, PENDING, LIMITED = range(5)
"""Kinds of readings: what some segments trade at some venues, and how many of some venues serve customers;
sites blocked so far; applications that wait or are examined at an office; how many of some venues lack the licence for
some products."""
SERVES_NOBODY = (c.STATUS_CLOSED, c.STATUS_BUILDING, c.STATUS_BLOCKED, c.STATUS_SUSPENDED)
"""Status of a venue that serves no customers."""
SIMULTANEOUS = 0.5 / 86400.0
"""What is less than so many days apart, half a second, happens at one time."""
ANY = -1


class Monitor(NamedTuple):
    """What to record, and the row that it goes to."""

    day: Annotated[Floats, Shape("T")]  # of each record
    kind: Annotated[Ints, Shape("readings")]
    begin: Annotated[Ints, Shape("readings")]  # first record
    end: Annotated[Ints, Shape("readings")]  # record after the last
    at: Annotated[Ints, Shape("readings")]  # place in the row of the first record
    venue: Annotated[Ints, Shape("venues")]
    first_venue: Annotated[Ints, Shape("readings + 1")]  # of reading n: venue[first_venue[n]] up to that of n + 1
    segment: Annotated[Bools, Shape("readings", "K")]
    office: Annotated[Ints, Shape("readings")]
    event: Annotated[Bools, Shape("queries", len(c.EVENTS))]
    mode: Annotated[Ints, Shape("queries")]  # or ANY
    anyone: Annotated[Bools, Shape("queries")]  # whether it counts lines about whomever
    exchange: Annotated[Bools, Shape("queries", "F")]
    cause: Annotated[Ints, Shape("queries", 2)]  # cause and its index, or ANY
    between: Annotated[Floats, Shape("queries", 2)]  # first and last day
    place: Annotated[
        Ints, Shape("queries")
    ]  # in the row: how many lines, and from the next on the first of each exchange
    demand: Annotated[Floats, Shape("K")]  # at a record, what each segment would trade if all of it did
    queues: Annotated[Ints, Shape("queues")]  # at a record, those waiting, then those served, by station
    taken: Annotated[Ints, Shape(1)]  # records so far
    row: Annotated[Floats, Shape("numbers")]


def empty_monitor(world: World) -> Monitor:
    """A monitor that records nothing."""
    sizes = sizes_of(world)
    nothing = dict.fromkeys(("T", "readings", "venues", "queries", "numbers"), 0)
    return empty(Monitor, {**sizes, **nothing, "queues": 2 * (sizes["G"] + sizes["O"])})


def copied_monitor(monitor: Monitor) -> Monitor:
    """One that records the same elsewhere."""
    return Monitor._make(array.copy() for array in monitor)


@kernel
def clear_monitor(monitor: Monitor) -> None:
    """Nothing has happened."""
    monitor.taken[0] = 0
    for n in range(len(monitor.row)):
        monitor.row[n] = 0.0
    for q in range(len(monitor.place)):
        for f in range(monitor.exchange.shape[1]):
            monitor.row[monitor.place[q] + 1 + f] = math.nan


@kernel
def monitor_record(world: World, state: State, monitor: Monitor, t: int) -> None:
    """Take all readings of record t; the engine has filled `queues`."""
    monitor.taken[0] = t + 1
    if len(monitor.row) == 0:
        return
    now = monitor.day[t]
    project(world.segments, state.market, state.projected, now)
    for k in range(len(monitor.demand)):
        monitor.demand[k] = base_volume(world, state, k, now) * activity(world, state, k, now)
    for n in range(len(monitor.kind)):
        if monitor.begin[n] <= t and t < monitor.end[n]:
            monitor.row[monitor.at[n] + t - monitor.begin[n]] = _reading(world, state, monitor, n)


@kernel
def _reading(world: World, state: State, monitor: Monitor, n: int) -> float:
    kind = monitor.kind[n]
    if kind == SITES:
        return float(state.cases.sites[0])
    if kind == PENDING:
        station = len(world.agencies.capacity) + monitor.office[n]
        return float(monitor.queues[station] + monitor.queues[len(monitor.queues) // 2 + station])
    total = 0.0
    for place in range(monitor.first_venue[n], monitor.first_venue[n + 1]):
        v = monitor.venue[place]
        if kind == SERVING:
            total += 1.0 if status(state, v) not in SERVES_NOBODY else 0.0
        elif kind == LIMITED:
            total += 1.0 if status(state, v) == c.STATUS_LIMITED else 0.0
        elif state.venues.open[v]:
            volume = 0.0
            for k in range(len(monitor.demand)):
                if monitor.segment[n, k]:
                    volume += venue_share(state.projected, k, v) * monitor.demand[k]
            total += volume
    return total


@inlined
def monitor_line(monitor: Monitor, line: Ints, now: float) -> None:
    """Note a line of the journal: event, subject, mode, host, cause, cause index; and when."""
    if len(monitor.row) > 0:
        _note_line(monitor, line, now)


@kernel
def _note_line(monitor: Monitor, line: Ints, now: float) -> None:
    for t in range(max(0, monitor.taken[0] - 1), min(len(monitor.day), monitor.taken[0] + 1)):
        if abs(now - monitor.day[t]) < SIMULTANEOUS:
            monitor.row[t] = 1.0
    for q in range(len(monitor.place)):
        if _asked_for(monitor, q, line, now):
            place, f = monitor.place[q], line[1]
            monitor.row[place] += 1.0
            if not monitor.anyone[q] and math.isnan(monitor.row[place + 1 + f]):
                monitor.row[place + 1 + f] = now


@inlined
def _asked_for(monitor: Monitor, q: int, line: Ints, now: float) -> bool:
    """Whether a query is about a line."""
    if not monitor.event[q, line[0]] or (monitor.mode[q] != ANY and monitor.mode[q] != line[2]):
        return False
    if not monitor.anyone[q] and (line[1] < 0 or not monitor.exchange[q, line[1]]):
        return False
    if monitor.cause[q, 0] != ANY and (monitor.cause[q, 0] != line[4] or monitor.cause[q, 1] not in (ANY, line[5])):
        return False
    return bool(monitor.between[q, 0] - SIMULTANEOUS < now and now < monitor.between[q, 1] + SIMULTANEOUS)


def jumps(day: Floats, lines: Floats) -> Bools:
    """Whether any of the lines, by their days, came just when each record was taken, (T,)."""
    near = np.searchsorted(np.sort(lines), day - SIMULTANEOUS, side="right")
    return near < np.searchsorted(np.sort(lines), day + SIMULTANEOUS, side="left")
