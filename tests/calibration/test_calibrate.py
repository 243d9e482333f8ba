"""Calibration of scenarios: whose parameters, which facts, files, and what the posterior says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.calibration.parameter_space import parameter_space
from sim.calibration.targets import targets_of
from sim.evidence.evidence_file import Fact
from sim.scenario.errors import ScenarioError
from sim.scenario.shipped import shipped
from sim.study.statistics.posterior import posterior_of, read_posterior, scenario_hash

OUTSIDE, SWITCHING = "segments.traders.outside", "segments.traders.switching"
FACTS = """\
series:
  home: [{modes: [domestic]}]
facts:
  - {id: level, window: [2020-01-01, 2020-01-31], statistic: level, arguments: {of: home}, value: 12000, low: 11500,
     high: 12500, unit: units, grade: C, use: calibrate, about: home volume in January, source: invented}
  - {id: kept-aside, window: [2020-02-01, 2020-02-29], statistic: level, arguments: {of: home}, value: 12000, unit: units,
     grade: C, use: validate, about: home volume in February, source: invented}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, minimal: sim.Scenario) -> Path:
    """A scenario with evidence beside it."""
    folder = tmp_path_factory.mktemp("calibrated")
    text = (Path(__file__).parents[2] / "configs" / "minimal.yaml").read_text(encoding="utf-8")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "mine.yaml").write_text(FACTS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> sim.Calibration:
    scenario = sim.load(folder / "mine.yaml")
    return sim.calibrate(scenario, waves=2, points=12, replications=2, draws=30, store=folder / "waves")


def test_the_posterior_belongs_to_the_facts_for_calibration(found: sim.Calibration) -> None:
    assert found.matching.targets.names == ("level",)
    assert list(found.waves()["runs"]) == [24, 24]
    posterior = found.posteriors["minimal"]
    assert posterior.paths == (OUTSIDE, SWITCHING)
    assert len(posterior.rows) == 30
    table = found.parameters().set_index("parameter")
    assert table.loc[OUTSIDE, "width"] < 0.8  # a larger outside option means less volume at home
    digits = table.loc[OUTSIDE, ["posterior_low", "median", "posterior_high"]].str.replace("0.", "", n=1, regex=False)
    assert (digits.str.len() <= 3).all()


def test_real_runs_weigh_the_posterior(found: sim.Calibration) -> None:
    runs = found.real_runs(points=80, replications=4)
    assert runs.distances.shape == (80, 4, 1)
    assert runs.points.tobytes() == found.sample[:80].tobytes()
    assert runs.reliable
    weighed = found.weighed_by(runs)
    posterior = weighed.posteriors["minimal"]
    assert (len(posterior.rows), posterior.scenario) == (30, found.posteriors["minimal"].scenario)
    assert posterior.about["method"].endswith("then weighed by 4 real runs at each point")
    assert {tuple(point) for point in weighed.sample} <= {tuple(point) for point in runs.points}
    with pytest.raises(ValueError, match="no posterior can be drawn by real runs: "):
        found.weighed_by(replace(runs, points=runs.points[:40], distances=runs.distances[:40]))


def test_an_interrupted_calibration_goes_on_to_the_same_end(found: sim.Calibration, folder: Path) -> None:
    (folder / "waves" / "wave-2.csv").unlink()
    scenario = sim.load(folder / "mine.yaml")
    again = sim.calibrate(scenario, waves=2, points=12, replications=2, draws=30, store=folder / "waves", executor=2)
    assert again.posteriors == found.posteriors
    with pytest.raises(ValueError, match=r"holds another calibration \(plan differs\)"):
        sim.calibrate(scenario, waves=2, points=12, replications=2, seed=1, store=folder / "waves")


def test_a_posterior_is_read_beside_its_scenario_and_used_by_comparisons(found: sim.Calibration, folder: Path) -> None:
    scenario = sim.load(folder / "mine.yaml")
    with pytest.raises(
        ValueError, match=r"has no posterior: there is no .*mine.posterior.csv; `regpressure calibrate`"
    ):
        sim.compare(scenario, draws="posterior")
    file = folder / "mine.posterior.csv"
    found.posteriors["minimal"].write(file)
    assert read_posterior(file) == found.posteriors["minimal"]

    study = sim.compare(scenario, ["payments_first"], 60, draws="posterior", store=folder / "study")
    assert study.draws == 30
    assert study.parameters()[OUTSIDE].tolist() == [row[OUTSIDE] for row in found.posteriors["minimal"].rows]
    drawn = scenario.with_values(study.posterior.rows[3])  # type: ignore[union-attr]
    alone = sim.run(drawn, "payments_first", replication=33, engine="compiled").measures
    row = study.results["payments_first"].measures[33]
    np.testing.assert_allclose(row, [alone[name] for name in study.names], rtol=1e-12, atol=1e-15)

    plausible = study.plausible("suppression").loc["payments_first"]
    assert plausible["worlds"] == 30
    assert plausible["higher"] + plausible["lower"] <= 1.0
    assert plausible["low"] <= plausible["median"] <= plausible["high"]
    assert sim.open(folder / "study").parameters().equals(study.parameters())  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="no draws of parameters"):
        sim.compare(scenario, replications=2).plausible("suppression")
    file.unlink()


