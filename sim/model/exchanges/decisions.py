"""Decisions: a host, then a strategy, each by argmax of scaled value plus an error term with an address.

The error of an option is standard Gumbel, so choices are logit, and the same at every occasion but for a small fresh
part r:  e = max(G + ln(1 - r), G' + ln r), where G belongs to (exchange, option) and G' to the occasion. The maximum
of Gumbels shifted so is again standard Gumbel. A policy that leaves an exchange's values alone leaves its choice.
"""

import math

import numpy as np

from sim.kernels.compile import inlined, kernel
from sim.kernels.philox import philox, unit
from sim.model.exchanges.beliefs import is_dormant
from sim.model.exchanges.expected_volume import expected_volume, survey_market
from sim.model.exchanges.option_values import admitted, choice_scale, option_value
from sim.model.exchanges.posture_values import value_posture, value_postures
from sim.model.journal_writing import write_line
from sim.model.random import gumbel
from sim.model.state import (
    BEFORE,
    CAUSE,
    CHOICE,
    DAY,
    EXCHANGE,
    HOST,
    MARGIN,
    REASON,
    RUNNER_UP,
    UNIT,
    State,
)  # fmt: skip
from sim.world import codes as c
from sim.world.arrays import World


@inlined
def can_decide(world: World, state: State, f: int) -> bool:
    """Whether exchange f has entered, has not left for ever, is no fixed one, and is not launching a venue."""
    exchanges = state.exchanges
    return (
        bool(exchanges.entered[f])
        and not world.exchanges.fixed[f]
        and exchanges.launching[f] == 0
        and (exchanges.strategy[f] != c.S_EXIT or is_dormant(world, state, f))
    )


@kernel
def draw_errors(world: World, state: State, f: int) -> None:
    """Draw the lasting errors of exchange f, and the uniforms above which a fresh error exceeds them."""
    fresh, agent, exchanges = world.settings.fresh_part, world.exchanges.key[f], state.exchanges
    shift = math.log1p(-fresh) if fresh < 1.0 else -math.inf
    for n in range(c.OPTIONS):
        o = world.exchanges.options[f, n]
        if o < 0:
            break
        lasting = gumbel(state.key, agent, c.D_ERROR, 0, o) + shift
        exchanges.lasting_error[f, o] = lasting
        exchanges.refresh_above[f, o] = math.exp(-fresh * math.exp(-lasting)) if fresh > 0.0 else 1.0
    for j in range(exchanges.host_error.shape[1]):
        if world.exchanges.hosts[f, j]:
            exchanges.host_error[f, j] = gumbel(state.key, agent, c.D_HOST, world.jurisdictions.key[j], 0)


