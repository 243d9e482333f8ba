"""Regret by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.statistics.regret import regrets, weighted_sum

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"


def test_regret_by_hand() -> None:
    values = np.array([[1.0, 5.0, 2.0, np.nan], [2.0, 2.0, 2.0, 1.0]])
    first, second = regrets(values, larger_is_better=True)
    assert (first.best, first.most, first.draw, first.draws) == (2 / 3, 1.0, 0, 3)
    assert first.mean == pytest.approx(1 / 3)
    assert (second.best, second.mean, second.most, second.draw) == (2 / 3, 1.0, 3.0, 1)
    least = regrets(values, larger_is_better=False)
    assert [regret.most for regret in least] == [3.0, 1.0]
    assert regrets(values[:, 3:], True)[0].draws == 0


def test_a_study_with_draws_has_regret() -> None:
    minimal = sim.load(MINIMAL)
    study = sim.compare(minimal, ["payments_first"], replications=8, draws=4, paths=False)
    table = study.regret("leakage")
    assert set(table.index) == {"baseline", "payments_first"}
    assert table["mean"].is_monotonic_increasing
    assert (table["most"] >= table["mean"]).all()
    assert table["best"].sum() == pytest.approx(1.0)
    assert list(study.regret("leakage", larger_is_better=True).index) == list(table.index[::-1])
    with pytest.raises(ValueError, match="no draws"):
        sim.compare(minimal, ["payments_first"], replications=2, paths=False).regret("leakage")


def test_the_weighted_sum_by_hand() -> None:
    """Two policies in three draws: the best by the sum is the best in neither measure alone in the last."""
    values = {
        "good": np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 4.0]]),
        "bad": np.array([[1.0, 0.0, 1.0], [1.0, 1.0, np.nan]]),
    }
    total = weighted_sum(values, {"good": 2.0, "bad": 1.0}, {"good": True, "bad": False})
    np.testing.assert_array_equal(total, [[1.0, 4.0, 5.0], [-1.0, 3.0, np.nan]])
    first, second = regrets(total, larger_is_better=True)
    assert (first.best, first.mean, second.mean, second.most, second.draws) == (1.0, 0.0, 1.5, 2.0, 2)
    for weights in ({}, {"good": 0.0}, {"good": -1.0}, {"good": np.inf}, {"good": np.nan}):
        with pytest.raises(ValueError, match="weights are numbers above 0"):
            weighted_sum(values, weights, {"good": True})


def test_one_table_has_the_regret_in_all_measures() -> None:
    minimal = sim.load(MINIMAL)
    study = sim.compare(minimal, ["payments_first"], replications=8, draws=4, paths=False)
    table = study.regrets(["leakage", "suppression"], {"leakage": 2.0, "suppression": 1.0})
    assert [*table.index.unique("measure")] == ["leakage", "suppression", "weighted"]
    for measure in ("leakage", "suppression"):
        assert table.loc[measure].sort_index().equals(study.regret(measure).sort_index())
    gain = {p: study.values("suppression", p) - 2.0 * study.values("leakage", p) for p in study.policies}
    by_draw = np.array([gain[p].reshape(2, 4).mean(axis=0) for p in study.policies])
    behind = by_draw.max(axis=0) - by_draw
    assert table.loc["weighted", "mean"].tolist() == pytest.approx(behind.mean(axis=1).tolist())
    assert "weighted" not in study.regrets(["leakage"]).index.unique("measure")
    upside_down = study.regrets(["leakage"], larger_is_better={"leakage": True}).loc["leakage"]
    assert upside_down.sort_index().equals(study.regret("leakage", larger_is_better=True).sort_index())
