"""What the summary measures need of a run, added up as it goes.

Measures compare the end of a run with its own beginning. The reference window is the first days before the first
announcement, or the first record if nothing comes before it or nothing is ever announced; the final window is the last
days outside the reference window, or the last record. If domestic venues close on the first day already, there is no
market before to compare with.
"""

import math
from typing import Annotated, NamedTuple

from sim.kernels.compile import inlined, kernel
from sim.kernels.shapes import Shape, empty, sizes_of
from sim.model.outcomes.snapshot import status
from sim.model.state import State
from sim.model.traders.attraction import base_volume
from sim.model.traders.demand import mode_share, project, venue_share
from sim.model.traders.periodic_updates import activity
from sim.world import codes as c
from sim.world.arrays import Floats, Ints, World

BEFORE, AFTER = 0, 1
ANNOUNCED, EFFECTIVE = 0, 1
EVERY = 1.0
"""Days between the records from which measures are taken, however often a run is recorded for other ends."""
_EFFECT, _LOSS = 0, 1  # what is kept of the time since the last record
UNLICENSED, DISGUISED, BEHIND_BLOCK, ANY = 0, 1, 2, 3
# Groups of records: the first; those after it in the first days, in the last days, in both; the last. Which of them
# make a window is known only at the end, when it is known whether anything was ever announced.
_FIRST, _EARLY, _LATE, _BOTH, _LAST = range(5)
_GROUPS = 5


class Tally(NamedTuple):
    """A run in figures; T records. Volumes are focal, per day, at constant demand."""

    day: Annotated[Floats, Shape("T")]
    path: Annotated[Floats, Shape("T")]  # volume on domestic venues
    losses: Annotated[Floats, Shape("T")]  # when domestic venues last lost users at once since the record before; NaN
    modes: Annotated[Floats, Shape(2, 3)]  # mean volume by mode, before and after
    hosts: Annotated[Floats, Shape(2, "J")]  # mean volume of offshore venues by host, before and after
    sizes: Annotated[Floats, Shape("F")]  # mean volume by exchange, after
    venues: Annotated[Floats, Shape(2, "V")]  # mean volume by venue, before and after
    gained: Annotated[Floats, Shape("X")]  # change in the mean volume of each exchange or group
    like_lost: Annotated[Floats, Shape("X")]  # what venues of others lost in the modes in which it trades
    exposed: Annotated[Floats, Shape(4)]  # mean volume on unlicensed, disguised, blocked venues, on any of them, after
    dates: Annotated[Floats, Shape(2)]  # first announcement, first effect; NaN if never
    events: Annotated[Floats, Shape(len(c.EVENTS))]  # how often each event happened
    waits: Annotated[Floats, Shape(2)]  # applications that came to an end, and how long they took in all
    strategies: Annotated[Floats, Shape(len(c.STRATEGIES))]  # exchanges by strategy at the end
    effort: Annotated[Floats, Shape(1)]  # days of work of all inspectors
    sites: Annotated[Floats, Shape(1)]


class WindowSums(NamedTuple):
    """Sums over groups of records."""

    demand: Annotated[Floats, Shape("K")]  # what each segment traded on the first day; 0 if foreign or not real
    records: Annotated[Floats, Shape(_GROUPS)]
    modes: Annotated[Floats, Shape(_GROUPS, 3)]
    hosts: Annotated[Floats, Shape(_GROUPS, "J")]
    sizes: Annotated[Floats, Shape(_GROUPS, "F")]
    venues: Annotated[Floats, Shape(_GROUPS, "V")]
    exposed: Annotated[Floats, Shape(_GROUPS, 4)]
    rows: Annotated[Floats, Shape("T", 4)]  # volume of each mode and of the outside option
    effect: Annotated[Floats, Shape(1)]  # day on which anything first took effect
    since: Annotated[Floats, Shape(2)]  # since the last record: the first effect, the last loss; NaN if none
    window: Annotated[Floats, Shape(2)]  # lengths of the reference and the final window
    entry: Annotated[Ints, Shape("F")]  # entry of the file that each exchange is or belongs to


def empty_tally(world: World, times: Floats) -> Tally:
    """A tally of records at `times` (T,) before the first."""
    return empty(Tally, {**_sizes(world), "T": len(times)}, day=times)


def empty_window_sums(world: World, count: int, window: Floats) -> WindowSums:
    """Sums over `count` records before the first, with these lengths of the windows (2,)."""
    return empty(WindowSums, {**_sizes(world), "T": count}, window=window, entry=world.exchanges.entry.copy())


