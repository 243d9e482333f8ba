"""Policies made in Python and handed to a scenario."""

from __future__ import annotations

import warnings

import pytest

import sim
from sim.scenario.checks.lint import lint
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario, loads
from tests.scenario.small import SMALL, changed

SCENARIO = loads(SMALL, "small.yaml")
BASELINE = SCENARIO.policies["baseline"]


def refusal(policies: object, scenario: Scenario = SCENARIO) -> list[str]:
    with pytest.raises(sim.ScenarioError) as error:
        scenario.with_policies(policies)  # type: ignore[arg-type]
    return str(error.value).splitlines()


def test_they_stand_beside_those_of_the_file() -> None:
    policies = {
        "closure > payments (late)": BASELINE.delay("payments", days=9),
        "no closure": BASELINE.only("payments"),
    }
    scenario = SCENARIO.with_policies(policies)
    assert scenario.policies == {"baseline": BASELINE, **policies}
    assert scenario.model_copy(update={"policies": SCENARIO.policies}) == SCENARIO
    assert list(SCENARIO.policies) == ["baseline"]
    assert SCENARIO.with_policies({}) == SCENARIO
    assert SCENARIO.with_policies({"baseline": BASELINE}) == SCENARIO


def test_one_of_the_same_name_is_replaced() -> None:
    first = SCENARIO.with_policies({"p": BASELINE.without("closure")})
    assert first.with_policies({"p": BASELINE.without("payments")}).policies["p"] == BASELINE.only("closure")


@pytest.mark.parametrize("scenario", [SCENARIO, SCENARIO.model_copy()], ids=["loaded", "copied"])
def test_everything_wrong_is_told_with_policy_and_intervention(scenario: Scenario) -> None:
    found = refusal(
        {
            "p": BASELINE.replace("payments", {"by": "regulatr", "target": {"rails": ["bnak"]}}),
            "q": BASELINE.replace("closure", {"kind": "closure-ordr"}),
        },
        scenario,
    )
    assert found == [
        "with_policies: policies.p.interventions.payments.by: no agency called regulatr (did you mean regulator?)",
        "with_policies: policies.p.interventions.payments.target.rails[0]: no rail called bnak (did you mean bank?)",
        "with_policies: policies.q.interventions.closure.kind: no kind called closure-ordr"
        " (did you mean closure-order?)",
    ]


def test_ids_given_twice() -> None:
    (closure,) = BASELINE.only("closure").interventions
    assert refusal({"p": Policy(interventions=(closure, closure))}) == [
        "with_policies: policies.p.interventions.closure.id: the id closure is given a second time"
    ]


@pytest.mark.parametrize(
    ("policies", "message"),
    [
        ({"baseline": BASELINE.without("closure")}, "policies.baseline: stays as it is; give the policy another name"),
        ({"p": "baseline"}, "policies.p: must be a Policy, such as scenario.policies['baseline'].without('id'), not"),
        ({"p $": BASELINE}, "policies.p $: p $ is not a name made of letters, digits, spaces and _ . , : ; > + = ("),
        ({"": BASELINE}, "is not a name made of letters, digits, spaces"),
    ],
)
def test_what_is_refused(policies: object, message: str) -> None:
    (line,) = refusal(policies)
    assert message in line


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (BASELINE.delay("payments", days=300),
         r"policies\.p\.interventions\.payments\.announced: warning: starts after the scenario ends \(2020-12-31\), so it does nothing"),
        (BASELINE.delay("payments", days=-300), r"payments\.announced: warning: 2019-08-06 is before the scenario starts, so it is known"),
        (BASELINE.replace("payments", {"until": "2020-06-30"}).delay("payments", days=-250),
         r"payments\.until: warning: it is over before the scenario starts"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::UserWarning")  # the last one gives two
def test_what_moves_out_of_the_scenario_is_warned_of_once(policy: Policy, message: str) -> None:
    scenario = loads(SMALL)
    with pytest.warns(sim.ScenarioWarning, match=message):
        scenario = scenario.with_policies({"p": policy})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scenario.with_policies({"the same": policy}).with_values({"segments.traders.outside": 0.5})


def test_what_the_file_itself_has_outside_is_not_news() -> None:
    scenario = loads(changed(("announced: 2020-06-01", "announced: 2021-06-01")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scenario.with_policies({"p": scenario.policies["baseline"].without("payments")})
    assert lint(scenario)


def test_ranges_are_checked_in_a_policy_that_is_replaced() -> None:
    text = (
        SMALL
        + "  p: {extends: baseline}\nuncertainties:\n  policies.p.interventions.payments.coverage: {between: [0.1, 1]}\n"
    )
    scenario = loads(text)
    assert refusal({"p": BASELINE.without("payments")}, scenario)[0].endswith("no payments there; there are: closure")


def test_such_a_scenario_is_kept_and_read_back() -> None:
    scenario = SCENARIO.with_policies({"closure > payments": BASELINE.delay("payments", days=0.3)})
    assert Scenario.model_validate(scenario.model_dump(mode="json")) == scenario
