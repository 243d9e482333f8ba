"""What happens when an event is due: one function per kind, each changes the state and schedules what follows.

An engine keeps the event queue and the queues of cases and applications; all else is here, once, for all engines.
"""

import math

from sim.kernels.compile import inlined, kernel
from sim.model import events
from sim.model.events import schedule_event
from sim.model.exchanges.actions import announce_end, close_if_due, enter, launch_if_ready
from sim.model.exchanges.beliefs import is_dormant
from sim.model.exchanges.reactions import decide_or_defer, lost_volume, reaction_lag
from sim.model.initial import review_gap, set_initial_state
from sim.model.random import absent
from sim.model.regulators.applicants import look_at_acts, show_act
from sim.model.regulators.detection import detect, time_left, update_detection_rate
from sim.model.regulators.foreign_service import (
    announce_bar,
    bars_service,
    call_off_bar,
    licensed_to_serve,
    update_all_services,
    update_service,
)
from sim.model.regulators.interventions import (
    apply_step,
    concerned,
    draw_attention,
    draw_away,
    draws_reactions,
    enforce_deadline,
)
from sim.model.regulators.licensing import drop_licence, give_up, licence_lapses, refuse, rule_on, withdraw
from sim.model.regulators.permits import binds_permit, exchange_of, kind_of, venue_of
from sim.model.regulators.product_bars import update_all_products, update_products
from sim.model.regulators.rules import watch_rule
from sim.model.regulators.sanctions import lift_actions, release, sanction
from sim.model.regulators.site_blocks import block_site, new_domain, next_site, return_lag, unblock
from sim.model.state import State
from sim.model.traders.demand import advance, choose_anew
from sim.model.traders.periodic_updates import form_habit, forms_habit, read_market
from sim.world.arrays import World
from sim.world.codes import (
    ACCOUNT_FREEZE,
    ANNOUNCED,
    C_ANNOUNCED,
    C_DEADLINE,
    C_EFFECTIVE,
    C_ENFORCEMENT,
    C_INTERVENTION,
    C_LICENCE,
    C_LIFTED,
    C_LOSS,
    C_NONE,
    C_REVIEW,
    DEEMED,
    E_ANNOUNCED,
    E_DEADLINE,
    E_EFFECTIVE,
    E_ENFORCED,
    E_LIFTED,
    ENFORCED,
    LICENSED,
    PRODUCTS,
    SERVING,
    SITE_BLOCK,
    WAITING,
)

_WEEK = 7


@kernel
def _schedule_steps(world: World, state: State, i: int, now: float) -> None:
    """Schedule all steps of an intervention that lie ahead; on a ladder, those before its firing are due now."""
    for n in range(world.interventions.first_step[i], world.interventions.first_step[i + 1]):
        due = state.in_force.start_day[i] + world.interventions.step_time[n]
        if due >= now or world.interventions.rule[i] >= 0:
            schedule_event(state, max(0.0, due - now), events.STEP, n, 0, 0)


@kernel
def reset_detection_clocks(world: World, state: State, first: int, last: int, now: float) -> None:
    """Detection rates of exchanges first up to last may have changed: reset the clocks that did."""
    cases, opened = state.cases, state.venues.open
    for action in range(len(cases.active)):
        enforced, rate = state.in_force.enforcing_count[action] > 0, cases.rate[action]
        if not enforced and cases.active[action] == 0:
            continue
        for v in range(3 * first, 3 * last):
            concerns = (enforced and opened[v]) or rate[v] > 0.0
            if concerns and update_detection_rate(world, state, action, v, now):
                cases.version[action, v] += 1
                schedule_event(
                    state, time_left(state, action, v), events.DETECTION, action, v, cases.version[action, v]
                )


@kernel
def on_step(world: World, state: State, n: int, now: float) -> None:
    """Levers move. What follows waits until those of all other interventions have moved that do so at this instant."""
    interventions = world.interventions
    i, event = interventions.step_of[n], interventions.step_event[n]
    apply_step(world, state, n, now)
    if interventions.step_phase[n] == ENFORCED and interventions.step_value[n] == 0.0:
        lift_actions(world, state, i, now)
    if interventions.step_phase[n] == ANNOUNCED and interventions.step_value[n] == 0.0 and interventions.licenses[i]:
        _lift_licensing(world, state, i, now)
    if bars_service(world, i):
        if event == E_LIFTED:
            call_off_bar(world, state, i, now)
        update_all_services(world, state, now)
    if interventions.moves_detection[i]:
        reset_detection_clocks(world, state, 0, len(world.exchanges.key), now)
    if event == E_ENFORCED and interventions.campaign[i, 0] + interventions.campaign[i, 2] > 0.0:
        _schedule_site(world, state, i, 0)
    if event == E_DEADLINE:
        schedule_event(state, 0.0, events.DEADLINE, i, 0, 0)
    if event == E_ANNOUNCED:
        show_act(world, state, i, now)
    news = interventions.step_attention[n] > 0.0 or interventions.step_leave[n] > 0.0 or draws_reactions(world, n)
    if news or (interventions.refuses[i] and event == E_EFFECTIVE):
        schedule_event(state, 0.0, events.NEWS, n, 0, 0)


