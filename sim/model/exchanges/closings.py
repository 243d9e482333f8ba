"""How venues end: announced, with users who leave at once, before the end or when it comes, and closed."""

import math

import numpy as np

from sim.kernels.compile import inlined, kernel, rare
from sim.model.events import CHOICE, CLOSE, NOTICE, schedule_event
from sim.model.exchanges.applications import drop_product_licences, give_up_service
from sim.model.exchanges.beliefs import note_presence
from sim.model.journal_writing import write_line
from sim.model.random import absent, draw
from sim.model.regulators.lever_totals import first_to_end, forced_day
from sim.model.regulators.licensing import drop_licence
from sim.model.state import State
from sim.model.traders.attraction import refresh_attraction
from sim.model.traders.awareness import advance_awareness
from sim.model.traders.demand import departure_wave, leave_venue, strand_users
from sim.model.traders.utility import set_notice
from sim.world import codes as c
from sim.world.arrays import World


@rare
def wind_down_forbidden(world: World, state: State, f: int, now: float, cause: int, index: int) -> None:
    """An exchange that is launching a venue does not decide, but it announces the end of what is forbidden at home."""
    for m in range(3):
        v = 3 * f + m
        if state.venues.open[v] and state.venues.expected[v] == c.FORBIDDEN and m != c.OFFSHORE:
            close_slot(world, state, f, m, now, cause, index)


@inlined
def waits_for_notice(world: World, state: State, f: int, mode: int, now: float) -> bool:
    """Whether the end of a slot that is decided now is announced later: where a licence will be due, as late as usual.

    Until then the venue and its application go on.
    """
    venues, v = state.venues, 3 * f + mode
    if absent(world.notice) or not venues.open[v] or venues.closing[v] < np.inf or venues.expected[v] != c.LICENCE:
        return False
    notice = draw(world.notice, state.key, world.exchanges.key[f], c.D_NOTICE, mode)
    wait = forced_day(world, state, first_to_end(world, state, f, mode), now) - now - max(0.0, notice)
    if not 0.0 < wait < np.inf:
        return False
    schedule_event(state, wait, NOTICE, v, 0, 0)
    return True


@rare
def announce_end(world: World, state: State, v: int, now: float) -> None:
    """The end of a slot is announced, unless the exchange has meanwhile decided to keep it."""
    f, mode = v // 3, v % 3
    if world.strategy_postures[state.exchanges.strategy[f], mode] < 0:
        close_slot(world, state, f, mode, now, c.C_NONE, -1)


@inlined
def close_slot(world: World, state: State, f: int, mode: int, now: float, cause: int, index: int) -> None:
    """End a slot: drop what is built or applied for, and announce the end of a venue that is open."""
    venues, v = state.venues, 3 * f + mode
    venues.building[v] = False
    if state.permits.licence[v] in (c.WAITING, c.DEEMED):
        drop_licence(world, state, v, now, cause, index)
    drop_product_licences(world, state, f, mode, -1, True, now, cause, index)
    if mode == c.OFFSHORE:
        give_up_service(world, state, f, now, cause, index)
    if venues.open[v] and venues.closing[v] == np.inf:
        _wind_down(world, state, f, mode, now, cause, index)


@rare
def _wind_down(world: World, state: State, f: int, mode: int, now: float, cause: int, index: int) -> None:
    """Announce the end of a venue: by the deadline if it is forbidden, after the usual notice if not."""
    settings, venues, v = world.settings, state.venues, 3 * f + mode
    by, days = first_to_end(world, state, f, mode), settings.unforced
    if by >= 0:
        forced = forced_day(world, state, by, now)
        days = settings.minimum + state.exchanges.notice_used[f] * (forced - now - settings.minimum)
        days = max(0.0, min(days, forced - now))
    schedule_event(state, days, CLOSE, v, 0, 0)
    venues.closing[v], venues.ended_by[v] = now + days, by
    set_notice(world, state, v, days)
    write_line(state.journal, now, c.E_WIND_DOWN, f, mode, -1, cause, index, days)
    refresh_attraction(world, state, v)
    if by >= 0:
        _departure_wave(world, state, v, now, cause, index)