def test_a_posterior_of_another_state_of_the_scenario_is_refused(found: sim.Calibration, folder: Path) -> None:
    posterior = found.posteriors["minimal"]
    scenario = sim.load(folder / "mine.yaml")
    assert posterior_of(scenario, posterior) == posterior
    early = scenario.policies["baseline"].delay("closure", days=-5)
    assert posterior_of(scenario.with_policies({"early": early}), posterior) == posterior
    with pytest.raises(ValueError, match="as it was before a change"):
        posterior_of(scenario.with_values({"demand.onramp": 0.9}), posterior)
    with pytest.raises(ValueError, match=f"draws {OUTSIDE}, which was set to 0.5"):
        posterior_of(scenario.with_values({OUTSIDE: 0.5}), posterior)
    with pytest.raises(ValueError, match=r"draws segments.traders.outsde, .*did you mean"):
        posterior_of(scenario, replace(posterior, rows=({"segments.traders.outsde": 1.0},) * 2))


def test_words_and_nominal_values_do_not_make_a_posterior_stale(folder: Path) -> None:
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    before = scenario_hash(sim.load(folder / "mine.yaml"))
    other = folder / "other.yaml"
    other.write_text(text.replace("name: minimal", "name: renamed"), encoding="utf-8")
    assert scenario_hash(sim.load(other)) == before
    assert scenario_hash(sim.load(other, {OUTSIDE: 0.5})) == before
    assert scenario_hash(sim.load(other, {"demand.onramp": 0.9})) != before


