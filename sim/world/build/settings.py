"""Numbers that belong to all: what venues earn and cost, and the settings of the model."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.clock import days_from
from sim.kernels.shapes import filled
from sim.scenario.scenario import Scenario
from sim.scenario.volumes import amount, cost, is_linear, level_on, path_of
from sim.scenario.world.exchanges import Beliefs, Cost, Economics, Running
from sim.scenario.world.strategies import Posture
from sim.world.arrays import Economy, Floats, Settings
from sim.world.build.random_quantities import rows
from sim.world.codes import MODES, POSTURES


def economy_of(scenario: Scenario) -> Economy:
    """What venues earn, cost and risk; what a table of the scenario leaves out is as in its defaults."""
    economics = scenario.decisions.economics
    lead, beliefs = scenario.decisions.lead, scenario.beliefs
    prior = {**Beliefs().prior, **beliefs.prior}
    take = {**Economics().take, **economics.take}
    price = path_of(scenario.price, scenario.start)
    first = level_on(scenario.price, scenario.start, 0.0)
    return filled(
        Economy,
        {"M": len(price)},
        take=[take[mode] for mode in MODES],
        running=_costs(scenario, economics.running),
        launch=_costs(scenario, economics.launch),
        loss=_costs(scenario, economics.loss),
        lead=rows(getattr(lead, posture, lead.domestic) for posture in POSTURES),
        prior=[prior[posture] for posture in POSTURES],
        size_exponent=[beliefs.size_exponent.get(posture, 0.0) for posture in POSTURES],
        exit=_cost(scenario, economics.exit),
        price_day=[day for day, _ in price],
        price=[level / first for _, level in price],
        price_linear=[is_linear(scenario.price)],
    )


def _costs(scenario: Scenario, table: Mapping[Posture, Cost | Running]) -> Floats:
    """Rows (fixed, per unit of reference revenue), zero for postures that are not in the table."""
    costs = np.zeros((len(POSTURES), 2))
    for posture, item in table.items():
        costs[POSTURES.index(posture)] = _cost(scenario, item)
    return costs


def _cost(scenario: Scenario, item: Cost | Running) -> tuple[float, float]:
    """A fixed amount, and a factor on the reference revenue."""
    return cost(scenario, item.fixed), item.of_reference if isinstance(item, Running) else item.revenue_days


def settings_of(scenario: Scenario) -> Settings:
    """Numbers of the scenario that belong to nobody."""
    decisions, demand, closing = scenario.decisions, scenario.demand, scenario.closing
    beliefs, enforcement = scenario.beliefs, scenario.enforcement
    fine_fixed, fine_days = _cost(scenario, enforcement.fine)
    return Settings(
        **_plain(decisions),
        **_plain(demand),
        **_plain(scenario.applicants),
        **_plain(closing),
        **_plain(beliefs),
        **_plain(enforcement),
        **_plain(enforcement.sites),
        constant=cost(scenario, decisions.constant),
        fresh_part=decisions.fresh,
        reopen=math.nan if decisions.reopen is None else decisions.reopen,
        unaware_mean=_mean_decay(demand.awareness_growth * decisions.horizon),
        page_attraction=demand.local_page,
        wave_first=closing.first,
        wave_later=closing.later,
        belief_weight=beliefs.weight,
        page_visibility=enforcement.local_page,
        reference_size=amount(scenario, enforcement.reference_size) or 1.0,  # without volume nothing has a size
        fine_fixed=fine_fixed,
        fine_days=fine_days,
        end=days_from(scenario.start, scenario.end),
    )


def _mean_decay(span: float) -> float:
    """Mean of e^(-t) for t from 0 to the span."""
    return -math.expm1(-span) / span if span > 0.0 else 1.0


def _plain(item: BaseModel) -> dict[str, Any]:
    """The plain numbers that an item has under the same names as `Settings`."""
    numbers = {name for name, field in type(item).model_fields.items() if field.annotation in (float, int)}
    return {name: getattr(item, name) for name in numbers.intersection(Settings._fields)}
