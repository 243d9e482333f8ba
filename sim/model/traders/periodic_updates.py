"""What the market does by itself: habit forms daily, books are read weekly, pulses of panic decay."""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.exchanges.beliefs import advance_beliefs, clear_postures, count_posture
from sim.model.state import State
from sim.model.traders.attraction import attraction, base_volume, set_segment_volumes
from sim.model.traders.awareness import advance_awareness
from sim.model.traders.demand import (
    begin_rebase,
    end_rebase,
    join_nests,
    mode_share,
    rebase_attraction,
    rebase_share,
    set_habit,
)
from sim.model.traders.utility import liquidity_term, set_liquidity_factor
from sim.world.arrays import World
from sim.world.codes import OFFSHORE


@kernel
def form_habit(world: World, state: State, elapsed: float) -> None:
    """Habit follows the shares of the modes for `elapsed` days: dh/dt = adopt (s - h)+ - forget (h - s)+."""
    market, habits = state.market, world.segments.habit
    adopted, forgotten = 0.0, 0.0
    for k in range(len(habits)):
        weight, adopt, forget = habits[k]
        if k == 0 or adopt != habits[k - 1, 1] or forget != habits[k - 1, 2]:
            adopted, forgotten = -math.expm1(-adopt * elapsed), -math.expm1(-forget * elapsed)
        if weight <= 0.0:
            continue
        for m in range(3):
            gap = mode_share(market, k, m) - market.habit[k, m]
            market.habit[k, m] += gap * (adopted if gap > 0.0 else forgotten)
            change = market.habit[k, m] - market.habit_start[k, m]
            set_habit(world.segments, market, k, m, weight * change)
        if world.segments.nested[k]:
            join_nests(world.segments, market, k)


@kernel
def forms_habit(world: World) -> bool:
    """Whether any segment forms habits."""
    weight = 0.0
    for k in range(len(world.segments.habit)):
        weight = max(weight, world.segments.habit[k, 0])
    return weight > 0.0


@kernel
def read_market(world: World, state: State, now: float) -> None:
    """The weekly tick: derived demand, volumes, liquidity and beliefs are brought up to date.

    All books are read as they were before any is refreshed, and shares are rebased.
    """
    market, segments = state.market, len(world.segments.switching)
    derive_demand(world, state, now)
    set_segment_volumes(world, state, now)
    advance_beliefs(world, state, now)
    clear_postures(state)
    for m in range(3):
        state.cases.market_volume[m] = 0.0
    for k in range(segments):
        begin_rebase(market, k)
    for f in range(len(world.exchanges.key)):
        advance_awareness(world, state, f, now)
        for mode in range(3):
            if state.venues.open[3 * f + mode]:
                count_posture(world, state, f, mode)
                _read_book(state, f, mode)
    for f in range(len(world.exchanges.key)):
        for mode in range(3):
            if state.venues.open[3 * f + mode]:
                _refresh_book(world, state, f, mode)
    for k in range(segments):
        end_rebase(world.segments, market, k)


@inlined
def _read_book(state: State, f: int, mode: int) -> None:
    """Read the volume of exchange f's venue."""
    market, volumes, v, volume = state.market, state.scratch.volumes, 3 * f + mode, 0.0
    for k in range(len(volumes)):
        volume += volumes[k] * rebase_share(market, k, v, mode)
    state.venues.volume[v] = volume
    state.cases.market_volume[mode] += volume


@inlined
def _refresh_book(world: World, state: State, f: int, mode: int) -> None:
    """Set the liquidity and the attraction of exchange f's venue by its book, which has been read as all have."""
    v = 3 * f + mode
    state.venues.liquidity[v] = liquidity_term(world, state.venues.volume[v], state.venues.mature_volume[v])
    for k in range(len(state.scratch.volumes)):
        set_liquidity_factor(world, state, k, v)
        rebase_attraction(state.market, k, v, mode, attraction(world, state, k, f, mode))


@kernel
def derive_demand(world: World, state: State, now: float) -> None:
    """Part of OTC demand comes from focal users who trade coins against money offshore and need coins."""
    segments, offshore = world.segments, 0.0
    for k in range(len(segments.switching)):
        if segments.measured[k] and segments.derived[k] == 0.0:
            volume = segments.real_part[k] * base_volume(world, state, k, now)
            offshore += volume * mode_share(state.market, k, OFFSHORE)
    for k in range(len(segments.switching)):
        state.market.derived[k] = segments.derived[k] * offshore


@kernel
def activity(world: World, state: State, k: int, now: float) -> float:
    """Factor on the turnover of segment k by panic pulses, at least 1; it moves no share."""
    factor = 1.0
    for i in range(len(state.in_force.panic_start)):
        began = state.in_force.panic_start[i]
        if began <= now and world.interventions.segments[i, k]:
            amplitude, decay = world.interventions.panic[i]
            factor += world.segments.panic[k] * amplitude * math.exp(-(now - began) / decay)
    return factor
