"""What is gathered for each figure, against the dataset of the run."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.plot.dates import day_numbers
from sim.plot.figures.exchanges import MAX_LINES, gather_exchanges
from sim.plot.figures.levers import gather_levers
from sim.plot.figures.shares import finding, gather_shares
from sim.plot.figures.timeline import gather_timeline
from sim.plot.figures.volume import gather_volume
from sim.results.run import Run

FOCAL = ["cn-active", "cn-retail"]
EVERY_MODE = [None, "domestic", "otc", "offshore"]


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def focal_shares(run: Run) -> np.ndarray:
    """Shares of focal volume from segments, shape (time, exchange, mode)."""
    weight = run.data["segment_volume"].sel(segment=FOCAL)
    share = run.data["share"].sel(segment=FOCAL)
    return np.asarray(((share * weight).sum("segment") / weight.sum("segment")).values)


def test_shares_are_those_of_the_focal_segments_and_sum_to_one(rich: Run) -> None:
    data = gather_shares(rich)
    assert np.allclose(data.share.sum(axis=0), 1.0, atol=1e-12)
    assert np.allclose(data.share[:3], focal_shares(rich).sum(axis=1).T)
    assert (data.time == day_numbers(rich.data["time"].values)).all()
    assert data.focal_name == "Mainland China"


def test_shares_say_when_the_domestic_market_was_gone_and_who_gained() -> None:
    time = np.arange(17400.0, 17500.0)
    domestic = np.clip(0.92 - 0.046 * (np.arange(100) - 10), 0.0, 0.92)
    share = np.vstack([domestic, 0.04 * (domestic == 0), np.zeros(100), 0.08 * np.ones(100)])
    share[3] = 1 - share[:3].sum(axis=0)
    share[2] = share[3] - 0.08
    share[3] = 0.08
    words = plain(finding(time, share))
    assert words == "Domestic share fell from 92 % to 0 by 21 Sep 2017; offshore settled at 88 %"


def test_shares_that_still_move_are_not_called_settled() -> None:
    time = np.arange(17400.0, 17500.0)
    part = np.linspace(0.5, 0.1, 100)
    words = plain(finding(time, np.vstack([part, 0 * part, 0 * part, 1 - part])))
    assert (
        words == "Domestic share fell from 50 % to 10 % by 27 Nov 2017; the part not trading stood at 90 % at the end"
    )


def test_shares_that_turned_are_told_by_their_turn() -> None:
    time = np.arange(17400.0, 17500.0)
    part = 0.27 + 0.2 * np.sin(np.arange(100) / 99 * np.pi)
    words = plain(finding(time, np.vstack([part, 0 * part, 0 * part, 1 - part])))
    assert words == ("Domestic share rose from 27 % to 47 % on 10 Oct 2017 and ended at 27 %")
    words = plain(finding(time, np.vstack([0.9 - part, 0 * part, 0 * part, 0.1 + part])))
    assert words == ("Domestic share fell from 63 % to 43 % on 10 Oct 2017 and ended at 63 %")


def test_shares_that_hardly_move_are_reported_as_such(small: Run) -> None:
    quiet = replace(small, data=small.data.isel(time=slice(0, 30)))
    assert plain(gather_shares(quiet).title) == "Domestic share began at 71 % and ended at 71 %"


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_lines_and_the_others_add_up_to_the_mode(rich: Run, mode: str | None) -> None:
    data = gather_exchanges(rich, mode=mode, n=4)
    shares = focal_shares(rich)
    total = (
        shares.sum(axis=(1, 2))
        if mode is None
        else shares[:, :, ["domestic", "otc", "offshore"].index(mode)].sum(axis=1)
    )
    assert data.others is not None
    assert np.allclose(sum(line.share for line in data.lines) + data.others.share, total)
    peaks = [line.share.max() for line in data.lines]
    assert peaks == sorted(peaks, reverse=True)


def test_lines_carry_names_and_others_their_number(rich: Run) -> None:
    data = gather_exchanges(rich, n=2)
    assert [line.name for line in data.lines] == ["Exchange 01", "Exchange 02"]
    assert data.others is not None
    assert data.others.name == "28 others"


def test_one_other_is_named_and_none_is_left_out(small: Run) -> None:
    one, none = gather_exchanges(small, n=5), gather_exchanges(small, n=6)
    assert one.others is not None
    assert one.others.name == "Exchange 05"
    assert none.others is None


def test_a_line_ends_where_its_share_is_gone_for_good(rich: Run) -> None:
    data = gather_exchanges(rich, mode="domestic", n=3)
    for line in data.lines:
        assert line.share[line.end - 1] >= 5e-4
        assert (line.share[line.end :] < 5e-4).all()
    assert plain(data.title) == (
        "The domestic share of Exchange 01 peaked at 12 % of focal volume on 1 Jun 2017; all are gone at the end"
    )


@pytest.mark.parametrize("n", [0, MAX_LINES + 1])
def test_the_number_of_lines_has_limits(small: Run, n: int) -> None:
    with pytest.raises(ValueError, match="can be told apart"):
        gather_exchanges(small, n=n)


def test_unknown_modes_are_refused(small: Run) -> None:
    for gather in (gather_exchanges, gather_volume):
        with pytest.raises(ValueError, match="mode 'onshore' is not one of domestic, otc, offshore"):
            gather(small, mode="onshore")


def test_timeline_bars_are_the_stretches_of_status(small: Run) -> None:
    data = gather_timeline(small)
    time = day_numbers(small.data["time"].values)
    names = small.data["status"].attrs["flag_meanings"].split()
    for row in data.rows:
        exchange = row.exchange.lower().replace(" ", "-")
        status = small.data["status"].sel(exchange=exchange, mode=row.mode).values
        for bar in row.bars:
            inside = (time >= bar.start) & (time < bar.end)
            assert {names[code] for code in status[inside]} == {bar.state}
        drawn = sum(bar.end - bar.start for bar in row.bars)
        assert drawn == (status[:-1] > 0).sum()


def test_timeline_has_a_row_for_every_venue_that_ever_was_large_exchanges_first(small: Run) -> None:
    data = gather_timeline(small)
    assert data.hidden == 0
    assert len(data.rows) == int((small.data["status"] > 0).any("time").sum())
    peaks = small.data["focal_volume"].sum("mode") / small.data["segment_volume"].sel(segment=FOCAL).sum("segment")
    size = dict(zip(small.data["exchange"].values, peaks.max("time").values, strict=True))
    order = [size[row.exchange.lower().replace(" ", "-")] for row in data.rows]
    assert order == sorted(order, reverse=True)


def test_timeline_tells_hosts_shells_blocks_and_licences(small: Run) -> None:
    rows = {(row.exchange, row.mode): row.bars for row in gather_timeline(small).rows}
    assert [bar.state for bar in rows["Exchange 01", "otc"]] == ["building", "waiting", "licensed"]
    assert [bar.note for bar in rows["Exchange 01", "offshore"]] == ["Singapore", "Singapore"]
    assert [bar.state for bar in rows["Exchange 02", "offshore"]] == ["building", "open", "blocked"]
    assert rows["Exchange 03", "offshore"][-1].note == "shell: Malta"
    assert all(bar.note == "" for bars in rows.items() if bars[0][1] != "offshore" for bar in bars[1])


def test_timeline_keeps_exchanges_whole(rich: Run) -> None:
    data = gather_timeline(rich, n=6)
    assert [row.exchange for row in data.rows] == ["Exchange 01"] * 3 + ["Exchange 02"] * 2
    assert data.hidden == 28
    assert len(gather_timeline(rich, n=1).rows) == 3


def test_timeline_counts_what_became_of_the_order_books(small: Run) -> None:
    assert plain(gather_timeline(small).title) == (
        "All 5 domestic order books had closed by 16 Aug 2017; "
        "their exchanges at the end: 1 OTC only, 1 offshore only, 2 both and 1 gone"
    )
    before = replace(small, data=small.data.isel(time=slice(0, 30)))
    assert gather_timeline(before).title == (
        "Open venues at the start: 5 domestic, 0 OTC and 0 offshore; at the end: 5 domestic, 0 OTC and 0 offshore"
    )


def test_levers_are_those_that_move_in_order_of_their_first_move(small: Run) -> None:
    data = gather_levers(small)
    assert data.names == (
        "hazard: domestic", "permission: domestic", "permission: OTC", "hazard: OTC", "payment: alipay",
        "access", "claim", "detection",
    )  # fmt: skip
    assert data.ranges[1] == "free to forbidden"
    assert data.ranges[4] == "0 to 0.5"
    assert (data.level[4] == small.data["level"].sel(lever="payment:alipay").values).all()
    assert (
        plain(data.title)
        == "3 interventions moved 8 levers from 11 Jul 2017 on; at the end none is back where it began"
    )


def test_levers_that_rest_are_reported_as_such(small: Run) -> None:
    quiet = replace(small, data=small.data.isel(time=slice(0, 30)), journal=small.journal.iloc[:0])
    data = gather_levers(quiet)
    assert data.level.shape == (0, 30)
    assert data.title == "No lever moved"


def test_volume_is_that_of_all_venues_of_the_mode(small: Run) -> None:
    data = gather_volume(small)
    assert (data.volume == small.data["volume"].sel(mode="otc").sum("exchange").values).all()
    assert data.unit == "BTC/d"
    every = small.data["volume"].sum(["exchange", "mode"]).values
    assert np.allclose(gather_volume(small, mode=None).volume, every)


def test_volume_against_observations(small: Run) -> None:
    path = gather_volume(small).volume
    dates = small.data["time"].values
    seen = pd.DataFrame({"date": dates[60:100], "value": path[60:100] / 2})
    extra = pd.DataFrame({"date": [np.datetime64("2016-01-01"), dates[100]], "value": [5.0, 0.0]})
    data = gather_volume(small, observed=pd.concat([seen, extra]))
    assert (data.observed == path[60:100] / 2).all()
    assert data.title.endswith("; median ratio to the record 2 on 40 dates")


def test_observations_need_their_columns(small: Run) -> None:
    with pytest.raises(ValueError, match="observed lacks the column value; it has date, btc"):
        gather_volume(small, observed=pd.DataFrame({"date": [], "btc": []}))


def test_volume_that_never_was_is_reported_as_such(small: Run) -> None:
    early = replace(small, data=small.data.isel(time=slice(0, 30)))
    assert gather_volume(early).title == "OTC volume is zero throughout"


def test_exchanges_without_a_name_go_by_their_id(small: Run) -> None:
    unnamed = tuple(SimpleNamespace(id=None, group="small", name=None) for _ in range(1))
    anonymous: Any = SimpleNamespace(**{**vars(small.scenario), "exchanges": unnamed})
    data = gather_exchanges(replace(small, scenario=anonymous), n=1)
    assert data.lines[0].name == "exchange-01"


def test_volume_that_counts_in_part_does_so_on_both_sides(small: Run) -> None:
    half = {"cn-active": 1.0, "cn-retail": 0.5, "cn-bots": 0.0}
    segments = [SimpleNamespace(id=s.id, home=s.home, counts=half.get(s.id, 1.0)) for s in small.scenario.segments]
    scenario: Any = SimpleNamespace(**{**vars(small.scenario), "segments": segments})
    data = small.data
    parts = [
        (data["share"] * data["segment_volume"]).sel(segment=name, drop=True) * part for name, part in half.items()
    ]
    whole = replace(small, scenario=scenario, data=data.assign(focal_volume=parts[0] + parts[1] + parts[2]))
    assert np.allclose(gather_shares(whole).share.sum(axis=0), 1.0, atol=1e-12)
