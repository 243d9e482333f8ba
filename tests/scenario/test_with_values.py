"""Values replaced in a scenario that is loaded already, and values between two others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.scenario.policy.interventions import Uncertainty
from sim.scenario.ranges import between
from sim.scenario.scenario import loads
from tests.scenario.small import SMALL

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
SHIPPED = ("minimal", "china_2017", "hong_kong_2024")
EXTENDING = SMALL + "  soft: {extends: baseline, change: {payments: {efficacy: 0.5}}}\n"


@pytest.fixture(scope="module", params=SHIPPED)
def file(request: pytest.FixtureRequest) -> Path:
    return CONFIGS / f"{request.param}.yaml"


def test_the_same_as_overrides(file: Path) -> None:
    scenario = sim.load(file)
    values = {path: between(path, *given.between, 0.3) for path, given in scenario.uncertainties.items()}
    assert scenario.with_values(values) == sim.load(file, overrides=values)
    assert scenario.with_values({}) == scenario
    twice = scenario.with_values({"demand.onramp": 0.7}).with_values({"decisions.temperature": 0.04})
    assert twice == sim.load(file, overrides={"demand.onramp": 0.7, "decisions.temperature": 0.04})


def test_parts_of_what_is_a_default_and_whole_mappings() -> None:
    scenario = loads(EXTENDING)
    for path, value in (
        ("decisions.economics.launch.offshore.fixed", 10),
        ("decisions.economics", {"take": {"otc": 0.005}}),
        ("exchanges.tail.fixed", True),
    ):
        assert scenario.with_values({path: value}) == loads(EXTENDING, overrides={path: value})


def test_policies_that_build_on_another_follow_it() -> None:
    values = {"policies.baseline.interventions.payments.coverage": 0.4}
    scenario = loads(EXTENDING).with_values(values)
    assert scenario == loads(EXTENDING, overrides=values)
    assert [item.coverage for item in scenario.policies["soft"].interventions if item.id == "payments"] == [0.4]


def test_policies_that_build_on_one_that_extends_another_follow_it_too() -> None:
    values = {"policies.softer.interventions.payments.coverage": 0.3}
    text = EXTENDING + "  softer: {extends: soft}\n  softest: {extends: softer}\n  sideways: {extends: soft}\n"
    scenario = loads(text).with_values(values)
    assert scenario == loads(text, overrides=values)
    coverage = {
        name: [item.coverage for item in policy.interventions if item.id == "payments"]
        for name, policy in scenario.policies.items()
    }
    assert coverage["softer"] == coverage["softest"] == [0.3]
    assert coverage["sideways"] == coverage["soft"] != [0.3]


def test_policies_given_in_python_follow_where_they_say_the_same() -> None:
    base = loads(EXTENDING)
    baseline = base.policies["baseline"]
    given_ = {
        "late": baseline.delay("payments", days=9),
        "weak": baseline.replace("payments", {"coverage": 0.5}),
        "soft": base.policies["soft"],
        "none": baseline.without("payments"),
    }
    scenario = base.with_policies(given_)
    assert scenario.with_values({"demand.onramp": 0.7}).policies == scenario.policies
    written = {name: coverages(policy) for name, policy in scenario.policies.items()}
    changed = scenario.with_values({"policies.baseline.interventions.payments.coverage": 0.4})
    assert {name: coverages(policy) for name, policy in changed.policies.items()} == {
        **{name: [0.4] for name in written},
        "none": [],
        "weak": written["weak"],
    }
    assert written["weak"] != written["baseline"]
    both = scenario.with_values({f"policies.{name}.interventions.payments.coverage": 0.4 for name in ("late", "soft")})
    assert coverages(both.policies["baseline"]) == written["baseline"]


def coverages(policy: sim.Policy) -> list[object]:
    return [item.coverage for item in policy.interventions if item.id == "payments"]


def test_draws_of_a_policy_reach_those_made_of_it() -> None:
    """A policy that changes nothing differs from the baseline in no draw."""
    path = "policies.baseline.interventions.payments.coverage"
    base = sim.load(CONFIGS / "minimal.yaml")
    scenario = base.model_copy(update={"uncertainties": {path: Uncertainty(between=(0.1, 0.9))}})
    same = {"same": base.policies["baseline"].delay("payments", days=0)}
    study = sim.compare(scenario, same, replications=4, draws=4, seed=1, paths=False)
    assert study.values("suppression", "same").tobytes() == study.values("suppression").tobytes()
    assert len(set(study.values("suppression", "same").tolist())) == 4


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"segments.trader.switching": "0.3 /d"}, "did you mean traders"),
        ({"segments.traders.switching": 0.3}, "give a unit"),
        ({"segments.traders.switching": "-1 /d"}, "negative"),
        ({"demand.onramp": float("nan")}, "not a finite number"),
    ],
)
def test_what_is_wrong_is_told(values: dict[str, object], message: str) -> None:
    with pytest.raises(sim.ScenarioError, match=message):
        loads(EXTENDING).with_values(values)


def test_a_value_that_others_refer_to_is_checked_with_them() -> None:
    with pytest.raises(sim.ScenarioError, match="central-bank|regulator"):
        sim.load(CONFIGS / "minimal.yaml").with_values({"agencies.regulator.id": "other"})


@pytest.mark.parametrize(
    ("path", "low", "high", "part", "value"),
    [
        ("demand.onramp", 0.5, 1.5, 0.25, 0.75),
        ("demand.onramp", 1, 2, 0.5, 1.5),
        ("segments.traders.switching", "0.1 /d", "0.3 /d", 0.5, "0.2 /d"),
        ("segments.traders.switching", "0.1 /d", "0.7 per week", 0.5, "0.1 /d"),
        ("decisions.horizon", "1 w", "9 d", 0.5, "8 d"),
        ("decisions.horizon", "90 d", "110 d", 0.5, "100.0 d"),
        ("agencies.regulator.capacity", 2, 4, 0.99, 4),
        ("agencies.regulator.capacity", "2 cases", "4 cases", 0.5, "3 cases"),
        ("policies.baseline.interventions.payments.coverage", "10 %", "30 %", 0.5, "20.0 %"),
        ("policies.baseline.interventions.payments.announced", "2020-01-01", "2020-01-03", 0.25, "2020-01-01 12:00"),
        ("jurisdictions.harbour.entry_cost", 10, 20, 0.5, 15.0),
    ],
)
def test_between(path: str, low: object, high: object, part: float, value: object) -> None:
    found = between(path, low, high, part)
    assert found == (pytest.approx(value) if isinstance(value, float) else value)


def test_nothing_lies_between_different_things() -> None:
    with pytest.raises(ValueError, match="nothing lies between 3 d and 2 /d; give both in the same unit"):
        between("demand.onramp", "3 d", "2 /d", 0.5)


@settings(max_examples=25)
@given(st.integers(0, 30), st.integers(0, 30), st.floats(0, 1, exclude_max=True))
def test_counts_are_whole_numbers_of_the_range(low: int, more: int, part: float) -> None:
    found = between("exchanges.small.count", low, low + more, part)
    assert found in range(low, low + more + 1)
    assert found == low + int(part * (more + 1))
