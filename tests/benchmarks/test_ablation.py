"""The ablation table on the smallest episode: each mechanism that it has is needed by some of its facts, or by none."""

from __future__ import annotations

import sim
from tests.benchmarks.ablation import MECHANISMS, rows, without


def test_each_mechanism_of_china_2013_is_taken_out() -> None:
    all_, *others = rows(["china_2013"], replications=1)

    found = {name: cell.split("\n") for name, cell in others}
    assert all_ == ["all", "3, 3 of 3"]
    assert found["any of these"][0] == "0, 0 of 3"
    assert found["nest of home books"] == ["1, 1 of 3", "- rival", "- rival-lag"]
    assert found["users leave when deposits stop"][0] == "0, 0 of 3"
    assert found["nest of all order books"] == ["3, 3 of 3"]


def test_a_scenario_without_a_mechanism_has_nothing_to_take_out() -> None:
    assert without(sim.load("minimal"), MECHANISMS["users leave when deposits stop"]) is None
    assert without(sim.load("minimal"), MECHANISMS["nest of all order books"]) is None
