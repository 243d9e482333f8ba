"""The world's arrays."""

from collections.abc import Mapping

import numpy as np

from sim.scenario.scenario import Scenario
from sim.scenario.world.exchanges import Cost, Decisions, Economics, Running
from sim.scenario.world.strategies import Posture
from sim.schedule.schedule import Schedule
from sim.world.arrays import Agencies, Economy, Floats, Jurisdictions, Offices, Settings, World
from sim.world.build.exchanges import exchanges_of
from sim.world.build.interventions import interventions_of, rules_of
from sim.world.build.lever_groups import lever_groups_of
from sim.world.build.names import Names, names_of
from sim.world.build.random_quantities import row, rows
from sim.world.build.traders import columns_of, segments_of
from sim.world.codes import MODES, POSTURES, STRATEGY_POSTURES

_DAY = 86400.0


def build(scenario: Scenario, schedule: Schedule) -> tuple[World, Names]:
    """The arrays of a scenario under a policy, and the names of their indices. Nothing in them is random."""
    names = names_of(scenario, schedule)
    jurisdictions, exchanges, interventions = (
        _jurisdictions(scenario, names),
        exchanges_of(scenario, names),
        interventions_of(scenario, schedule, names),
    )
    world = World(
        segments=segments_of(scenario, names),
        columns=columns_of(scenario, names),
        jurisdictions=jurisdictions,
        exchanges=exchanges,
        interventions=interventions,
        lever_groups=lever_groups_of(exchanges, jurisdictions, interventions),
        rules=rules_of(scenario, schedule),
        agencies=Agencies(
            np.array([agency.capacity for agency in scenario.agencies], dtype=np.int64),
            rows(agency.service for agency in scenario.agencies),
        ),
        offices=_offices(scenario),
        economy=_economy(scenario.decisions, scenario),
        settings=_settings(scenario),
        strategy_postures=np.array(STRATEGY_POSTURES, dtype=np.int64),
        return_lag=row(scenario.enforcement.sites.return_lag),
    )
    return world, names


def _jurisdictions(scenario: Scenario, names: Names) -> Jurisdictions:
    jurisdictions = scenario.jurisdictions
    return Jurisdictions(
        entry_cost=np.array([place.entry_cost for place in jurisdictions]),
        tax=np.array([place.tax for place in jurisdictions]),
        hazard=np.array([place.hazard for place in jurisdictions]),
        delay=np.array([place.delay for place in jurisdictions]),
        appeal=np.array([place.appeal for place in jurisdictions]),
        office=np.array([names.offices.index(p.office) if p.office else -1 for p in jurisdictions], dtype=np.int64),
        unwelcome=np.array([[p.unwelcome.get(q, 0.0) for q in names.products] for p in jurisdictions]).reshape(
            len(jurisdictions), len(names.products)
        ),
    )


def _offices(scenario: Scenario) -> Offices:
    offices = scenario.offices
    by = [o.deemed.apply_by if o.deemed else None for o in offices]
    # An application "by" a plain date is in time until the end of that day.
    last = [np.inf if day is None else (day - scenario.start).total_seconds() / _DAY + 1.0 for day in by]
    return Offices(
        officers=np.array([o.officers for o in offices], dtype=np.int64),
        service=rows(o.service for o in offices),
        approval=np.array([o.approval for o in offices], dtype=float),
        batch=np.array([o.batch or 0.0 for o in offices], dtype=float),
        deemed=np.array([o.deemed.probability if o.deemed else 0.0 for o in offices], dtype=float),
        apply_by=np.array(last, dtype=float),
        patience=rows(o.patience for o in offices),
    )


def _economy(decisions: Decisions, scenario: Scenario) -> Economy:
    given, usual = decisions.economics, Economics()
    lead, beliefs = decisions.lead, scenario.beliefs
    prior = {**type(beliefs)().prior, **beliefs.prior}
    size_exponent = {**type(beliefs)().size_exponent, **beliefs.size_exponent}
    take = {**usual.take, **given.take}
    leads = {name: getattr(lead, name) for name in ("domestic", "otc", "offshore", "disguised")}
    return Economy(
        take=np.array([take[mode] for mode in MODES]),
        running=_costs({**usual.running, **given.running}),
        launch=_costs({**usual.launch, **given.launch}),
        loss=_costs({**usual.loss, **given.loss}),
        lead=rows(leads.get(posture, lead.domestic) for posture in POSTURES),
        prior=np.array([prior[posture] for posture in POSTURES]),
        size_exponent=np.array([size_exponent[posture] for posture in POSTURES]),
        exit=np.array([given.exit.fixed, given.exit.revenue_days]),
    )


def _costs(table: Mapping[Posture, Cost | Running]) -> Floats:
    """Rows (fixed, per unit of reference revenue), zero where nothing is given."""
    found = np.zeros((len(POSTURES), 2))
    for posture, cost in table.items():
        part = cost.of_reference if isinstance(cost, Running) else cost.revenue_days
        found[POSTURES.index(posture)] = cost.fixed, part
    return found


def _settings(scenario: Scenario) -> Settings:
    d, c, m, e = scenario.decisions, scenario.closing, scenario.demand, scenario.enforcement
    return Settings(
        horizon=d.horizon,
        temperature=d.temperature,
        constant=d.constant,
        fresh_part=d.fresh,
        host_temperature=d.host_temperature,
        review=d.review,
        loss_trigger=d.loss_trigger,
        liquidity_floor=m.liquidity_floor,
        prospect=m.prospect,
        onramp=m.onramp,
        disguise_focal=m.disguise["focal"],
        disguise_foreign=m.disguise["foreign"],
        local_page=m.local_page,
        notice_scale=c.notice_scale,
        wave_first=c.first,
        wave_later=c.later,
        news=c.news,
        minimum=c.minimum,
        unforced=c.unforced,
        belief_weight=scenario.beliefs.weight,
        forgetting=scenario.beliefs.forgetting,
        reference_size=e.reference_size,
        size_exponent=e.size_exponent,
        page_visibility=e.local_page,
        freeze=e.freeze,
        freeze_friction=e.freeze_friction,
        recovery=e.recovery,
        fine_fixed=e.fine.fixed,
        fine_days=e.fine.revenue_days,
        background=e.sites.background,
        residual=e.sites.residual,
        end=(scenario.end - scenario.start).total_seconds() / _DAY,
    )
