"""What a decision starts: wind-downs, departure waves, launches, applications."""

import math

import numpy as np

from sim.kernels.compile import kernel
from sim.model.events import APPLICATION, CHOICE, CLOSE, LAUNCH, NOTICE, PRESSURE, schedule_event
from sim.model.exchanges.beliefs import note_presence, posture_in
from sim.model.exchanges.decisions import is_shell
from sim.model.exchanges.expected_volume import count_rivals, expected_volume
from sim.model.exchanges.posture_values import value_postures
from sim.model.journal import write_line
from sim.model.random import absent, draw
from sim.model.regulators.foreign_service import update_service
from sim.model.regulators.lever_totals import first_to_end, forced_day
from sim.model.regulators.licensing import drop_licence, may_apply, needs_office
from sim.model.regulators.permits import for_products, permit_of
from sim.model.regulators.product_bars import update_products
from sim.model.state import HOST, State
from sim.model.traders.attraction import real_volume, refresh_attraction, refresh_venue
from sim.model.traders.awareness import advance_awareness
from sim.model.traders.demand import departure_wave, leave_venue, strand_users
from sim.model.traders.utility import empty_book_liquidity, set_liquidity, set_mature_largest, set_notice
from sim.world import codes as c
from sim.world.arrays import World


@kernel
def implement(world: World, state: State, f: int, option: int, now: float, cause: int, index: int) -> None:
    """Start what exchange f's choice of an option needs; one that was not there or had left may stay away."""
    exchanges = state.exchanges
    before = exchanges.strategy[f]
    if before == c.S_LATENT and option == c.S_EXIT:
        return
    exchanges.strategy[f] = option
    offshore = world.strategy_postures[option, c.OFFSHORE] >= 0
    host = state.decision.outcome[HOST] if offshore else exchanges.next_host[f]
    for m in range(3):
        if world.strategy_postures[option, m] >= 0:
            _open_slot(world, state, f, m, option, host if m == c.OFFSHORE else -1, now, cause, index)
        elif not _waits_for_notice(world, state, f, m, now):
            _close_slot(world, state, f, m, now, cause, index)
    _choose_users(world, state, f, option, now, cause, index)
    update_products(world, state, 3 * f + c.DOMESTIC, now, cause, index)  # who defies does not ask
    if option == c.S_EXIT and before != c.S_EXIT:
        write_line(state.journal, now, c.E_EXITED, f, -1, -1, cause, index, 0.0)
    _store_volume(world, state, f)


@kernel
def _choose_users(world: World, state: State, f: int, option: int, now: float, cause: int, index: int) -> None:
    """Exchange f begins or ends to turn focal users away from an honest venue abroad."""
    away = state.postures.turns_away[0] and world.strategy_postures[option, c.OFFSHORE] == c.OFFSHORE
    if away == state.exchanges.turns_away[f]:
        return
    state.exchanges.turns_away[f] = away
    event = c.E_TURNS_AWAY if away else c.E_SERVES_AGAIN
    write_line(state.journal, now, event, f, c.OFFSHORE, -1, cause, index, 0.0)
    refresh_attraction(world, state, 3 * f + c.OFFSHORE)


@kernel
def wind_down_forbidden(world: World, state: State, f: int, now: float, cause: int, index: int) -> None:
    """An exchange that is launching a venue does not decide, but it announces the end of what is forbidden at home."""
    for m in range(3):
        v = 3 * f + m
        if state.venues.open[v] and state.venues.expected[v] == c.FORBIDDEN and m != c.OFFSHORE:
            _close_slot(world, state, f, m, now, cause, index)


@kernel
def _store_volume(world: World, state: State, f: int) -> None:
    """Store the volume after the decision, with which later ones are compared; `scratch.volumes` are present."""
    state.exchanges.volume[f] = 0.0
    for mode in range(3):
        if state.venues.open[3 * f + mode]:
            state.exchanges.volume[f] += real_volume(world, state, f, mode)


@kernel
def _waits_for_notice(world: World, state: State, f: int, mode: int, now: float) -> bool:
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


@kernel
def announce_end(world: World, state: State, v: int, now: float) -> None:
    """The end of a slot is announced, unless the exchange has meanwhile decided to keep it."""
    f, mode = v // 3, v % 3
    if world.strategy_postures[state.exchanges.strategy[f], mode] < 0:
        _close_slot(world, state, f, mode, now, c.C_NONE, -1)


