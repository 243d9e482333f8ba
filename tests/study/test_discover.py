"""Scenario discovery: a box that is known is found again, and chance is not taken for one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import sim
from sim.study.discovery.boxes import find_boxes

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"


@pytest.fixture(scope="module", autouse=True)
def library() -> None:
    """The library, imported without a search of all modules for each frame above each of its methods, by their names."""
    with patch("inspect.getmodule", return_value=None):
        import_module("ema_workbench.analysis.prim")


def test_a_known_box_is_found_again() -> None:
    """Cases where a > 0.6 and b < 0.5, one in ten told wrongly; c means nothing."""
    random = np.random.default_rng(1)
    values = {name: random.uniform(size=500) for name in "abc"}
    cases = ((values["a"] > 0.6) & (values["b"] < 0.5)) ^ (random.uniform(size=500) < 0.1)
    box = find_boxes(values, cases)[0]
    assert set(box.limits) == {"a", "b"}
    assert box.limits["a"].low == pytest.approx(0.6, abs=0.08)
    assert box.limits["b"].high == pytest.approx(0.5, abs=0.08)
    assert np.isnan([box.limits["a"].high, box.limits["b"].low]).all()
    assert max(box.limits["a"].p_low, box.limits["b"].p_high) < 0.001
    # 0.9 of those inside are cases; 0.1 is two standard errors of a density of the 33 draws there that were held out
    assert box.density == pytest.approx(0.9, abs=0.1)
    assert box.held_density == pytest.approx(0.9, abs=0.1)
    assert find_boxes(values, np.arange(500) < 5) == ()


def test_a_study_without_enough_failures_says_so(minimal_study: sim.Study) -> None:
    found = sim.discover(minimal_study, "payments_first", threshold=-1.0)
    assert str(found) == "payments_first fails against baseline in leakage in 0 of 6 draws: too few to look for where"
    assert not len(found.table())
    with pytest.raises(KeyError, match="did you mean leakage"):
        sim.discover(minimal_study, "payments_first", measure="leakge")


def test_failures_are_the_draws_in_which_it_is_worse(minimal_study: sim.Study) -> None:
    found = sim.discover(minimal_study, "payments_first")
    difference = minimal_study.values("leakage", "payments_first") - minimal_study.values("leakage")
    np.testing.assert_array_equal(found.cases, difference > 0.0)


@pytest.fixture(scope="module")
def minimal_study() -> sim.Study:
    return sim.compare(sim.load(MINIMAL), ["payments_first"], replications=6, draws=6, paths=False)
