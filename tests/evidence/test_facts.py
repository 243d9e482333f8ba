"""The record: how facts are read from a file, read off a run, and compared."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.evidence.china import FACT_READERS, evidence
from sim.evidence.facts import Fact, FactsError, compare, read_facts
from sim.evidence.series import EpisodeSeries, at_end_of_day, daily, mean

ROOT = Path(__file__).resolve().parents[2]
HEAD = "id,about,first_day,last_day,value,low,high,unit,grade,use,source\n"
GOOD = "a,about a,2017-01-01,2017-01-31,0.5,0.4,0.6,share,A,fix,somewhere\n"


def fact(**values):
    given = {"first_day": date(2017, 1, 1), "last_day": date(2017, 1, 31), "value": 0.5, "low": 0.4, "high": 0.6}
    text = dict.fromkeys(("id", "about", "unit", "grade", "use", "source"), "a")
    return Fact(**{**text, **given, **values})


def ramp(days: int, start: str = "2017-01-01") -> pd.Series:
    """A path that rises by one a day from 0."""
    return pd.Series(np.arange(days + 1.0), index=pd.date_range(start, periods=days + 1))


@pytest.mark.parametrize("name", ["facts.csv", "hong_kong_facts.csv"])
def test_the_shipped_files_are_read(name):
    found = read_facts(ROOT / "configs" / "evidence" / name)

    assert len(found) > 20
    assert all(each.source and each.grade in "ABC" for each in found.values())


def test_an_event_has_no_value(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text(HEAD + GOOD + "b,event,2017-01-01,2017-01-01,,,,date,A,fix,x\n", encoding="utf-8")

    found = read_facts(path)

    assert found["a"].agrees(0.4)
    assert not found["a"].agrees(0.61)
    assert not found["b"].agrees(0.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace(",unit", "").replace(",use", ""), ":1: no column unit and use"),
        (HEAD + GOOD.replace("2017-01-31", "2017-02-31"), ":2: a: day is out of range"),
        (HEAD + GOOD.replace("0.5", "half"), ":2: a: could not convert string to float: 'half'"),
        (HEAD + GOOD.replace("0.4", "0.55"), ":2: a: first and last day, or low, value and high, are not in order"),
        (HEAD + GOOD.replace("2017-01-31", "2016-01-31"), ":2: a: first and last day, or low"),
        (HEAD + GOOD + GOOD, ":3: a comes twice"),
        (HEAD + "a,about a,2017-01-01\n", ":2: a: "),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path, text, said):
    path = tmp_path / "facts.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FactsError) as raised:
        read_facts(path)

    assert f"{path}{said}" in str(raised.value)


def test_the_table_shows_median_and_spread_beside_the_record():
    facts = {"a": fact(), "b": fact(low=0.45, high=0.55), "c": fact()}

    table = compare(facts, [{"b": 0.1, "a": 0.5}, {"b": 0.2, "a": 0.7}, {"b": 0.9, "a": 0.4}])

    assert list(table.index) == ["b", "a"]
    assert table.loc["a", ["record", "low", "high", "simulated", "lowest", "highest"]].tolist() == [
        0.5, 0.4, 0.6, 0.5, 0.4, 0.7,
    ]  # fmt: skip
    assert table["inside"].tolist() == [False, True]


def test_a_day_is_the_mean_of_its_two_midnights():
    path = ramp(10)

    assert mean(path, (date(2017, 1, 2), date(2017, 1, 2))) == 1.5
    assert mean(path, (date(2017, 1, 1), date(2017, 1, 10))) == 5.0
    assert daily(path, (date(2017, 1, 9), date(2017, 1, 10))).tolist() == [8.5, 9.5]
    assert at_end_of_day(path, date(2017, 1, 4)) == 4.0


@pytest.mark.parametrize("days", [(date(2016, 12, 31), date(2017, 1, 5)), (date(2017, 1, 5), date(2017, 1, 11))])
def test_days_that_were_not_run_have_no_mean(days):
    assert np.isnan(mean(ramp(10), days))


def test_a_mean_does_not_depend_on_how_often_is_recorded():
    path, days = ramp(12), (date(2017, 1, 4), date(2017, 1, 9))

    assert mean(path.iloc[::3], days) == mean(path, days)


def test_a_run_that_ends_early_says_nothing_about_later():
    record = evidence(ROOT / "configs" / "evidence")
    run = sim.run(sim.load(ROOT / "configs" / "china_2017.yaml"), seed=1, until="2017-02-15")

    told = record.read(run)

    known = {name for name, value in told.items() if not np.isnan(value)}
    assert known == {"fee-share-before", "fee-share-after", "fee-volume-drop"}
    assert set(told) == set(FACT_READERS) <= set(record.facts)


def test_shares_read_off_a_run_are_those_of_its_data():
    record = evidence(ROOT / "configs" / "evidence")
    run = sim.run(sim.load(ROOT / "configs" / "china_2017.yaml"), seed=1, until="2017-04-02")

    volume = run.data["volume"].sel(time=slice("2017-03-01", "2017-04-01"))
    home = volume.sel(mode="domestic")
    chosen = home.sel(exchange=["okcoin", "huobi", "btcc"]).sum("exchange")
    fiat = ["bitfinex", "bitflyer", "coinbase", "bitstamp", "kraken", "bithumb", "other-fiat"]
    abroad = volume.sel(mode="offshore", exchange=fiat).sum("exchange")
    token = run.data.sel(segment="token", exchange=fiat, mode="offshore").sel(time=volume["time"])
    coins = (token["share"].sum("exchange") * token["segment_volume"]).to_series()
    everywhere = home.sum("exchange").to_series() + abroad.to_series() - coins

    # Something happens on some of these midnights, before which the day's first value is held.
    happened = np.isin(volume["time"].values[1:], run.journal["date"].to_numpy())

    def total(path: np.ndarray) -> float:
        return float(np.where(happened, path[:-1], (path[:-1] + path[1:]) / 2).sum())

    assert happened.any()
    assert record.read(run)["share-2017-03"] == pytest.approx(total(chosen.values) / total(everywhere.to_numpy()))


def test_the_day_before_a_closure_at_midnight_is_not_half_closed():
    """Domestic order books of minimal.yaml close on 2020-07-16 at midnight, and stay closed."""
    run = sim.run(sim.load("minimal"), seed=1, until="2020-08-01")
    closed = run.journal[(run.journal["event"] == "closed") & (run.journal["mode"] == "domestic")]["date"].max()
    assert closed == closed.normalize()
    path = EpisodeSeries(run, pd.DataFrame()).volume("domestic").sum(axis=1)
    before = (closed - pd.Timedelta(days=1)).date()
    at_its_start = float(run.data["volume"].sel(mode="domestic", time=str(before)).sum())

    assert at_its_start > 0
    assert mean(path, (before, before)) == pytest.approx(at_its_start, rel=1e-9)
    assert mean(path, (closed.date(), closed.date())) == pytest.approx(0.0, abs=1e-9 * at_its_start)
