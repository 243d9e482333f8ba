"""Shares by exchange: data against the dataset of the run, what the title says, and the drawing."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.exchange_shares import MAX_LINES, gather_exchanges
from sim.plot.page import file_axes
from sim.results.run import Run
from sim.world.codes import MODES
from tests.plot.drawing import assert_drawn_on, assert_words_apart, plain, words
from tests.plot.runs import focal_shares

VARIANTS: dict[str, dict[str, Any]] = {
    "all": {},
    "domestic": {"mode": "domestic"},
    "otc": {"mode": "otc"},
    "logarithmic": {"n": 10, "log": True},
}


@pytest.mark.parametrize("mode", [None, "domestic", "otc", "offshore"])
def test_lines_and_the_others_add_up_to_the_mode(rich: Run, mode: str | None) -> None:
    data = gather_exchanges(rich, mode=mode, n=4)
    shares = focal_shares(rich)
    total = shares.sum(axis=(1, 2)) if mode is None else shares[:, :, MODES.index(mode)].sum(axis=1)
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


def test_exchanges_without_a_name_go_by_their_id(small: Run) -> None:
    unnamed = tuple(SimpleNamespace(id=None, group="small", name=None) for _ in range(1))
    anonymous: Any = SimpleNamespace(**{**vars(small.scenario), "exchanges": unnamed})
    data = gather_exchanges(replace(small, scenario=anonymous), n=1)
    assert data.lines[0].name == "exchange-01"


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
    with pytest.raises(ValueError, match="mode 'onshore' is not one of domestic, otc, offshore"):
        gather_exchanges(small, mode="onshore")


def test_lines_are_those_gathered_and_stop_where_they_end(rich: Run, ax: Axes) -> None:
    data = gather_exchanges(rich, mode="domestic", n=3)
    rich.plot.exchanges(ax=ax, mode="domestic", n=3)
    for drawn, line in zip(ax.lines[:3], data.lines, strict=True):
        shown = np.asarray(drawn.get_ydata(), dtype=float)
        assert np.array_equal(shown[: line.end + 1], line.share[: line.end + 1])
        assert np.isnan(shown[line.end + 1 :]).all()
    assert {line.name for line in data.lines} <= set(words(ax))
    assert "26 others" in words(ax)


def test_the_logarithmic_axis_is_one(small: Run, ax: Axes) -> None:
    assert small.plot.exchanges(ax=ax, log=True).get_yscale() == "log"


@pytest.mark.parametrize("variant", VARIANTS)
def test_they_are_drawn_on_the_axes_given(any_run: Run, ax: Axes, variant: str) -> None:
    assert_drawn_on(ax, lambda axes: any_run.plot.exchanges(ax=axes, **VARIANTS[variant]))


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_words_meet_or_leave_the_figure(any_run: Run, variant: str) -> None:
    assert_words_apart(any_run.plot.exchanges(ax=file_axes(), **VARIANTS[variant]))
