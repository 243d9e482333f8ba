"""What happens at an appointment: one function per kind, each changes the state and asks for what follows.

An engine keeps the calendar and the queues; everything else is here, once, for all engines.
"""

import math

from sim.kernels.compile import kernel
from sim.model import events as ag
from sim.model.events import ask
from sim.model.exchanges.actions import close_if_due, enter, finish_launch, launch, ready
from sim.model.exchanges.reactions import consider, reaction_lag
from sim.model.initial import review_gap, start
from sim.model.regulators.enforcement import (
    block_site,
    detect,
    new_domain,
    next_site,
    punish,
    release,
    rerate,
    return_lag,
    time_left,
)
from sim.model.regulators.interventions import (
    apply_step,
    concerned,
    draws_reactions,
    enforce_deadline,
    touches_detection,
)
from sim.model.regulators.licensing import rule_on, withdraw
from sim.model.regulators.rules import watch_rule
from sim.model.state import State
from sim.model.traders.demand import advance
from sim.model.traders.market import form_habit, forms_habit, read_market
from sim.world.arrays import World
from sim.world.codes import (
    ACCOUNT_FREEZE,
    C_ANNOUNCED,
    C_DEADLINE,
    C_EFFECTIVE,
    C_ENFORCEMENT,
    C_LICENCE,
    C_LOSS,
    C_REVIEW,
    D_REVIEW,
    E_DEADLINE,
    E_EFFECTIVE,
    E_ENFORCED,
    ENFORCED,
    SITE_BLOCK,
)

_WEEK = 7
_ACTIONS = 4


@kernel
def _open_calendar(world: World, state: State) -> None:
    """Ask for everybody's first appointment."""
    for i in range(len(world.orders.key)):
        if world.orders.rule[i] < 0:
            _ask_steps(world, state, i, 0.0)
    for a in range(len(world.rules.hold)):
        ask(state, world.rules.starts[a], ag.RULE, a, 0, 0)
    for f in range(len(world.firms.key)):
        if not world.firms.fixed[f]:
            ask(state, review_gap(world, state, f, 0, D_REVIEW), ag.REVIEW, f, 0, 0)
        if world.firms.enters[f] > 0.0:
            ask(state, world.firms.enters[f], ag.ENTRY, f, 0, 0)
    _ask_tick(world, state, 0)
    look_again(world, state, 0, len(world.firms.key), 0.0)


@kernel
def _ask_steps(world: World, state: State, i: int, now: float) -> None:
    """Ask for all steps of an intervention that lie ahead; on a ladder, those before its firing count as now."""
    for n in range(world.orders.first[i], world.orders.first[i + 1]):
        due = state.force.origin[i] + world.orders.step_time[n]
        if due >= now or world.orders.rule[i] >= 0:
            ask(state, max(0.0, due - now), ag.STEP, n, 0, 0)


@kernel
def look_again(world: World, state: State, first: int, last: int, now: float) -> None:
    """Detection rates of exchanges first up to last may have changed: reset the clocks that did."""
    cases, opened = state.cases, state.venues.open
    for action in range(_ACTIONS):
        sought, rate = state.force.sought[action] > 0, cases.rate[action]
        if not sought and cases.running[action] == 0:
            continue
        for v in range(3 * first, 3 * last):
            concerns = (sought and opened[v]) or rate[v] > 0.0
            if concerns and rerate(world, state, action, v, now):
                cases.stamp[action, v] += 1
                ask(state, time_left(state, action, v), ag.DETECTION, action, v, cases.stamp[action, v])


@kernel
def arrive(world: World, state: State, now: float) -> None:
    """Bring demand up to the present: every handler does so before it changes anything."""
    advance(world.segments, state.market, now)


@kernel
def on_step(world: World, state: State, n: int, now: float) -> None:
    """Levers move, traders take note, deadlines fall, exchanges start to think.

    Demand is brought up to the present only where it changes: a step that changes nothing leaves no trace in it.
    """
    orders = world.orders
    i, event = orders.step_of[n], orders.step_event[n]
    apply_step(world, state, n, now)
    if event == E_DEADLINE:
        enforce_deadline(world, state, i, now)
        hit = state.room.flags
        for f in range(len(hit)):
            if hit[f]:
                ask(state, world.settings.recovery, ag.DECISION, f, C_DEADLINE, i)
    if event == E_DEADLINE or touches_detection(world, i):
        look_again(world, state, 0, len(world.firms.key), now)
    if event == E_ENFORCED and orders.campaign[i, 0] + orders.campaign[i, 2] > 0.0:
        _ask_site(world, state, i, 0)
    if draws_reactions(world, n):
        cause = C_EFFECTIVE if event == E_EFFECTIVE else C_ANNOUNCED
        for f in range(len(world.firms.key)):
            if concerned(world, state, i, f):
                ask(state, reaction_lag(world, state, i, f, cause), ag.DECISION, f, cause, i)


