"""Shares over time under several policies: data against known paths, what the title says, and the drawing."""

import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection

from sim.plot.figures.fan import QUANTILES, gather_fan
from sim.plot.page import file_axes
from sim.study.study import Study
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half, plain, words
from tests.plot.studies import N, T, example, synthetic_study


def test_a_fan_holds_quantiles_from_where_the_policies_part() -> None:
    study = synthetic_study()
    data = gather_fan(study, "otc")
    base, other = data.fans
    assert [base.policy, other.policy] == ["baseline", "payments_first"]
    assert np.allclose(other.quantiles, np.quantile(study.path("otc", "payments_first"), QUANTILES, axis=0))
    assert [base.diverges_at, other.diverges_at] == [0, 9]  # shares differ from the instant 10 on
    low, high = (f"{100 * float(fan.quantiles[2, -1]):.{data.decimals}f} %" for fan in data.fans)
    assert plain(data.title) == f"OTC share ends between {low} under the baseline and {high} under payments_first"
    assert [mark.label for mark in data.marks] == ["closure", "payments"]


def test_a_fan_leaves_out_failures_and_the_policies_nearest_to_the_baseline() -> None:
    names = [f"p{i}" for i in range(20)]
    data = gather_fan(synthetic_study(names, failed={"p19": range(N), "p18": [0]}))
    shown = [fan.policy for fan in data.fans]
    assert shown == ["baseline", *(f"p{i}" for i in range(8, 19))]
    assert any(note.startswith("No replication of p19") for note in data.notes)
    assert any(note.startswith("8 policies that end nearer") for note in data.notes)
    assert all(np.isfinite(fan.quantiles).all() for fan in data.fans)


def test_unknown_names_are_corrected() -> None:
    with pytest.raises(KeyError, match="payments_first"):
        gather_fan(synthetic_study(), "otc", ["payment_first"])
    with pytest.raises(KeyError, match="offshore"):
        gather_fan(synthetic_study(), "ofshore")


def test_marks_and_paths_stand_on_dates() -> None:
    data = gather_fan(synthetic_study())
    assert len(data.time) == T
    assert data.time[0] < data.marks[0].effective < data.time[-1]


def test_fans_name_every_policy_and_its_end_and_draw_bands_where_few() -> None:
    ax = example("two").plot.fan(ax=file_axes())
    assert len(ax.collections) == 5  # two bands for each of two policies, and the interventions
    assert any(label.startswith("payments_first ") and label.endswith("%") for label in words(ax))
    many = example("twelve").plot.fan(ax=file_axes())
    assert len(many.collections) == 1
    styles = {(line.get_color(), line.get_linestyle()) for line in many.lines}
    assert len(styles) == len(many.lines) == 12


@pytest.mark.parametrize("mode", ["otc", "outside"])
def test_it_is_drawn_on_the_axes_given(mode: str) -> None:
    study = example("rules")
    policies = study.policies[1:] if mode == "outside" else None
    assert_drawn_on(left_half(), lambda axes: study.plot.fan(mode=mode, policies=policies, ax=axes))


@pytest.mark.parametrize("mode", ["otc", "outside"])
def test_no_words_meet_or_leave_the_figure(any_study: Study, mode: str) -> None:
    policies = any_study.policies[1:] if mode == "outside" else None
    assert_words_apart(any_study.plot.fan(mode=mode, policies=policies, ax=file_axes()))


@pytest.mark.parametrize(
    ("policies", "bands"),
    [(4, "Bands hold half and nine tenths of them."), (5, "Bands hold half of them."), (7, "Bands hold half of them."),
     (8, "")],
)  # fmt: skip
def test_the_note_speaks_of_the_bands_that_are_drawn(policies: int, bands: str) -> None:
    study = synthetic_study([f"p{i}" for i in range(policies - 1)])
    data = gather_fan(study)
    assert len(data.fans) == policies
    assert data.notes[0] == " ".join(
        filter(
            None,
            ["Lines: medians of 40 replications.", bands, "Others are drawn from where they part from the baseline."],
        )
    )
    drawn = study.plot.fan(ax=file_axes()).collections
    per_policy = {"": 0, "Bands hold half of them.": 1}.get(bands, 2)
    assert sum(isinstance(each, FillBetweenPolyCollection) for each in drawn) == per_policy * policies
