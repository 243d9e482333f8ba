"""Applicants for a licence who give up under what is done in their sight.

While an application is undecided, waiting or examined, it is withdrawn at the rate

    giving_up . per_act^a,    a = sum of the acts seen, each fading as e^(-act_fading t)

a proportional hazard (Cox 1972) with a covariate that changes in time. Acts are interventions that count as such, when
they are announced, and refusals of others by the same office. The withdrawal comes when the integral of the rate has
reached a unit exponential that is drawn once for each permit, so policies differ in it by what they do alone. The rate
is constant between two looks: once a week, at each act, and when an application is lodged or ends.
"""

import math

from sim.kernels.compile import inlined, kernel, rare
from sim.model.events import PRESSURE, schedule_event
from sim.model.random import uniform
from sim.model.regulators.permits import binds_permit, exchange_of, kind_of, mode_of_kind
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World

_WEEK = 7.0  # until the next look at the latest


@kernel
def advance_giving_up(world: World, state: State, permit: int, now: float) -> None:
    """Bring the integral of the rate for a permit up to now, and set the rate at which it grows from now on."""
    permits, settings = state.permits, world.settings
    permits.giving_up_spent[permit] += permits.giving_up[permit] * (now - permits.giving_up_since[permit])
    permits.giving_up_since[permit] = now
    permits.giving_up[permit], permits.gives_up[permit] = 0.0, math.inf
    if settings.giving_up > 0.0 and permits.approvals[permit] > 0:
        _fade_acts(world, state, permit, now)
        permits.giving_up[permit] = settings.giving_up * math.exp(math.log(settings.per_act) * permits.acts[permit])


@rare
def look_at_acts(world: World, state: State, permit: int, now: float) -> None:
    """The applicant for a permit looks at what is done; it gives up once that is too much before the next look."""
    if world.settings.giving_up <= 0.0:
        return
    advance_giving_up(world, state, permit, now)
    rate = state.permits.giving_up[permit]
    if rate <= 0.0:
        return
    agent = world.exchanges.key[exchange_of(state, permit)]
    threshold = -math.log(uniform(state.key, agent, c.D_GIVING_UP, _occasion(world, state, permit)))
    days = max(0.0, threshold - state.permits.giving_up_spent[permit]) / rate
    if days <= _WEEK:
        state.permits.gives_up[permit] = now + days
        schedule_event(state, days, PRESSURE, permit, 0, 0)


@inlined
def _occasion(world: World, state: State, permit: int) -> int:
    """Occasion of the draw: what the permit is for, wherever an office stands in the file."""
    kind = kind_of(state, permit)
    if kind < c.PRODUCTS:
        return kind
    return int(world.offices.key[(kind - c.PRODUCTS) // 3] + mode_of_kind(kind))


@kernel
def see_act(world: World, state: State, permit: int, weight: float, now: float) -> None:
    """Who applies for a permit sees an act that counts so much."""
    _fade_acts(world, state, permit, now)
    state.permits.acts[permit] += weight
    look_at_acts(world, state, permit, now)


@kernel
def show_act(world: World, state: State, i: int, now: float) -> None:
    """Intervention i is announced, in the sight of all whom it binds."""
    weight = world.interventions.visible_act[i]
    if weight > 0.0 and world.settings.giving_up > 0.0:
        for permit in range(len(state.permits.acts)):
            if binds_permit(world, state, i, permit):
                see_act(world, state, permit, weight, now)


@kernel
def _fade_acts(world: World, state: State, permit: int, now: float) -> None:
    permits = state.permits
    permits.acts[permit] *= math.exp(-world.settings.act_fading * (now - permits.acts_day[permit]))
    permits.acts_day[permit] = now
