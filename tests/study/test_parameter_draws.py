"""Parameters drawn from their ranges: where the draws come from, and what intervals mean with them."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import sim
from sim.results.open_run import FolderError
from sim.scenario.ranges import size_of
from sim.study.reproduce import reproduce
from sim.study.statistics.parameter_draws import Draws, drawn_values, means_by_draw, pairs_by_draw
from sim.study.statistics.posterior import Posterior, scenario_hash
from sim.world.build import world_of

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
OUTSIDE, SWITCHING = "segments.traders.outside", "segments.traders.switching"


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


def test_draws_are_uniform_and_independent(minimal: sim.Scenario) -> None:
    values = [drawn_values(minimal, 0, k) for k in range(2000)]
    outside = np.array([value[OUTSIDE] for value in values], dtype=float)
    switching = np.array([size_of(value[SWITCHING]) for value in values], dtype=float)
    assert stats.kstest(outside, stats.uniform(0.3, 0.7).cdf).pvalue > 1e-3
    assert stats.kstest(switching, stats.uniform(0.1, 0.2).cdf).pvalue > 1e-3
    assert abs(np.corrcoef(outside, switching)[0, 1]) < 3.3 / np.sqrt(2000)  # three standard errors and a bit


def test_a_draw_depends_on_its_address_only(minimal: sim.Scenario) -> None:
    fewer = minimal.model_copy(update={"uncertainties": {OUTSIDE: minimal.uncertainties[OUTSIDE]}})
    assert drawn_values(fewer, 3, 7)[OUTSIDE] == drawn_values(minimal, 3, 7)[OUTSIDE]
    assert drawn_values(minimal, 3, 7) != drawn_values(minimal, 3, 8)
    assert drawn_values(minimal, 3, 7) != drawn_values(minimal, 4, 7)


@pytest.mark.parametrize("draws", [3, 10, 50])
def test_each_replication_is_a_run_of_the_drawn_scenario(minimal: sim.Scenario, draws: int) -> None:
    study = sim.compare(minimal, ["payments_first"], 10, seed=5, draws=draws)
    for r in (0, 4, 9):
        drawn = minimal.with_values(drawn_values(minimal, 5, r % draws))
        for policy in study.policies:
            alone = sim.run(drawn, policy, seed=5, replication=r, engine="compiled").measures
            found = study.results[policy].measures[r]
            np.testing.assert_allclose(found, [alone[name] for name in study.names], rtol=1e-12, atol=1e-15)
    table = study.parameters()
    assert len(table) == min(draws, 10)
    assert table[OUTSIDE].tolist() == [drawn_values(minimal, 5, k)[OUTSIDE] for k in range(len(table))]


def test_a_draw_of_a_policy_is_what_the_scenario_says(minimal: sim.Scenario) -> None:
    """To the last bit, for the policies of the file that build on it and for one made in Python, and in no other."""
    paths = ("policies.baseline.interventions.payments.coverage", "policies.baseline.interventions.closure.effective")
    rows = tuple({OUTSIDE: 0.4 + 0.1 * k, paths[0]: 0.5 + 0.1 * k, paths[1]: f"2020-0{4 + k}-01"} for k in range(3))
    policies = {
        "mine": minimal.policies["baseline"].without("payments"),
        "other": minimal.policies["baseline"].without(),
    }
    scenario = minimal.with_policies(policies)
    draws = Draws(scenario, 0, 3, Posterior("", rows, {}))
    for k, row in enumerate(rows):
        expected = scenario.with_values(row)
        assert draws.scenario_of(k).policies == expected.policies
        for policy in scenario.policies:
            world, _ = world_of(expected, policy)
            (own,) = draws.worlds(policy, k, 1)
            same = pickle.dumps(own) == pickle.dumps(world)
            assert same, (k, policy)


def test_more_draws_and_other_executors_change_no_bit(minimal: sim.Scenario) -> None:
    few = sim.compare(minimal, ["payments_first"], 20, draws=20)
    for other in (
        sim.compare(minimal, ["payments_first"], 20, draws=300),
        sim.compare(minimal, ["payments_first"], 20, draws=20, executor=2),
    ):
        for policy in few.policies:
            np.testing.assert_array_equal(few.results[policy].measures, other.results[policy].measures)
            np.testing.assert_array_equal(few.results[policy].paths, other.results[policy].paths)


def test_where_draws_are_shared_intervals_are_over_draws(minimal: sim.Scenario) -> None:
    study = sim.compare(minimal, ["payments_first"], 40, draws=8)
    a, b = study.values("suppression", "payments_first"), study.values("suppression")
    by_hand = (a - b).reshape(5, 8).mean(axis=0)
    found = study.paired("suppression", "payments_first")
    low, high = stats.t.interval(0.95, 7, by_hand.mean(), stats.sem(by_hand))
    assert (found.n, found.mean) == (8, pytest.approx(by_hand.mean(), rel=1e-9))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert study.level("suppression").n == 8
    assert study.level_band("otc").n.max() == 8
    assert study.band("otc", "payments_first").n.max() == 8
    assert study.difference("suppression").loc["payments_first", "n"] == 8


def part_that_covers_zero(x: np.ndarray) -> float:
    """The part of the rows whose interval of the mean, Student's of 95 %, covers 0."""
    low, high = stats.t.interval(0.95, x.shape[1] - 1, x.mean(axis=1), stats.sem(x, axis=1))
    return float(np.mean((low < 0.0) & (high > 0.0)))


