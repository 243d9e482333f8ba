"""Beliefs: the hazard of being shut, learnt from what is done to others (Gamma-Poisson).

With a prior worth `weight` venue-days, N venues shut and E venue-days (both discounted at the rate of forgetting),

    hazard = (prior weight + N) / (weight + E) x (size / reference)^power x caution x announced factors.

Of hiding and defying, the prior holds while regulators look as hard as they ever did. With the rate s at which such
venues are sought now and its peak so far, it is the prior times max(floor, s / peak): without that, nobody would learn
that enforcement has faded, since no venue runs that could be left alone.

Venues that hide are seen only in part (`observer`), and so are their days; that one is shut, everybody hears.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.state import State
from sim.world.arrays import World
from sim.world.codes import CLOSURE, DEFY, DISGUISED, DOMESTIC, ENFORCED, FINE, FREE, OFFSHORE, S_DEFY, S_EXIT


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
def seen_part(world: World, state: State, v: int) -> float:
    """Part of venue v, and of its trade, that an observer sees: all of it unless it hides or defies a law in force."""
    posture = posture_of(state, v)
    if posture == DISGUISED:
        return float(world.settings.seen_disguised)
    if posture == DEFY and state.venues.permission[v] != FREE:
        return float(world.settings.seen_covert)
    return 1.0


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
    hazard = public_hazard(world, state, DISGUISED, prior_hazard(world, state, DISGUISED, -1))
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


@kernel
def pursuit(world: World, state: State, posture: int) -> float:
    """Rate per day, before size and levers on detection, at which venues that hide or defy are sought to be shut."""
    rate, mode = 0.0, OFFSHORE + 1 if posture == DISGUISED else DOMESTIC
    for action in (CLOSURE, FINE):
        for n in range(state.in_force.enforcing_count[action]):
            i = state.in_force.enforcing[action, n]
            if world.interventions.modes[i, mode]:
                rate += world.interventions.rate[i] * state.in_force.strength[i, ENFORCED]
    return float(rate)


@kernel
def note_pursuit(world: World, state: State) -> None:
    """Keep the peaks of the search for who hides and who defies."""
    peak = state.in_force.pursuit_peak
    for posture in (DISGUISED, DEFY):
        peak[posture] = max(peak[posture], pursuit(world, state, posture))


@inlined
def prior_hazard(world: World, state: State, posture: int, host: int) -> float:
    """Hazard per day believed in before anything is seen."""
    if posture == OFFSHORE and host >= 0:
        return float(world.jurisdictions.hazard[host])
    prior, peak = world.economy.prior[posture], state.in_force.pursuit_peak[posture]
    if world.settings.pursuit_floor < 1.0 and peak > 0.0:
        prior *= max(world.settings.pursuit_floor, pursuit(world, state, posture) / peak)
    return float(prior)


@inlined
def clear_postures(state: State) -> None:
    """Begin to count the open venues in each posture."""
    for p in range(len(state.beliefs.open_venues)):
        state.beliefs.open_venues[p] = 0.0


@inlined
def count_posture(world: World, state: State, f: int, mode: int) -> None:
    """Count exchange f's open venue as far as it is seen, if it is one at home: from foreign ones nobody learns."""
    if world.exchanges.focal[f]:
        state.beliefs.open_venues[posture_in(state, f, mode)] += seen_part(world, state, 3 * f + mode)


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
    prior = prior_hazard(world, state, posture, host)
    return float(public_hazard(world, state, posture, prior) * state.exchanges.hazard_multiplier[f, posture] * factor)
