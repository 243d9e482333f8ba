"""The record: how facts are read from a file, read off a run, and compared."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.evidence.evidence_file import Fact
from sim.evidence.facts import read_evidence
from sim.results.simulate import simulate
from sim.scenario.errors import ScenarioError
from tests.evidence.episodes import PathEpisode

EVIDENCE = Path(__file__).resolve().parents[2] / "configs" / "evidence"
FACT = {
    "id": "a", "about": "about a", "window": [date(2017, 1, 1), date(2017, 1, 31)], "value": 0.5, "low": 0.4,
    "high": 0.6, "unit": "share", "grade": "A", "use": "fix", "source": "somewhere",
}  # fmt: skip
GOOD = """\
series:
  home: [{modes: [domestic], exchanges: [alpha]}]
  all: [{}]
facts:
  - {id: a, window: [2020-01-01, 2020-01-31], statistic: share, arguments: {of: home, within: all}, value: 0.5,
     low: 0.4, high: 0.6, unit: share, grade: A, use: fix, about: about a, source: somewhere}
"""


def file_with(folder: Path, text: str) -> Path:
    path = folder / "facts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def ramp(days: int, jumps: tuple[int, ...] = ()) -> PathEpisode:
    """A path that rises by one a day from 0, from 2017-01-01 on."""
    return PathEpisode(np.arange(days + 1.0), jumps=jumps)


@pytest.mark.parametrize("file", sorted(EVIDENCE.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_shipped_evidence_fits_its_scenario(file):
    record = read_evidence(file, sim.load(file.stem))

    assert all(fact.source for fact in record.facts.values())
    assert set(record.statistics) <= set(record.facts)
    assert len(record.statistics) >= 3


def test_china_has_37_facts_to_compare_the_episodes_after_it_37_and_nigeria_15():
    counts = {file.stem: len(read_evidence(file).statistics) for file in EVIDENCE.glob("*.yaml")}

    assert counts.pop("china_2017") == 37
    assert counts.pop("hong_kong_2024") >= 7
    assert counts.pop("nigeria_2021") == 15
    assert sum(counts.values()) == 37


def test_bounds_are_the_value_where_nothing_else_is_said():
    assert Fact(**FACT).agrees(0.4)
    assert not Fact(**FACT).agrees(0.61)
    exact = Fact(**{**FACT, "low": None, "high": None})
    assert (exact.agrees(0.5), exact.agrees(0.5001)) == (True, False)
    event = Fact(**{**FACT, "value": None, "low": None, "high": None})
    assert not event.agrees(0.5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", unit: share", "", ":5:5: facts.a.unit: is missing"),
        ("unit: share", "units: share", ":6:27: facts.a.units: unknown key (did you mean unit?)"),
        ("2020-01-31", "2020-02-31", ":5:34: facts.a.window[1]: "),
        ("value: 0.5", "value: half", ":5:108: facts.a.value: half is not a number"),
        ("low: 0.4", "low: 0.55", ":5:5: facts.a: low, value and high are not in order"),
        ("2020-01-31", "2019-01-31", ":5:5: facts.a: the last day comes before the first"),
        ("statistic: share", "statistic: shares", ":5:58: facts.a.statistic: no statistic called shares (did you mean share?)"),
        ("2020-01-01, 2020-01-31", "2019-12-01, 2020-01-31",
         ":5:21: facts.a.window: 2019-12-01 to 2020-01-31 is not within a run: minimal goes from 2020-01-01 to 2021-06-30"),
        ("within: all", "within: all, before: [2020-02-02, 2020-02-01]",
         ":5:108: facts.a.arguments.before: the last day comes before the first"),
        ("modes: [domestic]", "modes: [domstic]",
         ":2:19: series.home[0].modes[0]: domstic is not one of domestic, otc, offshore (did you mean domestic?)"),
        ("within: all", "in: all", ":5:87: facts.a.arguments.in: unknown key; known here: of, within, before"),
        ("of: home", "of: house", ":5:81: facts.a.arguments.of: no series called house (did you mean home?)"),
        ("[alpha]", "[alfa]", ":2:42: series.home[0].exchanges[0]: no exchange called alfa (did you mean alpha?)"),
        ("[{}]", "[{file: no.csv, date: day, column: volume}]", ":3:9: series.all[0]: no.csv: No such file or directory"),
        ("  - {id: a,", "  - {id: b, window: 2020-01-01, unit: x, grade: A, use: fix, about: b, source: s}\n"
         "  - {id: b,", ":6:10: facts.b.id: b comes twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_line_and_column(tmp_path, old, new, said):
    assert old in GOOD
    path = file_with(tmp_path, GOOD.replace(old, new))

    with pytest.raises(ScenarioError) as raised:
        read_evidence(path, sim.load("minimal"))

    assert f"{path}{said}" in str(raised.value)


def test_the_table_shows_median_and_band_beside_the_record(tmp_path):
    other = GOOD.split("facts:\n")[1].replace("id: a,", "id: b,").replace("low: 0.4", "low: 0.45")
    record = read_evidence(file_with(tmp_path, GOOD + other), sim.load("minimal"))
    replications = [{"b": 0.1, "a": 0.5}, {"b": 0.2, "a": 0.7}, {"b": 0.46, "a": 0.4}, {"b": float("nan"), "a": 0.5}]

    table = record.table(replications)

    columns = ["record", "low", "high", "median", "band_low", "band_high", "defined"]
    assert list(table.index) == ["b", "a"]
    assert table.loc["a", columns].tolist() == [0.5, 0.4, 0.6, 0.5, 0.4, 0.7, 4]
    assert table.loc["b", ["median", "band_high", "defined"]].tolist() == [0.2, 0.46, 3]
    assert table["inside"].tolist() == [False, True]
    assert table["meets"].tolist() == [True, True]


def test_of_a_yes_or_no_the_part_of_runs_is_compared():
    record = read_evidence(EVIDENCE / "india_2018.yaml")

    table = record.table([{"relocates": 1.0}, {"relocates": 1.0}, {"relocates": 0.0}, {"relocates": 0.0}])

    assert table.loc["relocates", ["median", "band_low", "band_high", "inside"]].tolist() == [0.5, 0.5, 0.5, True]


def test_a_day_is_the_mean_of_its_two_midnights():
    episode = ramp(10)

    assert episode.mean("x", (date(2017, 1, 2), date(2017, 1, 2))) == 1.5
    assert episode.mean("x", (date(2017, 1, 1), date(2017, 1, 10))) == 5.0
    assert episode.daily("x", (date(2017, 1, 9), date(2017, 1, 10))).tolist() == [[8.5, 9.5]]
    assert episode.path("x", (date(2017, 1, 5), date(2017, 1, 6))).tolist() == [[4.0, 5.0]]


def test_what_happens_at_a_midnight_does_not_show_the_day_before():
    episode = ramp(10, jumps=(3,))

    assert episode.daily("x", (date(2017, 1, 2), date(2017, 1, 4))).tolist() == [[1.5, 2.0, 3.5]]


@pytest.mark.parametrize("days", [(date(2016, 12, 31), date(2017, 1, 5)), (date(2017, 1, 5), date(2017, 1, 11))])
def test_days_that_were_not_run_have_no_mean(days):
    assert np.isnan(ramp(10).mean("x", days)).all()


def test_facts_are_read_off_daily_records_only():
    scenario = sim.load("minimal", {"record.every": "0.5 d"})
    with pytest.raises(ValueError, match=r"recorded every day; set `record.every` to 1 d"):
        read_evidence(EVIDENCE / "india_2018.yaml").read(simulate(scenario, "baseline", 1, 0, until="2020-02-01"))


def test_a_run_that_ends_early_says_nothing_about_later():
    china = sim.load("china_2017")
    record = read_evidence(EVIDENCE / "china_2017.yaml", china)

    told = record.read(simulate(china, "baseline", 1, 0, until="2017-02-15"))

    known = {name for name, value in told.items() if not np.isnan(value)}
    assert known == {"fee-share-before", "fee-share-after", "fee-volume-drop"}
