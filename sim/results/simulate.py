"""One history, from a scenario and a policy to a labelled run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from warnings import warn

from sim.clock import days_from, moment_of
from sim.engine import Engine, simulator
from sim.model.outcomes.tally import EVERY
from sim.results.assemble import assemble
from sim.results.journal_tables import decisions_table, journal_table, options_table
from sim.results.run import Run
from sim.schedule.expand import UNNAMED
from sim.suggest import check_known
from sim.world.build import world_of

if TYPE_CHECKING:
    from sim.engine.reference.reference_run import ReferenceRun
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario


def simulate(
    scenario: Scenario,
    policy: str | Policy,
    seed: int,
    replication: int,
    until: str | date | None = None,
    engine: Engine = "auto",
    before_decision: Callable[[ReferenceRun, int, int, int], None] | None = None,
) -> Run:
    """See `sim.run`."""
    if not isinstance(policy, str):
        scenario, policy = scenario.with_policies({UNNAMED: policy}), UNNAMED
    check_known(policy, scenario.policies, "policy", f" in {scenario.name}")
    if seed < 0 or replication < 0:
        raise ValueError("seed and replication are whole numbers from 0 on")
    end = None if until is None else _end(scenario, until)
    options: dict[str, object] = {}
    if before_decision is not None:
        if engine == "compiled":
            why = "before_decision is Python, which the compiled engine cannot run: the reference takes over"
            warn(why, stacklevel=3)
        engine, options = "reference", {"before_decision": before_decision}
    world, names = world_of(scenario, policy)
    days = days_from(scenario.start, end or scenario.end)
    name, run_engine = simulator(engine, world)
    every = scenario.record.every
    whole_days = every > EVERY and every % EVERY == 0.0
    result = run_engine(world, seed, replication, days, EVERY if whole_days else every, **options)
    run = Run(
        scenario=scenario,
        policy=policy,
        seed=seed,
        replication=replication,
        until=None if end is None else end.date(),
        data=assemble(scenario, world, names, result, policy, seed, replication),
        journal=journal_table(scenario.start, names, result),
        decisions=decisions_table(scenario.start, names, result),
        options=options_table(result),
        engine=name,
    )
    if every == EVERY:
        return run
    # Measures are taken day by day, so that they do not depend on how often a run is recorded.
    if whole_days:
        return replace(run, stored=run.measures, data=run.data.isel(time=slice(None, None, int(every / EVERY))))
    daily = run_engine(world, seed, replication, days, EVERY, **options)
    data = assemble(scenario, world, names, daily, policy, seed, replication)
    return replace(run, stored=replace(run, data=data).measures)


def _end(scenario: Scenario, until: str | date) -> datetime:
    """The last moment of a run that ends early."""
    moment = moment_of(until)
    if not scenario.start < moment <= scenario.end:
        raise ValueError(f"until must lie between {scenario.start:%Y-%m-%d} and {scenario.end:%Y-%m-%d}")
    return moment
