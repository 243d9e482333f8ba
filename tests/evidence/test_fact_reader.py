"""Facts read off blocks: to the last bit what they are in full runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.clock import days_from
from sim.engine import compiled, reference
from sim.engine.result import record_times
from sim.evidence.fact_reader import FactReader, reader_of
from sim.evidence.facts import Evidence, read_evidence
from sim.world.arrays import World
from sim.world.build import world_of

EVIDENCE = Path(__file__).resolve().parents[2] / "configs" / "evidence"


def setting(name: str) -> tuple[sim.Scenario, Evidence, World, FactReader]:
    scenario = sim.load(name)
    evidence = read_evidence(EVIDENCE / f"{name}.yaml", scenario)
    world, names = world_of(scenario, "baseline")
    day = record_times(days_from(scenario.start, scenario.end), 1.0)
    return scenario, evidence, world, reader_of(scenario, evidence, world, names, day)


@pytest.mark.parametrize("file", sorted(EVIDENCE.glob("*.yaml")), ids=lambda file: file.stem)
def test_facts_of_blocks_are_those_of_full_runs(file: Path) -> None:
    scenario, evidence, world, reader = setting(file.stem)
    block = compiled.simulate_batch(world, 4, [0, 7], world.settings.end, 1.0, monitor=reader.monitor)

    full = sim.run(scenario, seed=4, replication=7, engine="compiled")

    np.testing.assert_array_equal(reader.values(block.monitored)[1], list(evidence.read(full).values()))


def test_engines_and_threads_record_the_same_and_measures_do_not_notice() -> None:
    _, _, world, reader = setting("hong_kong_2024")
    case = (world, 2, [3, 4, 5], 400.0, 1.0)

    one = compiled.simulate_batch(*case, monitor=reader.monitor)
    many = compiled.simulate_batch(*case, monitor=reader.monitor, threads=2)
    other = reference.simulate_batch(*case, monitor=reader.monitor)

    assert np.nansum(one.monitored) > 0
    for block in (many, other):
        assert block.monitored.tobytes() == one.monitored.tobytes()
    assert compiled.simulate_batch(*case).measures.tobytes() == one.measures.tobytes()


def test_a_replication_that_failed_says_nothing() -> None:
    _, evidence, _, reader = setting("india_2018")
    rows = np.full((2, len(reader.monitor.row)), np.nan)
    rows[1] = 0.0

    values = reader.values(rows)

    assert np.isnan(values[0]).all()
    assert values[1, list(evidence.statistics).index("relocates")] == 1.0  # everything happened on the first day