@kernel
def _ask_site(world: World, state: State, i: int, n: int) -> None:
    days = next_site(world, state, i, n)
    if not math.isinf(days):
        ask(state, days, ag.CAMPAIGN, i, n, 0)


@kernel
def on_campaign(world: World, state: State, i: int, n: int, now: float) -> None:
    """Site n of a campaign is blocked, unless the campaign has been lifted."""
    if state.force.strength[i, ENFORCED] <= 0.0:
        return
    arrive(world, state, now)
    v = block_site(world, state, i, now)
    if v >= 0:
        ask(state, return_lag(world, state, v), ag.DOMAIN, v, 0, 0)
        look_again(world, state, v // 3, v // 3 + 1, now)
    _ask_site(world, state, i, n + 1)


@kernel
def on_close(world: World, state: State, v: int, now: float) -> None:
    """The last day of a wind-down."""
    arrive(world, state, now)
    if close_if_due(world, state, v, now):
        look_again(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_entry(world: World, state: State, f: int, now: float) -> None:
    """An exchange opens for business on its day."""
    arrive(world, state, now)
    enter(world, state, f, now)
    look_again(world, state, f, f + 1, now)


@kernel
def on_launch(world: World, state: State, v: int, now: float) -> None:
    """A venue has been built."""
    arrive(world, state, now)
    finish_launch(world, state, v, now)
    _take_up(world, state, v // 3, now)


@kernel
def _take_up(world: World, state: State, f: int, now: float) -> None:
    """Exchange f may be free again: a reason to think that was put off is taken up."""
    look_again(world, state, f, f + 1, now)
    traits = state.traits
    if traits.launching[f] == 0 and traits.pending[f, 0] > 0:
        ask(state, 0.0, ag.DECISION, f, traits.pending[f, 0], traits.pending[f, 1])
        traits.pending[f, 0] = 0


@kernel
def on_decision(world: World, state: State, f: int, cause: int, index: int, now: float) -> bool:
    """Exchange f thinks; True if it decided, and then the desk holds the record."""
    arrive(world, state, now)
    if not consider(world, state, f, now, cause, index):
        return False
    look_again(world, state, f, f + 1, now)
    return True


@kernel
def on_review(world: World, state: State, f: int, n: int, now: float) -> bool:
    """Exchange f thinks again on an exogenous date; one on which it cannot act is skipped, not shifted."""
    ask(state, review_gap(world, state, f, n + 1, D_REVIEW), ag.REVIEW, f, n + 1, 0)
    return on_decision(world, state, f, C_REVIEW, n, now)


@kernel
def on_detection(world: World, state: State, action: int, v: int, stamp: int, now: float) -> None:
    """Venue v is found out, unless its clock has been reset since."""
    if stamp != state.cases.stamp[action, v]:
        return
    arrive(world, state, now)
    agency = detect(world, state, action, v, now)
    if agency >= 0:
        ask(state, 0.0, ag.CASE_OPENED, action, v, agency)
    else:
        on_case(world, state, action, v, now)


@kernel
def on_case(world: World, state: State, action: int, v: int, now: float) -> None:
    """A case is done: the measure falls; a blocked site will be back, frozen accounts will be released."""
    arrive(world, state, now)
    frozen, blocks = state.venues.frozen[v] > 0.0, state.cases.blocks[v]
    if punish(world, state, action, v, now):
        ask(state, world.settings.recovery, ag.DECISION, v // 3, C_ENFORCEMENT, -1)
    if action == SITE_BLOCK and state.cases.blocks[v] > blocks:
        ask(state, return_lag(world, state, v), ag.DOMAIN, v, 0, 0)
    if action == ACCOUNT_FREEZE and state.venues.frozen[v] > 0.0 and not frozen:
        ask(state, world.settings.freeze, ag.RELEASE, v, 0, 0)
    look_again(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_domain(world: World, state: State, v: int, now: float) -> None:
    """A blocked venue is back under a new domain."""
    arrive(world, state, now)
    new_domain(world, state, v, now)
    look_again(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_release(world: World, state: State, v: int, now: float) -> None:
    """Frozen accounts are released."""
    arrive(world, state, now)
    release(world, state, v, now)
    look_again(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_patience(world: World, state: State, v: int, office: int, now: float) -> None:
    """An applicant gives up waiting."""
    arrive(world, state, now)
    if withdraw(state, v, office, now):
        _hear(world, state, v, now)


@kernel
def on_licence(world: World, state: State, v: int, office: int, now: float) -> None:
    """An office publishes its decision."""
    arrive(world, state, now)
    if rule_on(world, state, v, office, now):
        _hear(world, state, v, now)


@kernel
def _hear(world: World, state: State, v: int, now: float) -> None:
    """The exchange learns the outcome: a venue that waited for it opens, and the strategy is reconsidered."""
    f = v // 3
    state.traits.licence_events[f] += 1
    if state.traits.launching[f] == 0 and ready(world, state, v):
        launch(world, state, v, now)
    _take_up(world, state, f, now)
    ask(state, world.settings.recovery, ag.DECISION, f, C_LICENCE, -1)


@kernel
def _ask_tick(world: World, state: State, day: int) -> None:
    """Ask for the next tick: tomorrow, or next week if nobody forms habits."""
    days = 1 if forms_habit(world) else _WEEK
    ask(state, float(days), ag.TICK, day + days, 0, 0)


@kernel
def on_tick(world: World, state: State, day: int, now: float) -> None:
    """Habit forms daily; once a week books are read and exchanges look at their losses."""
    arrive(world, state, now)
    form_habit(world, state, 1.0)
    _ask_tick(world, state, day)
    if day % _WEEK:
        return
    read_market(world, state, now)
    look_again(world, state, 0, len(world.firms.key), now)
    lost = state.room.flags
    for f in range(len(lost)):
        if lost[f]:
            ask(state, 0.0, ag.DECISION, f, C_LOSS, day)


@kernel
def on_rule(world: World, state: State, a: int, now: float) -> None:
    """An agency measures, and takes the next step of its ladder when the condition has held."""
    rung = state.watch.rung[a]
    if watch_rule(world, state, a, now):
        for i in range(len(world.orders.key)):
            if world.orders.rule[i] == a and world.orders.rung[i] == rung:
                _ask_steps(world, state, i, now)
    ask(state, world.rules.every[a], ag.RULE, a, 0, 0)


@kernel
def begin(world: World, state: State) -> None:
    """The first day: fill the state and ask for everybody's first appointment."""
    start(world, state)
    _open_calendar(world, state)


@kernel
def happen(world: World, state: State, kind: int, a: int, b: int, c: int, now: float) -> bool:
    """Whatever falls due: the one entrance for engines. True if a decision was taken, whose record is on the desk."""
    if kind == ag.DECISION:
        return on_decision(world, state, a, b, c, now)
    if kind == ag.REVIEW:
        return on_review(world, state, a, b, now)
    if kind == ag.TICK:
        on_tick(world, state, a, now)
    elif kind == ag.DETECTION:
        on_detection(world, state, a, b, c, now)
    elif kind == ag.CASE:
        on_case(world, state, a, b, now)
    elif kind == ag.STEP:
        on_step(world, state, a, now)
    elif kind == ag.CLOSE:
        on_close(world, state, a, now)
    elif kind == ag.LAUNCH:
        on_launch(world, state, a, now)
    else:
        _happen_rarely(world, state, kind, a, b, now)
    return False


@kernel
def _happen_rarely(world: World, state: State, kind: int, a: int, b: int, now: float) -> None:
    if kind == ag.CAMPAIGN:
        on_campaign(world, state, a, b, now)
    elif kind == ag.ENTRY:
        on_entry(world, state, a, now)
    elif kind == ag.LICENCE:
        on_licence(world, state, a, b, now)
    elif kind == ag.PATIENCE:
        on_patience(world, state, a, b, now)
    elif kind == ag.DOMAIN:
        on_domain(world, state, a, now)
    elif kind == ag.RELEASE:
        on_release(world, state, a, now)
    elif kind == ag.RULE:
        on_rule(world, state, a, now)
