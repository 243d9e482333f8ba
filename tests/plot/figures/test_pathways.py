"""When rules fired: data against known days, what the title says, and the drawing."""

import numpy as np
import pytest

from sim.plot.figures.pathways import gather_pathways
from sim.plot.page import file_axes
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half, plain
from tests.plot.studies import N, adaptive, example, synthetic_study


def test_pathways_count_what_fired_among_what_was_completed() -> None:
    days = np.full((N, 2), np.nan)
    days[:30, 0], days[:10, 1] = 100.0, np.arange(200.0, 210.0)
    study = synthetic_study({"watch": adaptive()}, fired={"watch": days}, failed={"watch": range(36, 40)})
    first, second = gather_pathways(study).rungs
    assert [first.share, second.share] == pytest.approx([30 / 36, 10 / 36])
    assert [first.bars[:, 1].sum(), second.bars[:, 1].sum()] == pytest.approx([first.share, second.share])
    assert len(first.bars) == 1
    assert [first.words, second.words] == ["first", "second"]
    assert second.median - first.median == pytest.approx(104.5)
    assert plain(gather_pathways(study).title) == "ladder fired in 83 % of replications, to its last step in 28 %"
    with pytest.raises(ValueError, match="no policy of this study has adaptive rules"):
        gather_pathways(synthetic_study())


def test_bars_of_pathways_add_up_to_the_share_that_fired() -> None:
    study = example("rules")
    ax = study.plot.pathways(ax=file_axes())
    heights = dict.fromkeys(range(6), 0.0)
    for bar in ax.patches:
        heights[int(bar.get_y())] += abs(bar.get_height())  # type: ignore[attr-defined]
    tallest = gather_pathways(study).tallest
    assert [tallest / 0.6 * height for height in heights.values()] == pytest.approx([1.0, 0.5] * 3)
    assert max(abs(bar.get_height()) for bar in ax.patches) == pytest.approx(0.6)  # type: ignore[attr-defined]


def test_they_are_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: example("rules").plot.pathways(ax=axes))


def test_no_words_meet_or_leave_the_figure() -> None:
    assert_words_apart(example("rules").plot.pathways(ax=file_axes()))
