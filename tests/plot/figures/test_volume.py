"""Volume of a mode: data against the dataset of the run and observations, what the title says, and the drawing."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.volume import gather_volume
from sim.plot.page import file_axes
from sim.results.run import Run
from tests.plot.drawing import assert_drawn_on, assert_words_apart, words
from tests.plot.runs import OBSERVED


def test_volume_is_that_of_all_venues_of_the_mode(small: Run) -> None:
    data = gather_volume(small)
    assert (data.volume == small.data["volume"].sel(mode="otc").sum("exchange").values).all()
    assert data.unit == "BTC/d"
    total = small.data["volume"].sum(["exchange", "mode"]).values
    assert np.allclose(gather_volume(small, mode=None).volume, total)


def test_volume_against_observations(small: Run) -> None:
    path = gather_volume(small).volume
    dates = small.data["time"].values
    observed = pd.DataFrame({"date": dates[60:100], "value": path[60:100] / 2})
    extra = pd.DataFrame({"date": [np.datetime64("2016-01-01"), dates[100]], "value": [5.0, 0.0]})
    data = gather_volume(small, observed=pd.concat([observed, extra]))
    assert (data.observed == path[60:100] / 2).all()
    assert data.title.endswith("; median ratio to the record 2 on 40 dates")


def test_observations_need_their_columns(small: Run) -> None:
    with pytest.raises(ValueError, match="observed lacks the column value; it has date, btc"):
        gather_volume(small, observed=pd.DataFrame({"date": [], "btc": []}))


def test_unknown_modes_are_refused(small: Run) -> None:
    with pytest.raises(ValueError, match="mode 'onshore' is not one of domestic, otc, offshore"):
        gather_volume(small, mode="onshore")


def test_volume_that_never_was_is_reported_as_such(small: Run) -> None:
    early = replace(small, data=small.data.isel(time=slice(0, 30)))
    assert gather_volume(early).title == "OTC volume is zero throughout"


def test_volume_is_drawn_with_the_observations(small: Run, ax: Axes) -> None:
    small.plot.volume(ax=ax, observed=OBSERVED)
    assert ax.get_yscale() == "log"
    assert {"model", "record"} <= set(words(ax))
    assert any(len(np.asarray(line.get_xdata())) == len(OBSERVED) for line in ax.lines)


def test_it_is_drawn_on_the_axes_given(any_run: Run, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: any_run.plot.volume(ax=axes, observed=OBSERVED))


def test_no_words_meet_or_leave_the_figure(any_run: Run) -> None:
    assert_words_apart(any_run.plot.volume(ax=file_axes(), observed=OBSERVED))
