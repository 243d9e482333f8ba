"""Adaptive policies: how often each rung of a rule's ladder was reached, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from pandas import DataFrame

from sim.clock import whole_seconds

if TYPE_CHECKING:
    from sim.study.study import Study
    from sim.world.arrays import Floats

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The quantiles of firing dates that are shown by default."""


def pathways(study: Study, quantiles: Sequence[float] = QUANTILES) -> DataFrame:
    """See `Study.pathways`."""
    if wrong := [q for q in quantiles if not 0.0 <= q <= 1.0]:
        raise ValueError(f"a quantile lies between 0 and 1, got {wrong[0]}")
    columns = ["policy", "rule", "rung", "interventions", "replications", "fired", "share"]
    rows = [row for policy in study.policies for row in _rows(study, policy, quantiles)]
    return DataFrame(rows, columns=[*columns, *map(_label, quantiles)]).set_index(["policy", "rule", "rung"])


def _rows(study: Study, policy: str, quantiles: Sequence[float]) -> Iterator[dict[str, Any]]:
    results, start = study.results[policy], study.scenario.start
    rungs = {rule.id: rule.steps for rule in study.scenario.policies[policy].rules}
    completed = ~np.isnan(results.measures).all(axis=1)
    for index, rule in enumerate(results.rules):
        for rung, step in enumerate(rungs[rule]):
            fired = results.fired[completed, index, rung]
            days = fired[~np.isnan(fired)]
            yield {
                "policy": policy,
                "rule": rule,
                "rung": rung + 1,
                "interventions": ", ".join(item.id for item in step),
                "replications": len(fired),
                "fired": len(days),
                "share": len(days) / len(fired) if len(fired) else np.nan,
                **{_label(q): _date(start, days, q) for q in quantiles},
            }


def _label(quantile: float) -> str:
    return f"{100.0 * quantile:g} %"


def _date(start: datetime, days: Floats, quantile: float) -> np.datetime64:
    """A quantile of the dates, to the second; NaT if it never fired."""
    if len(days) == 0:
        return np.datetime64("NaT", "s")
    return np.datetime64(start + whole_seconds(float(np.quantile(days, quantile))), "s")
