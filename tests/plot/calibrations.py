"""A calibration made up by hand: three parameters, two facts, two waves."""

from __future__ import annotations

from functools import cache

import numpy as np

import sim
from sim.calibration.history_matching import Matching, MatchingPlan, Wave, WaveReport
from sim.calibration.parameter_space import Parameter, ParameterSpace
from sim.calibration.targets import Target, Targets
from tests.plot.studies import minimal

LONG = "a fact with a name that is longer than names of facts are as a rule"


@cache
def calibration() -> sim.Calibration:
    """The first fact is met by all runs of the last wave, the second by none."""
    space = ParameterSpace(
        tuple(
            Parameter(name, name, low, high, ("minimal",))
            for name, low, high in (
                ("demand.onramp", 0.0, 10.0), ("segments.traders.switching", "0.1 /d", "0.3 /d"),
                ("segments.traders.taste.offshore", -4.0, -2.0),
            )
        )
    )  # fmt: skip
    targets = Targets((Target("met", 5.0, 1.0, 0.0), Target(LONG, 1.0, 0.03, 0.04)))
    rng = np.random.default_rng(0)
    waves = []
    for spread in (10.0, 0.5):
        values = np.stack([5.0 + spread * rng.uniform(-1, 1, (40, 2)), 3.0 + 0.1 * rng.normal(size=(40, 2))], axis=-1)
        waves.append(Wave(rng.random((40, 3)), values))
    reports = tuple(WaveReport(40, 2, np.array([0.8, 0.1]), left, 3.0) for left in (0.2, 0.05))
    matching = Matching(targets, MatchingPlan(2, 40, 2, 100), 3, tuple(waves), reports)
    sample = np.column_stack([np.linspace(0.4, 0.6, 101), np.linspace(0, 1, 101), np.linspace(0.05, 0.95, 101)])
    return sim.Calibration({"minimal": minimal()}, {}, space, matching, sample, 50)