@kernel
def _lift_licensing(world: World, state: State, i: int, now: float) -> None:
    """Regime i is lifted: licences that it asked for and applications lapse, and what waited for one will open."""
    launching = state.exchanges.launching
    for permit in range(len(state.permits.licence)):
        if licence_lapses(world, state, permit, i):
            drop_licence(world, state, permit, now, C_INTERVENTION, i)
            v, f = venue_of(state, permit), exchange_of(state, permit)
            waited = kind_of(state, permit) < SERVING and state.venues.building[v]
            if waited and launching[f] == 0:
                launching[f] += 1
                schedule_event(state, reaction_lag(world, state, i, f, C_LICENCE), events.LAUNCH, v, 0, 0)


@kernel
def on_deadline(world: World, state: State, i: int, now: float) -> None:
    """The deadline of intervention i: what may not go on closes, and its exchanges decide again."""
    state.in_force.due[i] = True
    enforce_deadline(world, state, i, now)
    if bars_service(world, i):
        update_all_services(world, state, now)
    if world.interventions.limits_products[i]:
        update_all_products(world, state, now, i)
    lost_venue = state.scratch.flags
    for f in range(len(lost_venue)):
        if lost_venue[f]:
            schedule_event(state, world.settings.recovery, events.DECISION, f, C_DEADLINE, i)
    reset_detection_clocks(world, state, 0, len(world.exchanges.key), now)


@kernel
def on_news(world: World, state: State, n: int, now: float) -> None:
    """Step n is in the news: traders reconsider, users leave, exchanges start to react."""
    i, event = world.interventions.step_of[n], world.interventions.step_event[n]
    on_choice(world, state)  # who has left a venue at this instant is nowhere, and would be counted twice
    draw_attention(world, state, n, now)
    draw_away(world, state, n, now)
    if world.interventions.refuses[i] and event == E_EFFECTIVE:
        _refuse(world, state, i, now)
    if event == E_ANNOUNCED:
        announce_bar(world, state, i, now)
    if draws_reactions(world, n):
        cause = C_ANNOUNCED
        if event == E_EFFECTIVE:
            cause = C_EFFECTIVE
        elif event == E_LIFTED:
            cause = C_LIFTED
        for f in range(len(world.exchanges.key)):
            if concerned(world, state, i, f) and (cause != C_LIFTED or is_dormant(world, state, f)):
                schedule_event(state, reaction_lag(world, state, i, f, cause), events.DECISION, f, cause, i)


@kernel
def _refuse(world: World, state: State, i: int, now: float) -> None:
    """Intervention i refuses the applications of those whom it binds, and takes their licences back."""
    advance(world.segments, state.market, now)
    for permit in range(len(state.permits.licence)):
        if state.permits.licence[permit] in (WAITING, DEEMED, LICENSED) and binds_permit(world, state, i, permit):
            refuse(world, state, permit, now, i)
            _on_licence_outcome(world, state, permit, now)


@kernel
def _schedule_site(world: World, state: State, i: int, n: int) -> None:
    days = next_site(world, state, i, n)
    if not math.isinf(days):
        schedule_event(state, days, events.CAMPAIGN, i, n, 0)


@kernel
def on_campaign(world: World, state: State, i: int, n: int, now: float) -> None:
    """Site n of a campaign is blocked."""
    v = block_site(world, state, i, now)
    if v >= 0:
        _schedule_return(world, state, v)
        reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)
    _schedule_site(world, state, i, n + 1)


@kernel
def on_close(world: World, state: State, v: int, now: float) -> None:
    """The last day of a wind-down."""
    if close_if_due(world, state, v, now):
        reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_choice(world: World, state: State) -> None:
    """Users who waited for the end of their venue choose anew, when all venues that end at this instant have ended."""
    market = state.market
    for k in range(len(market.choosing)):
        for m in range(3):
            choose_anew(world.segments, market, k, m, market.choosing[k, m])
            market.choosing[k, m] = 0.0


@kernel
def on_entry(world: World, state: State, f: int, now: float) -> None:
    """An exchange enters."""
    enter(world, state, f, now)
    reset_detection_clocks(world, state, f, f + 1, now)