@kernel
def _departure_wave(world: World, state: State, v: int, now: float, cause: int, index: int) -> None:
    """Part of the users leave when the end of venue v is announced, more of them while such announcements are news."""
    mode, cases = v % 3, state.cases
    news = cases.announced_volume[mode] <= world.settings.news * max(0.0, cases.market_volume[mode])
    fraction = world.interventions.at_once[state.venues.ended_by[v]]
    if math.isnan(fraction):
        fraction = world.settings.wave_first if news else world.settings.wave_later
    cases.announced_volume[mode] += state.venues.volume[v]
    if fraction <= 0.0:
        return
    for k in range(len(world.segments.switching)):
        departure_wave(world.segments, state.market, k, v, fraction)
    write_line(state.journal, now, c.E_WAVE, v // 3, v % 3, -1, cause, index, fraction)


@kernel
def close_if_due(world: World, state: State, v: int, now: float) -> bool:
    """Close a venue whose wind-down ends now, unless it was called off or put off meanwhile."""
    if not state.venues.open[v] or state.venues.closing[v] != now:
        return False
    close_venue(world, state, v, now, c.E_CLOSED, c.C_NONE, -1)
    return True


@kernel
def close_venue(world: World, state: State, v: int, now: float, event: int, cause: int, index: int) -> None:
    """The end of a venue: the users that it still has stop trading, but for those who waited for an announced end.

    A move to another host that is under way goes on if it is the old host that closes.
    """
    venues, f, mode = state.venues, v // 3, v % 3
    moving = mode == c.OFFSHORE and venues.building[v] and state.exchanges.next_host[f] != state.exchanges.host[f]
    goes_on = moving and event == c.E_HOST_CLOSED
    if mode == c.OFFSHORE:
        advance_awareness(world, state, f, now)
    venues.open[v] = False
    venues.building[v] = goes_on
    by = venues.ended_by[v] if event != c.E_CLOSURE else -1
    venues.closing[v], venues.ended_by[v], venues.closed_day[v] = np.inf, -1, now
    set_notice(world, state, v, np.inf)
    state.cases.market_volume[mode] -= venues.volume[v]
    venues.volume[v] = 0.0
    venues.blocked[v] = 0.0
    venues.frozen[v], venues.frozen_by[v] = 0.0, -1
    if by >= 0 and world.interventions.at_end[by] > 0.0:
        _release_users(world, state, v, by, now)
    for k in range(len(world.segments.switching)):
        strand_users(world.segments, state.market, k, v)
    if mode == c.OTC:
        refresh_attraction(world, state, 3 * f + c.OFFSHORE)
    host = state.exchanges.host[f] if mode == c.OFFSHORE else -1
    if mode == c.OFFSHORE:
        state.exchanges.host[f] = -1
        state.exchanges.disguised[f] = False
        state.exchanges.barred[f] = False
        if not goes_on:
            state.exchanges.next_host[f] = -1
            state.exchanges.next_disguised[f] = False
    note_presence(state, f, now)
    write_line(state.journal, now, event if event >= 0 else c.E_CLOSED, f, mode, host, cause, index, 0.0)


@kernel
def _release_users(world: World, state: State, v: int, i: int, now: float) -> None:
    """Part of the users who are still there at the end that intervention i forced waited for it, and choose anew."""
    fraction, market = world.interventions.at_end[i], state.market
    for k in range(len(market.choosing)):
        market.choosing[k, v % 3] += leave_venue(market, k, v, fraction)
    schedule_event(state, 0.0, CHOICE, v, 0, 0)
    write_line(state.journal, now, c.E_WAVE, v // 3, v % 3, -1, c.C_INTERVENTION, i, fraction)
