"""Applicants for a licence who give up under what is done in their sight.

While an application is undecided, waiting or examined, it is withdrawn at the rate

    giving_up . per_act^a,    a = sum of the acts seen, each fading as e^(-act_fading t)

a proportional hazard (Cox 1972) with a covariate that changes in time. Acts are interventions that count as such, when
they are announced, and refusals of others by the same office. The withdrawal comes when the integral of the rate has
reached a unit exponential that is drawn once for each slot, so policies differ in it by what they do alone. The rate is
constant between two looks: once a week, at each act, and when an application is lodged or ends.
"""

import math

from sim.kernels.compile import kernel
from sim.model.events import PRESSURE, schedule_event
from sim.model.random import uniform
from sim.model.regulators.lever_totals import binds
from sim.model.state import State
from sim.world import codes as c
from sim.world.arrays import World

_WEEK = 7.0  # until the next look at the latest


@kernel
def advance_giving_up(world: World, state: State, v: int, now: float) -> None:
    """Bring the integral of the rate at venue v up to now, and set the rate at which it grows from now on."""
    venues, settings = state.venues, world.settings
    venues.giving_up_spent[v] += venues.giving_up[v] * (now - venues.giving_up_since[v])
    venues.giving_up_since[v] = now
    venues.giving_up[v], venues.gives_up[v] = 0.0, math.inf
    if settings.giving_up > 0.0 and venues.approvals[v] > 0:
        _fade_acts(world, state, v, now)
        venues.giving_up[v] = settings.giving_up * math.exp(math.log(settings.per_act) * venues.acts[v])


@kernel
def look_at_acts(world: World, state: State, v: int, now: float) -> None:
    """The applicant at venue v looks at what is done; it gives up once that is too much before the next look."""
    if world.settings.giving_up <= 0.0:
        return
    advance_giving_up(world, state, v, now)
    rate = state.venues.giving_up[v]
    if rate <= 0.0:
        return
    threshold = -math.log(uniform(state.key, world.exchanges.key[v // 3], c.D_GIVING_UP, v % 3))
    days = max(0.0, threshold - state.venues.giving_up_spent[v]) / rate
    if days <= _WEEK:
        state.venues.gives_up[v] = now + days
        schedule_event(state, days, PRESSURE, v, 0, 0)


@kernel
def see_act(world: World, state: State, v: int, weight: float, now: float) -> None:
    """Who applies at venue v sees an act that counts so much."""
    _fade_acts(world, state, v, now)
    state.venues.acts[v] += weight
    look_at_acts(world, state, v, now)


@kernel
def show_act(world: World, state: State, i: int, now: float) -> None:
    """Intervention i is announced, in the sight of all whom it binds."""
    weight = world.interventions.visible_act[i]
    if weight > 0.0 and world.settings.giving_up > 0.0:
        for v in range(len(state.venues.open)):
            if binds(world, state, i, v):
                see_act(world, state, v, weight, now)


@kernel
def _fade_acts(world: World, state: State, v: int, now: float) -> None:
    venues = state.venues
    venues.acts[v] *= math.exp(-world.settings.act_fading * (now - venues.acts_day[v]))
    venues.acts_day[v] = now
