"""Tipping points: where a known difference crosses zero, and how often the interval holds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.jobs.collect import Progress
from sim.study.sensitivity.crossings import Crossing, crossings, shape
from sim.study.sensitivity.tipping import Tipping
from sim.study.sensitivity.tipping_by_world import world_tippings
from sim.study.statistics.bands import bands
from sim.study.statistics.posterior import Posterior, scenario_hash

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
OUTSIDE, SWITCHING = "segments.traders.outside", "segments.traders.switching"
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


def test_each_world_has_its_own_tipping_point() -> None:
    """Curves that cross zero at known values, two the other way round, and some that do not cross or cross twice."""
    at = np.array([0.2, 0.4, 0.6])
    once = at[None, :] - PARTS[:, None]
    others = [1.0 + PARTS, -1.0 - PARTS, PARTS - 0.5, 0.0 * PARTS, np.abs(PARTS - 0.5) - 0.25, np.full(9, np.nan)]
    worlds = world_tippings(PARTS, np.column_stack([once, *others]))
    assert (worlds.count, worlds.a_before) == (8, True)
    np.testing.assert_allclose(worlds.at, at, atol=1e-12)
    assert worlds.median == pytest.approx(0.4)
    parts = (worlds.one, worlds.reverse, worlds.several, worlds.a_throughout, worlds.b_throughout, worlds.alike)
    assert parts == (3 / 8, 1 / 8, 1 / 8, 1 / 8, 1 / 8, 1 / 8)
    assert worlds.without == 3 / 8
    said = worlds.finding("A", "B", "x", lambda part: round(part, 2), "draws")
    assert said.startswith("A stops beating B where x is above 0.4 (median; 0.22 to 0.58 in 90 % of those")
    rare = world_tippings(PARTS, np.column_stack([once[:, :1], *[1.0 + PARTS] * 3]))
    said_of_few = rare.finding("A", "B", "x", lambda part: round(part, 2), "draws")
    assert said_of_few.startswith(
        "A beats B along the whole range in 75 % of 4 draws; in 25 % A stops beating B where x"
    )
    assert "A is better along the whole range in 12 %, B is in 12 %" in worlds.others("A", "B")


def test_draws_are_those_of_a_comparison_with_the_parameter_set(minimal: sim.Scenario, tmp_path: Path) -> None:
    """Each draw has replications of its own, the same at all points; the posterior's own value of it gives way."""
    rows = tuple({OUTSIDE: 0.9, SWITCHING: f"{rate} /d"} for rate in (0.12, 0.2, 0.28))
    posterior = Posterior(scenario_hash(minimal), rows, {})
    asked = (minimal, "payments_first", "baseline", OUTSIDE)
    found = sim.tipping(*asked, points=3, replications=2, draws=posterior, store=tmp_path)
    world = minimal.with_values({OUTSIDE: 0.65, SWITCHING: "0.2 /d"})
    runs = [sim.run(world, "payments_first", replication=r, engine="compiled").measures["leakage"] for r in (2, 3)]
    assert found.a_values[1, 1] == pytest.approx(np.mean(runs), abs=1e-12)
    assert found.a_values.shape == (3, 3)
    assert "3 worlds that the record makes plausible" in found.interval_scope
    assert "whatever its plausible value there" in found.interval_scope
    assert {"worlds_low", "worlds_high", "a_better"} <= set(found.table())
    assert "plausible worlds" in found.plot().get_title(loc="left").replace("\n", " ")

    def no_runs(progress: Progress) -> None:
        assert progress.simulated == 0

    again = sim.tipping(*asked, points=3, replications=2, draws=posterior, store=tmp_path, watch=no_runs)
    np.testing.assert_array_equal(again.a_values, found.a_values)


def test_draws_need_something_else_to_draw(minimal: sim.Scenario) -> None:
    alone = minimal.model_copy(update={"uncertainties": {OUTSIDE: minimal.uncertainties[OUTSIDE]}})
    with pytest.raises(ValueError, match="nothing is left to draw"):
        sim.tipping(alone, "payments_first", "baseline", OUTSIDE, draws=4)
    with pytest.raises(ValueError, match="no posterior"):
        sim.tipping(minimal, "payments_first", "baseline", OUTSIDE, draws="posterior")


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
