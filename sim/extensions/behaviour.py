"""Behaviour of exchanges in Python: what an exchange likes or refuses besides money, at each decision.

An exchange chooses the option of largest score, value / scale + error. A behaviour adds to the scores, in the same
units: 1 multiplies the odds of an option by e, -inf rules it out unless nothing else is left. It sees the state of the
run just before the decision, and runs in the reference engine, since compiled code cannot call Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np

from sim.clock import DAY
from sim.engine.reference.reference_run import ReferenceRun
from sim.model.exchanges.decisions import draw_fresh, error_term
from sim.model.exchanges.reactions import occasion_of
from sim.scenario.scenario import Scenario
from sim.suggest import check_known
from sim.world.arrays import Floats
from sim.world.build import world_of
from sim.world.codes import CAUSES, OPTIONS, STRATEGIES


@dataclass(frozen=True)
class Situation:
    """What a behaviour knows: who decides, when and why, and what it does now; `run` holds everything else.

    `exchange` is the id, `cause` as in the journal, `strategy` what it runs. `strategies` are those of all exchanges at
    this moment, by id. `run.world` and `run.state` are the arrays of `sim.world.arrays` and `sim.model.state`, to read.
    """

    exchange: str
    date: datetime
    cause: str
    strategy: str
    strategies: Mapping[str, str]
    run: ReferenceRun


Behaviour: TypeAlias = Callable[[Situation], Mapping[str, float]]
"""What is added to the scores of options, by strategy; nothing for those that are not named."""


def behave(behaviour: Behaviour, scenario: Scenario) -> Callable[[ReferenceRun, int, int, int], None]:
    """A behaviour as `sim.run(..., before_decision=...)` takes it.

        sim.run(china, before_decision=behave(stay_at_home, china))

    The errors of the model stay as they are, so that a behaviour that adds nothing changes nothing, and policies keep
    their common random numbers. In the decision records, `error` contains what was added. A run raises ValueError for a
    strategy that there is not, or NaN; this one where `decisions.temperature` is 0, since then errors count nothing.
    """
    if scenario.decisions.temperature == 0.0:
        raise ValueError("a behaviour adds to errors, which count nothing at decisions.temperature 0")
    _, names = world_of(scenario, "baseline")
    saved: dict[str, tuple[ReferenceRun, int, Floats, Floats]] = {}

    def before_decision(run: ReferenceRun, f: int, cause: int, index: int) -> None:
        if "last" in saved:
            _restore(*saved.pop("last"))
        now = [STRATEGIES[number] for number in run.state.exchanges.strategy]
        strategies = dict(zip(names.exchange_ids, now, strict=True))
        date = scenario.start + run.now * DAY
        situation = Situation(names.exchange_ids[f], date, CAUSES[cause], now[f], strategies, run)
        added = _by_option(behaviour(situation))
        if added.any():
            saved["last"] = _add(run, f, cause, index, added)

    return before_decision


def _by_option(added: Mapping[str, float]) -> Floats:
    """What is added to each option, in their order."""
    by_option = np.zeros(OPTIONS)
    for strategy, amount in added.items():
        check_known(strategy, STRATEGIES[:OPTIONS], "strategy")
        if np.isnan(amount) or amount == np.inf:
            raise ValueError(f"{amount} cannot be added to the score of {strategy}")
        by_option[STRATEGIES.index(strategy)] = amount
    return by_option


def _add(run: ReferenceRun, f: int, cause: int, index: int, added: Floats) -> tuple[ReferenceRun, int, Floats, Floats]:
    """Put the whole errors of this decision, with what is added, in the place of the lasting ones; returns those."""
    world, state, exchanges = run.world, run.state, run.state.exchanges
    before = run, f, exchanges.lasting_error[f].copy(), exchanges.refresh_above[f].copy()
    state.decision.feasible[:] = True
    draw_fresh(world, state, f, occasion_of(world, state, f, cause, index))
    uniform = state.scratch.fresh_uniform
    whole = [error_term(world, state, f, option, uniform[option]) for option in range(OPTIONS)]
    changed = added != 0.0
    exchanges.lasting_error[f] = np.where(changed, np.array(whole) + added, exchanges.lasting_error[f])
    exchanges.refresh_above[f] = np.where(changed, 1.0, exchanges.refresh_above[f])  # no uniform is above 1
    return before


def _restore(run: ReferenceRun, f: int, lasting: Floats, above: Floats) -> None:
    run.state.exchanges.lasting_error[f] = lasting
    run.state.exchanges.refresh_above[f] = above
