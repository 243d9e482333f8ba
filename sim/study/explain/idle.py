"""Which interventions changed nothing in one history: it is run again without each of them."""

from __future__ import annotations

import numpy as np

from sim.clock import days_from, moment_of
from sim.engine import simulator
from sim.model.outcomes.snapshot import Frame
from sim.results.run import Run
from sim.scenario.policy.policy import Policy
from sim.world.build import world_of

ROUNDING = 1e-9
"""How far shares may differ that are sums of the same in another order."""


def idle_interventions(run: Run) -> tuple[str, ...]:
    """Interventions and rules (ids) without each of which all shares, strategies and venues of a run are the same.

    Two of which each does what the other does are both idle, since each could be left out alone.
    """
    policy = run.scenario.policies[run.policy]
    with_all = _frame(run, policy)
    ids = [*(item.id for item in policy.interventions), *(rule.id for rule in policy.rules)]
    return tuple(id_ for id_ in ids if _same(with_all, _frame(run, policy.without(id_))))


def _frame(run: Run, policy: Policy) -> Frame:
    """The records of the history under another policy, by compiled code where that is at hand."""
    world, _ = world_of(run.scenario, policy)
    _, simulate = simulator("auto", world)
    days = days_from(run.scenario.start, run.scenario.end if run.until is None else moment_of(run.until))
    return simulate(world, run.seed, run.replication, days, run.scenario.record.every).frame


def _same(one: Frame, other: Frame) -> bool:
    kept = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("status", "host", "strategy"))
    pairs = [(one.share, other.share), (one.outside, other.outside)]
    return kept and all(np.allclose(a, b, rtol=0.0, atol=ROUNDING) for a, b in pairs)
