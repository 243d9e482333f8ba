"""Paired differences of a measure: data against known values, what the title says, and the drawing."""

from dataclasses import replace

import numpy as np
import pytest

from sim.plot.figures.difference import MAX_ROWS, gather_difference
from sim.plot.figures.fan import gather_fan
from sim.plot.page import file_axes
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half, plain, words
from tests.plot.studies import LONG, NOISE, N, example, synthetic_study


def one(name: str, change: np.ndarray | float, base: np.ndarray | float = 0.3) -> Study:
    """A study of one policy whose measure differs by so much from that of the baseline."""
    level = base + np.zeros(N)
    return synthetic_study(values={"baseline": {name: level}, "payments_first": {name: level + change}})


def test_rows_hold_the_paired_differences_in_points() -> None:
    study = one("leakage", -0.026 + NOISE - NOISE.mean())
    data = gather_difference(study, "leakage")
    (row,), paired = data.rows, study.paired("leakage", "payments_first")
    assert [row.mean, row.low, row.high] == pytest.approx([100 * paired.mean, 100 * paired.low, 100 * paired.high])
    assert row.mean == pytest.approx(-2.6)
    assert row.excludes_zero
    assert plain(data.level) == "30.0 %"
    half = 100 * paired.half_width
    interval = f"{2.6 - half:.1f} to {2.6 + half:.1f}"
    title = f"Leakage is 2.6 points lower under payments_first than under the baseline ({interval})"
    assert plain(data.title) == title


def test_a_difference_that_may_be_none_is_not_claimed() -> None:
    data = gather_difference(one("leakage", NOISE - NOISE.mean() + 1e-4), "leakage")
    assert not data.rows[0].excludes_zero
    assert data.title == "No policy can be told from the baseline in leakage"


def test_the_same_difference_everywhere_may_hide_a_rare_one() -> None:
    """Which the interval allows for, unless the measure does not vary at all."""
    data = gather_difference(one("half_life", 2.0, np.arange(N)), "half_life")
    assert data.rows[0].constant
    assert plain(data.title) == "Half life is 2.0 days higher under payments_first than under the baseline (1.9 to 2.1)"
    still = gather_difference(one("half_life", 2.0), "half_life")
    assert plain(still.title) == "Half life is 2 days higher under payments_first than under the baseline (2)"
    assert not gather_difference(one("half_life", 0.0, np.arange(N)), "half_life").rows[0].excludes_zero


def test_a_leakage_above_all_that_was_lost_is_told_in_words() -> None:
    note = "Leakage under payments_first: OTC and offshore venues gained more than domestic venues lost, so trade grew"
    assert any(text.startswith(note) for text in gather_difference(one("leakage", 1.5 + NOISE), "leakage").notes)
    assert not any("trade grew" in text for text in gather_difference(one("leakage", 0.3 + NOISE), "leakage").notes)


def test_what_is_undefined_comes_last_and_is_said() -> None:
    some = np.where(np.arange(N) < 10, np.nan, 0.2)
    study = synthetic_study(
        ["a", "b"], {"baseline": {"leakage": 0.3 + NOISE}, "a": {"leakage": np.nan}, "b": {"leakage": some}}
    )
    data = gather_difference(study, "leakage")
    assert [(row.policy, row.n, row.undefined) for row in data.rows] == [("b", 30, 10), ("a", 0, 40)]
    assert any("75 %" in plain(note) for note in data.notes)
    only = synthetic_study(["a"], {"a": {"leakage": np.nan}})
    assert "no policy has a defined difference" in gather_difference(only, "leakage").title


def test_failures_are_noted() -> None:
    study = synthetic_study(failed={"payments_first": [3, 7]})
    data = gather_difference(study, "leakage")
    assert data.rows[0].n == N - 2
    assert any("2 of payments_first" in note for note in data.notes)
    assert any("2 of payments_first" in note for note in gather_fan(study).notes)


def test_of_many_policies_those_that_differ_most_are_shown() -> None:
    names = [f"p{i}" for i in range(60)]
    values = {name: {"leakage": 0.3 + NOISE + 0.01 * (i - 30)} for i, name in enumerate(names)}
    study = synthetic_study(names, values | {"baseline": {"leakage": 0.3}})
    data = gather_difference(study, "leakage")
    shown = {row.policy for row in data.rows}
    sizes = {name: abs(study.paired("leakage", name).mean) for name in names}
    assert len(shown) == MAX_ROWS
    assert min(sizes[name] for name in shown) >= max(sizes[name] for name in names if name not in shown)
    assert [row.mean for row in data.rows] == sorted((row.mean for row in data.rows), reverse=True)
    assert any("20 policies that differ less" in note for note in data.notes)


def test_a_row_is_drawn_per_policy_about_the_baseline() -> None:
    study = example("twelve")
    ax = study.plot.difference("leakage", ax=file_axes())
    points = {float(line.get_ydata()[0]): line for line in ax.lines if line.get_marker() == "o"}  # type: ignore[index,arg-type]
    assert len(points) == 10  # eleven policies, of which one is undefined
    expected = max(100 * study.paired("leakage", policy).mean for policy in LONG[1:])
    assert points[0.5].get_xdata()[0] == pytest.approx(expected)  # type: ignore[index]
    assert {"undefined", "0 of 40", "35 of 40", "38 of 40"} <= set(words(ax))
    assert any(label.startswith("baseline: ") for label in words(ax))


def test_with_draws_luck_and_their_range_are_both_shown() -> None:
    study = replace(one("leakage", -0.026 + NOISE), draws=8)
    (row,) = gather_difference(study, "leakage").rows
    low, high = study.draw_range("leakage", "payments_first")
    assert row.draws == pytest.approx((100 * low, 100 * high))
    assert row.draws[0] < row.low < row.high < row.draws[1]
    ax = study.plot.difference("leakage", ax=file_axes())
    assert "95 % of draws" in [plain(label) for label in words(ax)]
    drawn = [tuple(line.get_xdata()) for line in ax.lines]  # type: ignore[arg-type]
    assert row.draws in drawn
    assert (row.low, row.high) in drawn


def test_what_its_intervals_cover_is_noted() -> None:
    notes = [plain(note) for note in gather_difference(example("rules"), "leakage").notes]
    assert any(note.startswith("Intervals: luck within the model, at the file's values") for note in notes)


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: example("rules").plot.difference("leakage", ax=axes))


def test_it_is_drawn_against_another_policy_too() -> None:
    study = example("rules")
    assert_drawn_on(left_half(), lambda axes: study.plot.difference("half_life", study.policies[-1], ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.difference("leakage", ax=file_axes()))


def test_no_words_meet_against_another_policy(any_study: Study) -> None:
    assert_words_apart(any_study.plot.difference("half_life", any_study.policies[-1], ax=file_axes()))
