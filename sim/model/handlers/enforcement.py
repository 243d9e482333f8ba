"""Cases and site blocks: a venue is detected, suffers an action, and is back under a new domain or is released."""

import math

from sim.kernels.compile import inlined, kernel, rare
from sim.model import events
from sim.model.events import schedule_event
from sim.model.random import absent
from sim.model.regulators.detection import detect, time_left, update_detection_rate
from sim.model.regulators.sanctions import release, sanction
from sim.model.regulators.site_blocks import block_site, new_domain, next_site, return_lag
from sim.model.state import State
from sim.world.arrays import World
from sim.world.codes import ACCOUNT_FREEZE, C_ENFORCEMENT, C_NONE, SITE_BLOCK


@inlined
def reset_detection_clocks(world: World, state: State, first: int, last: int, now: float) -> None:
    """Detection rates of exchanges first up to last may have changed: reset the clocks that did."""
    for action in range(len(state.cases.active)):
        if state.in_force.enforcing_count[action] > 0 or state.cases.active[action] > 0:
            _reset_clocks(world, state, action, first, last, now)


@kernel
def _reset_clocks(world: World, state: State, action: int, first: int, last: int, now: float) -> None:
    cases, opened, rate = state.cases, state.venues.open, state.cases.rate[action]
    enforced = state.in_force.enforcing_count[action] > 0
    for v in range(3 * first, 3 * last):
        concerns = (enforced and opened[v]) or rate[v] > 0.0
        if concerns and update_detection_rate(world, state, action, v, now):
            cases.version[action, v] += 1
            schedule_event(state, time_left(state, action, v), events.DETECTION, action, v, cases.version[action, v])


@kernel
def on_detection(world: World, state: State, action: int, v: int, now: float) -> None:
    """Venue v is detected."""
    agency = detect(world, state, action, v, now)
    if agency >= 0:
        schedule_event(state, 0.0, events.CASE_OPENED, action, v, agency)
    else:
        on_case(world, state, action, v, now)


@kernel
def on_case(world: World, state: State, action: int, v: int, now: float) -> None:
    """A case is done: the venue suffers the action; a blocked site will be back, frozen accounts will be released."""
    frozen, blocks = state.venues.frozen[v] > 0.0, state.cases.blocks[v]
    if sanction(world, state, action, v, now):
        schedule_event(state, world.settings.recovery, events.DECISION, v // 3, C_ENFORCEMENT, -1)
    if action == SITE_BLOCK and state.cases.blocks[v] > blocks:
        _schedule_return(world, state, v)
    if action == ACCOUNT_FREEZE and state.venues.frozen[v] > 0.0 and not frozen:
        schedule_event(state, world.settings.freeze, events.RELEASE, v, state.cases.detections[action, v], 0)
    reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@inlined
def _schedule_return(world: World, state: State, v: int) -> None:
    if not absent(world.return_lag):
        schedule_event(state, return_lag(world, state, v), events.DOMAIN, v, state.cases.blocks[v], 0)


@rare
def on_domain(world: World, state: State, v: int, now: float) -> None:
    """A blocked venue is back under a new domain."""
    new_domain(world, state, v, now)
    reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@rare
def on_release(world: World, state: State, v: int, now: float) -> None:
    """Frozen accounts are released."""
    release(world, state, v, now, C_NONE, -1)
    reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@kernel
def schedule_site(world: World, state: State, i: int, n: int) -> None:
    """Schedule site n of the campaign of intervention i."""
    days = next_site(world, state, i, n)
    if not math.isinf(days):
        schedule_event(state, days, events.CAMPAIGN, i, n, 0)


@rare
def on_campaign(world: World, state: State, i: int, n: int, now: float) -> None:
    """Site n of a campaign is blocked."""
    v = block_site(world, state, i, now)
    if v >= 0:
        _schedule_return(world, state, v)
        reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)
    schedule_site(world, state, i, n + 1)
