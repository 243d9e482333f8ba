"""Measures do not depend on how often a run is recorded, and nothing comes before what caused it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.results.run import Run

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
END = {"end": "2020-12-31"}


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL, END)


def recorded(scenario: sim.Scenario, every: float) -> sim.Scenario:
    return scenario.model_copy(update={"record": scenario.record.model_copy(update={"every": every})})


def banned(scenario: sim.Scenario, day: float) -> sim.Policy:
    """The closure of the baseline, announced, in effect and at its deadline on one instant."""
    at = scenario.start + timedelta(days=day)
    baseline = scenario.policies["baseline"]
    closure = baseline.interventions[0].model_copy(update={"announced": at, "effective": at, "deadline": at})
    return baseline.model_copy(update={"interventions": (closure,)})


def run(scenario: sim.Scenario, policy: str | sim.Policy) -> Run:
    return sim.run(scenario, policy, seed=1)


@pytest.mark.parametrize("every", [7.0, 30.0, 0.25, 1.5])
def test_measures_do_not_depend_on_how_often_a_run_is_recorded(minimal: sim.Scenario, every: float) -> None:
    daily, other = run(minimal, "baseline"), run(recorded(minimal, every), "baseline")
    assert other.data["day"].values[:3].tolist() == [0.0, every, 2 * every]
    np.testing.assert_equal(dict(other.measures), dict(daily.measures))
    assert other.journal.equals(daily.journal)


@pytest.mark.parametrize("every", [7.0, 30.0])
def test_nor_do_those_of_a_study(minimal: sim.Scenario, every: float) -> None:
    daily, other = (sim.compare(each, replications=3, seed=4) for each in (minimal, recorded(minimal, every)))
    for policy in daily.policies:
        np.testing.assert_array_equal(other.results[policy].measures, daily.results[policy].measures)
    np.testing.assert_array_equal(other.day, daily.day)


@pytest.mark.parametrize("day", [0.5, 1.0, 5.0])
@pytest.mark.parametrize("every", [1.0, 7.0, 30.0])
def test_what_happens_at_once_takes_no_time_and_no_less(minimal: sim.Scenario, day: float, every: float) -> None:
    """All domestic venues close on one instant: half is lost then, and all of it, not half a record before."""
    scenario = recorded(minimal, every)
    measures = run(scenario, banned(scenario, day)).measures
    assert measures["half_life"] == measures["time_to_effect"] == 0.0
    assert 0.0 < measures["suppression"] < 1.0


def test_a_ban_on_the_first_day_leaves_nothing_to_compare_with(minimal: sim.Scenario) -> None:
    found = run(minimal, banned(minimal, 0.0))
    for name in ("suppression", "leakage", "half_life", "time_to_effect", "rebound", "cases_per_point"):
        assert np.isnan(found.measures[name]), name
    assert 0.0 <= found.measures["exposure"] <= 1.0
    assert "no market to compare with" in found.table().loc["suppression", "undefined"]
    assert found.table().loc["exposure", "undefined"] == ""


def test_half_life_is_that_of_a_path_recorded_often(minimal: sim.Scenario) -> None:
    """Waves and closings within a day: between daily records the error is below a tenth of a day."""
    from sim.results.run_measures import measure

    closely = measure(run(recorded(minimal, 0.02), "baseline"))
    daily = run(minimal, "baseline").measures
    for name in ("half_life", "time_to_effect"):
        assert daily[name] == pytest.approx(closely[name], abs=0.1), name
