"""Tipping points: where a known difference crosses zero, and how often the interval holds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.sensitivity.tipping import Crossing, Tipping, crossings, shape
from sim.study.statistics.bands import bands

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
PARTS = np.linspace(0.0, 1.0, 9)


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


def found_in(gain: np.ndarray) -> tuple[Crossing, ...]:
    band = bands(gain.T, np.zeros_like(gain).T, 0.95, simultaneous=True)
    return crossings(PARTS, gain, (band.low > 0.0).astype(float) - (band.high < 0.0), 0.95)


def noisy(curve: np.ndarray, seed: int, sd: float = 0.5, n: int = 50) -> np.ndarray:
    """A curve (P,) in n replications, with luck that shifts all points of a replication and luck of each point."""
    random = np.random.default_rng(seed)
    return curve[:, None] + sd * random.normal(size=(1, n)) + 0.2 * random.normal(size=(len(curve), n))


def test_the_interval_holds_the_true_crossing_as_often_as_it_says() -> None:
    """0.4 in 100 sets of replications: 95 %, within four standard errors (of 0.022) of that share."""
    curve, held = 2.0 * (0.4 - PARTS), 0
    for seed in range(100):
        (crossing,) = crossings(PARTS, noisy(curve, seed, sd=0.2), np.sign(curve), 0.95)
        held += crossing.low <= 0.4 <= crossing.high
    assert abs(held / 100 - 0.95) < 4 * 0.022


def test_what_does_not_cross_has_no_tipping_point() -> None:
    assert found_in(noisy(1.0 + PARTS, 1)) == ()
    assert found_in(noisy(0.0 * PARTS, 1)) == ()


def test_a_crossing_near_the_end_may_lie_beyond_it() -> None:
    luck = noisy(0.0 * PARTS, 3, sd=1.0)
    (crossing,) = found_in(0.95 - PARTS[:, None] + luck - luck.mean(axis=1, keepdims=True))
    assert not crossing.sure
    assert crossing.high == np.inf


def test_several_are_told() -> None:
    first, second = found_in(noisy(0.3 - np.abs(PARTS - 0.5), 1, sd=0.1))
    assert (first.a_before, second.a_before) == (False, True)
    assert first.at == pytest.approx(0.2, abs=0.05)
    assert second.at == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("curve", "name"), [(PARTS, "rises"), (-PARTS, "falls"), (np.abs(PARTS - 0.5), "turns"), (0.0 * PARTS, "flat")]
)
def test_the_shape_is_told(curve: np.ndarray, name: str) -> None:
    assert shape(noisy(3.0 * curve, 2), 0.95) == name


def test_policies_of_a_scenario(minimal: sim.Scenario) -> None:
    """A wide payment block stops beating a narrow one in leakage nowhere; the other way round nor."""
    wide = minimal.policies["baseline"].replace("payments", {"coverage": 0.95})
    scenario = minimal.with_policies({"wide": wide})
    found = sim.tipping(scenario, "wide", "baseline", "segments.traders.outside", points=3, replications=10)
    assert str(found).startswith("no tipping point: wide beats baseline in leakage from 0.3 to 1")
    assert found.table()["better"].tolist() == ["wide"] * 3
    paired = sim.compare(scenario.with_values({"segments.traders.outside": 0.65}), ["wide"], 10).paired(
        "leakage", "wide"
    )
    assert found.band.mean[1] == pytest.approx(paired.mean, abs=1e-12)
    assert "No tipping point" in found.plot().get_title(loc="left")


def test_words_name_value_and_interval(minimal: sim.Scenario) -> None:
    gain = noisy(2.0 * (0.4 - PARTS), 1)
    found = Tipping(
        minimal, "suppression", True, "payments_first", "baseline", "segments.traders.switching",
        ("0.1 /d", "0.3 /d"), PARTS, gain, np.zeros_like(gain), 0.95, 0, {},
    )  # fmt: skip
    assert "payments_first stops beating baseline where segments.traders.switching is above 0.1" in str(found)
    assert found.crossings[0].at == pytest.approx(0.4, abs=0.1)
    assert "stops beating" in found.plot().get_title(loc="left").replace("\n", " ")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("baseline", "baseline", "demand.onramp"), "cannot stop beating itself"),
        (("payments_frist", "baseline", "demand.onramp"), "did you mean payments_first"),
        (("payments_first", "baseline", "demand.onramp"), "no range for demand.onramp"),
        (("payments_first", "baseline", "segments.traders.outside", "leakge"), "did you mean leakage"),
    ],
)
def test_what_cannot_be_asked_is_refused(minimal: sim.Scenario, asked: tuple[str, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        sim.tipping(minimal, *asked)
