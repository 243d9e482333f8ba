"""The ablation table on the smallest episode: each mechanism that it has is needed by some of its facts, or by none."""

from __future__ import annotations

import sim
from tests.benchmarks.ablation import MECHANISMS, rows, varied


def test_each_mechanism_of_china_2013_is_taken_out() -> None:
    all_, *others = rows(["china_2013"], replications=1)

    assert all_ == ["as the files have it", "3 of 3", "", ""]
    found = {name: (count, lost) for name, count, lost, _ in others}
    assert found["without any of these"][0] == "0"
    assert found["without: nest of home books"] == ("1", "china_2013 `rival`, china_2013 `rival-lag`")
    assert found["without: users leave when deposits stop"][0] == "0"
    assert found["without: nest of all order books"] == ("3", "")
    assert found["without: focal users in coin pairs"] == ("", "")


def test_a_scenario_without_a_mechanism_has_nothing_to_take_out() -> None:
    assert varied(sim.load("minimal"), MECHANISMS["users leave when deposits stop"]) is None
    assert varied(sim.load("minimal"), MECHANISMS["nest of all order books"]) is None
