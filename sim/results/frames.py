"""Results as plain tables, for spreadsheets and statistics programs; shares of focal demand, which figures show too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.results.run_measures import demand_at_start, focal_volume
from sim.world.arrays import Floats
from sim.world.codes import MODES

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import DataArray

    from sim.results.run import Run

Rows = Literal["date", "exchange"]
"""What a table of a run has rows for: each record, or each venue of an exchange at each record."""


def venue_shares(run: Run) -> Floats:
    """Shares of focal demand by venue, shape (time, exchange, mode), in the order of `MODES`.

    Demand is that of the first day throughout, as in all measures and in the paths of studies: shares follow traders,
    not how much each of them trades.
    """
    demand = demand_at_start(run)
    order = ("time", "segment", "exchange", "mode")
    share = run.data["share"].sel(mode=list(MODES)).transpose(*order).values
    return focal_volume(share, demand) / (demand.sum() or 1.0)


def mode_shares(run: Run) -> Floats:
    """Shares of focal demand in the order of `MODES`, then not trading, shape (4, time); they sum to one."""
    demand = demand_at_start(run)
    outside = run.data["outside"].transpose("time", "segment").values @ demand / (demand.sum() or 1.0)
    return np.vstack([venue_shares(run).sum(axis=1).T, outside])


def run_frame(run: Run, rows: Rows = "date") -> DataFrame:
    """The time series of a run as a table; see `Run.to_frame`. Raises ValueError for other `rows`."""
    if rows not in ("date", "exchange"):
        raise ValueError(f"rows {rows!r} is not one of date, exchange")
    return _by_date(run) if rows == "date" else _by_exchange(run)


def _by_date(run: Run) -> DataFrame:
    from pandas import DataFrame

    data = run.data
    columns: dict[str, Any] = {"date": data["time"].values}
    columns |= dict(zip((*MODES, "outside"), mode_shares(run), strict=True))
    columns |= {name: data[name].sum(["exchange", "mode"]).values for name in ("focal_volume", "volume")}
    columns["blocked_sites"] = data["blocked_sites"].values
    columns["agency_days"] = data["agency_days"].sum("agency").values
    return DataFrame(columns)


def _by_exchange(run: Run) -> DataFrame:
    from xarray import DataArray, Dataset

    data, venues = run.data, ("time", "exchange", "mode")
    hosts = np.array([*data["jurisdiction"].values, ""], dtype=object)  # the last for -1, none
    series = Dataset(
        {
            "share": DataArray(venue_shares(run), dims=venues, coords={"mode": list(MODES)}),
            "focal_volume": data["focal_volume"],
            "volume": data["volume"],
            "status": _words(data["status"]),
            "strategy": _words(data["strategy"]),
            "host": data["host"].copy(data=hosts[data["host"].values]),
        }
    )
    table = series.to_dataframe(dim_order=venues).reset_index().rename(columns={"time": "date"})
    return table[["date", "exchange", "name", "mode", *series.data_vars]]


def _words(codes: DataArray) -> DataArray:
    """The names of codes, which stand in their attributes."""
    words = np.array(codes.attrs["flag_meanings"].split(), dtype=object)
    return codes.copy(data=words[np.searchsorted(codes.attrs["flag_values"], codes.values)])