@inlined
def draw_fresh(world: World, state: State, f: int, occasion: int) -> None:
    """Draw the uniforms of the fresh errors of all feasible options, four to an address."""
    feasible, uniform = state.decision.feasible, state.scratch.fresh_uniform
    for first in range(0, c.OPTIONS, 4):
        needed = False
        for o in range(first, min(first + 4, c.OPTIONS)):
            needed |= feasible[o]
        if needed:
            words = philox(state.key, world.exchanges.key[f], c.D_FRESH, occasion, first // 4)
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
def score(value: float, scale: float, error: float) -> float:
    """Scaled value plus error; with no noise at all, the value itself."""
    return value / scale + error if scale > 0.0 else value


@kernel
def choose_host(world: World, state: State, f: int) -> int:
    """Where exchange f would run its offshore venue: where it is, if it may stay, else the best host; -1 if none.

    `survey_market` has been called.
    """
    scores, exchanges, used = state.decision.hosts, state.exchanges, world.exchanges.postures[f]
    state.scratch.host[0] = -1
    state.postures.turns_away[0] = False
    for j in range(len(scores)):
        scores[j] = -np.inf
    if not (used[c.OFFSHORE] or used[c.DISGUISED]):
        return -1
    present = exchanges.next_host[f]
    if present >= 0 and world.exchanges.hosts[f, present]:
        state.scratch.host[0] = present
        if value_posture(world, state, f, present, c.OFFSHORE):
            scores[present] = 0.0
            return int(present)
    best, first, slots = -1, -math.inf, world.strategy_postures[c.S_OFFSHORE]
    volume, terms = state.scratch.volume, state.scratch.terms
    scale, price = choice_scale(world, state, f, world.settings.host_temperature), state.scratch.price[0]
    for j in range(len(scores)):
        if not world.exchanges.hosts[f, j]:
            continue
        state.scratch.host[0] = j
        if not value_posture(world, state, f, j, c.OFFSHORE):
            continue
        expected_volume(world, state, slots, volume)
        if not option_value(world, state, f, slots, price, volume, terms):
            continue
        error = exchanges.host_error[f, j] + world.jurisdictions.appeal[j]
        scores[j] = score(terms[c.T_VALUE], scale, error)
        # Without noise, hosts can be worth exactly the same: the error decides, and not their order in the file.
        if best < 0 or scores[j] > scores[best] or (scores[j] == scores[best] and error > first):
            best, first = j, error
    return best


@kernel
def decide(world: World, state: State, f: int, now: float, cause: int, index: int, occasion: int) -> int:
    """Value the options of exchange f and choose; fills `state.decision`, writes the journal, changes nothing else."""
    decision = state.decision
    survey_market(world, state, f, now)
    host = choose_host(world, state, f)
    value_postures(world, state, f, host, c.OFFSHORE if host >= 0 and state.scratch.host[0] == host else -1)
    for p in range(len(decision.hazard)):
        decision.hazard[p] = state.postures.hazard[p]
    _expect_volumes(world, state, f)
    if world.settings.fresh_part > 0.0:
        draw_fresh(world, state, f, occasion)
    scale = choice_scale(world, state, f, world.settings.temperature)
    best, second = _best_two(world, state, f, scale)
    if world.strategy_postures[best, c.OFFSHORE] < c.OFFSHORE:
        host = -1
    outcome, scales = decision.outcome, decision.scale
    outcome[EXCHANGE], outcome[CAUSE], outcome[REASON] = f, cause, index
    outcome[BEFORE], outcome[CHOICE] = state.exchanges.strategy[f], best
    outcome[RUNNER_UP], outcome[HOST] = second, host
    scales[DAY], scales[UNIT] = now, scale
    scales[MARGIN] = decision.terms[best, c.T_SCORE] - decision.terms[second, c.T_SCORE] if second >= 0 else np.inf
    write_line(state.journal, now, c.E_DECISION, f, -1, host, cause, index, float(best))
    return best


@inlined
def _expect_volumes(world: World, state: State, f: int) -> None:
    """Find the options that exchange f considers now and that are open to it, and what it would trade in each.

    A latent exchange has no venue that it could keep open in defiance.
    """
    decision, considered, latent = state.decision, world.exchanges.options[f], state.exchanges.strategy[f] == c.S_LATENT
    for o in range(c.OPTIONS):
        decision.valued[o] = decision.feasible[o] = False
    for n in range(c.OPTIONS):
        o = considered[n]
        if o < 0:
            break
        slots = world.strategy_postures[o]
        if admitted(state, slots) and not (latent and o == c.S_DEFY):
            decision.valued[o] = decision.feasible[o] = True
            expected_volume(world, state, slots, decision.demand[o])


@inlined
def _best_two(world: World, state: State, f: int, scale: float) -> tuple[int, int]:
    """The two options of largest score, -1 for none, among those that are feasible; fills their terms."""
    decision, best, second, price = state.decision, -1, -1, state.scratch.price[0]
    for n in range(c.OPTIONS):
        o = world.exchanges.options[f, n]
        if o < 0:
            break
        if not decision.valued[o]:
            continue
        slots, terms = world.strategy_postures[o], decision.terms[o]
        decision.feasible[o] = option_value(world, state, f, slots, price, decision.demand[o], terms)
        if not decision.feasible[o]:
            terms[c.T_ERROR], terms[c.T_SCORE] = 0.0, 0.0
            continue
        terms[c.T_ERROR] = error_term(world, state, f, o, state.scratch.fresh_uniform[o])
        terms[c.T_SCORE] = score(terms[c.T_VALUE], scale, terms[c.T_ERROR])
        if best < 0 or terms[c.T_SCORE] > decision.terms[best, c.T_SCORE]:
            best, second = o, best
        elif second < 0 or terms[c.T_SCORE] > decision.terms[second, c.T_SCORE]:
            second = o
    return best, second


@kernel
def is_shell(world: World, option: int) -> bool:
    """Whether a strategy runs its offshore slot in disguise."""
    return bool(world.strategy_postures[option, c.OFFSHORE] == c.DISGUISED)
