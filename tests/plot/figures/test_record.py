"""The record beside its prediction: rows on a common scale, and the fan of a forecast."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.plot.figures.forecast import gather_forecast
from sim.plot.figures.record import gather_record
from sim.plot.page import file_axes
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half
from tests.study.test_record_check import EVIDENCE, RECORD


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> sim.RecordCheck:
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "desk.csv").write_text(RECORD, encoding="utf-8")
    (folder / "facts.yaml").write_text(EVIDENCE, encoding="utf-8")
    return sim.check(sim.load("minimal"), folder / "facts.yaml", replications=8)


def test_rows_are_in_half_widths_of_the_record(check: sim.RecordCheck) -> None:
    data = gather_record(check)

    assert [row.name for row in data.rows] == ["emptied", "before", "wrong"]
    assert data.fitted == 1
    assert data.rows[1].median == 0.0
    assert data.rows[2].median == pytest.approx(-4.0 / 0.5)  # eight venues, said to be twelve; half a venue of a count
    assert data.rows[1].known == pytest.approx((-np.sqrt(2.0), np.sqrt(2.0)), rel=0.02)  # of errors alone
    assert data.title == "The record lies inside the prediction for 1 of 1 facts fitted and 1 of 2 held out"


def test_a_forecast_has_the_record_and_the_naive_ones(check: sim.RecordCheck) -> None:
    data = gather_forecast(check)

    assert data.record.tolist() == [4000.0, 8000.0]
    assert data.naive["linear_trend"] == pytest.approx([4000.0, 8000.0])
    assert (np.diff(data.quantiles, axis=0) >= 0.0).all()
    assert data.title.startswith("desk is forecast no better: CRPS of the logarithm")


@pytest.mark.parametrize("name", ["record", "forecast"])
def test_they_are_drawn_on_the_axes_given_and_no_words_meet(check: sim.RecordCheck, name: str) -> None:
    assert_drawn_on(left_half(), lambda axes: getattr(check.plot, name)(ax=axes))
    assert_words_apart(getattr(check.plot, name)(ax=file_axes()))
