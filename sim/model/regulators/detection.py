"""Detection: clocks that find venues out, and the cases that they open.

A venue that deserves an action is detected when the integral of its rate, detection x visibility, reaches a unit
exponential threshold. Rates change in steps, so the integral is kept exactly and the time left is threshold / rate.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model.journal_writing import write_line
from sim.model.random import draw, uniform
from sim.model.regulators.lever_totals import SLOWEST, bears_on, staffing
from sim.model.regulators.sanctions import sanctionable
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World

_ACTIONS = len(c.ACTIONS)


@kernel
def visibility(world: World, state: State, v: int) -> float:
    """How conspicuous venue v is: it grows with its volume and with a local-language page."""
    settings, venues, volume = world.settings, state.venues, max(state.venues.volume[v], 0.0)
    if venues.visibility_volume[v] != volume:
        venues.visibility_volume[v] = volume
        relative = volume / settings.reference_size
        venues.visibility[v] = relative if settings.size_exponent == 1.0 else relative**settings.size_exponent
    page = state.exchanges.has_local_page[v // 3] and v % 3 != c.DOMESTIC
    return float(venues.visibility[v] * (settings.page_visibility if page else 1.0))


@kernel
def detection_rate(world: World, state: State, action: int, v: int) -> float:
    """Detections per day of venue v for an action, and in `cases.intervention` the one most behind it."""
    if state.cases.open[action, v]:
        return 0.0
    state.cases.intervention[action, v] = -1
    if state.in_force.enforcing_count[action] == 0 or not sanctionable(state, action, v):
        return 0.0
    interventions, total, most = world.interventions, 0.0, 0.0
    f, shell, host = v // 3, bool(state.exchanges.disguised[v // 3]), state.exchanges.host[v // 3]
    for n in range(state.in_force.enforcing_count[action]):
        i = state.in_force.enforcing[action, n]
        rate = interventions.rate[i] * state.in_force.strength[i, c.ENFORCED]
        if bears_on(world, i, f, v % 3, shell, host):
            total += rate
            if rate > most:
                most = rate
                state.cases.intervention[action, v] = i
    return total * state.venues.detection[v] * visibility(world, state, v) if total > 0.0 else 0.0


@kernel
def update_detection_rate(world: World, state: State, action: int, v: int, now: float) -> bool:
    """Bring a detection clock to its present rate; True if the rate changed."""
    cases = state.cases
    rate = detection_rate(world, state, action, v)
    if rate == cases.rate[action, v]:
        return False
    if cases.threshold[action, v] == 0.0:
        draw_threshold(world, state, action, v)
    cases.spent[action, v] += cases.rate[action, v] * (now - cases.since[action, v])
    cases.since[action, v] = now
    _set_rate(state, action, v, rate)
    return True


@kernel
def _set_rate(state: State, action: int, v: int, rate: float) -> None:
    cases = state.cases
    cases.active[action] += (1 if rate > 0.0 else 0) - (1 if cases.rate[action, v] > 0.0 else 0)
    cases.rate[action, v] = rate


@inlined
def detection_occasion(number: int, action: int, mode: int) -> int:
    """Occasion of what is drawn for a detection, which no other has.

    Numbers of detections are 16 apart, which suffices for four actions and their modes. Further actions count from
    multiples of 2^40.
    """
    return ((action // 4) << 40) + 16 * number + 4 * (action % 4) + mode


@kernel
def draw_threshold(world: World, state: State, action: int, v: int) -> None:
    """Draw the next threshold of a clock and set it back."""
    cases = state.cases
    occasion = detection_occasion(cases.detections[action, v], action, v % 3)
    cases.threshold[action, v] = -math.log(uniform(state.key, world.exchanges.key[v // 3], c.D_DETECTION, occasion))
    cases.spent[action, v] = 0.0


@kernel
def time_left(state: State, action: int, v: int) -> float:
    """Days until detection at the present rate, infinity at rate 0."""
    cases = state.cases
    if cases.rate[action, v] <= 0.0:
        return math.inf
    return float(max(0.0, cases.threshold[action, v] - cases.spent[action, v]) / cases.rate[action, v])


@kernel
def detect(world: World, state: State, action: int, v: int, now: float) -> int:
    """Venue v is detected: a case opens, its clock rests. Returns the agency, -1 if nobody is charged with it.

    The journal marks a venue whose local-language page drew attention by adding the number of actions.
    """
    cases, f, i = state.cases, v // 3, state.cases.intervention[action, v]
    host = state.exchanges.host[f] if v % 3 == c.OFFSHORE else -1
    marked = action + _ACTIONS if state.exchanges.has_local_page[f] and v % 3 != c.DOMESTIC else action
    write_line(state.journal, now, c.E_DETECTED, f, v % 3, host, c.C_INTERVENTION, i, float(marked))
    cases.open[action, v] = True
    _set_rate(state, action, v, 0.0)
    cases.since[action, v] = now
    cases.detections[action, v] += 1
    draw_threshold(world, state, action, v)
    agency = world.interventions.agency[i]
    if agency >= 0:
        write_line(state.journal, now, c.E_CASE_OPENED, f, v % 3, host, c.C_INTERVENTION, i, float(action))
    return int(agency)


@kernel
def case_work(world: World, state: State, agency: int, action: int, v: int, now: float) -> float:
    """An inspector takes up a case; returns the days of work."""
    f, i = v // 3, state.cases.intervention[action, v]
    write_line(state.journal, now, c.E_CASE_STARTED, f, v % 3, -1, c.C_INTERVENTION, i, float(action))
    occasion = detection_occasion(state.cases.detections[action, v], action, v % 3)
    days = draw(world.agencies.service[agency], state.key, world.exchanges.key[f], c.D_SERVICE, occasion)
    return max(0.0, days) / max(staffing(world, state, agency), SLOWEST)
