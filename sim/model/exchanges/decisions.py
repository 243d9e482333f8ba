"""Decisions: a host, then a strategy, each by argmax of scaled value plus an error term with an address.

The error of an option is standard Gumbel, so choices are logit, and the same at every occasion but for a small fresh
part r:  e = max(G + ln(1 - r), G' + ln r), where G belongs to (exchange, option) and G' to the occasion. The maximum
of Gumbels shifted so is again standard Gumbel. A policy that leaves an exchange's values alone leaves its choice.
"""

import math

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.kernels.philox import unit
from sim.model.exchanges.option_values import (
    admitted,
    count_rivals,
    expected_volume,
    expected_volumes,
    option_value,
    value_posture,
    value_postures,
)
from sim.model.journal import write_line
from sim.model.random import address, gumbel
from sim.model.state import DecisionRecord, State
from sim.world.arrays import World
from sim.world.codes import (
    D_ERROR,
    D_FRESH,
    D_HOST,
    DISGUISED,
    E_DECISION,
    OFFSHORE,
    OPTIONS,
    S_DEFY,
    S_EXIT,
    S_LATENT,
    T_ERROR,
    T_SCORE,
    T_VALUE,
    TERMS,
)

_TERMS = len(TERMS)  # loops of a length that is known cost next to nothing


@inlined
def can_decide(world: World, state: State, f: int) -> bool:
    """Whether exchange f is there, free to move, and not in the middle of a launch."""
    exchanges = state.exchanges
    return (
        bool(exchanges.entered[f])
        and not world.exchanges.fixed[f]
        and exchanges.launching[f] == 0
        and exchanges.strategy[f] != S_EXIT
    )


@kernel
def draw_errors(world: World, state: State, f: int) -> None:
    """Draw the errors that exchange f keeps, and how high the uniform of a fresh one must be to outdo them."""
    fresh, agent, exchanges = world.settings.fresh_part, world.exchanges.key[f], state.exchanges
    shift = math.log1p(-fresh) if fresh < 1.0 else -math.inf
    for o in range(OPTIONS):
        if not _known(world, f, o):
            continue
        lasting = gumbel(state.key, agent, D_ERROR, 0, o) + shift
        exchanges.lasting_error[f, o] = lasting
        exchanges.refresh_above[f, o] = math.exp(-fresh * math.exp(-lasting)) if fresh > 0.0 else 1.0
    for j in range(exchanges.host_error.shape[1]):
        if world.exchanges.hosts[f, j]:
            exchanges.host_error[f, j] = gumbel(state.key, agent, D_HOST, 0, j)


