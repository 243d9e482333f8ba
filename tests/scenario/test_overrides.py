"""Values set from outside, and ranges of what nobody knows."""

import math
from datetime import date

import pytest

from sim.scenario.scenario import Scenario, loads
from sim.scenario.values.distributions import Dist
from sim.scenario.values.units import PartOfVolume
from sim.scenario.world.exchanges import Cost
from tests.scenario.small import SMALL, complaints

EXTENDING = SMALL + "  soft: {extends: baseline, change: {payments: {efficacy: 0.5}}}\n"


def setting(path: str, value: object, text: str = EXTENDING) -> Scenario:
    return loads(text, overrides={path: value})


def test_items_are_addressed_by_id_group_or_number() -> None:
    assert setting("segments.traders.switching", "0.3 /d").segments[0].switching == 0.3
    assert setting("exchanges.tail.fixed", True).exchanges[1].fixed
    assert setting("exchanges.0.share", 0.71).exchanges[0].share == 0.71
    assert setting("end", date(2021, 1, 31)).end.year == 2021


def test_parts_of_distributions() -> None:
    service = setting("agencies.regulator.service.lognormal.sd", "0 d").agencies[0].service
    assert service == Dist("lognormal", math.log(12.0), 0.0)


def test_what_the_file_leaves_to_its_default() -> None:
    assert setting("decisions.temperature", 0.02).decisions.temperature == 0.02
    assert setting("decisions.reaction.uniform.low", "3 d").decisions.reaction == Dist("uniform", 3.0, 7.0)
    launch = setting("decisions.economics.launch.offshore.fixed", 10).decisions.economics.launch
    assert launch == {"offshore": Cost(fixed=10.0)}
    assert setting("enforcement.reference_size", "3 %").enforcement.reference_size == PartOfVolume(3.0)


def test_a_value_of_the_baseline_reaches_the_policies_that_build_on_it() -> None:
    scenario = setting("policies.baseline.interventions.payments.coverage", 0.3)
    assert {policy.interventions[1].coverage for policy in scenario.policies.values()} == {0.3}
    scenario = setting("policies.soft.interventions.payments.coverage", 0.3)
    assert [policy.interventions[1].coverage for policy in scenario.policies.values()] == [1.0, 0.3]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("segments.trader.switching", "1 /d", "leads nowhere: no trader there (did you mean traders?)"),
        ("segments.traders.swtching", "1 /d", "leads nowhere: no swtching there (did you mean switching?)"),
        ("traders.switching", "1 /d", "leads nowhere: no traders there (did you mean segments.traders.switching?)"),
        ("segments.traders.rails.bnk", 0.1, "leads nowhere: no bnk there (did you mean bank?)"),
        ("segments.traders.volume.x", 1, "leads nowhere: there is nothing inside a value, so no x"),
        ("closing.minimum.x", 1, "leads nowhere: minimum is not given, so there is no x in it"),
        ("segments..volume", 1, "leads nowhere: write it as segments.retail.switching"),
        ("segments.traders.switching", 0.3, "give a unit, for instance 0.25 /d"),
        ("segments.traders.volume", True, "true is not a number"),
        ("segments.traders.volume", float("nan"), "nan is not a finite number"),
        ("segments.traders.volume", {1: 2}, "the key 1 is not text"),
        ("segments.traders.volume", object(), "a value of type object cannot stand in a scenario"),
        ("segments.traders.home", "harbor", "no jurisdiction called harbor (did you mean harbour?)"),
    ],
)
def test_what_is_refused(path: str, value: object, message: str) -> None:
    assert complaints(EXTENDING, **{path.replace(".", "__"): value}) == [f"override: {path}: {message}"]


def test_ranges_are_checked_at_both_ends() -> None:
    start = SMALL.count("\n") + 2
    text = SMALL + (
        "uncertainties:\n"
        "  segments.traders.outside: {between: [0.3, 1.0]}\n"
        "  segments.traders.switching: {between: [0.1 /d, 0.3 /d]}\n"
        "  decisions.economics.take.otc: {between: [0.004, 0.008]}\n"
        "  agencies.regulator.service.lognormal.mean: {between: [6 d, 20 d]}\n"
    )
    assert complaints(text) == []
    assert complaints(text.replace("[0.3, 1.0]", "[-0.3, 1.0]")) == [
        f"small.yaml:{start}:40: segments.traders.outside: -0.3 should be greater than 0"
    ]
    assert complaints(text.replace("0.3 /d]", "0.3]")) == [
        f"small.yaml:{start + 1}:50: segments.traders.switching: give a unit, for instance 0.25 /d"
    ]
    assert complaints(text.replace("traders.outside", "traders.outsid")) == [
        f"small.yaml:{start}:3: segments.traders.outsid: leads nowhere: no outsid there (did you mean outside?)"
    ]
    assert complaints(text.replace("[6 d, 20 d]", "[3 weeks, 20 d]")) == [
        f"small.yaml:{start + 3}:56: uncertainties.agencies.regulator.service.lognormal.mean.between:"
        " the low end is above the high end"
    ]
