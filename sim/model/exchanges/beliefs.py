"""Beliefs: the hazard of being shut, learnt from what is done to others (Gamma-Poisson).

With a prior worth `weight` venue-days, N shut and E venue-days seen (both discounted at the rate of forgetting),

    hazard = (prior weight + N) / (weight + E) x (size / reference)^power x caution x announced factors.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.state import State
from sim.world.arrays import World
from sim.world.codes import DEFY, DISGUISED, DOMESTIC, OFFSHORE, S_DEFY


@inlined
def posture_of(state: State, v: int) -> int:
    """Posture of a venue as it is."""
    return posture_in(state, v // 3, v % 3)


@inlined
def posture_in(state: State, f: int, mode: int) -> int:
    """Posture of exchange f's venue in a mode."""
    if mode == OFFSHORE and state.traits.disguised[f]:
        return DISGUISED
    if mode == DOMESTIC and state.traits.strategy[f] == S_DEFY:
        return DEFY
    return mode


@kernel
def advance_belief(world: World, state: State, now: float) -> None:
    """Let exposure grow and what was seen fade until `now`."""
    belief, rate = state.belief, world.settings.forgetting
    elapsed = now - belief.now[0]
    if elapsed <= 0.0:
        return
    fade = math.exp(-rate * elapsed)
    grown = -math.expm1(-rate * elapsed) / rate if rate > 0.0 else elapsed
    for p in range(len(belief.seen)):
        belief.seen[p] *= fade
        belief.exposure[p] = belief.exposure[p] * fade + belief.running[p] * grown
    belief.now[0] = now


@inlined
def clear_postures(state: State) -> None:
    """Begin to count the open venues in each posture."""
    for p in range(len(state.belief.running)):
        state.belief.running[p] = 0


@inlined
def count_posture(world: World, state: State, f: int, mode: int) -> None:
    """Count exchange f's open venue; what happens to foreigners teaches nobody."""
    if world.firms.focal[f]:
        state.belief.running[posture_in(state, f, mode)] += 1


@inlined
def public_hazard(world: World, state: State, posture: int, prior: float) -> float:
    """Hazard per day that everybody believes in, before size, caution and announcements."""
    weight, belief = world.settings.belief_weight, state.belief
    if weight + belief.exposure[posture] <= 0.0:
        return prior
    return float((prior * weight + belief.seen[posture]) / (weight + belief.exposure[posture]))


@inlined
def perceived_hazard(world: World, state: State, f: int, posture: int, host: int, factor: float) -> float:
    """Hazard per day that exchange f expects in a posture."""
    prior = world.economy.prior[posture]
    if posture == OFFSHORE and host >= 0:
        prior = world.places.hazard[host]
    return float(public_hazard(world, state, posture, prior) * state.traits.wary[f, posture] * factor)
