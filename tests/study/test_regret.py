"""Regret by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.statistics.regret import regrets

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
