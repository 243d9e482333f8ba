"""Parts of one's own: the examples of `docs/extending.md` pass their checks, and parts that are wrong do not."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.evidence.statistics import STATISTICS, SeriesName, Statistic
from sim.extensions import (
    Paths,
    Situation,
    behave,
    check_behaviour,
    check_figure,
    check_kind,
    check_measure,
    check_statistic,
    figure,
    measure,
    statistic,
)
from sim.installed_parts import GROUP, bring_installed
from sim.model.outcomes.measures import MEASURES, WHY_UNDEFINED
from sim.plot.figure_table import RunPlots
from sim.results.own_measures import OWN
from sim.scenario.scenario import Scenario, loads
from sim.scenario.shipped import starting_scenario
from tests.pages import blocks

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"
FACTS = """
series: {home: [{modes: [domestic]}]}
facts:
  - {id: trough, about: x, window: [2020-06-01, 2020-06-30], statistic: odd, arguments: {of: home}, value: 1, unit: x,
     grade: C, use: validate, source: invented}
"""


@pytest.fixture(autouse=True)
def _tables_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test adds is taken away again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    tables: tuple[dict[str, Any], ...] = (OWN, MEASURES, WHY_UNDEFINED, STATISTICS)
    before, figures = [dict(table) for table in tables], set(vars(RunPlots))
    yield
    for table, entries in zip(tables, before, strict=True):
        table.clear()
        table.update(entries)
    for name in set(vars(RunPlots)) - figures:
        delattr(RunPlots, name)


@pytest.fixture(scope="module")
def world() -> Scenario:
    return loads(starting_scenario("parts"))


@pytest.fixture(scope="module")
def short(world: Scenario) -> sim.Run:
    return sim.run(world, until="2025-02-01")


def test_the_examples_of_the_page_pass_their_checks() -> None:
    names: dict[str, Any] = {}
    for code in blocks(PAGE.read_text(encoding="utf-8"), "python"):
        exec(compile(code, "extending.md", "exec", dont_inherit=True), names)
    assert {"peak_otc"} <= set(names["run"].table().index)
    assert callable(names["run"].plot.outside)


def test_a_measure_of_ones_own_is_compared_like_any_other(world: Scenario) -> None:
    study = sim.compare(world, ["ban_and_block"], replications=4, executor=1, paths=True)

    @measure("stopped", "fraction", "Part that does not trade at the end")
    def stopped(paths: Paths) -> Any:
        return paths.share["outside"][:, -1]

    expected = study.path("outside")[:, -1]
    assert study.values("stopped") == pytest.approx(expected, abs=0)
    both = study.path("outside", "ban_and_block")[:, -1] - expected
    assert study.difference("stopped").loc["ban_and_block", "mean"] == pytest.approx(both.mean())
    run = sim.run(world)
    assert run.own_measures() == {"stopped": pytest.approx(run.to_frame()["outside"].iloc[-1], abs=0)}
    assert study.plot.difference("stopped").get_title(loc="left")
    with pytest.raises(ValueError, match="leakage"):
        measure("leakage", "fraction", "not this one")(stopped)


@pytest.mark.parametrize(
    ("reading", "wrong"),
    [
        (lambda paths: paths.share["otc"].max(), "shape"),
        (lambda paths: np.array([random.random() for _ in paths.share["otc"]]), "computed again"),
        (lambda paths: paths.share["otc"][:, 0] + len(paths.share["otc"]), "other replications"),
        (lambda paths: paths.share["otc"][:, 0] * np.nan, "defined in no replication"),
    ],
)
def test_a_measure_that_is_none_is_found(reading: Any, wrong: str) -> None:
    measure("odd", "fraction", "odd")(reading)
    with pytest.raises((AssertionError, ValueError), match=wrong):
        check_measure("odd")


class Odd(Statistic):
    """Reads what runs and blocks do not have alike."""

    of: SeriesName

    def read(self, episode: Any, window: Any) -> Any:
        return episode.mean(self.of, window) + (episode.replications == 1)


class Undated(Statistic):
    """Of a wrong shape."""

    of: SeriesName

    def read(self, episode: Any, window: Any) -> Any:
        return episode.daily(self.of, window)


@pytest.mark.parametrize(("kind", "wrong"), [(Odd, "a full run says something else"), (Undated, "dimension|shape")])
def test_a_statistic_that_is_none_is_found(kind: type[Statistic], wrong: str) -> None:
    statistic("odd")(kind)
    Path("facts.yaml").write_text(FACTS, encoding="utf-8")
    with pytest.raises((AssertionError, ValueError), match=wrong):
        check_statistic("facts.yaml", "minimal")


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="statistic already"):
        statistic("level")(Odd)
    with pytest.raises(ValueError, match="figure already"):
        figure("shares", of="run")(lambda run, ax=None: ax)


def drawn(run: Any, ax: Any) -> Any:
    ax.plot(run.data["time"], run.to_frame()["otc"])
    ax.set_title("OTC")
    return ax


def untitled(run: Any, ax: Any = None) -> Any:
    ax.plot([0, 1])
    return ax


def elsewhere(run: Any, ax: Any = None) -> Any:
    import matplotlib.pyplot as plt

    other = plt.figure().gca()
    plt.close("all")
    return other


def at_random(run: Any, ax: Any = None) -> Any:
    ax.plot([0, random.random()])
    ax.set_title("noise")
    return ax


def meddling(run: Any, ax: Any = None) -> Any:
    run.data["share"].values[0] = 0.0
    return drawn(run, ax)


@pytest.mark.parametrize(
    ("plot", "wrong"),
    [
        (untitled, "no title"),
        (elsewhere, "Axes that it is given"),
        (at_random, "another picture"),
        (meddling, "changes what it draws"),
    ],
)
def test_a_figure_that_is_none_is_found(plot: Any, wrong: str, short: sim.Run) -> None:
    with pytest.raises(AssertionError, match=wrong):
        check_figure(plot, replace(short, data=short.data.copy(deep=True)))


def test_a_figure_that_is_one_passes(short: sim.Run) -> None:
    check_figure(drawn, short)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ({"description": "x", "moves": {"medai": 1}}, "did you mean media"),
        ({"description": "", "moves": {"media": 1}}, "description says nothing"),
        ({"description": "nothing at all"}, "changes nothing"),
    ],
)
def test_a_kind_that_is_none_is_found(kind: Mapping[str, object], wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        check_kind("odd", kind)


def cheating(situation: Situation) -> Mapping[str, float]:
    situation.run.state.venues.open[0] = False
    return {}


@pytest.mark.parametrize(
    ("behaviour", "wrong"),
    [
        (lambda situation: {"otc": random.gauss(0, 9)}, "another history"),
        (cheating, "changes the state"),
        (lambda situation: {"ofshore": 1.0}, "did you mean offshore"),
        (lambda situation: {"offshore": float("nan")}, "cannot be added"),
    ],
)
def test_a_behaviour_that_is_none_is_found(behaviour: Any, wrong: str, world: Scenario) -> None:
    with pytest.raises((AssertionError, ValueError), match=wrong):
        check_behaviour(behaviour, world)


def test_a_behaviour_that_adds_nothing_changes_nothing(world: Scenario) -> None:
    plain = sim.run(world, seed=3, until="2025-12-01")
    for behaviour in (lambda situation: {}, lambda situation: {"offshore": 0.0}):
        other = sim.run(world, seed=3, until="2025-12-01", before_decision=behave(behaviour, world))
        pd.testing.assert_frame_equal(other.options, plain.options, check_exact=True)
        pd.testing.assert_frame_equal(other.journal, plain.journal, check_exact=True)


def test_what_is_added_is_in_the_score_and_in_nothing_else(world: Scenario) -> None:
    """At the first decision, which no earlier one has moved; all else of the error stays, its fresh part too."""
    plain = sim.run(world, seed=3, until="2025-08-01")
    adding = behave(lambda situation: {"exit": -0.5, "otc": 0.25}, world)
    other = sim.run(world, seed=3, until="2025-08-01", before_decision=adding)
    first = other.options["decision"] == 0
    added = other.options[first].set_index("option")["error"] - plain.options[first].set_index("option")["error"]
    feasible = other.options[first].set_index("option")["feasible"]
    expected = pd.Series({"exit": -0.5, "otc": 0.25}).reindex(added.index, fill_value=0.0) * feasible
    assert added.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-12)


def test_what_is_ruled_out_is_not_chosen(world: Scenario) -> None:
    never = {"offshore": -np.inf, "hybrid": -np.inf}
    plain, run = sim.run(world), sim.run(world, before_decision=behave(lambda situation: never, world))
    assert plain.decisions["choice"].isin(never).any()
    assert not run.decisions["choice"].isin(never).any()


def test_a_behaviour_needs_errors_to_add_to(world: Scenario) -> None:
    sure = world.with_values({"decisions.temperature": 0})
    with pytest.raises(ValueError, match="temperature 0"):
        behave(lambda situation: {}, sure)


def test_the_command_imports_what_packages_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = []

    def broken() -> None:
        raise ImportError("no module named parts")

    entries = [
        SimpleNamespace(name="good", value="my.parts", load=lambda: loaded.append("good")),
        SimpleNamespace(name="bad", value="my.other", load=broken),
    ]
    monkeypatch.setattr("sim.installed_parts.entry_points", lambda group: entries if group == GROUP else [])
    (said,) = bring_installed()
    assert loaded == ["good"]
    assert said == "the parts bad (my.other) cannot be used: ImportError: no module named parts"
