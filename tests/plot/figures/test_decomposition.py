"""The parts of an effect: data against known values, what the title says, and the drawing."""

import numpy as np
import pytest

from sim.plot.figures.decomposition import gather_decomposition
from sim.plot.page import file_axes
from sim.study.decompose.decomposition import decompose_sampled, decompose_sets
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half, plain
from tests.plot.studies import LONG, NOISE, N, drawn, example, minimal

PARTS = decompose_sets(drawn(0, N, 8), ["a", LONG[0], "closure order"], drawn(1, N, 2))


def test_parts_begin_where_those_before_end_and_add_up() -> None:
    v = np.stack([np.zeros(N), 0.3 + NOISE, 0.1 + NOISE, 0.5 + NOISE], axis=1)
    orders = np.stack([v[:, 3] - 0.02, v[:, 3] - 0.06], axis=1)
    data = gather_decomposition(decompose_sets(v, ["a", "b"], orders), "suppression", minimal())
    assert [bar.name for bar in data.bars] == ["a", "b", "what they do together", "their order", "total"]
    mean = 100 * NOISE.mean()
    assert [bar.mean for bar in data.bars] == pytest.approx([30 + mean, 10 + mean, 6 - mean, 4, 50 + mean])
    ends = [bar.start + bar.mean for bar in data.bars]
    assert [bar.start for bar in data.bars[1:-1]] == pytest.approx(ends[:-2])
    assert ends[-2] == pytest.approx(ends[-1])
    assert plain(data.title).endswith("come from a by itself; acting together they add 6.0 points")


def test_parts_of_sampled_orders_are_shares() -> None:
    orders = np.tile(np.array([[0, 1], [1, 0]]), (N, 1, 1))
    along = np.array([[0.0, 0.3, 0.5], [0.0, 0.1, 0.5]]) + NOISE[:, None, None] * [0, 1, 2]
    data = gather_decomposition(decompose_sampled(orders, along, ["a", "b"]), "suppression", minimal())
    assert data.shared
    assert [bar.mean for bar in data.bars] == pytest.approx(
        np.array([35, 15, 50]) + 100 * NOISE.mean() * np.array([1, 1, 2])
    )


def test_parts_are_bars_that_meet() -> None:
    ax = example("two").plot.decomposition(PARTS, "suppression", ax=file_axes())
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]  # type: ignore[attr-defined]
    assert [start for start, _ in ends[1:-1]] == pytest.approx([end for _, end in ends[:-2]])
    assert ends[-1] == pytest.approx((0.0, ends[-2][1]))


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: example("rules").plot.decomposition(PARTS, "suppression", ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.decomposition(PARTS, "suppression", ax=file_axes()))
