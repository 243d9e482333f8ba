"""A measure that a user added serves every question as those of the program do.

Its values in a comparison, read off the paths there, are what all other studies must repeat.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.explorer.session import Session
from sim.extensions import Paths, measure
from sim.model.outcomes.measures import MEASURES, WHY_UNDEFINED
from sim.reports.outcome_tables import outcome_blocks
from sim.results.own_measures import OWN, read_own
from sim.study.statistics.parameter_draws import drawn_values
from sim.study.statistics.posterior import Posterior, scenario_hash

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
POLICIES = ("baseline", "payments_first")
OUTSIDE = "segments.traders.outside"


@pytest.fixture(autouse=True)
def _added() -> Iterator[None]:
    """The measure, while a test runs."""

    @measure("stopped", "fraction", "Part that does not trade at the end")
    def stopped(paths: Paths) -> Any:
        return paths.share["outside"][:, -1]

    yield
    for table in (OWN, MEASURES, WHY_UNDEFINED):
        table.pop("stopped")


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


@pytest.fixture(scope="module")
def study(minimal: sim.Scenario) -> sim.Study:
    return sim.compare(minimal, POLICIES, 40, seed=2)


def test_tables_have_it(study: sim.Study, minimal: sim.Scenario) -> None:
    table = study.to_frame().set_index(["policy", "replication"])
    for policy in POLICIES:
        expected = study.path("outside", policy)[:, -1]
        np.testing.assert_array_equal(table.loc[policy, "stopped"], expected)
    assert study.measures == (*study.names, "stopped")
    bare = sim.compare(minimal, POLICIES, 2, paths=False)
    assert "stopped" not in bare.to_frame()
    assert bare.measures == bare.names


def test_a_precision_is_reached_in_it(study: sim.Study, minimal: sim.Scenario, tmp_path: Path) -> None:
    wide = study.paired("stopped", "payments_first").half_width
    asked = sim.Precision("stopped", 1.01 * wide, maximum=60)
    for store in (None, tmp_path / "study"):
        found = sim.compare(minimal, POLICIES, until=asked, seed=2, paths=False, store=store)
        n = found.replications["baseline"]
        np.testing.assert_array_equal(found.values("stopped")[:40], study.values("stopped")[:n])
        assert found.reached[0].reached
        assert found.reached[0].half_width == found.paired("stopped", "payments_first").half_width
    assert sim.open(tmp_path / "study").reached == found.reached  # type: ignore[union-attr]


def test_a_race_is_decided_by_it(study: sim.Study, minimal: sim.Scenario) -> None:
    found = sim.race(minimal, POLICIES, "stopped", delta=0.01, larger_is_better=True, seed=2)
    for policy, values in found.values.items():
        np.testing.assert_array_equal(values[:40], study.values("stopped", policy)[: len(values)])


def test_points_have_it(study: sim.Study, minimal: sim.Scenario) -> None:
    """In sweeps, tipping points and sensitivity; at the file's own value all repeat the comparison."""
    own = 0.6
    assert minimal.with_values({OUTSIDE: own}) == minimal
    swept = sim.sweep(minimal, {OUTSIDE: [own, 0.9]}, POLICIES, 40, seed=2, measures=["stopped"]).table()
    paired = study.paired("stopped", "payments_first")
    assert swept["difference"][1] == paired.mean
    assert swept["difference_high"][1] == paired.high
    tip = sim.tipping(minimal, *POLICIES, OUTSIDE, "stopped", between="0.6..0.9", points=2, replications=40, seed=2)
    np.testing.assert_array_equal(tip.a_values[0], study.values("stopped"))
    found = sim.sensitivity(minimal, ["payments_first"], ["stopped"], over=[OUTSIDE], replications=2, seed=2)
    np.testing.assert_array_equal(
        found.runs.of("stopped", "payments_first")[0], study.values("stopped", POLICIES[1])[:2]
    )


