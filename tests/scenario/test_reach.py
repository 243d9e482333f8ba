"""What forbids, or asks for a licence, does so for all of its target or for none."""

from __future__ import annotations

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.scenario import loads
from tests.scenario.small import SMALL, changed, complaints

WHY = ": a venue is forbidden, or needs a licence, or not; name those meant under target, such as exchanges"
END = "policies.p.interventions.order"


def told(*items: str) -> list[str]:
    """What is wrong with a policy of these interventions, without the lines."""
    text = SMALL + "".join(f"  {policy}: [{item}]\n" for policy, item in zip("pqrs", items, strict=False))
    return [line.split(": ", 1)[1] for line in complaints(text)]


@pytest.mark.parametrize(
    ("field", "name", "said"),
    [
        ("coverage: 50 %", "coverage", "cannot be 0.5"),
        ("efficacy: 0.9", "efficacy", "cannot be 0.9"),
        ("exempt: {small: 0.1, old: 0.2}", "exempt", "a part of the activity cannot be exempt"),
    ],
)
@pytest.mark.parametrize(
    "item",
    [
        "kind: closure-order",
        "kind: licence-regime",
        "kind: otc-licensing",
        "kind: host-closes",
        "kind: relief, moves: {permission: forbidden}",
    ],
)
def test_no_part_of_a_permission(item: str, field: str, name: str, said: str) -> None:
    assert told(f"{{id: order, {item}, announced: 2020-02-01, {field}}}") == [f"{END}.{name}: {said}{WHY}"]


def test_the_place_is_told() -> None:
    (line,) = complaints(changed(("    - id: closure\n", "    - id: closure\n      coverage: 50 %\n")))
    assert line.startswith("small.yaml:")
    assert line.endswith(f".interventions.closure.coverage: cannot be 0.5{WHY}")


@pytest.mark.parametrize(
    "item",
    [
        "kind: closure-order, coverage: 0",
        "kind: closure-order, coverage: 1, efficacy: 1, exempt: {all: 1}",
        "kind: relief, moves: {permission: free, hazard: 2}, coverage: 0.5",
        "kind: site-block, coverage: 0.5, exempt: {research: 0.1}",
        "kind: extraterritorial-claim, coverage: 0.5",
        "kind: fee-rule, efficacy: 0.5",
    ],
)
def test_all_none_and_what_comes_in_parts(item: str) -> None:
    assert told(f"{{id: order, {item}, announced: 2020-02-01}}") == []


def test_of_ladders_ranges_and_policies_made_in_python() -> None:
    rule = "p: {rules: [{id: watch, when: {indicator: exposure, above: 0.3}, steps: [[{id: order, kind: host-closes,"
    assert "cannot be 0.5" in complaints(SMALL + f"  {rule} coverage: 0.5}}]]}}]}}\n")[0]
    ranges = SMALL + "uncertainties:\n  policies.baseline.interventions.closure.coverage: {between: [0.5, 1]}\n"
    assert "cannot be 0.5" in complaints(ranges)[0]
    scenario = loads(SMALL)
    with pytest.raises(ScenarioError, match=r"cannot be 0\.5"):
        scenario.with_policies({"half": scenario.policies["baseline"].replace("closure", {"coverage": 0.5})})
