"""What the intensity of an intervention does to what arrives of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.scenario.policy.written import Campaign, EnforcementMandate
from sim.schedule.expand import expand, scaled
from sim.schedule.schedule import Effect, ScheduledIntervention

parts = st.floats(0.01, 1.0)
factors = st.floats(0.05, 20.0)


@given(parts, parts, factors)
def test_what_arrives_of_a_friction_is_multiplied_up_to_one(reach: float, value: float, by: float) -> None:
    found = scaled(reach, (Effect("payment", value),), None, by)
    assert 0 <= found.reach <= 1
    assert 0 <= found.effects[0].value <= 1
    # Three products and a quotient of rounding.
    assert found.reach * found.effects[0].value == pytest.approx(min(1.0, reach * value * by), rel=1e-14)


@given(parts, st.floats(0.1, 5.0))
def test_at_one_nothing_changes(reach: float, value: float) -> None:
    effects = tuple(Effect(lever, value) for lever in ("fee", "risk", "hazard", "permission"))
    mandate = EnforcementMandate(action="closure", rate="0.2 /d")
    found = scaled(reach, effects, mandate, 1.0)
    assert (found.reach, found.effects, found.enforcement) == (reach, effects, mandate)


def test_each_lever_has_its_rule() -> None:
    effects = [Effect("fee", 0.1), Effect("risk", 0.5), Effect("hazard", 1.5), Effect("entry-cost", 0.25)]
    effects += [Effect("permission", 2.0), Effect("claim", 1.0)]
    mandate = EnforcementMandate(
        action="site-block", rate="0.1 /d", campaign=Campaign(sites=5, over="10 d", then="0.3 /d")
    )
    found = scaled(1.0, tuple(effects), mandate, 2.0)
    assert [effect.value for effect in found.effects] == [0.2, 1.0, 2.25, 0.0625, 2.0, 1.0]
    campaign = Campaign(sites=10, over="10 d", then="0.6 /d")
    assert found.enforcement == EnforcementMandate(action="site-block", rate="0.2 /d", campaign=campaign)


def payments(scenario: sim.Scenario, changes: dict[str, object], factor: float) -> ScheduledIntervention:
    policy = scenario.policies["baseline"].replace("payments", changes).strengthen("payments", factor)
    return next(item for item in expand(scenario, policy).interventions if item.id == "payments")


def test_what_a_kind_moves_is_strengthened_and_the_exempt_stay_exempt(minimal: sim.Scenario) -> None:
    weak = {"coverage": 0.3, "moves": {"payment": 0.5}, "exempt": {"research": 0.2}}
    for factor, reach, friction in (
        (1.0, 0.24, 0.5),
        (0.5, 0.12, 0.5),
        (2.0, 0.48, 0.5),
        (5.0, 0.8, 0.75),
        (9.0, 0.8, 1.0),
    ):
        found = payments(minimal, weak, factor)
        effects = {effect.lever: effect.value for effect in found.effects}
        assert found.reach == pytest.approx(reach, rel=1e-12)
        assert effects["payment"] == pytest.approx(friction, rel=1e-12)
        assert effects["hazard"] == pytest.approx(1.1**factor, rel=1e-12)
