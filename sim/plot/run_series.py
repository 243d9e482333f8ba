"""What several figures read from a run, as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.plot.plotted_dates import day_numbers
from sim.plot.style import Floats
from sim.plot.wording import names_of
from sim.results.run_measures import demand_at_start, focal_volume
from sim.world.codes import MODES

if TYPE_CHECKING:
    from sim.results.run import Run


def days(run: Run) -> Floats:
    """Times of the record as matplotlib day numbers, shape (time,)."""
    return day_numbers(run.data["time"].values)


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
    """Shares of focal demand in the order of `style.MODES_AND_OUTSIDE`, shape (4, time); they sum to one."""
    demand = demand_at_start(run)
    outside = run.data["outside"].transpose("time", "segment").values @ demand / (demand.sum() or 1.0)
    return np.vstack([venue_shares(run).sum(axis=1).T, outside])


def exchange_shares(run: Run, mode: str | None = None) -> Floats:
    """Shares of focal demand by exchange, shape (exchange, time), in one mode or (None) in all together."""
    check_mode(mode)
    share = venue_shares(run)
    return np.asarray(share.sum(axis=2).T if mode is None else share[:, :, MODES.index(mode)].T)


def exchange_names(run: Run) -> list[str]:
    """Labels of the exchanges, in the order of the record."""
    return names_of(run.scenario.exchanges, map(str, run.data["exchange"].values), {})


def host_names(run: Run) -> list[str]:
    """Labels of the jurisdictions, in the order of the record."""
    ids = [str(id_) for id_ in run.data["jurisdiction"].values]
    return names_of(run.scenario.jurisdictions, ids, {id_: id_.replace("-", " ").title() for id_ in ids})


def focal_name(run: Run) -> str:
    """Label of the focal jurisdiction."""
    ids = [str(id_) for id_ in run.data["jurisdiction"].values]
    return host_names(run)[ids.index(run.scenario.focal)]


def check_mode(mode: str | None) -> None:
    """Raise ValueError for a mode that does not exist."""
    if mode is not None and mode not in MODES:
        raise ValueError(f"mode {mode!r} is not one of {', '.join(MODES)}")
