"""Interventions on the time axis."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.plot.marks import (
    KEY_COLUMNS,
    MARKER_GAP,
    Mark,
    cluster,
    draw_marks,
    gather_marks,
    key_entry,
    split_columns,
    stagger,
)
from sim.plot.page import date_axis, file_axes
from sim.plot.plotted_dates import day_numbers
from sim.results.run import Run
from tests.plot.drawing import words
from tests.plot.runs import INTERVENTIONS
from tests.synthetic import START

DAY = float(day_numbers(np.array([START]))[0])


def mark(day: float, label: str = "ban", number: int = 1) -> Mark:
    return Mark(label, DAY + day, DAY + day, DAY + 900, DAY + 900, number)


def test_every_intervention_of_the_journal_is_marked_with_its_dates(rich: Run) -> None:
    marks = {mark.label: mark for mark in gather_marks(rich)}
    assert len(marks) == len(INTERVENTIONS) + 3
    assert dates(marks["withdrawal freeze"]) == (70, 70, 182, 182)
    assert dates(marks["margin ban"]) == (40, 43, 759, 759)
    assert dates(marks["rumour"]) == (281, 281, 290, 310)


def dates(mark: Mark) -> tuple[float, ...]:
    return tuple(day - DAY for day in (mark.announced, mark.effective, mark.until, mark.faded))


def test_marks_are_in_order_of_effect(rich: Run) -> None:
    effective = [mark.effective for mark in gather_marks(rich)]
    assert effective == sorted(effective)


def test_what_was_only_announced_is_marked_there(small: Run) -> None:
    journal = small.journal[~((small.journal["event"] == "effective") & (small.journal["subject"] == "site-block"))]
    marks = {mark.label: mark for mark in gather_marks(replace(small, journal=journal))}
    assert marks["site block"].effective == marks["site block"].announced
    assert marks["closure order"].effective == marks["closure order"].announced + 5


def test_dates_before_the_record_are_moved_to_its_start(small: Run) -> None:
    journal = small.journal.copy()
    first = (journal["event"] == "announced") & (journal["subject"] == "closure-order")
    journal.loc[first, "date"] = np.datetime64("2016-01-01", "s")
    assert min(mark.announced for mark in gather_marks(replace(small, journal=journal))) == DAY


@given(st.lists(st.floats(0, 600), min_size=1, max_size=40))
def test_clusters_keep_their_distance_and_lose_nothing(positions: list[float]) -> None:
    positions = sorted(positions)
    marks = [mark(0, str(i), i + 1) for i in range(len(positions))]
    groups = cluster(marks, positions)
    assert [member for group in groups for member in group.marks] == marks
    for left, right in pairwise(groups):
        assert left.position + left.width / 2 < right.position - right.width / 2


def test_marks_with_room_are_not_clustered() -> None:
    groups = cluster([mark(0), mark(20), mark(40)], [0.0, MARKER_GAP, 3 * MARKER_GAP])
    assert [len(group.marks) for group in groups] == [1, 1, 1]


def test_a_marker_says_which_interventions_share_it() -> None:
    (group,) = cluster([mark(0, "ban", 3), mark(3, "notice", 4), mark(4, "alert", 5)], [0.0, 1.0, 2.0])
    assert group.words == "3\u20135"
    assert cluster([mark(0, "ban", 3)], [0.0])[0].words == "3"
    assert key_entry(group.marks[1]).replace("\u00a0", " ") == "4 Jun 2017 notice"


def test_an_intervention_has_the_same_number_in_all_figures_of_a_run(rich: Run) -> None:
    """Though figures differ in width, so that others share its marker."""
    expected = {mark.label: str(mark.number) for mark in gather_marks(rich)}
    assert list(expected.values()) == [str(n + 1) for n in range(len(expected))]
    for plot in (rich.plot.shares, rich.plot.exchanges, rich.plot.timeline, rich.plot.volume):
        texts = [text.get_text() for text in plot(ax=file_axes()).texts if text.get_verticalalignment() == "top"]
        found: dict[str, str] = {}
        for numbers, entries in zip(texts[::2], texts[1::2], strict=True):
            lines = [line.replace("\u00a0", " ") for line in entries.split("\n")]
            for number, line in zip(numbers.split("\n"), lines, strict=True):
                if number:
                    found[line.split(" ", 3)[3]] = number
        assert found == expected


def test_labels_stand_beside_their_lines_when_they_fit() -> None:
    assert stagger([30.0, 30.0, 30.0], [0.0, 100.0, 200.0], 600.0) == [0, 0, 0]
    assert stagger([30.0, 30.0, 30.0], [0.0, 10.0, 20.0], 600.0) == [2, 1, 0]
    assert stagger([30.0] * 4, [0.0, 10.0, 20.0, 30.0], 600.0) is None
    assert stagger([30.0], [590.0], 600.0) is None


@given(st.lists(st.integers(1, 4), min_size=1, max_size=30))
def test_the_key_is_split_into_columns_in_order(heights: list[int]) -> None:
    columns = split_columns(heights)
    assert 1 <= len(columns) <= KEY_COLUMNS
    assert [i for first, last in columns for i in range(first, last)] == list(range(len(heights)))


def test_few_marks_are_named_and_many_are_numbered() -> None:
    few, many = ([mark(day, f"ban {day}") for day in range(0, 700, step)] for step in (200, 20))
    texts = []
    for marks in (few, many):
        ax = file_axes()
        date_axis(ax, DAY, DAY + 760)
        draw_marks(ax, marks)
        texts.append([text.get_text() for text in ax.texts])
    assert [label for label in texts[0] if label] == [mark.label for mark in few]
    assert "1" in texts[1]
    for label in (mark.label for mark in many):
        assert sum(text.count(f" {label}\n") + text.endswith(f" {label}") for text in texts[1]) == 1


def test_lines_stand_at_the_dates_and_only_within_the_axis() -> None:
    ax = file_axes()
    date_axis(ax, DAY, DAY + 100)
    draw_marks(ax, [mark(10), mark(50), mark(50), mark(200)])
    (lines,) = ax.collections
    assert [np.asarray(path.vertices)[0, 0] - DAY for path in lines.get_paths()] == [10, 50]


def test_no_marks_take_no_room() -> None:
    ax = file_axes()
    date_axis(ax, DAY, DAY + 100)
    assert draw_marks(ax, [mark(200)]) == 0.0
    assert not ax.collections


def test_narrow_axes_keep_the_lines_of_interventions_without_names(rich: Run) -> None:
    figure = Figure(figsize=(10, 5))
    FigureCanvasAgg(figure)
    ax = figure.subplots(1, 3)[0]
    rich.plot.shares(ax=ax)
    assert "1" not in words(ax)
    assert not any("closure order" in label for label in words(ax))
