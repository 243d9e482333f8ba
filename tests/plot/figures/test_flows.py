"""Flows between two dates: reallocation, data against the dataset of the run, the title, and the drawing."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from sim.plot.figures.flows import FlowNode, finding, gather_flows, reallocate
from sim.plot.page import file_axes
from sim.results.run import Run
from tests.plot.drawing import assert_drawn_on, assert_words_apart, plain, words

splits = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda parts: sum(parts) > 0.01)


@given(splits, splits)
def test_reallocation_leads_from_one_split_to_the_other_and_moves_the_least(a: list[float], b: list[float]) -> None:
    before, after = np.array(a) / sum(a), np.array(b) / sum(b)
    moved = reallocate(before, after)
    assert np.allclose(moved.sum(axis=1), before, atol=1e-12)
    assert np.allclose(moved.sum(axis=0), after, atol=1e-12)
    assert (moved >= -1e-15).all()
    crossing = moved.sum() - np.trace(moved)
    assert crossing == pytest.approx(np.abs(before - after).sum() / 2, abs=1e-12)


def test_losses_go_to_gains_in_proportion() -> None:
    moved = reallocate(np.array([0.8, 0.0, 0.0, 0.2]), np.array([0.2, 0.1, 0.2, 0.5]))
    assert np.allclose(moved[0], [0.2, 0.1, 0.2, 0.3])
    assert np.allclose(moved[3], [0, 0, 0, 0.2])


def test_nodes_are_modes_and_hosts_and_sum_to_one(small: Run) -> None:
    data = gather_flows(small)
    names = [node.name for node in data.nodes]
    assert names[:2] == ["domestic", "OTC"]
    assert names[-1] == "not trading"
    assert {"offshore, Singapore", "offshore, Japan", "offshore, Malta"} == set(names[2:5])
    assert data.before.sum() == pytest.approx(1)
    assert data.after.sum() == pytest.approx(1)


def test_shares_by_host_are_those_of_its_exchanges(small: Run) -> None:
    data = gather_flows(small)
    last = small.data.isel(time=-1)
    in_singapore = last["host"].values == list(last["jurisdiction"].values).index("singapore")
    total = float(last["segment_volume"].sel(segment=["cn-active", "cn-retail"]).sum())
    expected = float(last["focal_volume"].sel(mode="offshore").values[in_singapore].sum()) / total
    singapore = [node.name for node in data.nodes].index("offshore, Singapore")
    assert data.after[singapore] == pytest.approx(expected)


def test_dates_are_read_at_the_record_before_or_on_them(small: Run) -> None:
    data = gather_flows(small, start=date(2017, 7, 1), end="2017-07-20 18:00")
    assert (data.end - data.start) == 19


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [("2016-01-01", None, "2016-01-01 is not in the run"), ("2017-07-02", "2017-07-01", "not after they start")],
)
def test_dates_that_make_no_flow_are_refused(small: Run, start: str, end: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gather_flows(small, start, end)


def test_the_title_says_where_the_losses_went(small: Run) -> None:
    assert plain(gather_flows(small).title) == (
        "Of the 71 % of focal volume that left the domestic market, 36 % stopped trading, "
        "30 % went offshore (Singapore) and 26 % went to OTC"
    )
    assert gather_flows(small, end="2017-06-20").title == "Hardly any volume moved between modes and hosts"


def test_the_title_names_any_node_that_loses() -> None:
    nodes = (FlowNode("domestic"), FlowNode("otc"), FlowNode("offshore", "Malta"), FlowNode("outside"))
    titles = []
    for loser, winner in ((2, 0), (3, 2), (1, 3)):
        before, after = np.eye(4)[loser], np.eye(4)[winner]
        titles.append(plain(finding(nodes, before, after, reallocate(before, after))))
    assert titles == [
        "Of the 100 % of focal volume that left offshore (Malta), 100 % went to the domestic market",
        "Of the 100 % of focal volume that began to trade, 100 % went offshore (Malta)",
        "Of the 100 % of focal volume that left OTC, 100 % stopped trading",
    ]


def test_flows_draw_a_band_for_every_move(small: Run, ax: Axes) -> None:
    small.plot.flows(ax=ax)
    data = gather_flows(small)
    (bands,) = [bands for bands in ax.collections if isinstance(bands, PathCollection)]
    assert len(bands.get_paths()) == (data.moved > 1e-4).sum()
    path = np.asarray(bands.get_paths()[0].vertices)
    assert path[0, 1] - path[-2, 1] == pytest.approx(data.moved[data.moved > 1e-4][0])
    assert any("proportion" in label for label in words(ax))


def test_they_are_drawn_on_the_axes_given(any_run: Run, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: any_run.plot.flows(ax=axes))


def test_no_words_meet_or_leave_the_figure(any_run: Run) -> None:
    assert_words_apart(any_run.plot.flows(ax=file_axes()))
