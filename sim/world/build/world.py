"""The world's arrays."""

from collections.abc import Mapping

import numpy as np

from sim.clock import days_from
from sim.kernels.shapes import filled
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


def build(scenario: Scenario, schedule: Schedule) -> tuple[World, Names]:
    """The arrays of a scenario under a policy, and the names of their indices. Nothing in them is random."""
    names = names_of(scenario, schedule)
    jurisdictions, exchanges, interventions = (
        _jurisdictions(scenario, names),
        exchanges_of(scenario, names),
        interventions_of(scenario, schedule, names),
    )
    world = filled(
        World,
        names.sizes,
        segments=segments_of(scenario, names),
        columns=columns_of(scenario, names),
        jurisdictions=jurisdictions,
        exchanges=exchanges,
        interventions=interventions,
        lever_groups=lever_groups_of(exchanges, jurisdictions, interventions),
        rules=rules_of(scenario, schedule),
        agencies=_agencies(scenario, names),
        offices=_offices(scenario, names),
        economy=_economy(scenario.decisions, scenario),
        settings=_settings(scenario),
        strategy_postures=STRATEGY_POSTURES,
        return_lag=row(scenario.enforcement.sites.return_lag),
    )
    return world, names


def _jurisdictions(scenario: Scenario, names: Names) -> Jurisdictions:
    jurisdictions = scenario.jurisdictions
    return filled(
        Jurisdictions,
        names.sizes,
        entry_cost=[place.entry_cost for place in jurisdictions],
        tax=[place.tax for place in jurisdictions],
        hazard=[place.hazard for place in jurisdictions],
        delay=[place.delay for place in jurisdictions],
        appeal=[place.appeal for place in jurisdictions],
        office=[names.offices.index(place.office) if place.office else -1 for place in jurisdictions],
        unwelcome=[[place.unwelcome.get(product, 0.0) for product in names.products] for place in jurisdictions],
    )


def _agencies(scenario: Scenario, names: Names) -> Agencies:
    agencies = scenario.agencies
    return filled(
        Agencies,
        names.sizes,
        capacity=[agency.capacity for agency in agencies],
        service=rows(agency.service for agency in agencies),
    )


def _offices(scenario: Scenario, names: Names) -> Offices:
    offices = scenario.offices
    by = [o.deemed.apply_by if o.deemed else None for o in offices]
    return filled(
        Offices,
        names.sizes,
        officers=[o.officers for o in offices],
        service=rows(o.service for o in offices),
        approval=[o.approval for o in offices],
        batch=[o.batch or 0.0 for o in offices],
        deemed=[o.deemed.probability if o.deemed else 0.0 for o in offices],
        # An application "by" a plain date is in time until the end of that day.
        apply_by=[np.inf if day is None else days_from(scenario.start, day) + 1.0 for day in by],
        patience=rows(o.patience for o in offices),
    )


def _economy(decisions: Decisions, scenario: Scenario) -> Economy:
    given, usual = decisions.economics, Economics()
    lead, beliefs = decisions.lead, scenario.beliefs
    prior = {**type(beliefs)().prior, **beliefs.prior}
    size_exponent = {**type(beliefs)().size_exponent, **beliefs.size_exponent}
    take = {**usual.take, **given.take}
    leads = {name: getattr(lead, name) for name in ("domestic", "otc", "offshore", "disguised")}
    return filled(
        Economy,
        {},
        take=[take[mode] for mode in MODES],
        running=_costs({**usual.running, **given.running}),
        launch=_costs({**usual.launch, **given.launch}),
        loss=_costs({**usual.loss, **given.loss}),
        lead=rows(leads.get(posture, lead.domestic) for posture in POSTURES),
        prior=[prior[posture] for posture in POSTURES],
        size_exponent=[size_exponent[posture] for posture in POSTURES],
        exit=[given.exit.fixed, given.exit.revenue_days],
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
        end=days_from(scenario.start, scenario.end),
    )
