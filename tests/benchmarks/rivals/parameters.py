"""The numbers of the small model, read off the world that our engines run, so that all versions have the same.

Sizes: K segments, 3 modes. Money is volume x days, times are days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.world import codes as c
from sim.world.arrays import World

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

DAYS = 1095
"""Length of a run."""
EVERY = 219
"""Days between records; all dates are whole days, and those of records and measures are no multiple of a week."""
RECORDS = tuple(range(0, DAYS + 1, EVERY))
"""Days of the records."""
STRATEGIES = ("domestic", "otc", "offshore", "hybrid", "exit")
LEGS = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [0, 0, 0]], dtype=np.float64)
"""Modes in which a strategy runs a venue."""
DOMESTIC, OTC, OFFSHORE = range(3)
EXIT = 4


@dataclass(frozen=True)
class Step:
    """A date of a measure and what changes then; `attention` of the traders reconsider after it."""

    day: float
    modes: Bools  # (3,) venues that the measure bears on
    hazard: Floats  # (3,) factor from this step on
    risk: float  # added for these modes
    reach: Floats  # (K, 3) factor on attraction from this step on
    attention: float
    reacts: bool  # exchanges concerned think again
    announces_end: bool  # these modes are known to be forbidden
    ends: bool  # the deadline


@dataclass(frozen=True)
class Parameters:
    """The small model."""

    exchanges: int
    brand: tuple[float, float]  # mean, sd of the log
    taste: Floats  # (K, 3)
    volume: Floats  # (K,) per day
    switching: Floats  # (K,) per day
    outside: Floats  # (K,)
    risk: Floats  # (K,) weight of user risk
    liquidity: float  # weight of log liquidity
    floor: float  # liquidity of an empty book
    prospect: float  # least liquidity that is planned with
    hazard: Floats  # (3,) per day
    earned: Floats  # (3,) take after tax
    running: Floats  # (2, 3) fixed, part of the reference revenue
    launch: Floats  # (2, 3) fixed, days of the reference revenue
    loss: Floats  # (2, 3)
    lead: Floats  # (3, 3) mu, sigma, delay
    take: float  # at home
    horizon: float
    temperature: float
    constant: float
    fresh: float
    review: float
    reaction: float
    recovery: float
    loss_trigger: float
    wind_down: float
    unforced: float
    notice_scale: float
    wave: float
    deadline: float
    steps: tuple[Step, ...]


def parameters_of(world: World) -> Parameters:
    """The parameters of the small model in these arrays."""
    segments, firms, economy, settings = world.segments, world.exchanges, world.economy, world.settings
    abroad = np.array([0.0, 0.0, 1.0])
    entry = np.array([world.jurisdictions.entry_cost[1] * abroad, np.zeros(3)])
    return Parameters(
        exchanges=len(firms.key),
        brand=(float(firms.brand[0, 1]), float(firms.brand[0, 2])),
        taste=firms.taste[0],
        volume=segments.path_value[:, 0],
        switching=segments.switching,
        outside=segments.outside,
        risk=segments.risk,
        liquidity=float(segments.liquidity[0]),
        floor=settings.liquidity_floor,
        prospect=settings.prospect,
        hazard=np.array([*economy.prior[:2], world.jurisdictions.hazard[1]]),
        earned=economy.take * (1.0 - world.jurisdictions.tax[1] * abroad),
        running=economy.running[:3].T,
        launch=economy.launch[:3].T + entry,
        loss=economy.loss[:3].T,
        lead=np.array([_lead(row) for row in economy.lead[:3]]).T
        + world.jurisdictions.delay[1] * np.outer(abroad, abroad),
        take=float(economy.take[0]),
        horizon=settings.horizon,
        temperature=settings.temperature,
        constant=settings.constant,
        fresh=settings.fresh_part,
        review=settings.review,
        reaction=float(firms.reaction[0, 1]),
        recovery=settings.recovery,
        loss_trigger=settings.loss_trigger,
        wind_down=float(firms.notice_used[0, 1]),
        unforced=settings.unforced,
        notice_scale=settings.notice_scale,
        wave=settings.wave_first,
        deadline=float(np.nanmin(world.interventions.deadline)),
        steps=tuple(_step(world, n) for n in range(len(world.interventions.step_of)) if _matters(world, n)),
    )


def _lead(row: Floats) -> tuple[float, float, float]:
    """Mean and sd of the log of a lead time that is lognormal or fixed."""
    return (row[1], row[2], 0.0) if row[0] == c.LOGNORMAL else (np.log(row[1]), 0.0, 0.0)


def _matters(world: World, n: int) -> bool:
    return bool(world.interventions.step_phase[n] != c.ENFORCED)


def _step(world: World, n: int) -> Step:
    orders = world.interventions
    i, event = orders.step_of[n], orders.step_event[n]
    moves = {int(orders.lever[e]): float(orders.amount[e]) for e in np.flatnonzero(orders.effect_of == i)}
    announced, effective = event == c.E_ANNOUNCED, event == c.E_EFFECTIVE
    modes = orders.modes[i, :3]
    return Step(
        day=float(orders.step_time[n]),
        modes=modes,
        hazard=np.where(modes & announced, moves.get(c.L_HAZARD, 1.0), 1.0),
        risk=moves.get(c.L_RISK, 0.0) if announced else 0.0,
        reach=np.where(modes & effective, _reach(world, moves), 1.0),
        attention=float(orders.step_attention[n]),
        reacts=announced or (effective and orders.step_time[n] > orders.step_time[orders.first_step[i]]),
        announces_end=announced and c.L_PERMISSION in moves,
        ends=event == c.E_DEADLINE,
    )


def _reach(world: World, moves: dict[int, float]) -> Floats:
    """(K, 3): what a payment and an access friction leave of an attraction."""
    suffering, columns = world.segments.suffering, world.columns
    rails = suffering[:, :, : columns.rails].sum(axis=2).T * columns.reach
    access = suffering[c.DOMESTIC, :, columns.access, None]
    return (1.0 - moves.get(c.L_PAYMENT, 0.0) * rails) * (1.0 - moves.get(c.L_ACCESS, 0.0) * access)