@kernel
def on_launch(world: World, state: State, v: int, now: float) -> None:
    """The lead time of a venue is over: it opens, unless a licence is outstanding or the plan was dropped."""
    state.exchanges.launching[v // 3] -= 1
    launch_if_ready(world, state, v, now)
    _resume_decision(world, state, v // 3, now)


@kernel
def _resume_decision(world: World, state: State, f: int, now: float) -> None:
    """Exchange f may be free again: a decision that it put off is due now."""
    reset_detection_clocks(world, state, f, f + 1, now)
    exchanges = state.exchanges
    if exchanges.launching[f] == 0 and exchanges.pending[f, 0] > 0:
        schedule_event(state, 0.0, events.DECISION, f, exchanges.pending[f, 0], exchanges.pending[f, 1])
        exchanges.pending[f, 0] = 0


@kernel
def on_decision(world: World, state: State, f: int, cause: int, index: int, now: float) -> bool:
    """Exchange f has a reason to decide; True if it does, and then `state.decision` holds the record."""
    if not decide_or_defer(world, state, f, now, cause, index):
        return False
    reset_detection_clocks(world, state, f, f + 1, now)
    return True


@kernel
def on_review(world: World, state: State, f: int, n: int, now: float) -> bool:
    """Exchange f reviews its strategy on an exogenous date; one on which it cannot act is skipped, not shifted."""
    schedule_event(state, review_gap(world, state, f, n + 1), events.REVIEW, f, n + 1, 0)
    return on_decision(world, state, f, C_REVIEW, n, now)


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


@kernel
def on_domain(world: World, state: State, v: int, now: float) -> None:
    """A blocked venue is back under a new domain."""
    new_domain(world, state, v, now)
    reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_release(world: World, state: State, v: int, now: float) -> None:
    """Frozen accounts are released."""
    release(world, state, v, now, C_NONE, -1)
    reset_detection_clocks(world, state, v // 3, v // 3 + 1, now)


@kernel
def on_patience(world: World, state: State, permit: int, office: int, now: float) -> None:
    """An applicant gives up waiting."""
    withdraw(world, state, permit, office, now)
    _on_licence_outcome(world, state, permit, now)


@kernel
def on_pressure(world: World, state: State, permit: int, first: int, now: float) -> None:
    """The applicant for a permit looks at what is done for the first time, or gives up, unless it has thought again."""
    if first:
        look_at_acts(world, state, permit, now)
    elif state.permits.gives_up[permit] == now:
        give_up(world, state, permit, now)
        _on_licence_outcome(world, state, permit, now)


@kernel
def on_licence(world: World, state: State, permit: int, office: int, now: float) -> None:
    """An office publishes its decision."""
    if rule_on(world, state, permit, office, now):
        _on_licence_outcome(world, state, permit, now)


@kernel
def _on_licence_outcome(world: World, state: State, permit: int, now: float) -> None:
    """A licence was granted or refused: a venue that waited for it opens, and the exchange decides again.

    One to serve focal users from abroad ends the block of the venue's sites, one for products lets it trade these.
    """
    f, v = exchange_of(state, permit), venue_of(state, permit)
    state.exchanges.licence_decisions[f] += 1
    if kind_of(state, permit) == SERVING:
        update_service(world, state, f, now)
        if licensed_to_serve(state, f) and state.venues.blocked_by[v] >= 0:
            unblock(world, state, v, now, C_LICENCE, -1)
    elif kind_of(state, permit) >= PRODUCTS:
        update_products(world, state, v, now, C_LICENCE, -1)
    elif state.exchanges.launching[f] == 0:
        launch_if_ready(world, state, v, now)
    _resume_decision(world, state, f, now)
    schedule_event(state, world.settings.recovery, events.DECISION, f, C_LICENCE, -1)


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
    for permit in range(len(state.permits.licence)):
        look_at_acts(world, state, permit, now)
    for f in range(len(world.exchanges.key)):
        if lost_volume(world, state, f):
            schedule_event(state, 0.0, events.DECISION, f, C_LOSS, day)


@kernel
def on_rule(world: World, state: State, a: int, now: float) -> None:
    """An agency reads its indicator, and takes the next step of its ladder when the condition has held."""
    rung = state.rules.rung[a]
    if watch_rule(world, state, a, now):
        for i in range(len(world.interventions.key)):
            if world.interventions.rule[i] == a and world.interventions.rung[i] == rung:
                _schedule_steps(world, state, i, now)
    schedule_event(state, world.rules.every[a], events.RULE, a, 0, 0)


@kernel
def initialise(world: World, state: State) -> None:
    """The first day: fill the state and schedule the first steps, readings, reviews and entries."""
    set_initial_state(world, state)
    for i in range(len(world.interventions.key)):
        if world.interventions.rule[i] < 0:
            _schedule_steps(world, state, i, 0.0)
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
