"""A measure over two parameters: each cell is the point with its two values."""

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.plot.figures.surface import gather_surface
from sim.plot.page import file_axes
from tests.plot.drawing import assert_drawn_on, assert_words_apart
from tests.plot.sweeps import OUTSIDE, SWITCHING, swept

TWO = {OUTSIDE: [0.9, 0.9, 0.3, 0.3], SWITCHING: ["0.2 /d", "0.1 /d"] * 2}
DIFFERENCES = [0.04, 0.03, 0.0, -0.02]


def test_a_cell_has_the_difference_at_its_point() -> None:
    data = gather_surface(swept(TWO, DIFFERENCES), "leakage")
    assert (data.across, data.down) == (OUTSIDE, SWITCHING)
    assert (data.columns, data.rows) == (("0.3", "0.9"), ("0.1 /d", "0.2 /d"))
    means = {cell: row.mean for cell, row in data.cells.items()}
    assert means == pytest.approx({(0, 0): -2.0, (1, 0): 0.0, (0, 1): 3.0, (1, 1): 4.0})
    assert [cell for cell, row in data.cells.items() if not row.excludes_zero] == [(1, 0)]
    assert (
        data.title
        == "Leakage under payments_first is higher in 2 cells and lower in 1 cell of 4 than under the baseline"
    )


def test_a_sweep_over_more_is_refused_rather_than_mixed() -> None:
    more = {**TWO, "demand.onramp": [1.0, 1.0, 2.0, 2.0]}
    with pytest.raises(ValueError, match=r"demand\.onramp varied too"):
        gather_surface(swept(more, DIFFERENCES), "leakage")
    with pytest.raises(ValueError, match="over two parameters"):
        gather_surface(swept({OUTSIDE: [0.3, 0.6]}, [0.0, 0.1]), "leakage")


def test_it_is_drawn_on_the_axes_given(ax: Axes) -> None:
    assert_drawn_on(ax, lambda axes: swept(TWO, [0.04, np.nan, 0.0, 0.1]).plot.surface("leakage", ax=axes))


def test_no_words_meet_or_leave_the_figure() -> None:
    assert_words_apart(swept(TWO, DIFFERENCES).plot.surface("leakage", ax=file_axes()))
