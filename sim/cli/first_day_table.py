"""The first day as a table: what genuine focal traders trade at each exchange or group by mode, to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.cli.output import table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.scenario.scenario import Scenario


def first_day_table(scenario: Scenario) -> Table:
    """One row per exchange or group that trades under the baseline, and totals; what is drawn, as for seed 0."""
    from sim.world.codes import MODES

    coins = any(segment.home == scenario.focal and segment.pairs == "coins" for segment in scenario.segments)
    modes = [scenario.labels.text(mode) for mode in MODES]
    headings = [f"first day, {scenario.volume_unit}", *modes, "foreign traders" + (", coin pairs" if coins else "")]
    return table(headings, _rows(scenario), numbers=True)


def _rows(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    import numpy as np

    from sim.results.first_day import first_day_of
    from sim.world.build import world_of

    world, names = world_of(scenario, "baseline")
    day, measured, real = first_day_of(world), world.segments.measured, world.segments.real_part
    volume = real[:, None, None] * day.volume
    by_mode, other = volume[measured].sum(axis=0), volume[~measured].sum(axis=(0, 2))
    for entry in scenario.exchanges:
        members = np.array([member.entry is entry for member in names.exchanges])
        if by_mode[members].any() or other[members].any():
            name = entry.id or f"{entry.group} ({entry.count})"
            yield name, *map(_amount, by_mode[members].sum(axis=0)), _amount(other[members].sum())
    total, untraded = by_mode.sum(axis=0), float((real * day.untraded)[measured].sum())
    yield "all", *map(_amount, total), _amount(other.sum())
    demand = total.sum() + untraded
    if demand > 0.0:
        yield "of all if all traded", *(f"{100.0 * part / demand:.3g} %" for part in total), ""
        outside = f"{scenario.labels.mode('outside')}: {_amount(untraded)}, {100.0 * untraded / demand:.3g} %"
        yield outside, *[""] * 4


def _amount(volume: float) -> str:
    from sim.results.first_day import figures

    return figures(volume) if volume else ""
