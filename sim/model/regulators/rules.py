"""Adaptive rules: what an agency reads of its indicator, and when it takes the next step of its ladder."""

import numpy as np

from sim.kernels.compile import kernel
from sim.model.journal_writing import write_line
from sim.model.regulators.lever_totals import combined
from sim.model.regulators.sanctions import unlawful
from sim.model.state import Market, State
from sim.model.traders.attraction import set_segment_volumes
from sim.model.traders.demand import mode_share, project, venue_share
from sim.world import codes as c
from sim.world.arrays import World

_EXPOSURE = c.INDICATORS.index("exposure")  # before it the shares of the modes
_OPEN = c.INDICATORS.index("open:domestic")  # and further modes
_SITES = c.INDICATORS.index("blocked-sites")
_LICENCES = c.INDICATORS.index("licences-waiting")
_RISK = c.INDICATORS.index("lever:risk")


@kernel
def read_indicator(world: World, state: State, indicator: int, now: float) -> float:
    """The present value of an indicator, see codes.INDICATORS. Shares are of real focal volume."""
    if indicator <= _EXPOSURE:
        return _share_of_volume(world, state, indicator, now)
    if indicator < _SITES:
        return _open_venues(world, state, indicator - _OPEN)
    if indicator == _SITES:
        return float(state.cases.sites[0])
    if indicator == _LICENCES:
        return float(_waiting(state))
    return _expectation(world, state, c.L_RISK if indicator == _RISK else c.L_HAZARD)


@kernel
def _share_of_volume(world: World, state: State, indicator: int, now: float) -> float:
    """Share of a mode, or of exposed venues."""
    set_segment_volumes(world, state, now)
    volumes, total, part = state.scratch.volumes, 0.0, 0.0
    market = state.projected
    project(world.segments, state.market, market, now)
    for k in range(len(volumes)):
        if world.segments.measured[k]:
            exposed = indicator == _EXPOSURE
            total += volumes[k]
            share = _exposed(world, state, market, k) if exposed else mode_share(market, k, indicator)
            part += volumes[k] * share
    return part / total if total > 0.0 else 0.0


@kernel
def _exposed(world: World, state: State, market: Market, k: int) -> float:
    """Share of segment k on venues that run, or serve it, against the law, or are blocked."""
    exposed = 0.0
    for v in range(len(state.venues.open)):
        outside_law = unlawful(state, v) or (v % 3 == c.OFFSHORE and state.exchanges.barred[v // 3])
        if state.venues.open[v] and (outside_law or state.venues.blocked[v] > 0.0):
            exposed += venue_share(market, k, v)
    return exposed


@kernel
def _open_venues(world: World, state: State, mode: int) -> float:
    """Number of open venues in a mode; offshore, those of focal exchanges."""
    count = 0.0
    for f in range(len(world.exchanges.focal)):
        if state.venues.open[3 * f + mode] and (mode != c.OFFSHORE or world.exchanges.focal[f]):
            count += 1.0
    return count


@kernel
def _waiting(state: State) -> int:
    """Number of venues that wait for a licence."""
    count = 0
    for licence in state.permits.licence:
        if licence in (c.WAITING, c.DEEMED):
            count += 1
    return count


@kernel
def _expectation(world: World, state: State, lever: int) -> float:
    """Level of user risk (sum) or of the hazard factor (product), at its widest target."""
    interventions, level = world.interventions, c.NEUTRAL[lever]
    for e in range(len(interventions.effect_of)):
        if interventions.lever[e] == lever:
            strength = state.in_force.strength[interventions.effect_of[e], c.ANNOUNCED]
            level = combined(lever, level, interventions.amount[e], strength)
    return float(level)


@kernel
def watch_rule(world: World, state: State, a: int, now: float) -> bool:
    """Read the indicator of rule a, and check the condition on the reading of the age that it sees; True if it fires.

    A reporting lag is rounded up to whole monitoring intervals; until the first reading is that old, nothing is seen.
    """
    samples = state.rules.samples[a]
    for n in range(len(samples) - 1):
        samples[n] = samples[n + 1]
    samples[len(samples) - 1] = read_indicator(world, state, world.rules.indicator[a], now)
    reading = samples[len(samples) - 1 - world.rules.lag_intervals[a]]
    return not np.isnan(reading) and _check(world, state, a, reading, now)


@kernel
def _check(world: World, state: State, a: int, reading: float, now: float) -> bool:
    """Check the condition of rule a on a reading; True if it takes its next step now."""
    rules, rule_states = world.rules, state.rules
    beyond = rules.sign[a] * (reading - rules.threshold[a]) > 0.0
    if not beyond:
        rule_states.since[a] = np.nan
        return False
    if np.isnan(rule_states.since[a]):
        rule_states.since[a] = now
        write_line(state.journal, now, c.E_OBSERVED, a, -1, -1, c.C_NONE, -1, reading)
    long_enough = now - rule_states.since[a] >= rules.hold[a] and now - rule_states.fired[a] >= rules.cooldown[a]
    rung = rule_states.rung[a]
    if not long_enough or rung >= rules.rungs[a]:
        return False
    for i in range(len(world.interventions.key)):
        if world.interventions.rule[i] == a and world.interventions.rung[i] == rung:
            state.in_force.start_day[i] = now
    rule_states.fired[a] = now
    rule_states.rung[a] = rung + 1
    write_line(state.journal, now, c.E_FIRED, a, -1, -1, c.C_NONE, -1, float(rung + 1))
    return True
