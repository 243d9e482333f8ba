"""What several figures read from a run, as plain arrays."""

from __future__ import annotations

import numpy as np

from sim.plot.plotted_dates import day_numbers
from sim.plot.style import Floats
from sim.plot.wording import names_of
from sim.results.frames import venue_shares
from sim.results.run import Run
from sim.world.codes import MODES


def days(run: Run) -> Floats:
    """Times of the record as matplotlib day numbers, shape (time,)."""
    return day_numbers(run.data["time"].values)


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
