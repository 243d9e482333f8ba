"""Comparing policies: pairs share their chances, precision is reached, failures are rows, mistakes are told."""

from __future__ import annotations

import shlex
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import sim
from sim.study.compare import described
from sim.study.jobs import job as working
from sim.study.jobs import plan as cutting
from sim.study.store.study_manifest import Request

ROOT = Path(__file__).resolve().parents[2]
MINIMAL = ROOT / "configs" / "minimal.yaml"


@pytest.fixture(scope="module")
def minimal():
    return sim.load(MINIMAL)


@pytest.fixture(scope="module")
def study(minimal):
    return sim.compare(minimal, replications=8, seed=3)


@pytest.mark.parametrize("policy", ["baseline", "payments_first"])
def test_replications_are_single_runs(minimal, study, policy):
    """Measures up to rounding, for a run sums over its dataset; paths are kept in single precision, 24 bits."""
    for replication in (0, 5):
        run = sim.run(minimal, policy, seed=3, replication=replication)
        found = [study.values(name, policy)[replication] for name in study.names]
        np.testing.assert_allclose(found, [run.measures[name] for name in study.names], rtol=1e-12, atol=1e-12)
        volume = run.data["focal_volume"].sum("exchange").sel(mode="otc").values
        days = np.searchsorted(run.data["day"].values, study.day)
        ratio = study.path("otc", policy)[replication][1:] / volume[days][1:]
        np.testing.assert_allclose(ratio, ratio[0], rtol=2.0**-22)


def test_what_is_the_same_policy_differs_by_nothing(minimal):
    study = sim.compare(minimal, {"twin": minimal.policies["baseline"]}, replications=5)

    assert study.policies == ("baseline", "twin")
    np.testing.assert_array_equal(study.values("leakage"), study.values("leakage", "twin"))
    assert study.difference("leakage").loc["twin", ["mean", "low", "high", "sign"]].tolist() == [0.0, 0.0, 0.0, 0.5]


def test_policies_have_replications_in_common_until_they_differ(minimal, study):
    """`payments_first` moves what baseline begins with; until the first announcement all days are the same."""
    first = np.flatnonzero((study.path("otc") != study.path("otc", "payments_first")).any(axis=0))[0]
    assert first > 0
    np.testing.assert_array_equal(
        study.path("domestic")[:, :first], study.path("domestic", "payments_first")[:, :first]
    )


