"""The paired difference of a share over time: data against the study's bands, the title, and the drawing."""

import numpy as np

from sim.plot.figures.band import gather_band
from sim.plot.page import file_axes
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half, plain
from tests.plot.studies import N, T, example, minimal, shares, synthetic_study


def test_a_band_is_that_of_the_study_and_marks_what_differs() -> None:
    rough = shares(1, N) + np.random.default_rng(6).normal(0, 0.1, (N, T, 4))
    study = synthetic_study(paths={"payments_first": rough})
    data, band = gather_band(study, "otc", "payments_first"), study.band("otc", "payments_first")
    assert np.allclose(data.mean, 100 * band.mean)
    assert np.allclose(data.pointwise, 100 * np.stack([band.low, band.high]))
    width, wider = np.ptp(data.pointwise, axis=0), np.ptp(data.simultaneous, axis=0)
    assert (wider > width).all()
    assert [plain(mark.label) for mark in data.marks] == ["payments (was 1 Dec 2020)"]
    assert "at the end" in data.title


def test_a_band_that_holds_zero_claims_nothing() -> None:
    same = shares(1, N)
    data = gather_band(synthetic_study(paths={"baseline": same, "payments_first": same}), "otc", "payments_first")
    assert "on no day surely different" in data.title


def test_left_out_interventions_are_marked_where_they_were() -> None:
    base = minimal().policies["baseline"]
    data = gather_band(synthetic_study({"open": base.without("closure")}), "otc", "open")
    assert [mark.label for mark in data.marks] == ["without closure"]


def test_it_is_drawn_on_the_axes_given() -> None:
    study = example("rules")
    assert_drawn_on(left_half(), lambda axes: study.plot.band("otc", study.policies[-1], ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.band("otc", any_study.policies[-1], ax=file_axes()))
