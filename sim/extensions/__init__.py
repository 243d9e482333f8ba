"""Parts of one's own: measures, statistics of evidence, figures and behaviour, added without editing the package.

Each has a check beside it (`check_measure`, ...) that says, by an AssertionError, what is wrong with a part. A kind of
intervention needs no code; it stands under `kinds:` in a scenario, and `check_kind` checks it.
"""

from __future__ import annotations

from sim.extensions.behaviour import Behaviour, Situation, behave
from sim.extensions.conformance import check_behaviour, check_figure, check_kind, check_measure, check_statistic
from sim.extensions.registration import figure, measure, statistic
from sim.results.own_measures import Paths

__all__ = [
    "Behaviour",
    "Paths",
    "Situation",
    "behave",
    "check_behaviour",
    "check_figure",
    "check_kind",
    "check_measure",
    "check_statistic",
    "figure",
    "measure",
    "statistic",
]