def _sizes(world: World) -> dict[str, int]:
    sizes = sizes_of(world)
    return {**sizes, "V": 3 * sizes["F"]}


@kernel
def clear_tally(tally: Tally, sums: WindowSums) -> None:
    """Nothing has happened."""
    for e in range(len(tally.events)):
        tally.events[e] = 0.0
    tally.dates[ANNOUNCED], tally.dates[EFFECTIVE], sums.effect[0] = math.nan, math.nan, math.nan
    sums.since[_EFFECT], sums.since[_LOSS] = math.nan, math.nan
    tally.effort[0] = 0.0
    for group in range(_GROUPS):
        sums.records[group] = 0.0
        for part in (sums.modes, sums.hosts, sums.sizes, sums.venues, sums.exposed):
            part[group, :] = 0.0


@inlined
def count_line(tally: Tally, sums: WindowSums, event: int, mode: int, now: float) -> None:
    """Count a line of the journal."""
    tally.events[event] += 1.0
    if event == c.E_ANNOUNCED and math.isnan(tally.dates[ANNOUNCED]):
        tally.dates[ANNOUNCED] = now
    if event == c.E_EFFECTIVE:
        sums.effect[0] = now if math.isnan(sums.effect[0]) else sums.effect[0]
        sums.since[_EFFECT] = now if math.isnan(sums.since[_EFFECT]) else sums.since[_EFFECT]
    if mode == c.DOMESTIC and event in (c.E_CLOSED, c.E_CLOSURE, c.E_WAVE):
        sums.since[_LOSS] = now


@kernel
def tally_record(world: World, state: State, tally: Tally, sums: WindowSums, t: int) -> None:
    """Add record t."""
    now, last = tally.day[t], tally.day[len(tally.day) - 1]
    market, row = state.projected, sums.rows[t]
    project(world.segments, state.market, market, now)
    if t == 0:
        _demand(world, state, sums, now)
    for m in range(4):
        row[m] = 0.0
        for k in range(len(sums.demand)):
            if sums.demand[k] > 0.0:
                row[m] += sums.demand[k] * mode_share(market, k, m)
    tally.path[t] = row[c.DOMESTIC]
    if math.isnan(tally.dates[EFFECTIVE]) and _restricted(world, state, c.DOMESTIC):
        tally.dates[EFFECTIVE] = now if math.isnan(sums.since[_EFFECT]) else sums.since[_EFFECT]
    tally.losses[t] = sums.since[_LOSS]
    sums.since[_EFFECT], sums.since[_LOSS] = math.nan, math.nan
    early = math.isnan(tally.dates[ANNOUNCED]) and now < tally.day[0] + sums.window[0]
    late = now > last - sums.window[1]
    if t == 0:
        _add_record(world, state, sums, _FIRST, t)
    elif early or late:
        _add_record(world, state, sums, _BOTH if early and late else _EARLY if early else _LATE, t)
    if t == len(tally.day) - 1:
        _add_record(world, state, sums, _LAST, t)


@kernel
def _demand(world: World, state: State, sums: WindowSums, now: float) -> None:
    segments = world.segments
    for k in range(len(sums.demand)):
        counted = segments.measured[k] and segments.real_part[k] > 0.0
        sums.demand[k] = base_volume(world, state, k, now) * activity(world, state, k, now) if counted else 0.0


@kernel
def _restricted(world: World, state: State, mode: int) -> bool:
    """Whether the law requires a licence for the mode or forbids it; what a host does to its own venues is left out."""
    interventions, strength = world.interventions, state.in_force.strength
    for i in range(len(strength)):
        if interventions.limits_all[i] and interventions.modes[i, mode] and strength[i, c.EFFECTIVE] > 0.0:
            return True
    return False


