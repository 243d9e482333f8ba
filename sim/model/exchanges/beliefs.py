"""Beliefs: the hazard of being shut, learnt from what is done to others (Gamma-Poisson).

With a prior worth `weight` venue-days, N venues shut and E venue-days (both discounted at the rate of forgetting),

    hazard = (prior weight + N) / (weight + E) x (size / reference)^power x caution x announced factors.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.state import State
from sim.world.arrays import World
from sim.world.codes import DEFY, DISGUISED, DOMESTIC, OFFSHORE, S_DEFY, S_EXIT


@inlined
def posture_of(state: State, v: int) -> int:
    """Posture of a venue as it is."""
    return posture_in(state, v // 3, v % 3)


@inlined
def posture_in(state: State, f: int, mode: int) -> int:
    """Posture of exchange f's venue in a mode."""
    if mode == OFFSHORE and state.exchanges.disguised[f]:
        return DISGUISED
    if mode == DOMESTIC and state.exchanges.strategy[f] == S_DEFY:
        return DEFY
    return mode


@inlined
def mode_of(posture: int) -> int:
    """Slot of a posture."""
    if posture == DISGUISED:
        return OFFSHORE
    return DOMESTIC if posture == DEFY else posture


@inlined
def _runs_at_home(state: State, f: int) -> bool:
    """Whether exchange f has an open venue that is run at home."""
    opened, abroad = state.venues.open, 3 * f + OFFSHORE
    return bool(opened[3 * f] or opened[3 * f + 1] or (opened[abroad] and state.exchanges.disguised[f]))


@inlined
def expected_life(hazard: float, days: float) -> float:
    """Expected life of a venue within so many days."""
    return -math.expm1(-hazard * days) / hazard if hazard > 0.0 else days


@kernel
def note_presence(state: State, f: int, now: float) -> None:
    """Keep the day since which exchange f runs nothing at home, after one of its venues has opened or closed."""
    left_home = state.exchanges.left_home
    left_home[f] = math.inf if _runs_at_home(state, f) else min(left_home[f], now)


@inlined
def exposure(world: World, state: State, f: int) -> float:
    """How far focal regulators reach the people, banks and owners of exchange f now, a part."""
    away = max(0.0, state.market.now[0] - state.exchanges.left_home[f])
    return float(world.exchanges.exposure[f] * math.exp(-world.settings.exposure_fade * away))


@inlined
def threat(world: World, state: State, f: int, factor: float) -> float:
    """Hazard per day of a shell of the reference size, as exchange f expects it: what people at home have to fear."""
    hazard = public_hazard(world, state, DISGUISED, prior_hazard(world, DISGUISED, -1))
    return float(hazard * state.exchanges.caution[f] * factor)


@kernel
def advance_beliefs(world: World, state: State, now: float) -> None:
    """Let both counts fade, and venue-days grow, until `now`."""
    beliefs, rate = state.beliefs, world.settings.forgetting
    elapsed = now - beliefs.now[0]
    if elapsed <= 0.0:
        return
    fade = math.exp(-rate * elapsed)
    days = -math.expm1(-rate * elapsed) / rate if rate > 0.0 else elapsed  # of one venue, faded
    for p in range(len(beliefs.shut_count)):
        beliefs.shut_count[p] *= fade
        beliefs.venue_days[p] = beliefs.venue_days[p] * fade + beliefs.open_venues[p] * days
    beliefs.now[0] = now


@inlined
def is_dormant(world: World, state: State, f: int) -> bool:
    """Whether exchange f has left, and goes on to decide."""
    return bool(state.exchanges.strategy[f] == S_EXIT) and not math.isnan(world.settings.reopen)


@inlined
def prior_hazard(world: World, posture: int, host: int) -> float:
    """Hazard per day believed in before anything is seen."""
    if posture == OFFSHORE and host >= 0:
        return float(world.jurisdictions.hazard[host])
    return float(world.economy.prior[posture])


@inlined
def clear_postures(state: State) -> None:
    """Begin to count the open venues in each posture."""
    for p in range(len(state.beliefs.open_venues)):
        state.beliefs.open_venues[p] = 0.0


@inlined
def count_posture(world: World, state: State, f: int, mode: int) -> None:
    """Count exchange f's open venue, if it is one of a focal exchange: from foreign ones nobody learns."""
    if world.exchanges.focal[f]:
        state.beliefs.open_venues[posture_in(state, f, mode)] += 1.0


@inlined
def public_hazard(world: World, state: State, posture: int, prior: float) -> float:
    """Hazard per day that everybody believes in, before size, caution and announcements."""
    weight, beliefs = world.settings.belief_weight, state.beliefs
    if weight + beliefs.venue_days[posture] <= 0.0:
        return prior
    return float((prior * weight + beliefs.shut_count[posture]) / (weight + beliefs.venue_days[posture]))


@inlined
def perceived_hazard(world: World, state: State, f: int, posture: int, host: int, factor: float) -> float:
    """Hazard per day that exchange f expects in a posture."""
    prior = prior_hazard(world, posture, host)
    return float(public_hazard(world, state, posture, prior) * state.exchanges.hazard_multiplier[f, posture] * factor)
