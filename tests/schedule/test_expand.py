"""From a policy to the schedule that is simulated, and what does not matter on the way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xarray.testing import assert_allclose

import sim
from sim.scenario.policy.interventions import Condition, Intervention, Rule
from sim.scenario.policy.policy import Policy
from sim.schedule.expand import expand
from sim.schedule.schedule import Schedule


def test_a_policy_goes_for_its_name(minimal: sim.Scenario) -> None:
    named, given_ = expand(minimal, "payments_first"), expand(minimal, minimal.policies["payments_first"])
    assert given_ == Schedule("given", named.interventions, named.rules)


def test_a_policy_that_is_given_is_checked(minimal: sim.Scenario) -> None:
    policy = minimal.policies["baseline"].replace("payments", {"by": "centrl-bank"})
    with pytest.raises(sim.ScenarioError, match=r"no agency called centrl-bank \(did you mean central-bank\?\)"):
        expand(minimal, policy)


def test_a_rule_that_starts_at_an_offset_starts_so_long_after_the_scenario(minimal: sim.Scenario) -> None:
    step = Intervention(id="step", kind="warning", announced=timedelta(0))
    rule = Rule(id="r", when=Condition(indicator="exposure", above=0.3), starts=timedelta(days=31), steps=((step,),))
    (dated,) = expand(minimal, Policy(rules=(rule,))).rules
    assert dated.starts == datetime(2020, 2, 1)


@pytest.mark.parametrize(
    ("dates", "deadline", "enforced", "until"),
    [
        ({}, 0.0, 0.0, None),
        ({"effective": "+7 d"}, 7.0, 7.0, None),
        ({"deadline": "2020-01-15"}, 15.0, 15.0, None),
        ({"deadline": "2020-01-15 00:00"}, 14.0, 14.0, None),
        ({"deadline": "+14 d"}, 15.0, 15.0, None),
        ({"deadline": "2020-01-15", "effective": "+7 d", "enforced": "2020-01-08"}, 15.0, 7.0, None),
        ({"deadline": "+6 months"}, 183.0, 183.0, None),  # 2020-07-01 is over, the 182nd day after the first
        ({"until": "2020-01-15"}, 0.0, 0.0, 15.0),
        ({"until": "2020-01-15 00:00"}, 0.0, 0.0, 14.0),
        ({"until": "+14 d"}, 0.0, 0.0, 15.0),
    ],
)
def test_ends_include_their_day_and_detection_starts_when_the_deadline_is_over(
    minimal: sim.Scenario, dates: dict[str, str], deadline: float, enforced: float, until: float | None
) -> None:
    ban = Intervention(id="ban", kind="closure-order", announced="2020-01-01", **dates)
    (found,) = expand(minimal, Policy(interventions=(ban,))).interventions
    assert (found.deadline, found.enforced, found.until) == (deadline, enforced, until)


@pytest.mark.parametrize(("deadline", "days"), [("+14 d", 15.0), ("+36 h", 1.5), ("+6 months", 184.0)])
def test_on_a_ladder_ends_count_from_the_firing(minimal: sim.Scenario, deadline: str, days: float) -> None:
    """Nobody knows the date of a firing, so a month is 30.4375 d there, to the whole day."""
    step = Intervention(id="step", kind="closure-order", announced="+0 d", deadline=deadline)
    rule = Rule(id="r", when=Condition(indicator="exposure", above=0.3), steps=((step,),))
    (found,) = expand(minimal, Policy(rules=(rule,))).interventions
    assert found.deadline == days


@pytest.mark.slow
@settings(max_examples=5)
@given(order=st.permutations(range(5)))
def test_the_order_of_declaration_does_not_matter(minimal: sim.Scenario, order: list[int]) -> None:
    """Shares agree to the rounding of products taken in another order, and the decisions are the same."""
    policy = minimal.policies["baseline"].then(
        Policy(
            interventions=tuple(
                Intervention(
                    id=f"w{n}", kind=kind, by="regulator", announced=datetime(2020, 6, 1), ramp=timedelta(days=30 * n)
                )
                for n, kind in enumerate(("warning", "monitoring", "fraud-shock"))
            )
        )
    )
    shuffled = policy.model_copy(update={"interventions": tuple(policy.interventions[n] for n in order)})
    scenario = minimal.with_policies({"one": policy, "other": shuffled})
    one, other = (sim.run(scenario, policy=name, seed=3) for name in ("one", "other"))
    listed = {name: one.data[name] for name in ("intervention", "lever")}
    assert_allclose(other.data.sel(listed), one.data, rtol=1e-9, atol=1e-9)
    columns = ["date", "exchange", "choice", "host"]
    assert other.decisions[columns].equals(one.decisions[columns])
