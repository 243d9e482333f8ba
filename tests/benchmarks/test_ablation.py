"""The ablation table on the smallest episode: each mechanism that it has is needed by some of its facts, or by none."""

from __future__ import annotations

import sim
from tests.benchmarks.ablation import MECHANISMS, UNUSED, agreeing, rows, varied


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


def test_japanese_exchanges_stay_at_home_since_nobody_abroad_knows_them() -> None:
    """Of 16 that are registered the record has two abroad, at most four; if all had a name there it would be eight."""
    japan = sim.load("japan_2018")
    known = varied(japan, MECHANISMS["a name abroad is made there"])
    assert known is not None

    lost = agreeing("japan_2018", japan, 10)[0] - agreeing("japan_2018", known, 10)[0]

    assert "abroad" in lost


def test_costs_in_money_are_those_of_the_file_on_the_first_day() -> None:
    india = varied(sim.load("india_2018"), UNUSED["costs are in money"])
    assert india is not None

    path = india.price.points
    assert path[india.start] == 1.0
    assert max(path) <= india.end
    assert 0.3 < min(path.values()) < 0.5  # by December 2018
    assert varied(sim.load("hong_kong_2024"), UNUSED["costs are in money"]) is None
