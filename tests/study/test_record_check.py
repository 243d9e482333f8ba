"""A scenario beside its record: what is inside, what has power, and how forecasts score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.ranges import between
from sim.study.record_check import Without, groups_of
from sim.study.statistics.posterior import scenario_hash

EVIDENCE = """\
series:
  home: [{modes: [domestic]}]
  otc: [{modes: [otc]}]
facts:
  - {id: emptied, window: [2020-09-01, 2020-09-30], statistic: multiple,
     arguments: {of: home, before: [2020-02-01, 2020-02-29]}, value: 0, low: 0, high: 0.1, unit: multiple, grade: A,
     use: calibrate, about: home volume after the closure over before, source: invented}
  - {id: before, window: 2020-02-10, statistic: open-venues, arguments: {mode: domestic}, value: 8, unit: venues,
     grade: A, use: validate, about: venues before anything happens, source: invented}
  - {id: wrong, window: 2020-02-10, statistic: open-venues, arguments: {mode: domestic}, value: 12, unit: venues,
     model_error: 0.1, grade: A, use: validate, about: the same said wrongly, source: invented}
forecasts:
  - {id: desk, months: [2020-09-01, 2020-10-31], known: [2020-07-01, 2020-08-31], statistic: level,
     arguments: {of: otc}, record: {file: desk.csv, date: last, column: volume}, about: OTC volume, source: invented}
"""
WIDE = """\
series:
  home: [{modes: [domestic]}]
facts:
  - {id: home, window: 2020-02-10, statistic: level, arguments: {of: home}, value: 9000, model_error: 0, unit: volume,
     grade: A, use: calibrate, about: home volume before anything happens, source: invented}
  - {id: end, window: 2020-09-30, statistic: open-venues, arguments: {mode: otc}, value: 3, model_error: 0, unit: venues,
     grade: A, use: calibrate, about: OTC venues in September, source: invented}