@pytest.mark.parametrize("seconds", [1e-6, 1e-3, 1.0])
def test_pieces_end_at_multiples_of_their_size_wherever_they_begin(minimal, seconds):
    plan = described(minimal, Request(("baseline",), None, ()), 0, "compiled", paths=False).plan
    with patch.object(cutting, "_JOB_SECONDS", seconds):
        size = plan.job_size("baseline")
        whole = [(work.first, work.first + work.count) for work in plan.jobs("baseline", 0, 3 * size + 1)]
        later = [(work.first, work.first + work.count) for work in plan.jobs("baseline", size, 3 * size + 1)]
        odd = [(work.first, work.first + work.count) for work in plan.jobs("baseline", size // 2, size + 1)]
    assert whole == [(0, size), (size, 2 * size), (2 * size, 3 * size), (3 * size, 3 * size + 1)]
    assert later == whole[1:]
    assert odd == [(size // 2, size), (size, size + 1)]


def test_a_precision_ends_at_the_first_look_that_has_it(minimal):
    asked = sim.Precision("exposure", 0.02, minimum=10)
    study = sim.compare(minimal, until=asked, seed=1)

    (reached,) = study.reached
    assert reached.reached
    assert reached.half_width == study.paired("exposure", "payments_first").half_width <= 0.02
    n = study.replications["baseline"]
    assert n == reached.n >= 10
    fixed = sim.compare(minimal, replications=n, seed=1)
    np.testing.assert_array_equal(fixed.values("exposure"), study.values("exposure"))
    before = fixed.values("exposure")[: int(n / 1.2)], fixed.values("exposure", "payments_first")[: int(n / 1.2)]
    assert n == 10 or 1.96 * np.std(before[1] - before[0], ddof=1) / np.sqrt(len(before[0])) > 0.02


def test_a_precision_out_of_reach_is_given_up_at_its_maximum(minimal):
    study = sim.compare(minimal, until=[sim.Precision("exposure", 1e-9, minimum=4, maximum=9)])

    assert study.replications == {"baseline": 9, "payments_first": 9}
    assert study.reached[0].given_up


def faulty(numbers, policy):
    simulate = working._simulate

    def fail(work, asked):
        if work.policy == policy and (wrong := numbers & set(asked)):
            raise FloatingPointError(f"no equilibrium in {min(wrong)}")
        return simulate(work, asked)

    return patch.object(working, "_simulate", fail)


def test_a_failed_replication_is_a_row_and_costs_no_other(minimal, study):
    with faulty({2, 5}, "payments_first"):
        broken = sim.compare(minimal, replications=8, seed=3, executor=2)

    whole, holed = study.values("leakage", "payments_first"), broken.values("leakage", "payments_first")
    assert np.flatnonzero(np.isnan(holed)).tolist() == [2, 5]
    np.testing.assert_array_equal(np.delete(holed, [2, 5]), np.delete(whole, [2, 5]))
    np.testing.assert_array_equal(broken.values("leakage"), study.values("leakage"))
    row = broken.difference("leakage").loc["payments_first"]
    assert (row["n"], row["undefined"]) == (6, 2)
    table = broken.failures()
    assert table[["policy", "replication", "seed", "stage", "error"]].to_numpy().tolist() == [
        ["payments_first", number, 3, "simulate", f"FloatingPointError: no equilibrium in {number}"]
        for number in (2, 5)
    ]  # fmt: skip
    assert shlex.split(table["command"][0]) == [
        "regpressure", "run", str(MINIMAL), "--policy=payments_first", "--seed=3", "--replication=2",
    ]  # fmt: skip
    assert "2 failed" in repr(broken)
    assert "Traceback" in broken.failed[0].details


def test_what_no_file_describes_is_repeated_in_python(minimal):
    early = minimal.policies["baseline"].delay("closure", days=-20)
    given = sim.compare(minimal, {"early start": early}, replications=2, seed=4)
    changed = sim.compare(sim.load(MINIMAL, {"demand.onramp": 0.25}), replications=1)

    assert given.command("baseline", 1).startswith("regpressure run")
    line = given.command("early start", 1)
    assert line == "sim.run(study.scenario, policy='early start', seed=4, replication=1)"
    run = eval(line, {"sim": sim, "study": given})
    assert run.measures["leakage"] == pytest.approx(given.values("leakage", "early start")[1], rel=1e-12)
    assert changed.command("baseline", 0).startswith("sim.run(study.scenario")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"policies": ["payment_first"]}, r"no policy 'payment_first' in minimal \(did you mean payments_first\?\)"),
        ({"until": sim.Precision("leakge", 0.1)}, r"no measure 'leakge' \(did you mean leakage\?\)"),
        ({"until": sim.Precision("leakage", 0.1), "replications": 3}, "not both"),
        ({"replications": 0}, "from 1 on"),
        ({"seed": -1}, "from 0 on"),
        ({"engine": "steam"}, "steam"),
    ],
)
def test_mistakes_are_told_before_anything_is_done(minimal, tmp_path, asked, said):
    with pytest.raises(ValueError, match=said):
        sim.compare(minimal, store=tmp_path / "a", **asked)
    assert list(tmp_path.iterdir()) == []


def test_replications_are_one_table(study):
    table = study.to_frame()
    assert list(table.columns) == ["policy", "replication", *study.names]
    for policy in study.policies:
        rows = table[table["policy"] == policy]
        assert rows["replication"].tolist() == list(range(8))
        np.testing.assert_array_equal(rows["suppression"], study.values("suppression", policy))


def test_paths_are_one_table(study):
    table = study.to_frame("date").set_index(["policy", "mode"])
    path, rows = study.path("otc", "payments_first"), table.loc[("payments_first", "otc")]
    assert len(table) == len(study.policies) * 4 * len(study.day)
    np.testing.assert_array_equal(rows["median"], np.median(path, axis=0))
    np.testing.assert_array_equal(rows["q95"], np.quantile(path, 0.95, axis=0))
    assert str(rows["date"].iloc[0].date()) == "2020-01-01"


def test_a_table_says_which_values_were_drawn(minimal):
    study = sim.compare(minimal, ["payments_first"], replications=6, draws=3)
    table, drawn = study.to_frame(), study.parameters()
    assert table["draw"].tolist() == [0, 1, 2, 0, 1, 2] * 2
    for path in drawn.columns:
        np.testing.assert_array_equal(table[path], drawn[path].to_numpy()[table["draw"]])
