"""Levers and interventions: data against the dataset of the run, what the title says, and the drawing."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from matplotlib.axes import Axes

import sim
from sim.plot.figures.levers import gather_levers
from sim.plot.page import file_axes
from sim.results.run import Run
from tests.plot.drawing import assert_drawn_on, assert_words_apart, plain, words


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


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")
def test_an_intervention_that_moves_no_lever_is_not_said_to() -> None:
    talk = {"id": "talk", "kind": "talk", "announced": "2020-02-01"}
    more = {"kinds": {"talk": {"description": "words alone"}}, "policies": {"baseline": {"interventions": [talk]}}}
    with TemporaryDirectory() as folder:
        path = Path(folder, "talk.yaml")
        path.write_text(json.dumps({"extends": "minimal", **more}), encoding="utf-8")
        scenario = sim.load(path)
    data = gather_levers(sim.run(scenario))
    assert [mark.label for mark in data.marks] == ["talk", "closure", "payments"]
    assert plain(data.title).startswith("2 interventions moved 6 levers from ")


def test_levers_that_rest_are_reported_as_such(small: Run) -> None:
    quiet = replace(small, data=small.data.isel(time=slice(0, 30)), journal=small.journal.iloc[:0])
    data = gather_levers(quiet)
    assert data.level.shape == (0, 30)
    assert data.title == "No lever moved"


def test_levers_draw_a_row_each_and_bars_from_announcement_to_end(rich: Run, ax: Axes) -> None:
    rich.plot.levers(ax=ax)
    data = gather_levers(rich)
    parts: dict[Any, Any] = {bars.get_label(): bars for bars in ax.collections}
    drawn = zip(*(parts[name].get_segments() for name in ("announced", "in force", "fading")), strict=True)
    for mark, segments in zip(data.marks, drawn, strict=True):
        dates = [(mark.announced, mark.effective), (mark.effective, mark.until), (mark.until, mark.faded)]
        assert [tuple(segment[:, 0]) for segment in segments] == dates
    assert len(ax.collections[-1].get_segments()) == len(data.names)  # type: ignore[attr-defined]
    assert set(data.names) <= set(words(ax))


def test_they_are_drawn_on_the_axes_given(any_run: Run, ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: any_run.plot.levers(ax=axes))


def test_no_words_meet_or_leave_the_figure(any_run: Run) -> None:
    assert_words_apart(any_run.plot.levers(ax=file_axes()))
