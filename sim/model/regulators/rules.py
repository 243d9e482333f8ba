"""What an agency with an adaptive rule sees, and when the rule fires."""

import numpy as np

from sim.kernels.compile import kernel
from sim.model.journal import write_line
from sim.model.regulators.lever_totals import combined
from sim.model.regulators.sanctions import unlawful
from sim.model.state import Market, State
from sim.model.traders.attraction import count_volumes
from sim.model.traders.demand import mode_share, project, venue_share
from sim.world.arrays import World
from sim.world.codes import ANNOUNCED, C_NONE, DEEMED, E_FIRED, E_OBSERVED, INDICATORS, OFFSHORE, WAITING
from sim.world.levers import L_HAZARD, L_RISK, NEUTRAL

_EXPOSURE = INDICATORS.index("exposure")  # before it the shares of the modes
_OPEN = INDICATORS.index("open:domestic")  # and further modes
_SITES = INDICATORS.index("blocked-sites")
_LICENCES = INDICATORS.index("licences-waiting")
_RISK = INDICATORS.index("lever:risk")


@kernel
def read_indicator(world: World, state: State, measure: int, now: float) -> float:
    """The present value of a measure, see codes.OBSERVED. Shares are of counted focal volume."""
    if measure <= _EXPOSURE:
        return _share_of_volume(world, state, measure, now)
    if measure < _SITES:
        return float(_open(world, state, measure - _OPEN))
    if measure == _SITES:
        return float(state.cases.sites[0])
    if measure == _LICENCES:
        return float(_waiting(state))
    return _expectation(world, state, L_RISK if measure == _RISK else L_HAZARD)


@kernel
def _share_of_volume(world: World, state: State, measure: int, now: float) -> float:
    count_volumes(world, state, now)
    volumes, total, part = state.scratch.volumes, 0.0, 0.0
    market = state.projected
    project(world.segments, state.market, market, now)
    for k in range(len(volumes)):
        if world.segments.focal[k]:
            total += volumes[k]
            if measure < _EXPOSURE:
                part += volumes[k] * mode_share(market, k, measure)
            else:
                part += volumes[k] * _exposed(state, market, k)
    return part / total if total > 0.0 else 0.0


@kernel
def _exposed(state: State, market: Market, k: int) -> float:
    """Share of segment k on venues that run against a permission or are blocked."""
    exposed = 0.0
    for v in range(len(state.venues.open)):
        if state.venues.open[v] and (unlawful(state, v) or state.venues.blocked[v] > 0.0):
            exposed += venue_share(market, k, v)
    return exposed


@kernel
def _open(world: World, state: State, mode: int) -> int:
    """Open venues in a mode; offshore, those of exchanges at home here."""
    count = 0
    for f in range(len(world.exchanges.focal)):
        if state.venues.open[3 * f + mode] and (mode != OFFSHORE or world.exchanges.focal[f]):
            count += 1
    return count


@kernel
def _waiting(state: State) -> int:
    """Venues that wait for a licence."""
    count = 0
    for licence in state.venues.licence:
        if licence in (WAITING, DEEMED):
            count += 1
    return count


@kernel
def _expectation(world: World, state: State, lever: int) -> float:
    """Level of user risk (sum) or of the hazard factor (product), at its widest target."""
    interventions, level = world.interventions, NEUTRAL[lever]
    for e in range(len(interventions.effect_of)):
        if interventions.lever[e] == lever:
            strength = state.in_force.strength[interventions.effect_of[e], ANNOUNCED]
            level = combined(lever, level, interventions.amount[e], strength)
    return float(level)


@kernel
def watch_rule(world: World, state: State, a: int, now: float) -> bool:
    """Measure once for rule a and show it the figure that has just come through; True if it takes a step now.

    A reporting lag is rounded up to whole monitoring intervals; until the first figure comes through nothing is seen.
    """
    samples = state.rules.samples[a]
    for n in range(len(samples) - 1):
        samples[n] = samples[n + 1]
    samples[len(samples) - 1] = read_indicator(world, state, world.rules.indicator[a], now)
    age = world.rules.lag_intervals[a]
    seen = samples[len(samples) - 1 - age]
    return not np.isnan(seen) and _check(world, state, a, seen, now)


@kernel
def _check(world: World, state: State, a: int, seen: float, now: float) -> bool:
    """Show rule a a figure; True if it takes its next step now."""
    rules, watch = world.rules, state.rules
    beyond = rules.sign[a] * (seen - rules.threshold[a]) > 0.0
    if not beyond:
        watch.since[a] = np.nan
        return False
    if np.isnan(watch.since[a]):
        watch.since[a] = now
        write_line(state.journal, now, E_OBSERVED, a, -1, -1, C_NONE, -1, seen)
    held = now - watch.since[a] >= rules.hold[a]
    rested = now - watch.fired[a] >= rules.cooldown[a]
    if not (held and rested) or watch.rung[a] >= rules.rungs[a]:
        return False
    for i in range(len(world.interventions.key)):
        if world.interventions.rule[i] == a and world.interventions.rung[i] == watch.rung[a]:
            state.in_force.start_day[i] = now
    watch.fired[a] = now
    watch.rung[a] += 1
    write_line(state.journal, now, E_FIRED, a, -1, -1, C_NONE, -1, float(watch.rung[a]))
    return True
