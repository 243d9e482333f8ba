"""What the calls say to arguments that are not what they need; and what scenarios and policies print."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import sim


@cache
def minimal() -> sim.Scenario:
    return sim.load("configs/minimal.yaml")


@cache
def history() -> sim.Run:
    return sim.run(minimal(), until="2020-02-01")


NOT_WHOLE: dict[str, Callable[[Any], object]] = {
    "run seed": lambda n: sim.run(minimal(), seed=n),
    "run replication": lambda n: sim.run(minimal(), replication=n),
    "compare replications": lambda n: sim.compare(minimal(), replications=n),
    "compare seed": lambda n: sim.compare(minimal(), seed=n),
    "compare draws": lambda n: sim.compare(minimal(), draws=n),
    "race seed": lambda n: sim.race(minimal(), None, "leakage", delta=1, larger_is_better=True, seed=n),
    "race n0": lambda n: sim.race(minimal(), None, "leakage", delta=1, larger_is_better=True, n0=n),
    "race maximum": lambda n: sim.race(minimal(), None, "leakage", delta=1, larger_is_better=True, maximum=n),
    "decompose replications": lambda n: sim.decompose(minimal(), replications=n),
    "decompose seed": lambda n: sim.decompose(minimal(), seed=n),
    "check replications": lambda n: sim.check(minimal(), replications=n),
    "check seed": lambda n: sim.check(minimal(), seed=n),
    "sweep replications": lambda n: sim.sweep(minimal(), ["demand.onramp"], replications=n),
    "sweep points": lambda n: sim.sweep(minimal(), ["demand.onramp"], points=n),
    "sweep seed": lambda n: sim.sweep(minimal(), ["demand.onramp"], seed=n),
    "precision minimum": lambda n: sim.Precision("leakage", 0.1, minimum=n),
    "precision maximum": lambda n: sim.Precision("leakage", 0.1, maximum=n),
    "orderings limit": lambda n: sim.orderings(minimal().policies["baseline"], limit=n),
    "orderings seed": lambda n: sim.orderings(minimal().policies["baseline"], seed=n),
    "exchanges n": lambda n: history().plot.exchanges(n=n),
    "timeline n": lambda n: history().plot.timeline(n=n),
}


@pytest.mark.parametrize("call", NOT_WHOLE)
@pytest.mark.parametrize("value", [1.5, -1, True, "3", np.float64(2.0)])
def test_numbers_that_count_are_whole(call: str, value: object) -> None:
    name = call.split()[1]
    with pytest.raises(ValueError, match=f"^{name} is a whole number from [01] on, not "):
        NOT_WHOLE[call](value)


def test_whole_numbers_of_numpy_count_as_such() -> None:
    run = sim.run(minimal(), seed=np.int64(3), until="2020-02-01")
    assert run.data.identical(sim.run(minimal(), seed=3, until="2020-02-01").data)


def test_a_seed_has_64_bits() -> None:
    assert sim.run(minimal(), seed=2**64 - 1, until="2020-02-01").seed == 2**64 - 1
    with pytest.raises(ValueError, match="^seed is a whole number up to 18,446,744,073,709,551,615, not 184467"):
        sim.run(minimal(), seed=2**64)


NO_SCENARIO: dict[str, Callable[[Any], object]] = {
    "run": sim.run,
    "compare": sim.compare,
    "race": lambda scenario: sim.race(scenario, None, "leakage", delta=1, larger_is_better=True),
    "futures": lambda scenario: sim.futures(scenario, {}, "2020-02-01"),
    "decompose": sim.decompose,
    "check": sim.check,
    "sweep": sim.sweep,
}


@pytest.mark.parametrize("call", NO_SCENARIO)
def test_a_file_name_is_no_scenario(call: str) -> None:
    with pytest.raises(
        TypeError, match=r"^scenario must be a Scenario, such as sim.load\('china_2017'\), not 'a.yaml'$"
    ):
        NO_SCENARIO[call]("a.yaml")


@pytest.mark.parametrize("value", [3, "tomorrow", 2020.5, ("2020", 1)])
def test_what_is_no_date_is_told(value: Any) -> None:
    calls = (
        lambda: sim.run(minimal(), until=value),
        lambda: sim.branch(history(), at=value),
        lambda: sim.futures(minimal(), {}, value),
    )
    for call in calls:
        with pytest.raises(ValueError, match=f"^{re.escape(repr(value))} is no date; write for instance '2017-12-31'$"):
            call()


def test_what_names_no_exchange_is_told() -> None:
    with pytest.raises(ValueError, match="^no exchange 3$"):
        history().explain(3)  # type: ignore[arg-type]


def test_a_scenario_is_no_history() -> None:
    with pytest.raises(TypeError, match="^history must be a Run, such as sim.run.*, not a Scenario$"):
        sim.branch(minimal())  # type: ignore[arg-type]


def test_a_measure_that_is_not_there_is_told_with_what_was_meant() -> None:
    study = sim.compare(minimal(), ["payments_first"], replications=2, until=(), paths=False)
    for ask in (study.plot.difference, study.plot.fan, study.difference):
        with pytest.raises(KeyError, match=r"no measure 'leakge' \(did you mean leakage\?\)"):
            ask("leakge")


@pytest.mark.parametrize("futures", ["payments_first", ["payments_first"], {"later": 3}])
def test_what_is_no_future_is_told(futures: Any) -> None:
    for call in (lambda: sim.branch(history(), futures), lambda: sim.futures(minimal(), futures, "2020-02-01")):
        with pytest.raises(TypeError, match="^futures are given by name, such as "):
            call()


@pytest.mark.parametrize("until", [0.3, "leakage", ["leakage"]])
def test_what_is_no_precision_is_told(until: Any) -> None:
    with pytest.raises(TypeError, match="^until must be a Precision, such as sim.Precision"):
        sim.compare(minimal(), until=until)


@pytest.mark.parametrize("days", ["ten", None, float("nan")])
def test_what_is_no_number_of_days_is_told(days: Any) -> None:
    with pytest.raises(ValueError, match="is not a number of days by which a date can move$"):
        minimal().policies["baseline"].delay("closure", days=days)


def test_what_a_figure_of_a_run_shows_comes_before_where_it_is_drawn() -> None:
    for plot in (history().plot.exchanges, history().plot.volume):
        with pytest.raises(ValueError, match="^mode 'otcc' is not one of "):
            plot("otcc")
    with pytest.raises(TypeError):
        history().plot.shares("otc")  # type: ignore[call-arg]


def test_scenarios_and_policies_print_in_a_few_lines() -> None:
    china = sim.load("configs/china_2017.yaml")
    assert repr(minimal()).startswith(
        "Scenario minimal: 2020-01-01 to 2021-06-30, 2 segments, 9 exchanges\n2 policies: "
    )
    for thing in (china, china.policies["baseline"]):
        assert repr(thing) == str(thing)
        assert len(repr(thing)) < 500
    assert repr(china.policies["baseline"]).endswith(f" and {len(china.policies['baseline'].ids) - 8} more")
    assert repr(sim.Policy()) == "Policy of 0 interventions and 0 rules"
