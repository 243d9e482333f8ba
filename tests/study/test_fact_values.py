"""Facts at points of the parameters: what single runs with those values say, whatever is simulated with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.evidence.facts import Evidence, read_evidence
from sim.study.fact_values import REPLICATIONS_OF_A_POINT, fact_values
from sim.study.jobs.collect import Progress
from sim.study.point_worlds import PointWorlds
from sim.world.build import world_of

FILE = Path(__file__).resolve().parents[2] / "configs" / "evidence" / "india_2018.yaml"
POINTS = [{"decisions.temperature": 0.5}, {"demand.payment_skill.domestic": 0.6, "decisions.review": "100 d"}]


@pytest.fixture(scope="module")
def india() -> sim.Scenario:
    return sim.load("india_2018")


@pytest.fixture(scope="module")
def evidence(india: sim.Scenario) -> Evidence:
    return read_evidence(FILE, india)


def test_a_point_is_the_scenario_with_its_values(india: sim.Scenario, evidence: Evidence) -> None:
    progress: list[Progress] = []
    found = fact_values(india, evidence, POINTS, 3, seed=5, watch=progress.append)

    number = REPLICATIONS_OF_A_POINT + 2
    run = sim.run(india.with_values(POINTS[1]), seed=5, replication=number, engine="compiled")
    np.testing.assert_array_equal(found.values[1, 2], list(evidence.read(run).values()))
    assert list(found.facts) == list(evidence.statistics)
    assert (progress[-1].simulated, progress[-1].total) == (6, 6)


def test_points_are_the_same_with_others_and_however_they_are_run(india: sim.Scenario, evidence: Evidence) -> None:
    both = fact_values(india, evidence, POINTS, 2, executor=2)

    np.testing.assert_array_equal(fact_values(india, evidence, POINTS, 1).values, both.values[:, :1])
    np.testing.assert_array_equal(fact_values(india, evidence, POINTS[1:], 2, first=1).values, both.values[1:])
    own = fact_values(india, evidence, replications=2)
    assert own.points == ({},)
    np.testing.assert_array_equal(own.of("p2p-rise"), own.values[..., 1])


def test_what_was_interrupted_goes_on_from_its_folder(
    india: sim.Scenario, evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.jobs.point_jobs._POINTS_PER_FILE", 1)
    whole = fact_values(india, evidence, POINTS, 1)

    def interrupt(progress: Progress) -> None:
        if progress.simulated == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fact_values(india, evidence, POINTS, 1, store=tmp_path, watch=interrupt)
    assert [file.name for file in tmp_path.glob("*.npz")] == ["points-00000.npz"]
    progress: list[Progress] = []
    resumed = fact_values(india, evidence, POINTS, 1, store=tmp_path, watch=progress.append)
    np.testing.assert_array_equal(resumed.values, whole.values)
    assert (progress[-1].simulated, progress[-1].stored, progress[-1].total) == (1, 1, 2)
    with pytest.raises(ValueError, match="holds another study"):
        fact_values(india, evidence, POINTS, 1, seed=1, store=tmp_path)


def test_what_is_undefined_says_why(india: sim.Scenario, evidence: Evidence) -> None:
    still = {"decisions.review": "3000 d", "decisions.temperature": 1e-9}
    found = fact_values(india, evidence, [{"segments.retail.outside": -1.0}, still], 1, policy="baseline")

    assert np.isnan(found.values[0]).all()
    assert "segments.retail.outside" in found.why_undefined("p2p-rise", 0, 0)
    assert "none of the exchanges closes at home" in found.why_undefined("relocation-lag", 1, 0)
    with pytest.raises(ValueError, match="did you mean p2p-rise"):
        found.of("p2p-raise")
    with pytest.raises(ValueError, match="no policy 'none'"):
        fact_values(india, evidence, policy="none")


def test_a_value_of_an_intervention_is_put_where_it_stands() -> None:
    """The same world as if the whole file were read with it, also for what a policy takes over from another."""
    minimal = sim.load("minimal")
    path = "policies.baseline.interventions.payments.coverage"
    for policy in ("baseline", "payments_first"):
        for point in ({path: 0.4}, {path: "40 %", "segments.traders.outside": 0.5}):
            full = world_of(minimal.with_values(point), policy)[0]
            assert numbers(PointWorlds(minimal, policy).world(point)) == numbers(full)
    less = minimal.policies["baseline"].without("closure").replace("payments", {"coverage": 0.4})
    world = PointWorlds(minimal, "baseline", ("closure",)).world({path: 0.4})
    assert numbers(world) == numbers(world_of(minimal, less)[0])
    with pytest.raises(ValueError, match="no intervention or rule called payment"):
        PointWorlds(minimal, "baseline").world({"policies.baseline.interventions.payment.coverage": 0.4})


def numbers(record: Any) -> list[Any]:
    """All numbers of a record and those in it, arrays as bytes, so that NaN is NaN."""
    flat: list[Any] = []
    for value in record:
        flat += numbers(value) if isinstance(value, tuple) else [np.asarray(value).tobytes()]
    return flat
