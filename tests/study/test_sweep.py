"""Sweeps: every point is the comparison it says, designs are what they are called, and bad points stop nothing."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.scenario.ranges import size_of
from sim.study.sweep.design import points_of
from sim.study.sweep.sweep import COLUMNS

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
OUTSIDE, SWITCHING = "segments.traders.outside", "segments.traders.switching"
GRID = {SWITCHING: ["0.1 /d", "0.3 /d"], OUTSIDE: [0.3, 0.6, 0.9]}


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


def test_every_point_is_the_comparison_of_that_file(minimal: sim.Scenario) -> None:
    found = sim.sweep(minimal, GRID, ["payments_first"], 6, seed=3, measures=["suppression", "leakage"])
    table = found.table().set_index(["point", "policy", "measure"])
    assert len(table) == 6 * 2 * 2
    assert found.failures().empty
    for point in (1, 5):
        values = found.points[point - 1]
        study = sim.compare(sim.load(MINIMAL, overrides=values), ["payments_first"], 6, seed=3, paths=False)
        for measure in found.measures:
            row = table.loc[(point, "payments_first", measure)]
            level, paired = study.level(measure, "payments_first"), study.paired(measure, "payments_first")
            assert row[OUTSIDE] == values[OUTSIDE]
            by_hand = (level.mean, level.low, level.high, level.n, paired.mean, paired.low, paired.high, paired.n)
            assert row[list(COLUMNS)].tolist() == pytest.approx(by_hand, rel=1e-9)
        assert (table.loc[(point, "baseline")]["difference"] == 0.0).all()


def test_combinations_are_all_there_is_the_last_path_first() -> None:
    points = points_of(sim.load(MINIMAL), GRID, None, 0)
    assert [tuple(point.values()) for point in points] == [(a, b) for a in GRID[SWITCHING] for b in GRID[OUTSIDE]]


def test_a_hypercube_has_one_point_in_each_slice(minimal: sim.Scenario) -> None:
    over = {SWITCHING: "0.1 /d..0.3 /d", OUTSIDE: "0.3..1", "agencies.regulator.capacity": [1, 2]}
    points = points_of(minimal, over, 40, 7)
    switching = np.array([size_of(point[SWITCHING]) for point in points])
    outside = np.array([point[OUTSIDE] for point in points], dtype=float)
    for values, low, high in ((switching, 0.1, 0.3), (outside, 0.3, 1.0)):
        assert sorted(np.floor((values - low) / (high - low) * 40).astype(int)) == list(range(40))
    assert sorted(point["agencies.regulator.capacity"] for point in points) == [1] * 20 + [2] * 20
    assert points == points_of(minimal, over, 40, 7) != points_of(minimal, over, 40, 8)


def test_ranges_come_from_the_file(minimal: sim.Scenario) -> None:
    assert [set(point) for point in points_of(minimal, None, 2, 0)] == [set(minimal.uncertainties)] * 2
    assert [set(point) for point in points_of(minimal, [OUTSIDE], 2, 0)] == [{OUTSIDE}] * 2


def test_a_point_that_is_not_valid_is_a_failure_and_the_others_go_on(minimal: sim.Scenario) -> None:
    found = sim.sweep(minimal, {OUTSIDE: [0.5, -1, 0.7]}, ["payments_first"], 3)
    failures = found.failures()
    assert failures[["point", "policy", "replication", "stage"]].values.tolist() == [[2, "", -1, "scenario"]]
    assert "greater than 0" in failures["error"].item()
    table = found.table()
    assert (table[table["point"] == 2]["n"] == 0).all()
    assert table[table["point"] == 2]["mean"].isna().all()
    assert table[(table["point"] == 3) & (table["measure"] == "suppression")]["n"].tolist() == [3, 3]
    assert "1 point with failures" in repr(found)


def test_executors_change_no_bit(minimal: sim.Scenario) -> None:
    runs = [sim.sweep(minimal, None, ["payments_first"], 4, points=3, executor=workers) for workers in (None, 2)]
    assert runs[0].estimates.tobytes() == runs[1].estimates.tobytes()
    assert runs[0].points == runs[1].points


def test_policies_made_in_python(minimal: sim.Scenario) -> None:
    never = {"never": minimal.policies["baseline"].without("payments")}
    found = sim.sweep(minimal, {OUTSIDE: [0.5]}, never, 3)
    assert found.policies == ("baseline", "never")
    by_hand = sim.compare(minimal.with_values({OUTSIDE: 0.5}), never, 3).paired("suppression", "never").mean
    table = found.table().set_index(["policy", "measure"])
    assert table.loc[("never", "suppression"), "difference"] == pytest.approx(by_hand)


def test_runs_leave_nothing_behind(minimal: sim.Scenario) -> None:
    """Memory at the end of a longer sweep is that of a short one plus the estimates (13 measures, 2 policies, 8 B)."""
    held = []
    for points in (1, 2, 8):
        tracemalloc.start()
        found = sim.sweep(minimal, None, ["payments_first"], 2, points=points)
        gc.collect()
        held.append(tracemalloc.get_traced_memory()[0] - found.estimates.nbytes)
        tracemalloc.stop()
    assert held[2] - held[1] < 6 * 4096  # 4 kB a point: its values, as text and numbers


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"over": {OUTSIDE: "0.3..1"}}, "has a range; say how many points"),
        ({"over": {OUTSIDE: "0.3"}}, "is no range; write it as low..high"),
        ({"over": {OUTSIDE: "0.3..1 /d"}, "points": 3}, "nothing lies between 0.3 and 1 /d"),
        ({"over": {OUTSIDE: []}}, "has no values"),
        ({"over": {}}, "nothing to sweep over"),
        ({"over": ["segments.traders.outsid"], "points": 2}, "did you mean segments.traders.outside"),
        ({"over": {OUTSIDE: list(range(2000)), SWITCHING: list(range(2000))}}, "4,000,000 combinations are too many"),
        ({"over": None, "points": 0}, "from 1 to 1,000,000"),
        ({"over": GRID, "measures": ["leekage"]}, "did you mean leakage"),
        ({"over": GRID, "policies": ["payment_first"]}, "did you mean payments_first"),
        ({"over": GRID, "executor": 0}, "from 1 on"),
    ],
)
def test_what_cannot_be_swept_is_told(minimal: sim.Scenario, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.sweep(minimal, **options)  # type: ignore[arg-type]


def test_a_path_that_leads_nowhere_stops_at_once(minimal: sim.Scenario) -> None:
    with pytest.raises(sim.ScenarioError, match="did you mean traders"):
        sim.sweep(minimal, {"segments.trader.outside": [1]})
    with pytest.raises(sim.ScenarioError, match="did you mean outside"):
        sim.sweep(minimal, {"segments.traders.outsid": "0.3..1"})


def test_a_study_is_kept_for_each_point(minimal: sim.Scenario, tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    found = sim.sweep(minimal, {OUTSIDE: [0.3, -1, 0.9]}, ["payments_first"], 3, store=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["point-0001", "point-0003", "points.csv"]
    study = sim.open(folder / "point-0003")
    assert isinstance(study, sim.Study)
    table = found.table().set_index(["point", "policy", "measure"])
    assert table.loc[(3, "payments_first", "leakage"), "mean"] == study.level("leakage", "payments_first").mean
    again = sim.sweep(minimal, {OUTSIDE: [0.3, -1, 0.9]}, ["payments_first"], 3, store=folder)
    assert again.estimates.tobytes() == found.estimates.tobytes()
    with pytest.raises(ValueError, match="holds a sweep over other points"):
        sim.sweep(minimal, {OUTSIDE: [0.3]}, ["payments_first"], 3, store=folder)