"""
RECORD = "last,volume\n2020-07-31,1000\n2020-08-31,2000\n2020-09-30,4000\n2020-10-31,8000\n"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "desk.csv").write_text(RECORD, encoding="utf-8")
    (folder / "facts.yaml").write_text(EVIDENCE, encoding="utf-8")
    return folder / "facts.yaml"


@pytest.fixture(scope="module")
def found(evidence: Path) -> sim.RecordCheck:
    return sim.check(sim.load("minimal"), evidence, replications=20, seed=3)


def test_facts_are_inside_or_not_and_have_power_or_none(found: sim.RecordCheck) -> None:
    """Eight venues are open before anything happens in every run, so only errors spread what the record may say."""
    table = found.table()

    assert table["inside"].to_dict() == {"emptied": True, "before": True, "wrong": False}
    assert table["power all"].to_dict() == pytest.approx({"emptied": 1.0, "before": 0.1, "wrong": 0.1}, abs=0.02)
    assert table.loc["before", ["median", "spread", "defined"]].tolist() == [8.0, 0.0, 1.0]
    half = 0.5 * (table.loc["before", "interval_high"] - table.loc["before", "interval_low"])
    assert half == pytest.approx(0.5 * np.sqrt(2.0), rel=0.02)  # half a unit for the record, and so for the model
    assert table.loc["wrong", "model_error"] == 0.1
    for width in ("width", "width_known", "width_errors"):  # nothing else makes it wide
        assert table.loc["before", width] == pytest.approx(np.sqrt(2.0), rel=0.02)
    assert (found.fitted, found.held_out) == (("emptied",), ("before", "wrong"))


def test_what_makes_an_interval_wide_is_told(tmp_path: Path) -> None:
    """A volume before anything happens is wide by parameters, a count after it by chance; files without ranges too."""
    (tmp_path / "facts.yaml").write_text(WIDE, encoding="utf-8")
    minimal = sim.load("minimal")
    drawn = sim.check(minimal, tmp_path / "facts.yaml", replications=30, seed=3)
    fixed = minimal.model_copy(update={"uncertainties": {}})
    certain = sim.check(fixed, tmp_path / "facts.yaml", replications=30, seed=3)

    table = drawn.table()
    assert (table["width"] > 2.0).all()
    assert table.loc["home", "width_known"] == pytest.approx(table.loc["home", "width_errors"], rel=0.05)
    assert drawn.width_known("end") > 2.0
    words = "\n".join(drawn.words())
    assert "by chance and errors alone, so whatever the record told of parameters: end." in words
    assert "by parameters that are not known: home." in words
    assert certain.width_known("end") == pytest.approx(certain.width("end"), rel=0.05)
    assert certain.histories is certain.values


def test_it_says_so_in_words(found: sim.RecordCheck) -> None:
    words = "\n".join(found.words())

    assert "The 90 % interval of the prediction holds 1 of 1 facts fitted; 1 of these intervals are at most" in words
    assert "holds 1 of 2 facts held out" in words
    assert "The only evidence about the interventions is emptied: 2 facts, among them 2 of the 2 held out" in words
    assert found.policy in repr(found)


def test_forecasts_are_scored_by_the_logarithm(found: sim.RecordCheck) -> None:
    """The record doubles every month: a straight line in logarithms meets it, no change is off by 1 and 2 doublings."""
    row = found.forecasts().loc["desk"]

    assert row["linear_trend"] == pytest.approx(0.0, abs=1e-9)
    assert row["no_change"] == pytest.approx(1.5 * np.log(2.0))
    past, record, runs = found.months("desk")
    assert (past.tolist(), record.tolist(), runs.shape) == ([1000.0, 2000.0], [4000.0, 8000.0], (20, 2))
    assert row["model"] <= row["median"] + 1e-12 or row["model"] > 0.0


def test_each_replication_has_a_draw_and_policies_share_them(found: sim.RecordCheck) -> None:
    own = sim.load("minimal")
    varied = own.with_values(found.values.points[7])
    run = sim.run(varied, seed=3, replication=7_000_000, engine="compiled")

    assert found.values.of("emptied")[7, 0] == found.evidence.read(run)["emptied"]
    (less,) = found.less
    np.testing.assert_array_equal(found.values.of("before"), found.less[less].of("before"))


def test_interventions_are_left_out_from_each_later_year_on() -> None:
    def of(*dates: str) -> list[Without]:
        dated = [{"id": f"i{n}", "kind": "warning", "announced": day} for n, day in enumerate(dates)]
        policy = sim.Policy.model_validate({"interventions": dated})
        return groups_of(sim.load("minimal"), policy)

    groups = of("2020-03-01", "2021-01-01", "2021-02-01", "+400 d")
    assert [(group.name, group.ids) for group in groups] == [
        ("all", ("i0", "i1", "i2", "i3")), ("2021 on", ("i1", "i2", "i3")),
    ]  # fmt: skip
    assert [group.name for group in of("2020-03-01")] == ["all"]
    assert of() == []


def test_the_evidence_beside_a_scenario_is_found(evidence: Path) -> None:
    assert len(sim.check(sim.load("japan_2018"), replications=1, draws="ranges").evidence.compared) == 6
    with pytest.raises(ValueError, match="no evidence is beside minimal; name its file"):
        sim.check(sim.load("minimal"))
    with pytest.raises(ValueError, match="no policy 'none'"):
        sim.check(sim.load("minimal"), evidence, "none")
    with pytest.raises(ValueError, match="no forecast 'dusk'.*did you mean desk"):
        sim.check(sim.load("minimal"), evidence, replications=1).months("dusk")


def test_plausible_worlds_take_the_place_of_ranges(evidence: Path) -> None:
    minimal = sim.load("minimal")
    rows = tuple({path: between(path, *range_.between, u) for path, range_ in minimal.uncertainties.items()}
                 for u in (0.2, 0.7))  # fmt: skip
    posterior = sim.Posterior(scenario_hash(minimal), rows, {})

    found = sim.check(minimal, evidence, replications=3, draws=posterior)

    assert found.values.points == (*rows, rows[0])
    assert found.parameters == "2 plausible worlds of the posterior"
    with pytest.raises(ValueError, match="minimal has no posterior"):
        sim.check(minimal, evidence, replications=3, draws="posterior")