@kernel
def _close_slot(world: World, state: State, f: int, mode: int, now: float, cause: int, index: int) -> None:
    """Announce the end of a slot: by the deadline if it is forbidden, after the usual notice if not."""
    settings, venues, v = world.settings, state.venues, 3 * f + mode
    venues.building[v] = False
    if state.permits.licence[v] in (c.WAITING, c.DEEMED):
        drop_licence(world, state, v, now, cause, index)
    _drop_product_licences(world, state, f, mode, -1, True, now, cause, index)
    if mode == c.OFFSHORE:
        _give_up_service(world, state, f, now, cause, index)
    if not venues.open[v] or venues.closing[v] < np.inf:
        return
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
def _open_slot(
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
    _drop_product_licences(world, state, f, mode, host, False, now, cause, index)
    _apply_where_needed(world, state, f, mode, option, host)
    if mode == c.OFFSHORE:
        if is_shell(world, option):
            _give_up_service(world, state, f, now, cause, index)
        else:
            _apply_for(world, state, f, c.SERVING, host)
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
def _apply_where_needed(world: World, state: State, f: int, mode: int, option: int, host: int) -> None:
    """Apply for the licences that a slot needs and has not applied for; whoever defies or hides applies for none."""
    if world.strategy_postures[option, mode] != mode:
        return
    _apply_for(world, state, f, mode, host)
    for o in range(len(world.offices.approval)):
        if world.offices.licenses_products[o]:
            _apply_for(world, state, f, for_products(o, mode), host)


@kernel
def _apply_for(world: World, state: State, f: int, kind: int, host: int) -> None:
    """Apply for a permit at all offices that it needs, unless that is done or one of them is not open to exchange f."""
    permit = permit_of(state, f, kind)
    if state.permits.licence[permit] != c.NONE or not may_apply(world, state, f, kind, host):
        return
    state.permits.host[permit] = host
    for o in range(len(world.offices.approval)):
        if needs_office(world, state, f, kind, host, o):
            schedule_event(state, 0.0, APPLICATION, permit, o, 0)
    if world.settings.giving_up > 0.0:
        schedule_event(state, 0.0, PRESSURE, permit, 1, 0)


@kernel
def _give_up_service(world: World, state: State, f: int, now: float, cause: int, index: int) -> None:
    """Exchange f will run no honest venue abroad: it drops its application to serve focal users there."""
    permit = permit_of(state, f, c.SERVING)
    if state.permits.licence[permit] in (c.WAITING, c.DEEMED):
        drop_licence(world, state, permit, now, cause, index)


@kernel
def _drop_product_licences(
    world: World, state: State, f: int, mode: int, host: int, ends: bool, now: float, cause: int, index: int
) -> None:
    """Exchange f drops its applications for the products of a slot that ends, else the licences of another host."""
    permits = state.permits
    for o in range(len(world.offices.approval)):
        if world.offices.licenses_products[o]:
            permit = permit_of(state, f, for_products(o, mode))
            applied = permits.licence[permit] in (c.WAITING, c.DEEMED)
            elsewhere = permits.licence[permit] != c.NONE and permits.host[permit] != host
            if applied if ends else elsewhere:
                drop_licence(world, state, permit, now, cause, index)
                update_products(world, state, 3 * f + mode, now, cause, index)


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
            set_mature_largest(state, v)
        set_liquidity(world, state, v, empty_book_liquidity(world, state, v))
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
    count_rivals(world, state, f, now)
    value_postures(world, state, f, state.exchanges.host[f], -1)
    slots, volume = state.scratch.slots, state.scratch.volume
    for m in range(3):
        runs = m == mode or state.venues.open[3 * f + m]
        slots[m] = posture_in(state, f, m) if runs else -1
    expected_volume(world, state, slots, volume)
    return float(volume[mode])


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


@kernel
def close_if_due(world: World, state: State, v: int, now: float) -> bool:
    """Close a venue whose wind-down ends now, unless it was called off or put off meanwhile."""
    if not state.venues.open[v] or state.venues.closing[v] != now:
        return False
    close_venue(world, state, v, now, c.E_CLOSED, c.C_NONE, -1)
    return True


@kernel
def enter(world: World, state: State, f: int, now: float) -> None:
    """An exchange enters with its configured strategy."""
    state.exchanges.entered[f] = True
    write_line(state.journal, now, c.E_ENTERED, f, -1, state.exchanges.host[f], c.C_NONE, -1, 0.0)
    for m in range(3):
        if world.strategy_postures[world.exchanges.strategy[f], m] >= 0:
            open_venue(world, state, 3 * f + m, now)
