"""The timeline of venues: data against the dataset of the run, what the title says, and the drawing."""

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.plot.figures.exchange_timelines import gather_timeline
from sim.plot.page import file_axes
from sim.plot.plotted_dates import day_numbers
from sim.results.journal_tables import JOURNAL, table
from sim.results.run import Run
from tests.plot.drawing import assert_drawn_on, assert_words_apart, plain, words
from tests.plot.runs import FOCAL


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
    sizes = [size[row.exchange.lower().replace(" ", "-")] for row in data.rows]
    assert sizes == sorted(sizes, reverse=True)


def test_timeline_tells_hosts_shells_blocks_and_licences(small: Run) -> None:
    rows = {(row.exchange, row.mode): row.bars for row in gather_timeline(small).rows}
    assert [bar.state for bar in rows["Exchange 01", "otc"]] == ["building", "waiting", "licensed"]
    assert [bar.note for bar in rows["Exchange 01", "offshore"]] == ["Singapore", "Singapore"]
    assert [bar.state for bar in rows["Exchange 02", "offshore"]] == ["building", "open", "blocked"]
    assert rows["Exchange 03", "offshore"][-1].note == "shell: Malta"
    assert all(bar.note == "" for bars in rows.items() if bars[0][1] != "offshore" for bar in bars[1])


def test_venues_that_turn_residents_away_are_told_apart(small: Run, ax: Axes) -> None:
    """From the record on at which they begin to, until they serve them again; a blocked site is told as blocked."""
    dates = small.data["time"].values.astype("datetime64[s]")
    since, until = dates[-20], dates[-5]
    told = {"day": [0.0] * 2, "date": [since, until], "event": ["turns-away", "serves-again"]}
    told |= {"subject": ["exchange-01"] * 2, "mode": ["offshore"] * 2, "value": [np.nan] * 2}
    rows = table(JOURNAL, told | {key: ["", ""] for key in ("host", "cause", "detail")})
    run = replace(small, journal=pd.concat([small.journal, rows], ignore_index=True))
    (row,) = [row for row in gather_timeline(run).rows if (row.exchange, row.mode) == ("Exchange 01", "offshore")]
    assert [bar.state for bar in row.bars][-3:] == ["open", "turning-away", "open"]
    assert [(bar.start, bar.end) for bar in row.bars][-2] == tuple(day_numbers(np.array([since, until])))
    run.plot.timeline(ax=ax)
    assert "turns residents away" in words(ax)


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


def test_timeline_draws_one_box_per_bar_and_names_hosts(small: Run, ax: Axes) -> None:
    small.plot.timeline(ax=ax)
    data = gather_timeline(small)
    drawn = {boxes.get_label(): len(boxes.get_paths()) for boxes in ax.collections}
    bars = [bar.state for row in data.rows for bar in row.bars]
    assert drawn["open"] == bars.count("open")
    assert drawn["winding down"] == bars.count("winding-down")
    assert drawn["waiting for a licence"] == 1
    assert {"Singapore", "Japan", "shell: Malta", "Exchange 01"} <= set(words(ax))


def test_it_is_drawn_on_the_axes_given(any_run: Run, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: any_run.plot.timeline(ax=axes))


def test_no_words_meet_or_leave_the_figure(any_run: Run) -> None:
    assert_words_apart(any_run.plot.timeline(ax=file_axes()))
