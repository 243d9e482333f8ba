"""Sensitivity: indices known in closed form, luck told from parameters, and studies of a small scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.sensitivity.indices import indices, variance_shares
from sim.study.sensitivity.unit_cube import UnitCube, design
from sim.study.statistics.parameter_draws import drawn_values

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
CUBE = UnitCube({"a": (0.0, 1.0), "b": (0.0, 1.0), "c": (0.0, 1.0)})


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


def test_elementary_effects_of_a_straight_line_are_its_slopes() -> None:
    rows = design(CUBE, "morris", 6, seed=1)
    found, left_out = indices(CUBE, "morris", rows, (rows @ [3.0, -1.0, 0.0])[:, None], 0.95, seed=1)
    np.testing.assert_allclose([row["effect"] for row in found], [3.0, 1.0, 0.0], atol=1e-12)
    np.testing.assert_allclose([row["direction"] for row in found], [3.0, -1.0, 0.0], atol=1e-12)
    np.testing.assert_allclose([row["interplay"] for row in found], 0.0, atol=1e-12)
    assert left_out == 0


def test_parts_of_the_variance_of_a_known_function() -> None:
    """f = 2 a + b + 2 (b - 1/2) (c - 1/2): variances 4/12, 1/12 and 4/144 of 64/144, so c matters with b alone."""
    rows = design(CUBE, "sobol", 1024, seed=1)
    y = 2 * rows[:, 0] + rows[:, 1] + 2 * (rows[:, 1] - 0.5) * (rows[:, 2] - 0.5)
    found, _ = indices(CUBE, "sobol", rows, y[:, None], 0.95, seed=1)
    # 0.02: SALib's interval at 1,024 base points is about as wide
    np.testing.assert_allclose([row["first"] for row in found], [48 / 64, 12 / 64, 0.0], atol=0.02)
    np.testing.assert_allclose([row["total"] for row in found], [48 / 64, 16 / 64, 4 / 64], atol=0.02)


def test_parts_of_the_variance_from_draws_that_depend_on_each_other() -> None:
    """Y = a + 0.7 c + noise of 0.5, where b does nothing and correlates by 0.8 with a; 1,000 draws.

    First: squared correlations with Y, 1 / 1.74, 0.64 / 1.74 and 0.49 / 1.74; own: 0.36 / 1.74, 0 and 0.49 / 1.74, but
    for what ranks change. 0.08 is three standard errors of a squared correlation at 1,000 draws, and that.
    """
    random = np.random.default_rng(1)
    a, noise, c, rest = random.normal(size=(4, 1000))
    x = np.column_stack([a, 0.8 * a + 0.6 * noise, c])
    found, left_out = indices(CUBE, "rbd-fast", x, (a + 0.7 * c + 0.5 * rest)[:, None], 0.95, seed=1)
    np.testing.assert_allclose([row["first"] for row in found], np.array([1.0, 0.64, 0.49]) / 1.74, atol=0.08)
    np.testing.assert_allclose([row["own"] for row in found], np.array([0.36, 0.0, 0.49]) / 1.74, atol=0.08)
    assert found[1]["own_low"] == 0.0 < found[0]["own_low"] < found[0]["own"] < found[0]["own_high"]
    assert found[1]["first_low"] > 0.0
    assert left_out == 0


def test_too_few_defined_draws_say_nothing() -> None:
    values = np.where(np.arange(60)[:, None] < 15, np.nan, 1.0)
    found, left_out = indices(CUBE, "rbd-fast", np.random.default_rng(1).normal(size=(60, 3)), values, 0.95, seed=1)
    assert np.isnan([row["first"] for row in found]).all()
    assert left_out == 15


def test_draws_are_those_of_a_comparison(minimal: sim.Scenario) -> None:
    found = sim.sensitivity(minimal, [], "leakage", replications=2, draws=50)
    assert found.method == "rbd-fast"
    study = sim.compare(minimal.with_values(drawn_values(minimal, 0, 7)), [], 2)
    np.testing.assert_array_equal(found.runs.of("leakage", "baseline")[7], study.values("leakage", "baseline"))
    table = found.table("leakage")
    assert list(table.index) == ["segments.traders.outside", "segments.traders.switching"]
    assert "50 draws from the ranges" in found.interval_scope
    assert "depends most on segments.traders.outside" in found.plot("leakage").get_title(loc="left").replace("\n", " ")


def test_what_is_undefined_takes_along_what_belongs_to_it() -> None:
    rows = design(CUBE, "morris", 6, seed=1)
    values = (rows @ [3.0, -1.0, 0.0])[:, None]
    values[5] = np.nan  # in the second trajectory of four points each
    found, left_out = indices(CUBE, "morris", rows, values, 0.95, seed=1)
    assert left_out == 4
    assert found[0]["effect"] == pytest.approx(3.0)


def test_luck_is_told_from_parameters() -> None:
    """Points of variance 4, replications of 1, both together of 1/4: of 5.25 in all."""
    random = np.random.default_rng(5)
    values = 2.0 * random.normal(size=(400, 1)) + random.normal(size=(1, 400)) + 0.5 * random.normal(size=(400, 400))
    found = variance_shares(values)
    expected = np.array([4.0, 1.0, 0.25]) / 5.25
    # 0.1: the standard error of a variance from 400 values is 7 % of it, 0.05 of the whole
    np.testing.assert_allclose([found.parameters, found.luck, found.both], expected, atol=0.1)
    assert found.left == pytest.approx(0.25 / 400 / 4.0, rel=0.3)
    assert np.isnan(variance_shares(np.ones((3, 1))).luck)


def test_a_tornado_is_what_comparisons_at_the_ends_say(minimal: sim.Scenario) -> None:
    found = sim.sensitivity(minimal, ["payments_first"], ["suppression"], replications=6, seed=3)
    table = found.table("suppression", "payments_first", against="baseline")
    path = "segments.traders.outside"

    def paired(scenario: sim.Scenario) -> float:
        return sim.compare(scenario, ["payments_first"], 6, seed=3).paired("suppression", "payments_first").mean

    middle = paired(minimal)
    assert table.loc[path, "low"] == pytest.approx(paired(minimal.with_values({path: 0.3})) - middle, abs=1e-12)
    assert table.loc[path, "high"] == pytest.approx(paired(minimal.with_values({path: 1.0})) - middle, abs=1e-12)
    assert found.table("suppression").index[0] == path
    words = found.plot("suppression").get_title(loc="left")
    assert "depends most on segments.traders.outside" in words.replace("\n", " ")


def test_workers_and_interruptions_change_no_bit(minimal: sim.Scenario, tmp_path: Path) -> None:
    asked = {"method": "morris", "size": 2, "replications": 2, "measures": ["leakage"]}
    alone = sim.sensitivity(minimal, ["payments_first"], **asked)  # type: ignore[arg-type]
    folder = tmp_path / "points"
    kept = sim.sensitivity(minimal, ["payments_first"], executor=2, store=folder, **asked)  # type: ignore[arg-type]
    stored = sim.sensitivity(minimal, ["payments_first"], store=folder, **asked)  # type: ignore[arg-type]
    assert alone.runs.values.tobytes() == kept.runs.values.tobytes() == stored.runs.values.tobytes()
    with pytest.raises(ValueError, match="holds another study"):
        sim.sensitivity(minimal, ["payments_first"], seed=1, store=folder, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"method": "sobol", "size": 6}, "power of two"),
        ({"method": "morris", "size": 1}, "2 trajectories"),
        ({"measures": ["leakge"]}, "did you mean leakage"),
        ({"over": {"segments.traders.outside": [0.3, 1.0]}}, "list of values"),
        ({"over": ["segments.traders.outsid"]}, "did you mean segments.traders.outside"),
        ({"replications": 1}, "from 2 on"),
        ({"method": "rbd-fast"}, "takes draws of all that is uncertain"),
        ({"method": "morris", "draws": 60}, "independently of the others, and so takes no draws"),
        ({"draws": 49}, "takes 50 draws or more, got 49"),
        ({"draws": 60, "size": 4}, "leave over and size out"),
        ({"draws": "posterior"}, "minimal has no posterior"),
    ],
)
def test_what_cannot_be_asked_is_refused(minimal: sim.Scenario, asked: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        sim.sensitivity(minimal, **asked)  # type: ignore[arg-type]
