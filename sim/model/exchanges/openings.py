"""How venues begin: built and launched, opened with an empty book, moved to another host."""

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.model.events import LAUNCH, schedule_event
from sim.model.exchanges.applications import apply_for, apply_where_needed, drop_product_licences, give_up_service
from sim.model.exchanges.beliefs import note_presence, posture_in
from sim.model.exchanges.decisions import is_shell
from sim.model.exchanges.expected_volume import expected_volume, survey_market
from sim.model.exchanges.posture_values import value_postures
from sim.model.journal_writing import write_line
from sim.model.random import draw
from sim.model.regulators.foreign_service import update_service
from sim.model.regulators.licensing import drop_licence
from sim.model.state import State
from sim.model.traders.attraction import refresh_attraction, refresh_venue
from sim.model.traders.awareness import advance_awareness
from sim.model.traders.utility import liquidity_term, set_liquidity, set_notice
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def open_slot(
    world: World, state: State, f: int, mode: int, option: int, host: int, now: float, cause: int, index: int
) -> None:
    """Keep a slot open, call off its closing, or start to build it; `host` of an offshore venue, else -1."""
    venues, exchanges, v = state.venues, state.exchanges, 3 * f + mode
    if venues.open[v] and venues.closing[v] < np.inf:
        venues.closing[v], venues.ended_by[v] = np.inf, -1
        set_notice(world, state, v, np.inf)
        refresh_attraction(world, state, v)
    if state.permits.licence[v] != c.NONE and state.permits.host[v] != host:
        drop_licence(world, state, v, now, cause, index)
    drop_product_licences(world, state, f, mode, host, False, now, cause, index)
    apply_where_needed(world, state, f, mode, option, host)
    if mode == c.OFFSHORE:
        if is_shell(world, option):
            give_up_service(world, state, f, now, cause, index)
        else:
            apply_for(world, state, f, c.SERVING, host)
    shell = is_shell(world, option)
    moves = mode == c.OFFSHORE and (exchanges.next_disguised[f] != shell or exchanges.next_host[f] != host)
    if (venues.open[v] or venues.building[v]) and not moves:
        return
    if mode == c.OFFSHORE:
        exchanges.next_host[f] = host
        exchanges.next_disguised[f] = shell
    posture = world.strategy_postures[option, mode]
    occasion = 4 * exchanges.launches[f] + mode
    lead = draw(world.economy.lead[posture], state.key, world.exchanges.key[f], c.D_LEAD, occasion)
    lead = max(0.0, lead) * exchanges.lead_time_factor[f]
    if mode == c.OFFSHORE and not shell:
        lead += world.jurisdictions.delay[host]
    schedule_event(state, lead, LAUNCH, v, 0, 0)
    venues.building[v] = True
    exchanges.launching[f] += 1
    exchanges.launches[f] += 1
    write_line(state.journal, now, c.E_LAUNCH_STARTED, f, mode, host, cause, index, lead)


@kernel
def launch_if_ready(world: World, state: State, v: int, now: float) -> None:
    """A venue that was built opens, or moves to its new host, unless the licence that it needs is outstanding."""
    venues, exchanges, f, mode = state.venues, state.exchanges, v // 3, v % 3
    licence, moved = state.permits.licence[v], venues.open[v]
    defies = mode == c.DOMESTIC and exchanges.strategy[f] == c.S_DEFY
    free = licence == c.NONE and (venues.expected[v] != c.LICENCE or defies)
    if not venues.building[v] or not (free or licence in (c.DEEMED, c.LICENSED)):
        return
    venues.building[v] = False
    if mode == c.OFFSHORE:
        exchanges.host[f] = exchanges.next_host[f]
        exchanges.disguised[f] = exchanges.next_disguised[f]
    host = exchanges.host[f] if mode == c.OFFSHORE else -1
    open_venue(world, state, v, now)
    write_line(state.journal, now, c.E_RELOCATION if moved else c.E_LAUNCHED, f, mode, host, c.C_NONE, -1, 0.0)


@kernel
def open_venue(world: World, state: State, v: int, now: float) -> None:
    """Open venue v with an empty book."""
    venues = state.venues
    if not venues.open[v]:
        if venues.mature_volume[v] <= 0.0:
            venues.mature_volume[v] = mature_volume(world, state, v, now)
        set_liquidity(world, state, v, liquidity_term(world, 0.0, 1.0))
    if v % 3 == c.OFFSHORE:
        advance_awareness(world, state, v // 3, now)
    venues.open[v] = True
    note_presence(state, v // 3, now)
    for mode in range(3):
        refresh_venue(world, state, v - v % 3 + mode)
    if v % 3 == c.OFFSHORE:
        update_service(world, state, v // 3, now)


@kernel
def mature_volume(world: World, state: State, v: int, now: float) -> float:
    """Real volume that venue v would have with a mature book, the other venues of its exchange being as they are."""
    f, mode = v // 3, v % 3
    survey_market(world, state, f, now)
    value_postures(world, state, f, state.exchanges.host[f], -1)
    slots, volume = state.scratch.slots, state.scratch.volume
    for m in range(3):
        runs = m == mode or state.venues.open[3 * f + m]
        slots[m] = posture_in(state, f, m) if runs else -1
    expected_volume(world, state, slots, volume)
    return float(volume[mode])


@kernel
def enter(world: World, state: State, f: int, now: float) -> None:
    """An exchange enters with its configured strategy."""
    state.exchanges.entered[f] = True
    write_line(state.journal, now, c.E_ENTERED, f, -1, state.exchanges.host[f], c.C_NONE, -1, 0.0)
    for m in range(3):
        if world.strategy_postures[world.exchanges.strategy[f], m] >= 0:
            open_venue(world, state, 3 * f + m, now)
