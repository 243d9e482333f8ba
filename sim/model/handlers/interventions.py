"""Interventions: their steps move levers, are in the news, reach a deadline, or wait for an adaptive rule."""

from sim.kernels.compile import kernel, rare
from sim.model import events
from sim.model.events import schedule_event
from sim.model.exchanges.beliefs import is_dormant
from sim.model.exchanges.reactions import reaction_lag
from sim.model.handlers.enforcement import reset_detection_clocks, schedule_site
from sim.model.handlers.exchanges import on_choice
from sim.model.handlers.licences import lift_licensing, refuse_licences
from sim.model.regulators.applicants import show_act
from sim.model.regulators.foreign_service import announce_bar, bars_service, call_off_bar, update_all_services
from sim.model.regulators.interventions import (
    apply_step,
    concerned,
    draw_attention,
    draw_away,
    draws_reactions,
    enforce_deadline,
)
from sim.model.regulators.product_bars import update_all_products
from sim.model.regulators.rules import watch_rule
from sim.model.regulators.sanctions import lift_actions
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World


@kernel
def schedule_steps(world: World, state: State, i: int, now: float) -> None:
    """Schedule all steps of an intervention that lie ahead; on a ladder, those before its firing are due now."""
    for n in range(world.interventions.first_step[i], world.interventions.first_step[i + 1]):
        due = state.in_force.start_day[i] + world.interventions.step_time[n]
        if due >= now or world.interventions.rule[i] >= 0:
            schedule_event(state, max(0.0, due - now), events.STEP, n, 0, 0)


@rare
def on_step(world: World, state: State, n: int, now: float) -> None:
    """Levers move. What follows waits until those of all other interventions have moved that do so at this instant."""
    interventions = world.interventions
    i, event = interventions.step_of[n], interventions.step_event[n]
    apply_step(world, state, n, now)
    if interventions.step_phase[n] == c.ENFORCED and interventions.step_value[n] == 0.0:
        lift_actions(world, state, i, now)
    if interventions.step_phase[n] == c.ANNOUNCED and interventions.step_value[n] == 0.0 and interventions.licenses[i]:
        lift_licensing(world, state, i, now)
    if bars_service(world, i):
        if event == c.E_LIFTED:
            call_off_bar(world, state, i, now)
        update_all_services(world, state, now)
    if interventions.moves_detection[i]:
        reset_detection_clocks(world, state, 0, len(world.exchanges.key), now)
    if event == c.E_ENFORCED and interventions.campaign[i, 0] + interventions.campaign[i, 2] > 0.0:
        schedule_site(world, state, i, 0)
    if event == c.E_DEADLINE:
        schedule_event(state, 0.0, events.DEADLINE, i, 0, 0)
    if event == c.E_ANNOUNCED:
        show_act(world, state, i, now)
    news = interventions.step_attention[n] > 0.0 or interventions.step_leave[n] > 0.0 or draws_reactions(world, n)
    if news or (interventions.refuses[i] and event == c.E_EFFECTIVE):
        schedule_event(state, 0.0, events.NEWS, n, 0, 0)


@rare
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
            schedule_event(state, world.settings.recovery, events.DECISION, f, c.C_DEADLINE, i)
    reset_detection_clocks(world, state, 0, len(world.exchanges.key), now)


@rare
def on_news(world: World, state: State, n: int, now: float) -> None:
    """Step n is in the news: traders reconsider, users leave, exchanges start to react."""
    i, event = world.interventions.step_of[n], world.interventions.step_event[n]
    on_choice(world, state)  # who has left a venue at this instant is nowhere, and would be counted twice
    draw_attention(world, state, n, now)
    draw_away(world, state, n, now)
    if world.interventions.refuses[i] and event == c.E_EFFECTIVE:
        refuse_licences(world, state, i, now)
    if event == c.E_ANNOUNCED:
        announce_bar(world, state, i, now)
    if draws_reactions(world, n):
        cause = c.C_ANNOUNCED
        if event == c.E_EFFECTIVE:
            cause = c.C_EFFECTIVE
        elif event == c.E_LIFTED:
            cause = c.C_LIFTED
        for f in range(len(world.exchanges.key)):
            if concerned(world, state, i, f) and (cause != c.C_LIFTED or is_dormant(world, state, f)):
                schedule_event(state, reaction_lag(world, state, i, f, cause), events.DECISION, f, cause, i)


@rare
def on_rule(world: World, state: State, a: int, now: float) -> None:
    """An agency reads its indicator, and takes the next step of its ladder when the condition has held."""
    rung = state.rules.rung[a]
    if watch_rule(world, state, a, now):
        for i in range(len(world.interventions.key)):
            if world.interventions.rule[i] == a and world.interventions.rung[i] == rung:
                schedule_steps(world, state, i, now)
    schedule_event(state, world.rules.every[a], events.RULE, a, 0, 0)
