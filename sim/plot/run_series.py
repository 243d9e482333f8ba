"""What several figures read from a run, as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plot.plotted_dates import day_numbers
from sim.plot.style import Floats
from sim.world.codes import MODES

if TYPE_CHECKING:
    from xarray import DataArray

    from sim.results.run import Run


def days(run: Run) -> Floats:
    """Times of the record as matplotlib day numbers, shape (time,)."""
    return day_numbers(run.data["time"].values)


def focal_demand(run: Run) -> DataArray:
    """Volume that the focal segments would trade and that counts as real, dimensions (time, segment)."""
    focal = [segment for segment in run.scenario.segments if segment.home == run.scenario.focal]
    real_part = np.array([segment.real_part for segment in focal])
    return run.data["segment_volume"].sel(segment=[segment.id for segment in focal]) * real_part


def focal_total(run: Run) -> Floats:
    """The same in all, traded or not, shape (time,), in the scenario's unit of volume."""
    return np.asarray(focal_demand(run).sum("segment").values)


def mode_shares(run: Run) -> Floats:
    """Shares of focal volume in the order of `style.MODES_AND_OUTSIDE`, shape (4, time); they sum to one."""
    traded = run.data["focal_volume"].sum("exchange").sel(mode=list(MODES)).transpose("mode", "time").values
    demand = focal_demand(run)
    idle = (run.data["outside"].sel(segment=demand["segment"]) * demand).sum("segment").values
    return _fraction(np.vstack([traded, idle]), focal_total(run))


def exchange_shares(run: Run, mode: str | None = None) -> Floats:
    """Shares of focal volume by exchange, shape (exchange, time), in one mode or (None) in all together."""
    check_mode(mode)
    volume = run.data["focal_volume"]
    volume = volume.sum("mode") if mode is None else volume.sel(mode=mode)
    return _fraction(volume.transpose("exchange", "time").values, focal_total(run))


def exchange_names(run: Run) -> list[str]:
    """Names of the exchanges as people know them, in the order of the record."""
    names = {exchange.id: exchange.name for exchange in run.scenario.exchanges if exchange.id and exchange.name}
    return [names.get(str(id_), str(id_)) for id_ in run.data["exchange"].values]


def host_names(run: Run) -> list[str]:
    """Names of the jurisdictions, in the order of the record."""
    names = {jurisdiction.id: jurisdiction.name for jurisdiction in run.scenario.jurisdictions if jurisdiction.name}
    return [names.get(id_, id_.replace("-", " ").title()) for id_ in map(str, run.data["jurisdiction"].values)]


def focal_name(run: Run) -> str:
    """Name of the focal jurisdiction."""
    ids = [str(id_) for id_ in run.data["jurisdiction"].values]
    return host_names(run)[ids.index(run.scenario.focal)]


def check_mode(mode: str | None) -> None:
    """Raise ValueError for a mode that does not exist."""
    if mode is not None and mode not in MODES:
        raise ValueError(f"mode {mode!r} is not one of {', '.join(MODES)}")


def _fraction(volume: Floats, total: Floats) -> Floats:
    return np.asarray(np.divide(volume, total, out=np.zeros_like(volume), where=total > 0))
