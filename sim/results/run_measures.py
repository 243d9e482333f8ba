"""The summary measures of a run, from its data.

Measures compare the end of a run with its own beginning. The reference is the mean over the records before
the first announcement, within the first 30 days; the end is the mean over the last 30 days. Volumes are at
constant demand (`tally_from_data.focal_volume`): turnover and growth from outside do not count. What is not defined
is NaN. What there is, and how each is computed, is in `sim.model.outcomes.measures`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernels.compile import as_compiled
from sim.model.outcomes import measures
from sim.results.tally_from_data import measure_inputs, tally_of

if TYPE_CHECKING:
    from sim.results.run import Run


def measure(run: Run, *, reference_days: float = 30.0, final_days: float = 30.0) -> dict[str, float]:
    """All summary measures of a run by name.

    `reference_days`: length of the window at the start, which ends earlier if something is announced in it
    (the first record if nothing comes before). `final_days`: length of the window at the end.
    """
    inputs = measure_inputs(run, reference_days, final_days)
    names = measures.measure_names(inputs.labels("jurisdiction"))
    values = np.full(len(names), np.nan)
    as_compiled(measures.measure)(tally_of(inputs), values)
    return dict(zip(names, values.tolist(), strict=True))