def test_intervals_over_draws_cover_where_those_over_replications_do_not() -> None:
    """Normal draws of variance 1 with 10 replications of variance 1 each; 2,000 studies, tolerance three errors."""
    rng = np.random.default_rng(1)
    shared = rng.standard_normal((2000, 1, 20)) + rng.standard_normal((2000, 10, 20))
    means = np.array([means_by_draw(x.reshape(200), 20) for x in shared])
    assert abs(part_that_covers_zero(means) - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 2000)
    assert part_that_covers_zero(shared.reshape(2000, 200)) < 0.7


def test_means_by_draw_leave_out_what_is_undefined() -> None:
    values = np.array([1.0, np.nan, 3.0, 5.0, np.nan, 9.0])
    np.testing.assert_array_equal(means_by_draw(values, 3), [3.0, np.nan, 6.0])
    np.testing.assert_array_equal(means_by_draw(values, None), values)
    np.testing.assert_array_equal(means_by_draw(values, 6), values)
    a, b = pairs_by_draw(values, np.array([1.0, 2.0, 3.0, np.nan, 1.0, 2.0]), 3)
    np.testing.assert_array_equal(a, [1.0, np.nan, 6.0])
    np.testing.assert_array_equal(b, [1.0, np.nan, 2.5])


def test_the_command_of_a_run_has_its_values(minimal: sim.Scenario) -> None:
    study = sim.compare(minimal, ["payments_first"], 4, draws=2)
    values = drawn_values(minimal, 0, 1)
    assert f"'--set={SWITCHING}={values[SWITCHING]}'" in study.command("baseline", 3)
    assert "--set" not in replace(study, draws=None).command("baseline", 3)
    assert f"study.scenario.with_values({values})" in replace(study, files={}).command("baseline", 3)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 1}, "from 2 on, got 1"),
        ({"draws": 20, "until": sim.Precision("leakage", 0.01)}, "from 30 replications on, .* and there are 20"),
        ({"draws": "posterior"}, "minimal has no posterior"),
        ({"draws": "prior"}, "draws is a whole number from 0 on, not 'prior'"),
        ({"draws": 2.5}, "draws is a whole number"),
    ],
)
def test_draws_that_say_nothing_are_refused(minimal: sim.Scenario, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.compare(minimal, **options)  # type: ignore[arg-type]


def test_precision_may_have_a_draw_for_each_replication(minimal: sim.Scenario) -> None:
    asked = sim.Precision("suppression", 0.01, minimum=30, maximum=60)
    assert sim.compare(minimal, ["payments_first"], until=asked, draws=60).replications["baseline"] <= 60


def test_precision_is_given_up_when_each_draw_had_a_replication(minimal: sim.Scenario, tmp_path: Path) -> None:
    """Further replications would share draws; the study that is kept says the same."""
    asked = sim.Precision("suppression", 1e-9, minimum=4)
    study = sim.compare(minimal, ["payments_first"], until=asked, draws=8, store=tmp_path / "study")
    assert set(study.replications.values()) == {8}
    assert [(report.reached, report.given_up) for report in study.reached] == [(False, True)]
    kept = sim.open(tmp_path / "study")
    assert isinstance(kept, sim.Study)
    assert kept.reached == study.reached


def test_a_posterior_is_drawn_from_everywhere_alike(minimal: sim.Scenario) -> None:
    """Replication r has row r in a comparison, a race, a precision, and at each point of a sweep."""
    rows = tuple(drawn_values(minimal, 9, k) for k in range(6))
    worlds = Posterior(scenario_hash(minimal), rows, {})
    policies = ["baseline", "payments_first"]
    study = sim.compare(minimal, policies, 6, seed=4, draws=worlds, paths=False)
    raced = sim.race(minimal, policies, "suppression", delta=1e-9, larger_is_better=True, seed=4, n0=6, draws=worlds)
    assert raced.interval_scope == (
        "intervals: luck and parameters, of the mean over 6 worlds that the record makes plausible"
    )
    for policy, values in raced.values.items():
        np.testing.assert_array_equal(values, study.values("suppression", policy)[: len(values)])
    asked = sim.Precision("suppression", 1e-9, minimum=6)
    precise = sim.compare(minimal, policies, until=asked, seed=4, draws=worlds, paths=False)
    np.testing.assert_array_equal(precise.values("suppression"), study.values("suppression"))

    outside = tuple({SWITCHING: row[SWITCHING]} for row in rows)
    others = Posterior(scenario_hash(minimal), outside, {})
    swept = sim.sweep(minimal, {OUTSIDE: [0.5]}, policies, 6, seed=4, draws=others, measures=["suppression"])
    at_half = minimal.with_values({OUTSIDE: 0.5})
    moved = replace(others, scenario=scenario_hash(at_half))
    expected = sim.compare(at_half, policies, 6, seed=4, draws=moved, paths=False)
    row = swept.table().set_index("policy").loc["payments_first"]
    paired = expected.paired("suppression", "payments_first")
    assert row[["mean", "difference", "difference_low", "pairs"]].tolist() == pytest.approx(
        [expected.level("suppression", "payments_first").mean, paired.mean, paired.low, paired.n]
    )
    assert (row["draws_low"], row["draws_high"]) == expected.draw_range("suppression", "payments_first")
    with pytest.raises(ValueError, match=f"the posterior draws {SWITCHING}, and what else is plausible"):
        sim.sweep(minimal, {SWITCHING: ["0.1 /d"]}, policies, 30, draws=others)


def test_what_is_swept_over_is_not_drawn(minimal: sim.Scenario) -> None:
    """At each point the others have the draws of a comparison at that value, the same at all points."""
    found = sim.sweep(minimal, {OUTSIDE: [0.4, 0.9]}, ["payments_first"], 8, seed=2, draws=4, measures=["leakage"])
    table = found.table().set_index(["point", "policy"])
    for point, value in ((1, 0.4), (2, 0.9)):
        others = {path: range_ for path, range_ in minimal.uncertainties.items() if path != OUTSIDE}
        fixed = minimal.with_values({OUTSIDE: value}).model_copy(update={"uncertainties": others})
        study = sim.compare(fixed, ["payments_first"], 8, seed=2, draws=4, paths=False)
        assert study.parameters()[SWITCHING].tolist() == [drawn_values(minimal, 2, k)[SWITCHING] for k in range(4)]
        row = table.loc[(point, "payments_first")]
        assert row["difference"] == pytest.approx(study.paired("leakage", "payments_first").mean)
        assert row["pairs"] == 4
    assert found.interval_scope.startswith("intervals: luck and parameters, of the mean over 4 draws")
    without = sim.sweep(minimal, {OUTSIDE: [0.4]}, ["payments_first"], 2)
    left = len(minimal.uncertainties) - 1
    assert without.interval_scope.startswith("intervals: luck within the model, at the values of each point; ")
    assert f"; {left} value{'s are' if left > 1 else ' is'} uncertain" in without.interval_scope
    assert "draws_low" not in without.table()
    with pytest.raises(ValueError, match="nothing is left to draw"):
        sim.sweep(minimal, None, ["payments_first"], 8, points=2, draws=4)


def test_a_race_over_draws_ends_with_them(minimal: sim.Scenario) -> None:
    options = {"delta": 1e-9, "larger_is_better": True, "seed": 4}
    raced = sim.race(minimal, None, "suppression", draws=8, n0=8, **options)  # type: ignore[arg-type]
    assert set(raced.replications.values()) == {8}
    assert raced.stopped == "cap"
    assert "when all draws were used: no guarantee" in str(raced)
    with pytest.raises(ValueError, match="first stage has 30 replications, each with its own draw; there are 20"):
        sim.race(minimal, None, "suppression", draws=20, **options)  # type: ignore[arg-type]


def test_a_scenario_without_ranges_has_nothing_to_draw(minimal: sim.Scenario) -> None:
    with pytest.raises(ValueError, match="minimal has no `uncertainties`"):
        sim.compare(minimal.model_copy(update={"uncertainties": {}}), draws=5)


def test_a_study_with_draws_is_kept_and_made_again(minimal: sim.Scenario, tmp_path: Path) -> None:
    made = sim.compare(minimal, ["payments_first"], 6, seed=2, draws=4, store=tmp_path / "study")
    opened = sim.open(tmp_path / "study")
    assert isinstance(opened, sim.Study)
    assert opened.draws == 4
    assert opened.paired("leakage", "payments_first") == made.paired("leakage", "payments_first")
    assert opened.parameters().equals(made.parameters())
    assert all(reproduce(tmp_path / "study").values())
    with pytest.raises(FolderError, match="draws is 4 there and None here"):
        sim.compare(minimal, ["payments_first"], 6, seed=2, store=tmp_path / "study")
    more = sim.compare(minimal, ["payments_first"], 9, seed=2, draws=4, store=tmp_path / "study")
    np.testing.assert_array_equal(more.values("leakage")[:6], made.values("leakage"))


def test_with_draws_both_the_luck_and_the_range_are_told(minimal: sim.Scenario) -> None:
    """The range holds the middle 95 % of the draws, each the mean over its replications; luck is narrower."""
    study = sim.compare(minimal, replications=80, draws=20, paths=False)
    differences = study.values("leakage", "payments_first") - study.values("leakage")
    of_draw = np.array([np.nanmean(differences[k::20]) for k in range(20)])
    row = study.difference("leakage").loc["payments_first"]

    assert (row["draws_low"], row["draws_high"]) == pytest.approx(np.quantile(of_draw, [0.025, 0.975]).tolist())
    assert row["draws_low"] < row["low"] < row["high"] < row["draws_high"]
    assert study.interval_scope.startswith("intervals: luck and parameters, of the mean over 20 draws")


def test_without_draws_intervals_say_that_they_cover_luck_alone(minimal: sim.Scenario) -> None:
    study = sim.compare(minimal, replications=3, paths=False)
    assert "draws_low" not in study.difference("leakage")
    assert np.isnan(study.draw_range("leakage", "payments_first")).all()
    assert study.interval_scope.startswith("intervals: luck within the model, at the file's values; ")
    assert f"{len(minimal.uncertainties)} values are uncertain in the file" in study.interval_scope
    assert "--draws N" in study.interval_scope
    certain = sim.compare(minimal.model_copy(update={"uncertainties": {}}), replications=3, paths=False)
    assert certain.interval_scope == "intervals: luck within the model, at the file's values"


def test_a_measure_that_is_never_defined_is_told_with_its_reason(minimal: sim.Scenario) -> None:
    study = sim.compare(minimal, ["payments_first"], replications=3, paths=False)
    assert study.undefined("suppression") == {}
    with pytest.warns(UserWarning, match="licence_wait is not defined in any replication of baseline: no application"):
        table = study.difference("licence_wait")
    assert table["level"].isna().all()
    assert set(study.undefined("licence_wait")) == set(study.policies)