@inlined
def _draw_fresh(world: World, state: State, f: int, occasion: int) -> None:
    """Draw the uniforms of the fresh errors of all feasible options, four to an address."""
    feasible, uniform = state.decision.feasible, state.scratch.fresh_uniform
    for first in range(0, OPTIONS, 4):
        needed = False
        for o in range(first, min(first + 4, OPTIONS)):
            needed |= feasible[o]
        if needed:
            words = address(state.key, world.exchanges.key[f], D_FRESH, occasion, first // 4)
            uniform[first], uniform[first + 1] = unit(words[0]), unit(words[1])
            uniform[first + 2], uniform[first + 3] = unit(words[2]), unit(words[3])


@inlined
def error_term(world: World, state: State, f: int, option: int, u: float) -> float:
    """Error of an option in units of the choice scale, u being the uniform of its fresh part."""
    fresh, exchanges = world.settings.fresh_part, state.exchanges
    if fresh <= 0.0 or u <= exchanges.refresh_above[f, option]:
        return float(exchanges.lasting_error[f, option])
    return math.log(fresh) - math.log(-math.log(u))


@inlined
def choice_scale(world: World, state: State, f: int, temperature: float) -> float:
    """Money that counts as one unit of error."""
    settings = world.settings
    return float(temperature * (settings.horizon * state.exchanges.revenue[f] + settings.constant))


@inlined
def score(value: float, scale: float, error: float) -> float:
    """Scaled value plus error; with no noise at all, the value itself."""
    return value / scale + error if scale > 0.0 else value


@kernel
def choose_host(world: World, state: State, f: int) -> int:
    """Where exchange f would run its offshore venue: where it is, if it may stay, else the best host; -1 if none.

    The segments have been counted, the exchange left out.
    """
    scores, exchanges, jurisdictions, used = (
        state.decision.hosts,
        state.exchanges,
        world.jurisdictions,
        world.exchanges.postures[f],
    )
    state.scratch.host[0] = -1
    for j in range(len(scores)):
        scores[j] = -np.inf
    if not (used[OFFSHORE] or used[DISGUISED]):
        return -1
    stay = exchanges.next_host[f]
    if stay >= 0 and world.exchanges.hosts[f, stay] and value_posture(world, state, f, stay, OFFSHORE):
        scores[stay], state.scratch.host[0] = 0.0, stay
        return int(stay)
    best, slots, volume, terms = -1, world.strategy_postures[OFFSHORE], state.scratch.volume, state.scratch.terms
    scale = choice_scale(world, state, f, world.settings.host_temperature)
    for j in range(len(scores)):
        if not world.exchanges.hosts[f, j] or not value_posture(world, state, f, j, OFFSHORE):
            continue
        state.scratch.host[0] = j
        expected_volume(world, state, slots, volume)
        if not option_value(world, state, f, slots, volume, terms):
            continue
        scores[j] = score(terms[T_VALUE], scale, exchanges.host_error[f, j] + jurisdictions.appeal[j])
        if best < 0 or scores[j] > scores[best]:
            best = j
    return best


@kernel
def decide(
    world: World, state: State, f: int, now: float, cause: int, index: int, occasion: int
) -> int:  # fmt: skip
    """Value every option of exchange f and choose; fills the desk, writes the journal, changes nothing else."""
    decision, exchanges = state.decision, state.exchanges
    count_rivals(world, state, f, now)
    host = choose_host(world, state, f)
    value_postures(world, state, f, host, OFFSHORE if host >= 0 and state.scratch.host[0] == host else -1)
    for p in range(len(decision.hazard)):
        decision.hazard[p] = state.postures.hazard[p]
    scale = choice_scale(world, state, f, world.settings.temperature)
    best, second = -1, -1
    _clear(decision)
    for o in range(OPTIONS):
        decision.feasible[o] = _offered(world, state, f, o) and admitted(state, world.strategy_postures[o])
    expected_volumes(world, state, decision.feasible, decision.demand)
    if world.settings.fresh_part > 0.0:
        _draw_fresh(world, state, f, occasion)
    for o in range(OPTIONS):
        if not decision.feasible[o]:
            continue
        decision.feasible[o] = option_value(
            world, state, f, world.strategy_postures[o], decision.demand[o], decision.terms[o]
        )
        if not decision.feasible[o]:
            continue
        error = error_term(world, state, f, o, state.scratch.fresh_uniform[o])
        decision.terms[o, T_ERROR] = error
        decision.terms[o, T_SCORE] = score(decision.terms[o, T_VALUE], scale, error)
        if best < 0 or decision.terms[o, T_SCORE] > decision.terms[best, T_SCORE]:
            best, second = o, best
        elif second < 0 or decision.terms[o, T_SCORE] > decision.terms[second, T_SCORE]:
            second = o
    place = host if world.strategy_postures[best, OFFSHORE] >= OFFSHORE else -1
    decision.outcome[0], decision.outcome[1], decision.outcome[2], decision.outcome[3] = (
        exchanges.strategy[f],
        best,
        second,
        place,
    )
    decision.scale[0] = scale
    decision.scale[1] = decision.terms[best, T_SCORE] - decision.terms[second, T_SCORE] if second >= 0 else np.inf
    write_line(state.journal, now, E_DECISION, f, -1, place, cause, index, float(best))
    return best


@inlined
def _clear(decision: DecisionRecord) -> None:
    for o in range(OPTIONS):
        for t in range(_TERMS):
            decision.terms[o, t] = 0.0
        for m in range(3):
            decision.demand[o, m] = 0.0


@inlined
def _known(world: World, f: int, option: int) -> bool:
    """Whether exchange f can ever think of an option. Leaving is always possible."""
    return option == S_EXIT or bool(world.exchanges.options[f, option])


@inlined
def _offered(world: World, state: State, f: int, option: int) -> bool:
    """Whether exchange f can think of an option now: who runs no venue yet has none to keep open."""
    defiant = option == S_DEFY and state.exchanges.strategy[f] == S_LATENT
    return _known(world, f, option) and not defiant


@kernel
def is_shell(world: World, option: int) -> bool:
    """Whether a strategy runs its offshore slot in disguise."""
    return bool(world.strategy_postures[option, OFFSHORE] == DISGUISED)
