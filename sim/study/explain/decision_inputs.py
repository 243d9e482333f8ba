"""What could have been otherwise at a decision: quantities that can be turned up or down in place.

A dial scales entries of the arrays that a decision reads, and puts them back. Everything else stays as it was at
that moment, so a threshold found with a dial is about this decision alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.regulators.lever_totals import all_levers_moved, applies_to, bears_on
from sim.model.state import State
from sim.schedule.levers import LEVERS
from sim.world import codes as c
from sim.world.arrays import World
from sim.world.build.names import Names
from sim.world.levers import IS_FRICTION

Entry = tuple[NDArray[np.float64], tuple[int, ...] | int]


@dataclass(frozen=True)
class Dial:
    """A quantity: what it is called, its unit, its value at the decision, and the entries that scale with it.

    `least` and `most` are the factors between which it makes sense; a `switch` is either there (1) or not (0).
    """

    name: str
    unit: str
    value: float
    entries: tuple[Entry, ...]
    most: float
    least: float = 0.0
    switch: bool = False

    @contextmanager
    def turned(self, factor: float, w: World, s: State) -> Iterator[None]:
        """The world, of which `w` and `s` are the kernels' views, with this quantity times `factor`."""
        kept = [float(array[place]) for array, place in self.entries]
        try:
            for (array, place), value in zip(self.entries, kept, strict=True):
                array[place] = value * factor
            all_levers_moved(w, s)
            yield
        finally:
            for (array, place), value in zip(self.entries, kept, strict=True):
                array[place] = value
            all_levers_moved(w, s)


_FAR = 20.0  # nothing is turned up beyond this many times its value


def dials(world: World, state: State, w: World, s: State, names: Names, f: int) -> list[Dial]:
    """Everything that exchange f's decision depends on; `w` and `s` are the kernels' views of world and state."""
    return [*_interventions(world, w, s, names, state, f), *_hazards(world, state, f), *_money(world, state, f)]


def _interventions(world: World, w: World, s: State, names: Names, state: State, f: int) -> Iterator[Dial]:
    """Effects of interventions that are announced or in force and touch this exchange."""
    interventions, strength = world.interventions, state.in_force.strength
    for e in range(len(interventions.effect_of)):
        i, lever = int(interventions.effect_of[e]), int(interventions.lever[e])
        amount = float(interventions.amount[e])
        if amount == 0.0 or strength[i].max() <= 0.0 or not _touches(w, s, world, i, lever, f):
            continue
        label = f"{names.interventions[i]} ({_lever_name(names, world, e)})"
        entries: tuple[Entry, ...] = ((interventions.amount, e),)
        sort = LEVERS[lever].sort
        if sort in ("permission", "flag"):
            yield Dial(label, "in force", 1.0, entries, 1.0, switch=True)
        elif sort == "friction":
            yield Dial(label, "part of the trade", amount, entries, 1.0 / amount)
        elif sort == "amount":
            yield Dial(label, "", amount, entries, _FAR)
        elif LEVERS[lever].phase != "enforced":  # what counts for detection alone enters no decision
            yield Dial(label, "times", amount, entries, _FAR, least=min(1.0, 1.0 / amount))


def _touches(w: World, s: State, world: World, i: int, lever: int, f: int) -> bool:
    check = bears_on if IS_FRICTION[lever] else None
    for m in range(3):
        for shell in (False, True) if m == c.OFFSHORE else (False,):
            hit = check(w, i, f, m, shell, -1) if check else applies_to(w, s, i, f, m, shell, -1)
            if hit:
                return True
    return False


def _lever_name(names: Names, world: World, e: int) -> str:
    lever = int(world.interventions.lever[e])
    columns = [*names.rails, "", *names.channels, *names.products]
    column = int(world.interventions.column[e])
    return f"{LEVERS[lever].name} {columns[column] if column >= 0 else ''}".strip()


def _hazards(world: World, state: State, f: int) -> Iterator[Dial]:
    """The hazard of being shut in each posture, as exchange f believes it."""
    for p, posture in enumerate(c.POSTURES):
        if state.decision.hazard[p] <= 0.0:
            continue
        entries: list[Entry] = [(world.economy.prior, p), (state.beliefs.shut_count, p)]
        if p == c.OFFSHORE:
            entries += [(world.jurisdictions.hazard, j) for j in range(len(world.jurisdictions.hazard))]
        yield Dial(f"hazard of being shut, {posture}", "per day", float(state.decision.hazard[p]), tuple(entries), _FAR)


def _money(world: World, state: State, f: int) -> Iterator[Dial]:
    """Losses, costs and takes; losses and costs in years of the exchange's reference revenue."""
    economy, revenue = world.economy, float(state.exchanges.revenue[f])
    year = max(365.25 * revenue, 1e-300)
    for table, what in ((economy.loss, "loss if shut"), (economy.launch, "launch cost")):
        for p, posture in enumerate(c.POSTURES):
            money = float(table[p, 0] + table[p, 1] * revenue)
            scaled = money * float(state.exchanges.sanction_weight[f]) if table is economy.loss else money
            if money > 0.0:
                yield Dial(
                    f"{what}, {posture}", "years of revenue", scaled / year, ((table, (p, 0)), (table, (p, 1))), _FAR
                )
    for m, mode in enumerate(c.MODES):
        yield Dial(f"take, {mode}", "of volume", float(economy.take[m]), ((economy.take, m),), _FAR)