def test_a_search_seeks_it(study: sim.Study, minimal: sim.Scenario) -> None:
    found = sim.search(minimal, {"stopped": True}, trials=2, replications=4, seed=2)
    first = study.values("stopped")[:4].mean()
    assert found.found[found.variants.index(type(found.variants[0])()), 0] == pytest.approx(first)


def test_effects_on_it_are_divided(study: sim.Study, minimal: sim.Scenario) -> None:
    found = sim.decompose(minimal, "baseline", ["payments"], "stopped", replications=4, seed=2)
    without = sim.compare(minimal, {"none": minimal.policies["baseline"].without("payments")}, 4, seed=2)
    expected = (study.values("stopped")[:4] - without.values("stopped", "none")).mean()
    assert found.total.mean == pytest.approx(expected)


def test_boxes_and_plausible_worlds_are_told_of_it(minimal: sim.Scenario) -> None:
    worlds = Posterior(scenario_hash(minimal), tuple(drawn_values(minimal, 0, k) for k in range(40)), {})
    drawn = sim.compare(minimal, POLICIES, 40, draws=worlds)
    found = sim.discover(drawn, "payments_first", measure="stopped", larger_is_better=True)
    difference = drawn.values("stopped", "payments_first") - drawn.values("stopped")
    np.testing.assert_allclose(found.difference, difference)
    assert drawn.plausible("stopped").loc["payments_first", "higher"] == (difference > 0.0).mean()
    assert len(drawn.regret("stopped")) == 2


def test_it_can_be_explored(minimal: sim.Scenario, study: sim.Study) -> None:
    session = Session(minimal, seed=2, replications=8)
    assert "stopped" in [measure["id"] for measure in session.subject["measures"]]
    asked = {"policy": "payments_first", "measure": "stopped", "mode": "otc", "changes": {}}
    answer = session.answer(asked | {"replications": 8})
    paired = (study.values("stopped", "payments_first") - study.values("stopped"))[:8]
    assert answer["numbers"]["mean"] == pytest.approx(paired.mean())
    drawn = session.answer(asked | {"draws": 4})
    expected = sim.compare(minimal, POLICIES, 4, seed=2, draws=60)
    assert drawn["numbers"]["mean"] == pytest.approx(expected.paired("stopped", "payments_first").mean)


def test_reports_have_it(study: sim.Study) -> None:
    said = str(outcome_blocks(study))
    assert "Stopped: Part that does not trade at the end." in said
    assert "Stopped" in said.partition("Levels, and paired differences")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "--measures", "stopped", "--replications", "2"),
        ("race", "stopped", "--larger", "--delta", "0.1", "--n0", "5"),
        ("sweep", "--over", f"{OUTSIDE}=[0.4]", "--replications", "2", "--measures", "stopped"),
        ("search", "--larger", "stopped", "--smaller", "exposure", "--trials", "1", "--replications", "2"),
        ("tipping", *POLICIES, f"{OUTSIDE}=0.4..0.9", "--measure", "stopped", "--points", "2", "--replications", "2"),
        ("sensitivity", "--over", OUTSIDE, "--measures", "stopped", "--replications", "2"),
        ("discover", "payments_first", "--measure", "stopped", "--larger", "--draws", "20", "--replications", "1"),
    ],
)
def test_commands_take_its_name(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    command, *rest = arguments
    assert main([command, str(MINIMAL), *rest, "--json"]) == 0
    document = capsys.readouterr().out
    assert "stopped" in document
    json.loads(document)


def test_a_replication_that_failed_has_none(minimal: sim.Scenario) -> None:
    """A function that cannot say "not a number" by itself, such as one that compares, gets no say."""
    OWN["stopped"] = lambda paths: (paths.share["outside"][:, -1] > 0.5).astype(float)
    share = np.array([[0.2, 0.9], [np.nan, np.nan]])
    values = read_own("stopped", Paths(np.arange(2.0), {"outside": share}))
    np.testing.assert_array_equal(values, [1.0, np.nan])
