"""What the intensity of an intervention does to what arrives of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.scenario.policy.interventions import Campaign, EnforcementMandate
from sim.schedule.expand import Reach, arriving, expand, intensified
from sim.schedule.schedule import Effect, ScheduledIntervention

parts = st.floats(0.01, 1.0)
factors = st.floats(0.05, 20.0)


@given(parts, parts, factors)
def test_what_arrives_of_a_friction_is_multiplied_up_to_one(reached: float, value: float, by: float) -> None:
    """Less what is exempt, whatever the intensity."""
    for kept in (1.0, 0.7):
        (found,) = arriving((Effect("payment", value),), Reach(reached, kept), by)
        # Three products and a quotient of rounding.
        assert found.value == pytest.approx(kept * min(1.0, reached * value * by), rel=1e-14)


@given(st.floats(0.1, 5.0))
def test_at_one_nothing_changes(value: float) -> None:
    effects = tuple(Effect(lever, value) for lever in ("fee", "risk", "hazard", "permission"))
    mandate = EnforcementMandate(action="closure", rate="0.2 /d")
    assert arriving(effects, Reach(1.0, 1.0), 1.0) == effects
    assert intensified(mandate, 1.0) == mandate


LEVERS = [
    *(Effect("fee", 0.1), Effect("risk", 0.5), Effect("hazard", 1.5), Effect("entry-cost", 0.25)),
    *(Effect("permission", 2.0), Effect("claim", 1.0)),
]


def test_each_lever_has_its_rule() -> None:
    mandate = EnforcementMandate(
        action="site-block", rate="0.1 /d", campaign=Campaign(sites=5, over="10 d", then="0.3 /d")
    )
    found = arriving(tuple(LEVERS), Reach(1.0, 1.0), 2.0)
    assert [effect.value for effect in found] == [0.2, 1.0, 2.25, 0.0625, 2.0, 1.0]
    campaign = Campaign(sites=10, over="10 d", then="0.6 /d")
    assert intensified(mandate, 2.0) == EnforcementMandate(action="site-block", rate="0.2 /d", campaign=campaign)


def test_what_is_reached_in_part_arrives_in_part() -> None:
    """Amounts by part, factors on their way from 1; 0.8 of a half is 0.4."""
    found = arriving(tuple(LEVERS), Reach(0.5, 0.8), 1.0)
    assert [effect.value for effect in found] == pytest.approx([0.04, 0.2, 1.2, 0.7, 2.0, 1.0], rel=1e-15)


def payments(scenario: sim.Scenario, changes: dict[str, object], factor: float) -> ScheduledIntervention:
    policy = scenario.policies["baseline"].replace("payments", changes).strengthen("payments", factor)
    return next(item for item in expand(scenario, policy).interventions if item.id == "payments")


def test_what_a_kind_moves_is_strengthened_and_the_exempt_stay_exempt(minimal: sim.Scenario) -> None:
    weak = {"coverage": 0.3, "moves": {"payment": 0.5}, "exempt": {"research": 0.2}}
    for factor, friction in ((1.0, 0.24 * 0.5), (0.5, 0.12 * 0.5), (2.0, 0.48 * 0.5), (5.0, 0.8 * 0.75), (9.0, 0.8)):
        found = payments(minimal, weak, factor)
        effects = {effect.lever: effect.value for effect in found.effects}
        assert effects["payment"] == pytest.approx(friction, rel=1e-12)
        assert effects["hazard"] == pytest.approx((1.0 + 0.1 * 0.24) ** factor, rel=1e-12)
