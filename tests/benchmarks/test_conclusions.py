"""What a cell of the table of conclusions counts, and which worlds it is counted in."""

from __future__ import annotations

import sim
from sim.scenario.policy.interventions import Uncertainty
from tests.benchmarks.conclusions import ADDED, BITFINEX, LIABILITY, Conclusion, held

OUTSIDE = "segments.traders.outside"


def test_a_cell_counts_the_worlds_in_which_a_conclusion_holds(minimal: sim.Scenario) -> None:
    ranges = {OUTSIDE: Uncertainty(between=(0.3, 0.8))}
    world = minimal.model_copy(update={"uncertainties": ranges})
    study = sim.compare(world, ["payments_first"], replications=10, draws=10, seed=1, paths=False)
    more = study.values("suppression", "payments_first") - study.values("suppression")
    holds, _ = Conclusion("", "payments_first", "suppression", less=False).cell(study).split(":")
    fails, _ = Conclusion("", "payments_first", "suppression").cell(study).split(":")
    assert holds == f"{(more > 0).mean():.0%}"
    assert fails == f"{(more < 0).mean():.0%}"


def test_what_is_held_is_set_and_not_drawn(minimal: sim.Scenario) -> None:
    ranges = {OUTSIDE: Uncertainty(between=(0.3, 0.8)), "demand.onramp": Uncertainty(between=(0.5, 1.5))}
    world = held(minimal.model_copy(update={"uncertainties": ranges}), {OUTSIDE: 0.4}, ["demand.onramp"])
    assert world.uncertainties == {}
    assert [segment.outside for segment in world.segments if segment.id == "traders"] == [0.4]


def test_what_was_added_is_uncertain_in_china() -> None:
    """A path that is renamed would be held in no world, in silence."""
    china = sim.load("china_2017")
    assert set(ADDED) <= set(china.uncertainties)
    assert {LIABILITY, BITFINEX} <= set(ADDED)
