"""Attractions beyond what can be computed are refused, with the value that adds most to them."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sim
from sim.model.random import draw
from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import loads
from sim.scenario.values.distributions import Dist
from sim.world.build.random_quantities import row
from tests.kit import data, history, scenario, traders
from tests.scenario.small import SMALL, changed, complaints

SHARE = "share: 0.7"


@pytest.mark.parametrize(
    "brand", ["301", "710", "{normal: {mean: 0, sd: 40}}", "{exponential: {mean: 9}}", "{uniform: {low: 0, high: 800}}"]
)
def test_a_brand_that_overflows(brand: str) -> None:
    text = changed((SHARE, f"brand: {brand}"))
    (line,) = complaints(text)
    row = next(n for n, each in enumerate(text.splitlines(), 1) if f"brand: {brand}" in each)
    assert line.startswith(f"small.yaml:{row}:")
    assert "exchanges.alpha.brand: an attraction of up to e^" in line
    assert line.endswith("cannot be computed; brand, taste and what adds to them may come to 300")


@pytest.mark.parametrize("brand", ["290", "-5000", "{normal: {mean: 0, sd: 30}}", "{uniform: {low: -900, high: 200}}"])
def test_a_brand_that_does_not(brand: str) -> None:
    assert complaints(changed((SHARE, f"brand: {brand}"))) == []


def test_a_taste_that_overflows_is_refused_in_a_file_and_as_a_value() -> None:
    path = "segments.traders.taste.domestic"
    with pytest.raises(ScenarioError, match=r"taste\.domestic: an attraction of up to e\^7"):
        loads(SMALL, overrides={path: 720})
    with pytest.raises(ScenarioError, match=r"taste\.domestic: an attraction of up to e\^7"):
        loads(SMALL).with_values({path: 720})
    ranges = SMALL + f"uncertainties:\n  {path}: {{between: [0, 720]}}\n"
    assert "an attraction of up to e^7" in complaints(ranges)[0]


def test_what_is_large_and_can_be_computed_is_right() -> None:
    """At e^290 nobody stays outside or elsewhere; ten more logarithms for one exchange take 1 / (1 + e^-10) of it."""
    source = data(
        segments=[traders(taste={"domestic": 0.0, "otc": -3.0})],
        exchanges=[
            {"id": "a", "home": "home", "brand": 290.0, "fixed": True},
            {"id": "b", "home": "home", "brand": 280.0, "fixed": True},
        ],
    )
    run = history(source, until=30.0)
    assert run.share("a") == pytest.approx(1.0 / (1.0 + math.exp(-10.0)), rel=1e-12)
    assert run.result.frame.outside.max() < 1e-100
    assert isinstance(scenario(source), sim.Scenario)


@pytest.mark.parametrize(
    "quantity",
    [Dist("normal", 1.0, 2.0), Dist("lognormal", 0.5, 0.3), Dist("uniform", 1.0, 3.0), Dist("exponential", 2.0)],
)
def test_nothing_beyond_the_greatest_value_is_drawn(quantity: Dist) -> None:
    key, agent = np.array([1, 2], dtype=np.uint64), np.uint64(7)
    drawn = [draw(row(quantity), key, agent, 1, n) for n in range(2000)]
    assert max(drawn) <= quantity.greatest()
