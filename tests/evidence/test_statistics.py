"""Each statistic against what is read off the data of a run by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

import sim
from sim.evidence.episode import Episode
from sim.evidence.run_episode import RunEpisode
from sim.evidence.series import Column, Recorded, SeriesTable, Traded
from sim.evidence.statistics import STATISTICS
from sim.results.simulate import simulate
from tests.evidence.episodes import PathEpisode

HOME = ["alpha", "beta", "gamma"]
OTHERS = Recorded(file="others.csv", date="last", column="volume")
NAMED = {
    "home": (Traded(modes=("domestic",)),),
    "alpha": (Traded(modes=("domestic",), exchanges=("alpha",)),),
    "small": (Traded(modes=("domestic",), exchanges=("small",)),),
    "bazaar": (Traded(modes=("otc",), exchanges=("bazaar",)),),
    "abroad": (Traded(modes=("offshore",)),),
    "foreign abroad": (Traded(modes=("offshore",), segments="foreign"),),
    "focal abroad": (Traded(modes=("offshore",), segments="focal"),),
    "without": (Traded(modes=("offshore",), without=("traders",)),),
    "with others": (Traded(modes=("domestic",)), OTHERS),
}


@pytest.fixture(scope="module")
def run() -> sim.Run:
    return sim.run(sim.load("minimal"), seed=1, until="2020-12-31")


@pytest.fixture(scope="module")
def episode(run: sim.Run) -> RunEpisode:
    last = np.array(["2020-02-07", "2020-02-14", "2020-03-07"], dtype="datetime64[D]")
    return RunEpisode(run, SeriesTable(NAMED, {OTHERS: Column(last, np.array([10.0, 30.0, 1000.0]))}))


def read(episode: Episode, name: str, first: str, last: str, **arguments: object) -> float:
    statistic = STATISTICS[name].model_validate(arguments)
    (value,) = statistic.read(episode, _days((first, last)))
    return float(value)


def plain_mean(run: sim.Run, mode: str, exchanges: list[str] | slice, first: str, last: str) -> float:
    """The mean over a window in which nothing jumps: of the midnights, with half of the first and of the last."""
    volume = run.data["volume"].sel(mode=mode).sel(exchange=exchanges).sum("exchange")
    days = volume.sel(time=slice(first, str(date.fromisoformat(last) + pd.Timedelta("1D"))[:10])).values
    return float((days[:-1] + days[1:]).mean() / 2)


BEFORE = ("2020-02-01", "2020-02-20")
"""Nothing happens yet."""


def test_levels_shares_and_multiples(run: sim.Run, episode: RunEpisode) -> None:
    home, alpha = plain_mean(run, "domestic", slice(None), *BEFORE), plain_mean(run, "domestic", ["alpha"], *BEFORE)

    assert read(episode, "level", *BEFORE, of="home", factor=2.0) == pytest.approx(2 * home)
    assert read(episode, "share", *BEFORE, of="alpha", within="home") == pytest.approx(alpha / home)
    assert read(episode, "share", *BEFORE, of="alpha", within="home", before=BEFORE) == 1.0
    otc = read(episode, "level", "2020-11-01", "2020-11-30", of="bazaar")
    was = read(episode, "level", *BEFORE, of="bazaar")
    assert otc > 2 * was > 0
    later = ("2020-11-01", "2020-11-30")
    assert read(episode, "multiple", *later, of="bazaar", before=BEFORE, factor=3) == pytest.approx(3 * otc / was)
    assert read(episode, "multiple", *later, of="bazaar", to="home", before=BEFORE) == pytest.approx(otc / home)
    assert read(episode, "change", *later, of="bazaar", before=BEFORE) == pytest.approx(otc / was - 1)
    assert read(episode, "gain", *later, of="bazaar", before=BEFORE, lost="home") == pytest.approx((otc - was) / home)


def test_what_comes_from_nothing_is_infinite_and_nothing_from_nothing_not_defined(episode: RunEpisode) -> None:
    gone = ("2020-09-01", "2020-09-30")

    assert read(episode, "multiple", *BEFORE, of="home", before=gone) == np.inf
    assert np.isnan(read(episode, "multiple", *gone, of="home", before=gone))
    assert np.isnan(read(episode, "half-life", *gone, of="home"))


def test_segments_are_told_apart(run: sim.Run, episode: RunEpisode) -> None:
    parts = [read(episode, "level", *BEFORE, of=name) for name in ("foreign abroad", "focal abroad")]

    assert sum(parts) == pytest.approx(read(episode, "level", *BEFORE, of="abroad"))
    assert parts[0] == read(episode, "level", *BEFORE, of="without")
    focal = run.data["focal_volume"].sel(mode="offshore", time="2020-11-15").sum()
    (there,) = episode.path("focal abroad", _days(("2020-11-15", "2020-11-15")))[0]
    assert there == pytest.approx(float(focal))


def test_a_recorded_series_is_added(episode: RunEpisode) -> None:
    assert read(episode, "level", *BEFORE, of="with others") == read(episode, "level", *BEFORE, of="home") + 20.0


def test_a_group_means_its_members(run: sim.Run, episode: RunEpisode) -> None:
    members = [f"small-{number:02d}" for number in range(1, 6)]

    assert episode.members(("small", "alpha")) == ["alpha", *members]
    assert read(episode, "level", *BEFORE, of="small") == pytest.approx(plain_mean(run, "domestic", members, *BEFORE))


def test_half_life_and_ramp_of_paths_in_closed_form() -> None:
    halving = PathEpisode(2.0 ** (-np.arange(41) / 5.0), "2020-03-01")
    rising = PathEpisode(np.arange(41.0), "2020-03-01")

    assert read(halving, "half-life", "2020-03-01", "2020-04-09", of="x") == pytest.approx(5.0)
    to = {"of": "x", "plateau": ["2020-04-01", "2020-04-01"], "part": 0.5}
    assert read(rising, "ramp", "2020-03-01", "2020-04-09", **to) == 16  # the plateau is 31.5
    assert read(rising, "ramp", "2020-03-01", "2020-04-09", **to, before=["2020-03-02", "2020-03-02"]) == 17  # from 1.5
    assert np.isnan(read(rising, "ramp", "2020-03-01", "2020-04-09", **{**to, "plateau": ["2020-05-01", "2020-05-01"]}))


def test_venues_are_counted_at_the_end_of_a_day(run: sim.Run, episode: RunEpisode) -> None:
    """Home books close on 2020-07-16 at midnight at the latest; the day before is the last day of their deadline."""
    assert read(episode, "open-venues", "2020-05-01", "2020-05-01", mode="domestic") == 8
    assert read(episode, "open-venues", "2020-07-31", "2020-07-31", mode="domestic") == 0
    assert read(episode, "open-venues", "2020-05-01", "2020-07-31", mode="domestic", exchanges=HOME, most=True) == 3
    assert read(episode, "closed-venues", "2020-07-31", "2020-07-31", mode="domestic", exchanges=["small"]) == 5
    status = run.data["status"].sel(time="2020-12-01").max("mode").to_series()
    gone = 1 - (status[[*HOME, *(f"small-{n:02d}" for n in range(1, 6))]] >= 2).mean()
    assert read(episode, "gone", "2020-11-30", "2020-11-30", exchanges=[*HOME, "small"]) == pytest.approx(gone)


def test_concentration_of_the_first_days(episode: RunEpisode) -> None:
    shares = [
        read(episode, "level", *BEFORE, of="alpha") / read(episode, "level", *BEFORE, of="home"),
        *episode.daily_by_exchange(NAMED["home"][0], _days(BEFORE))[0, :, 1:3].mean(axis=0),
    ]
    assert read(episode, "concentration", *BEFORE, mode="domestic", exchanges=["alpha"]) == 1.0
    index = read(episode, "concentration", *BEFORE, mode="domestic")
    assert shares[0] ** 2 < index < 1.0


def test_what_the_journal_tells(run: sim.Run, episode: RunEpisode) -> None:
    journal, year = run.journal, ("2020-01-01", "2020-12-30")
    ends = journal[(journal["event"].isin(["closed", "closure"])) & (journal["mode"] == "domestic")]
    desks = journal[(journal["event"] == "launched") & (journal["mode"] == "otc") & journal["subject"].isin(HOME)]
    told = journal[(journal["event"] == "wind-down") & (journal["mode"] == "domestic")]

    assert read(episode, "events", *year, events=["closed", "closure"], mode="domestic") == len(ends) > 0
    assert read(episode, "events", *year, events=["announced"], cause="nobody") == 0
    first = desks.groupby("subject")["date"].min()
    weeks = (first - np.datetime64("2020-01-01")).median() / np.timedelta64(7, "D")
    desk = {"event": "launched", "mode": "otc", "exchanges": HOME}
    assert read(episode, "delay", *year, **desk, unit="weeks") == pytest.approx(weeks)
    assert read(episode, "delay", *year, **desk) == pytest.approx(7 * weeks)
    days = (np.datetime64("2020-07-15") - told.groupby("subject")["date"].min()).median() / np.timedelta64(1, "D")
    notice = {"mode": "domestic", "exchanges": [*HOME, "small"]}
    assert read(episode, "notice", "2020-01-01", "2020-07-15", **notice) == pytest.approx(days)
    assert np.isnan(read(episode, "notice", *BEFORE, **notice))


def test_who_closes_at_home_and_opens_abroad(run: sim.Run, episode: RunEpisode) -> None:
    journal, year = run.journal, ("2020-01-01", "2020-12-30")
    closed = journal[journal["event"].isin(["closed", "closure"]) & (journal["mode"] == "domestic")]
    opened = journal[(journal["event"] == "launched") & (journal["mode"] == "offshore")]
    both = sorted(set(closed["subject"]) & set(opened["subject"]))
    assert both
    name = closed[closed["subject"].isin(both)].sort_values(["date", "subject"])["subject"].iloc[0]
    lag = opened.set_index("subject").loc[[name], "day"].min() - closed.set_index("subject").loc[[name], "day"].min()

    assert read(episode, "relocates", *year, exchanges=both) == 1
    assert read(episode, "relocates", *BEFORE, exchanges=both) == 0
    assert read(episode, "relocation-lag", *year, exchanges=[name]) == pytest.approx(lag, abs=1e-4)
    assert np.isnan(read(episode, "relocation-lag", *BEFORE, exchanges=both))


def test_venues_that_stop_serving_focal_users(run: sim.Run, episode: RunEpisode) -> None:
    """The part of those there on the first day and still there that has less than a part of its focal volume left."""
    window, day = ("2020-10-15", "2020-12-15"), np.datetime64
    focal = run.data["focal_volume"].sel(mode="offshore")
    before, after = (focal.sel(time=time).to_series() for time in (day("2020-10-15"), day("2020-12-16")))
    there = (before > 0) & (run.data["status"].sel(mode="offshore", time=day("2020-12-16")).to_series() >= 2)
    left = after[there] / before[there]
    below = min(float(left.median()), 1.0)

    given = {"exchanges": [*HOME, "small"], "below": below}
    assert read(episode, "stopped", *window, **given) == pytest.approx((left < below).mean())
    assert read(episode, "stopped", *window, exchanges=HOME, below=0.0) == 0
    assert np.isnan(read(episode, "stopped", *BEFORE, exchanges=["bazaar"], below=0.5))


def test_what_has_nothing_but_time(run: sim.Run, episode: RunEpisode) -> None:
    assert read(episode, "blocked-sites", *BEFORE) == 0
    run = simulate(sim.load("hong_kong_2024"), "baseline", 1, 0, until="2024-02-01")
    queue = RunEpisode(run, SeriesTable({}, {}))
    data = queue.run.data.sel(office="sfc-vatp", time="2024-01-20")
    there = float(data["licences_waiting"] + data["licences_examined"])
    assert read(queue, "applications-pending", "2024-01-19", "2024-01-19", office="sfc-vatp") == there > 0


def test_the_day_before_a_closure_at_midnight_is_not_half_closed(run: sim.Run, episode: RunEpisode) -> None:
    """Domestic order books of minimal.yaml close on 2020-07-16 at midnight, and stay closed."""
    closed = run.journal[(run.journal["event"] == "closed") & (run.journal["mode"] == "domestic")]["date"].max()
    assert closed == closed.normalize()
    before, on = ((closed + pd.Timedelta(days=n)).date() for n in (-1, 0))
    at_its_start = float(run.data["volume"].sel(mode="domestic", time=str(before)).sum())

    assert at_its_start > 0
    assert episode.mean("home", (before, before)) == pytest.approx(at_its_start, rel=1e-9)
    assert episode.mean("home", (on, on)) == pytest.approx(0.0, abs=1e-9 * at_its_start)


def _days(window: tuple[str, str]) -> tuple[date, date]:
    return date.fromisoformat(window[0]), date.fromisoformat(window[1])
