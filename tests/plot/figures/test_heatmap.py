"""A measure over a grid of policies: data against known values, what the title says, and the drawing."""

import numpy as np
import pytest

import sim
from sim.plot.figures.heatmap import gather_heatmap
from sim.plot.page import file_axes
from sim.plot.style import MINUS
from sim.scenario.policy.families import Orderings, Timings
from sim.study.statistics.confidence_intervals import difference
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half
from tests.plot.studies import LONG, NOISE, N, example, minimal, synthetic_study


def crossed(study: Study) -> dict[str, tuple[str, str]]:
    """Policies in a grid of four columns with long names."""
    return {policy: (f"row {LONG[i // 4]}", f"column {i % 4} of the grid") for i, policy in enumerate(study.policies)}


def test_a_grid_of_timings_has_a_cell_for_each_shift() -> None:
    base = minimal().policies["baseline"]
    family = sim.timings(base, ["closure", "payments"], days=[-30, 0, 30])
    change = {name: sum(shift.values()) / 1000 for name, shift in family.shifts.items()}
    values = {name: {"leakage": 0.3 + NOISE[::-1] + by + NOISE} for name, by in change.items()}
    study = synthetic_study(family, {"baseline": {"leakage": 0.3 + NOISE[::-1]}} | values)
    data = gather_heatmap(study, "leakage", family)
    days = (f"{MINUS}30 d", "0 d", "+30 d")
    assert (data.rows, data.columns) == (days, days)
    assert [data.down, data.across] == ["shift of closure", "shift of payments"]
    assert data.cells[0, 0].mean == pytest.approx(100 * (NOISE.mean() - 0.06))
    assert data.cells[2, 1].mean == pytest.approx(100 * (NOISE.mean() + 0.03))
    # nine cells together at 95 %: each by itself at 1 - 0.05 / 9
    joint = difference(NOISE + 0.06, np.zeros(N), 1 - 0.05 / 9)
    assert [data.cells[2, 2].low, data.cells[2, 2].high] == pytest.approx([100 * joint.low, 100 * joint.high])
    assert data.title.startswith("Leakage is ")
    assert "closure" in data.title
    shifts = {name: {"payments": s["payments"]} for name, s in family.shifts.items() if s["closure"] == 0}
    single = gather_heatmap(study, "leakage", Timings(family, shifts))
    assert (len(single.rows), len(single.columns)) == (1, 3)


def test_cells_without_a_value_are_not_counted() -> None:
    values = {
        "sure": {"leakage": 0.5 + NOISE}, "unsure": {"leakage": 0.3 + NOISE[::-1]}, "without": {"leakage": np.nan},
        "baseline": {"leakage": 0.3 + NOISE},
    }  # fmt: skip
    study = synthetic_study(["sure", "unsure", "without"], values)
    cells = {"sure": ("r", "a"), "unsure": ("r", "b"), "without": ("r", "c")}
    data = gather_heatmap(study, "leakage", cells)
    assert np.isnan(data.cells[0, 2].mean)
    assert data.title.endswith("; 1 of 2 cells cannot be told from it")


def test_a_grid_of_orders_averages_over_the_middle() -> None:
    orders = {"a > b > c > d": tuple("abcd"), "a > c > b > d": tuple("acbd"), "d > b > c > a": tuple("dbca")}
    base = minimal().policies["baseline"]
    family = Orderings(dict.fromkeys(orders, base), orders)
    values = {name: {"suppression": 0.5 + by} for name, by in zip(orders, (0.02, 0.04, 0.1), strict=True)}
    data = gather_heatmap(synthetic_study(family, {"baseline": {"suppression": 0.5}} | values), "suppression", family)
    assert data.rows == data.columns == ("a", "d")
    assert {cell: row.mean for cell, row in data.cells.items()} == pytest.approx({(0, 1): 3.0, (1, 0): 10.0})
    assert "with d first and a last" in data.title


def test_any_two_things_can_be_crossed() -> None:
    data = gather_heatmap(synthetic_study(["x", "y"]), "leakage", {"x": ("early", "hard"), "y": ("late", "hard")})
    assert (data.rows, data.columns) == (("early", "late"), ("hard",))
    with pytest.raises(KeyError, match="no policy 'z'"):
        gather_heatmap(synthetic_study(["x"]), "leakage", {"z": ("early", "hard")})


def test_cells_that_may_be_nothing_are_hatched() -> None:
    noise = np.random.default_rng(7).normal(0, 0.01, N)
    values = {"baseline": {"leakage": 0.3}, "x": {"leakage": 0.4 + noise}, "y": {"leakage": 0.3 + noise - noise.mean()}}
    ax = synthetic_study(["x", "y"], values).plot.heatmap("leakage", {"x": ("a", "b"), "y": ("a", "c")}, ax=file_axes())
    hatched = [float(cell.get_paths()[0].vertices[:, 0].min()) for cell in ax.collections if cell.get_hatch()]  # type: ignore[index,call-overload]
    assert hatched == [1.0]


def test_it_is_drawn_on_the_axes_given() -> None:
    study = example("rules")
    assert_drawn_on(left_half(), lambda axes: study.plot.heatmap("leakage", crossed(study), ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.heatmap("leakage", crossed(any_study), ax=file_axes()))