def test_a_file_that_is_no_posterior_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.posterior.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"{file}:1:1: this is no posterior"):
        read_posterior(file)
    file.write_text("# Posterior\n# scenario: 0\na,b\n1,2\n3\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"{file}:5:1: 1 values for 2 parameters"):
        read_posterior(file)


def test_what_is_identified_and_predicted(found: sim.Calibration) -> None:
    narrowing = found.narrowing()
    assert narrowing.loc["level", OUTSIDE] > 0.3
    assert abs(narrowing.loc["level", SWITCHING]) < 0.1  # volume in January is that of the first day
    measures = found.measures(measures=["suppression"], replications=1).loc["suppression"]
    assert measures["width"] < 0.8
    assert 0.0 < measures["exact"] < 1.1  # twelve points are too few to say more
    predictions = found.predictions(worlds=20).set_index("fact")
    assert predictions["inside"].tolist() == [True, True]
    assert predictions.loc["kept-aside", "use"] == "validate"
    assert predictions.loc["level", "low"] < 12000 < predictions.loc["level", "high"]
    assert 1.4 < predictions.loc["level", "width_known"] < 1.5  # nothing happens before January, so errors alone
    assert predictions.loc["level", "width_known"] < predictions.loc["level", "width"]
    with pytest.raises(ValueError, match="nothing can be left out"):
        found.leave_one_out()


def test_a_scenario_that_is_left_out_is_predicted_by_the_others(folder: Path) -> None:
    text = (folder / "mine.yaml").read_text(encoding="utf-8")
    (folder / "twin.yaml").write_text(text.replace("name: minimal", "name: twin"), encoding="utf-8")
    both = [sim.load(folder / "mine.yaml"), sim.load(folder / "twin.yaml")]
    evidence = folder / "evidence" / "mine.yaml"
    joint = sim.calibrate(both, [evidence, evidence], waves=1, points=12, replications=2, draws=20)
    assert joint.matching.targets.names == ("minimal: level", "twin: level")
    assert joint.space.names == (OUTSIDE, SWITCHING)
    assert repr(joint).startswith("Calibration of minimal, twin: 2 parameters, 2 facts, 1 wave, ")
    table = joint.leave_one_out(worlds=15)
    assert table["scenario"].tolist() == ["minimal", "twin"]
    assert table["inside"].tolist() == table["facts"].tolist() == [2, 2]
    assert (table["width"] > np.sqrt(2.0) - 0.05).all()  # the errors of record and of the model, before all else


def test_a_profile_bounds_what_a_fact_sees_and_is_flat_elsewhere(found: sim.Calibration) -> None:
    profiles = found.profiles([OUTSIDE, SWITCHING], points=5)
    by_name = profiles.groupby("of")["deviance"]
    assert by_name.min().tolist() == pytest.approx([0.0, 0.0], abs=1.0)
    assert by_name.max()[OUTSIDE] > 6.6
    assert by_name.max()[SWITCHING] < 2.7
    assert profiles["value"].tolist()[:2] == ["0.3", "0.475"]
    assert profiles[OUTSIDE].tolist()[:5] == [0.3, 0.475, 0.65, 0.825, 1.0]  # and where it is met so
    with pytest.raises(ValueError, match="no parameter or measure 'nothing'"):
        found.profiles(["nothing"])


def test_a_profile_of_a_measure_is_of_worlds_that_were_run(found: sim.Calibration) -> None:
    """Suppression has a deviation of 0.05 among runs of one world, so 0.016 between means of 20: four of these."""
    profile = found.profiles(["suppression"], points=4, replications=20)
    assert profile["of"].tolist() == ["suppression"] * 5  # four values, and the best of all
    assert profile["deviance"].min() == 0.0
    assert profile["deviance"].max() > 6.6  # the record bounds the outside option, and this suppression
    assert profile["part"].is_monotonic_increasing
    for row in profile.iloc[[0, -1]].to_dict("records"):
        world = found.scenarios["minimal"].with_values({path: row[path] for path in (OUTSIDE, SWITCHING)})
        again = sim.compare(world, [], 20, seed=5).values("suppression").mean()
        assert again == pytest.approx(float(row["value"]), abs=0.064)
    with pytest.raises(ValueError, match="blocked_sites of minimal is the same all over the prior"):
        found.profiles(["blocked_sites"], points=3, replications=4)


def test_scenarios_share_what_has_the_same_range(minimal: sim.Scenario) -> None:
    other = minimal.model_copy(update={"name": "other"})
    space = parameter_space([minimal, other])
    assert space.names == (OUTSIDE, SWITCHING)
    changed = other.uncertainties[OUTSIDE].model_copy(update={"prior": (0.1, 2.0)})
    other = other.model_copy(update={"uncertainties": {**other.uncertainties, OUTSIDE: changed}})
    space = parameter_space([minimal, other])
    assert space.names == (f"minimal: {OUTSIDE}", SWITCHING, f"other: {OUTSIDE}")
    point = np.array([0.0, 0.5, 1.0])
    assert space.values("minimal", point) == {OUTSIDE: 0.3, SWITCHING: "0.2 /d"}
    assert space.values("other", point) == {OUTSIDE: 2.0, SWITCHING: "0.2 /d"}


def test_whether_something_happens_has_an_error_of_its_own() -> None:
    fact = Fact(
        id="f", about="", window=("2020-01-01", "2020-01-02"), statistic="level", value=10.0, low=8.0, high=12.0,
        unit="x", grade="A", use="calibrate", source="",
    )  # fmt: skip
    happens = fact.model_copy(update={"id": "g", "statistic": "relocates"})
    first, second = targets_of({"f": fact, "g": happens}, "calibrate", "here: ").targets
    assert (first.name, first.record_error, first.model_error) == ("here: f", *fact.errors)
    assert second.error == 0.25
    assert targets_of({"f": fact}, "validate").targets == ()


POSTERIORS = sorted(shipped()["minimal"].parent.glob("*.posterior.csv"))


@pytest.mark.parametrize("file", POSTERIORS, ids=lambda file: file.name)
def test_posteriors_beside_the_scenarios_are_theirs(file: Path) -> None:
    """They were not made for a scenario as it was before a change, and draw all that is uncertain in it."""
    scenario = sim.load(file.name.partition(".")[0])
    assert set(posterior_of(scenario).paths) == set(scenario.uncertainties)
