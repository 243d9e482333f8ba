"""The inputs of a decision: quantities that it depends on, each of which can be scaled with all else unchanged.

An input scales entries of the arrays that the decision reads, and restores them afterwards. Nothing else changes, so a
switching value found with an input is about this decision alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiled.entrances import all_levers_moved
from sim.model.exchanges.costs import cost_of, price_on
from sim.model.regulators.lever_totals import applies_to, bears_on
from sim.model.state import State
from sim.schedule.levers import LEVERS
from sim.world import codes as c
from sim.world.arrays import World
from sim.world.build.names import Names

Entry = tuple[NDArray[np.float64], tuple[int, ...] | int]
"""An array, and the index of one of its entries."""


@dataclass(frozen=True)
class Input:
    """A quantity: its name, its unit, its value at the decision, and the entries of arrays that scale with it.

    `least` and `most` are the factors between which it makes sense. An `on_off` input is present (1) or absent (0).
    """

    name: str
    unit: str
    value: float
    entries: tuple[Entry, ...]
    most: float
    least: float = 0.0
    on_off: bool = False

    @contextmanager
    def scaled(self, factor: float, world_ptr: World, state_ptr: State) -> Iterator[None]:
        """Scale the quantity within a block; the pointers are world and state as `all_levers_moved` takes them."""
        original = [float(array[index]) for array, index in self.entries]
        try:
            for array, index in self.entries:
                array[index] *= factor
            all_levers_moved(world_ptr, state_ptr)
            yield
        finally:
            for (array, index), value in zip(self.entries, original, strict=True):
                array[index] = value
            all_levers_moved(world_ptr, state_ptr)


_MOST_FACTOR = 20.0  # of quantities without a natural maximum


def decision_inputs(world: World, state: State, names: Names, f: int) -> list[Input]:
    """Everything that the decision of exchange f depends on."""
    interventions = _intervention_inputs(world, state, names, f)
    return [*interventions, *_hazard_inputs(world, state), *_money_inputs(world, state, f)]


def _intervention_inputs(world: World, state: State, names: Names, f: int) -> Iterator[Input]:
    """Effects of interventions that are announced or in force and apply to this exchange."""
    interventions, strength = world.interventions, state.in_force.strength
    for e in range(len(interventions.effect_of)):
        i, lever = int(interventions.effect_of[e]), int(interventions.lever[e])
        amount = float(interventions.amount[e])
        if amount == 0.0 or strength[i].max() <= 0.0 or not _applies(world, state, i, lever, f):
            continue
        label = f"{names.interventions[i]} ({_lever_name(names, world, e)})"
        entries: tuple[Entry, ...] = ((interventions.amount, e),)
        sort = LEVERS[lever].sort
        if sort in ("permission", "flag"):
            yield Input(label, "in force", 1.0, entries, 1.0, on_off=True)
        elif sort == "friction":
            yield Input(label, "part of the trade", amount, entries, 1.0 / amount)
        elif sort == "amount":
            yield Input(label, "", amount, entries, _MOST_FACTOR)
        elif LEVERS[lever].phase != "enforced":  # what counts for detection alone enters no decision
            yield Input(label, "times", amount, entries, _MOST_FACTOR, least=min(1.0, 1.0 / amount))


def _applies(world: World, state: State, i: int, lever: int, f: int) -> bool:
    """Whether intervention i bears on exchange f in some mode, by its name or under a disguise."""
    shown_as = [(m, False) for m in range(len(c.MODES))] + [(c.OFFSHORE, True)]
    if c.IS_FRICTION[lever]:
        return any(bears_on(world, i, f, m, shell, -1) for m, shell in shown_as)
    return any(applies_to(world, state, i, f, m, shell, -1) for m, shell in shown_as)


def _lever_name(names: Names, world: World, e: int) -> str:
    lever = int(world.interventions.lever[e])
    columns = [*names.rails, "", *names.channels, *names.products]
    column = int(world.interventions.column[e])
    return f"{LEVERS[lever].name} {columns[column] if column >= 0 else ''}".strip()


def _hazard_inputs(world: World, state: State) -> Iterator[Input]:
    """The hazard of being shut in each posture, as the exchange that decides believes it."""
    for p, posture in enumerate(c.POSTURES):
        hazard = float(state.decision.hazard[p])
        if hazard <= 0.0:
            continue
        entries: list[Entry] = [(world.economy.prior, p), (state.beliefs.shut_count, p)]
        if p == c.OFFSHORE:
            entries += [(world.jurisdictions.hazard, j) for j in range(len(world.jurisdictions.hazard))]
        yield Input(f"hazard of being shut, {posture}", "per day", hazard, tuple(entries), _MOST_FACTOR)


def _money_inputs(world: World, state: State, f: int) -> Iterator[Input]:
    """Losses, costs and takes; losses and costs in years of the exchange's reference revenue."""
    economy, revenue = world.economy, float(state.exchanges.revenue[f])
    year, price = max(365.25 * revenue, 1e-300), price_on(world, float(state.market.now[0]))
    for table, what in ((economy.loss, "loss if shut"), (economy.launch, "launch cost")):
        for p, posture in enumerate(c.POSTURES):
            amount = cost_of(table[p], revenue, price)
            weighted = amount * float(state.exchanges.sanction_weight[f]) if table is economy.loss else amount
            if amount > 0.0:
                entries: tuple[Entry, ...] = ((table, (p, 0)), (table, (p, 1)))
                yield Input(f"{what}, {posture}", "years of revenue", weighted / year, entries, _MOST_FACTOR)
    for m, mode in enumerate(c.MODES):
        yield Input(f"take, {mode}", "of volume", float(economy.take[m]), ((economy.take, m),), _MOST_FACTOR)