@kernel
def _add_record(world: World, state: State, sums: WindowSums, group: int, t: int) -> None:
    """Add record t to the sums of a group, venue by venue."""
    sums.records[group] += 1.0
    for m in range(3):
        sums.modes[group, m] += sums.rows[t, m]
        for v in range(m, len(state.venues.open), 3):
            if not state.venues.open[v]:
                continue
            volume = 0.0
            for k in range(len(sums.demand)):
                if sums.demand[k] > 0.0:
                    volume += sums.demand[k] * venue_share(state.projected, k, v)
            if volume > 0.0:
                sums.sizes[group, v // 3] += volume
                sums.venues[group, v] += volume
                _add_venue(state, sums, group, v, volume)


@kernel
def _add_venue(state: State, sums: WindowSums, group: int, v: int, volume: float) -> None:
    """Add the volume of a venue to its host and to what is traded outside the law."""
    f, offshore, venue_status = v // 3, v % 3 == c.OFFSHORE, status(state, v)
    if offshore and state.exchanges.host[f] >= 0:
        sums.hosts[group, state.exchanges.host[f]] += volume
    unlicensed = venue_status in (c.STATUS_BARRED, c.STATUS_UNLICENSED)
    shell = offshore and state.exchanges.disguised[f]
    blocked = venue_status in (c.STATUS_BLOCKED, c.STATUS_EVADING)
    sums.exposed[group, UNLICENSED] += volume if unlicensed else 0.0
    sums.exposed[group, DISGUISED] += volume if shell else 0.0
    sums.exposed[group, BEHIND_BLOCK] += volume if blocked else 0.0
    sums.exposed[group, ANY] += volume if unlicensed or shell or blocked else 0.0


@kernel
def close_tally(state: State, tally: Tally, sums: WindowSums) -> None:
    """After the last record: means over the windows, and the state at the end.

    If trading at home was never limited, the first effect of anything counts.
    """
    never = math.isnan(tally.dates[ANNOUNCED])
    if math.isnan(tally.dates[EFFECTIVE]):
        tally.dates[EFFECTIVE] = sums.effect[0]
    for m in range(3):
        tally.modes[BEFORE, m] = _before(sums, sums.modes, m, never)
        tally.modes[AFTER, m] = _after(sums, sums.modes, m, never)
        if not math.isnan(tally.losses[0]):  # nobody knows the market before
            tally.modes[BEFORE, m] = math.nan
    for j in range(tally.hosts.shape[1]):
        tally.hosts[BEFORE, j] = _before(sums, sums.hosts, j, never)
        tally.hosts[AFTER, j] = _after(sums, sums.hosts, j, never)
    for f in range(len(tally.sizes)):
        tally.sizes[f] = _after(sums, sums.sizes, f, never)
    for v in range(tally.venues.shape[1]):
        tally.venues[BEFORE, v] = (
            math.nan if math.isnan(tally.modes[BEFORE, 0]) else _before(sums, sums.venues, v, never)
        )
        tally.venues[AFTER, v] = _after(sums, sums.venues, v, never)
    compare_like_venues(sums.entry, tally.venues, tally.gained, tally.like_lost)
    for kind in range(len(tally.exposed)):
        tally.exposed[kind] = _after(sums, sums.exposed, kind, never)
    for s in range(len(tally.strategies)):
        tally.strategies[s] = 0.0
    for strategy in state.exchanges.strategy:
        tally.strategies[strategy] += 1.0
    tally.sites[0] = state.cases.sites[0]


@kernel
def compare_like_venues(entry: Ints, venues: Floats, gained: Floats, like_lost: Floats) -> None:
    """What each exchange or group gained, and what venues of others lost in the modes in which it trades.

    `entry` (F,), ascending, which exchange or group each exchange is or belongs to; `venues` (2, V) mean volume before
    and after; fills `gained` and `like_lost`, by entry.
    """
    for e in range(len(gained)):
        gained[e], like_lost[e] = 0.0, 0.0
    for m in range(3):
        lost = 0.0
        for v in range(m, venues.shape[1], 3):
            lost += max(0.0, venues[BEFORE, v] - venues[AFTER, v])
        f = 0
        while f < len(entry):
            e, own, traded = entry[f], 0.0, 0.0
            while f < len(entry) and entry[f] == e:
                before, after = venues[BEFORE, 3 * f + m], venues[AFTER, 3 * f + m]
                gained[e] += after - before
                own += max(0.0, before - after)
                traded += before + after
                f += 1
            like_lost[e] += lost - own if traded > 0.0 else 0.0


@kernel
def _before(sums: WindowSums, part: Floats, n: int, never: bool) -> float:
    """Mean over the reference window."""
    total, count = part[_FIRST, n], sums.records[_FIRST]
    if not never:
        total += part[_EARLY, n] + part[_BOTH, n]
        count += sums.records[_EARLY] + sums.records[_BOTH]
    return float(total / count)


@kernel
def _after(sums: WindowSums, part: Floats, n: int, never: bool) -> float:
    """Mean over the final window."""
    total, count = part[_LATE, n], sums.records[_LATE]
    if never:
        total += part[_BOTH, n]
        count += sums.records[_BOTH]
    return float(total / count if count > 0.0 else part[_LAST, n])
