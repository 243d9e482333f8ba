"""What happens on the first day, and when an event is due: which function handles it, by its kind.

An engine keeps the event queue and the queues of cases and applications; all else is here, once, for all engines.
"""

from sim.kernels.compile import kernel
from sim.model import events
from sim.model.events import schedule_event
from sim.model.exchanges.closings import announce_end
from sim.model.exchanges.reactions import lost_volume
from sim.model.handlers.enforcement import (
    on_campaign,
    on_case,
    on_detection,
    on_domain,
    on_release,
    reset_detection_clocks,
)
from sim.model.handlers.exchanges import on_choice, on_close, on_decision, on_entry, on_launch, on_review
from sim.model.handlers.interventions import on_deadline, on_news, on_rule, on_step, schedule_steps
from sim.model.handlers.licences import on_licence, on_patience, on_pressure
from sim.model.initial import review_gap, set_initial_state
from sim.model.regulators.applicants import look_at_acts
from sim.model.state import State
from sim.model.traders.demand import advance
from sim.model.traders.periodic_updates import form_habit, forms_habit, read_market
from sim.world.arrays import World
from sim.world.codes import ACCOUNT_FREEZE, C_LOSS, ENFORCED

_WEEK = 7


@kernel
def _schedule_tick(world: World, state: State, day: int) -> None:
    """Schedule the next tick: tomorrow, or next week if nobody forms habits."""
    days = 1 if forms_habit(world) else _WEEK
    schedule_event(state, float(days), events.TICK, day + days, 0, 0)


@kernel
def on_tick(world: World, state: State, day: int, now: float) -> None:
    """Habit forms daily; once a week books are read and exchanges look at their losses."""
    form_habit(world, state, 1.0)
    _schedule_tick(world, state, day)
    if day % _WEEK:
        return
    read_market(world, state, now)
    reset_detection_clocks(world, state, 0, len(world.exchanges.key), now)
    if world.settings.giving_up > 0.0:
        for permit in range(len(state.permits.licence)):
            look_at_acts(world, state, permit, now)
    for f in range(len(world.exchanges.key)):
        if lost_volume(world, state, f):
            schedule_event(state, 0.0, events.DECISION, f, C_LOSS, day)


@kernel
def initialise(world: World, state: State) -> None:
    """The first day: fill the state and schedule the first steps, readings, reviews and entries."""
    set_initial_state(world, state)
    for i in range(len(world.interventions.key)):
        if world.interventions.rule[i] < 0:
            schedule_steps(world, state, i, 0.0)
    for a in range(len(world.rules.hold)):
        schedule_event(state, world.rules.starts[a], events.RULE, a, 0, 0)
    for f in range(len(world.exchanges.key)):
        if not world.exchanges.fixed[f]:
            schedule_event(state, review_gap(world, state, f, 0), events.REVIEW, f, 0, 0)
        if world.exchanges.enters[f] > 0.0:
            schedule_event(state, world.exchanges.enters[f], events.ENTRY, f, 0, 0)
    _schedule_tick(world, state, 0)
    reset_detection_clocks(world, state, 0, len(world.exchanges.key), 0.0)


@kernel
def handle(world: World, state: State, kind: int, a: int, b: int, c: int, now: float) -> bool:
    """Process an event that is due: the one entrance for engines. True if it was a decision (`state.decision`)."""
    # Demand is brought up to the present where it may change: what changes nothing leaves no trace in it.
    if kind == events.STEP:
        on_step(world, state, a, now)
        return False
    if kind == events.DEADLINE:
        on_deadline(world, state, a, now)
        return False
    if kind == events.NEWS:
        on_news(world, state, a, now)
        return False
    if kind == events.RULE:
        on_rule(world, state, a, now)
        return False
    if kind == events.DETECTION and c != state.cases.version[a, b]:  # the clock has been reset since
        return False
    if kind == events.DOMAIN and (state.venues.blocked[a] < 1.0 or b != state.cases.blocks[a]):  # it is not that block
        return False
    if kind == events.RELEASE and (state.venues.frozen[a] == 0.0 or b != state.cases.detections[ACCOUNT_FREEZE, a]):
        return False
    if kind == events.CAMPAIGN and state.in_force.strength[a, ENFORCED] <= 0.0:  # it has been lifted
        return False
    advance(world.segments, state.market, now)
    if kind == events.DECISION:
        return on_decision(world, state, a, b, c, now)
    if kind == events.REVIEW:
        return on_review(world, state, a, b, now)
    if kind == events.TICK:
        on_tick(world, state, a, now)
    elif kind == events.DETECTION:
        on_detection(world, state, a, b, now)
    elif kind == events.CASE:
        on_case(world, state, a, b, now)
    elif kind == events.CLOSE:
        on_close(world, state, a, now)
    elif kind == events.NOTICE:
        announce_end(world, state, a, now)
    elif kind == events.LAUNCH:
        on_launch(world, state, a, now)
    elif kind == events.CHOICE:
        on_choice(world, state)
    elif kind == events.CAMPAIGN:
        on_campaign(world, state, a, b, now)
    elif kind == events.ENTRY:
        on_entry(world, state, a, now)
    elif kind == events.LICENCE:
        on_licence(world, state, a, b, now)
    elif kind == events.PATIENCE:
        on_patience(world, state, a, b, now)
    elif kind == events.PRESSURE:
        on_pressure(world, state, a, b, now)
    elif kind == events.DOMAIN:
        on_domain(world, state, a, now)
    elif kind == events.RELEASE:
        on_release(world, state, a, now)
    return False
