"""The results of a study as one table, for a spreadsheet or another program: by replication, or by date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandas import DataFrame, concat

from sim.clock import dates_of
from sim.results.own_measures import SERIES

if TYPE_CHECKING:
    from sim.study.study import Study

_QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}


def study_frame(study: Study, rows: str) -> DataFrame:
    """See `Study.to_frame`."""
    if rows == "date":
        return concat([_by_date(study, mode, policy) for policy in study.policies for mode in SERIES])
    if rows != "replication":
        raise ValueError(f"rows {rows!r} is not one of replication, date")
    tables = [
        DataFrame(np.asarray(study.results[policy].measures), columns=list(study.names)) for policy in study.policies
    ]
    table = concat(tables, keys=study.policies, names=["policy", "replication"]).reset_index()
    for name in study.measures[len(study.names) :]:
        table[name] = np.concatenate([study.values(name, policy) for policy in study.policies])
    if study.draws is None:
        return table
    return table.assign(draw=table["replication"] % study.draws).join(study.parameters(), on="draw")


def _by_date(study: Study, mode: str, policy: str) -> DataFrame:
    path = study.path(mode, policy)
    columns = {"policy": policy, "date": dates_of(study.scenario.start, study.day), "mode": mode}
    quantiles = dict(zip(_QUANTILES, np.nanquantile(path, list(_QUANTILES.values()), axis=0), strict=True))
    return DataFrame(columns | {"mean": np.nanmean(path, axis=0)} | quantiles)
