"""Blocks of replications: what they keep is what single runs tell, whoever makes them and however they are cut."""

from dataclasses import fields
from unittest.mock import patch

import numpy as np
import pytest

import sim
from sim.engine import compiled, reference
from sim.engine.compiled import run_memory
from sim.engine.result import Batch
from sim.model.outcomes.measures import measures_of
from sim.world.build import world_of
from sim.world.codes import EVENTS, MODES
from tests.kit import shipped

SHIPPED = [(name, policy) for name in ("minimal", "china_2017", "hong_kong_2024") for policy in shipped(name).policies]


def setting(name, policy):
    scenario = shipped(name)
    world, names = world_of(scenario, policy)
    return scenario, world, names, (scenario.end - scenario.start).days


def bits(block: Batch, rows=slice(None)) -> dict[str, bytes]:
    return {field.name: getattr(block, field.name)[rows].tobytes() for field in fields(block)}


@pytest.mark.parametrize(("name", "policy"), SHIPPED)
def test_a_block_tells_what_single_runs_tell(name, policy):
    """Measures to 1e-12 of their size (sums in another order); counts and dates exactly."""
    scenario, world, names, days = setting(name, policy)
    block = compiled.simulate_batch(world, 5, [0, 3], days, scenario.record.every, paths=True)
    for row, replication in enumerate((0, 3)):
        run = sim.run(scenario, policy, seed=5, replication=replication, engine="compiled")
        assert list(run.measures) == measures_of(scenario)
        expected = np.array(list(run.measures.values()))
        np.testing.assert_allclose(block.measures[row], expected, rtol=1e-12, atol=1e-12)
        events = run.journal["event"].value_counts()
        assert block.events[row].tolist() == [events.get(event, 0) for event in EVENTS]
        fired = run.journal[run.journal["event"] == "rule-fired"]
        told = {(names.rules.index(r.subject), int(r.value) - 1): r.day for r in fired.itertuples()}
        kept = {tuple(where): block.fired[row][tuple(where)] for where in np.argwhere(~np.isnan(block.fired[row]))}
        assert kept == told


@pytest.mark.parametrize("name", ["minimal", "hong_kong_2024"])
def test_paths_are_the_focal_volume_at_constant_demand(name):
    scenario, world, _, days = setting(name, "baseline")
    block = compiled.simulate_batch(world, 2, [1], days, scenario.record.every, paths=True)
    run = sim.run(scenario, seed=2, replication=1, engine="compiled")
    focal = [s.id for s in scenario.segments if s.home == scenario.focal and s.real_part > 0]
    share = run.data["share"].sel(segment=focal).sum("exchange")
    demand = run.data["segment_volume"].sel(segment=focal).isel(time=0)
    for m, mode in enumerate(MODES):
        expected = (share.sel(mode=mode) * demand).sum("segment").values
        np.testing.assert_allclose(block.paths[0, :, m], expected, rtol=1e-10, atol=1e-9)
    outside = (run.data["outside"].sel(segment=focal) * demand).sum("segment").values
    np.testing.assert_allclose(block.paths[0, :, 3], outside, rtol=1e-10, atol=1e-9)


def test_a_replication_is_the_same_in_any_company():
    """Alone, among others, in another order, on several threads, after many others on the same memory."""
    scenario, world, _, days = setting("minimal", "baseline")
    every = scenario.record.every
    together = compiled.simulate_batch(world, 1, range(12), days, every, paths=True)
    threads = compiled.simulate_batch(world, 1, range(12), days, every, paths=True, threads=3)
    back = compiled.simulate_batch(world, 1, range(11, -1, -1), days, every, paths=True)
    alone = compiled.simulate_batch(world, 1, [7], days, every, paths=True)
    assert bits(together) == bits(threads) == bits(back, slice(None, None, -1))
    assert bits(together, slice(7, 8)) == bits(alone)
    assert len(np.unique(together.measures[:, 0])) > 6


@pytest.mark.parametrize(("name", "policy"), [("china_2017", "adaptive"), ("hong_kong_2024", "otc_joint")])
def test_both_engines_make_the_same_block(name, policy):
    scenario, world, _, days = setting(name, policy)
    case = (world, 7, [4], days, scenario.record.every, True)
    assert bits(compiled.simulate_batch(*case)) == bits(reference.simulate_batch(*case))


def test_what_ran_before_in_the_same_memory_leaves_no_trace():
    """A thread keeps it: another world of the same sizes, with another seed, comes between."""
    scenario, world, _, days = setting("minimal", "baseline")
    other, _ = world_of(scenario.with_values({"segments.traders.outside": 0.9}), "baseline")
    run_memory._of_thread.__dict__.clear()
    first = bits(compiled.simulate_batch(world, 5, [0, 3], days, 1.0, paths=True))
    with patch.object(run_memory, "RunMemory", side_effect=AssertionError("it was not kept")):
        between = bits(compiled.simulate_batch(other, 6, [0, 3], days, 1.0, paths=True))
        again = bits(compiled.simulate_batch(world, 5, [0, 3], days, 1.0, paths=True))
    assert between != first
    assert again == first


def test_windows_are_the_callers_choice():
    scenario, world, _, days = setting("minimal", "baseline")
    run = sim.run(scenario, seed=3)
    short = compiled.simulate_batch(world, 3, [0], days, scenario.record.every, window=(10.0, 90.0)).measures[0]
    expected = np.array(list(sim.results.run_measures.measure(run, reference_days=10.0, final_days=90.0).values()))
    np.testing.assert_allclose(short, expected, rtol=1e-12, atol=1e-12)
    assert short[0] != compiled.simulate_batch(world, 3, [0], days, scenario.record.every).measures[0, 0]


def test_nothing_asked_is_an_empty_block():
    scenario, world, _, days = setting("minimal", "baseline")
    block = compiled.simulate_batch(world, 1, [], days, scenario.record.every)
    assert {len(getattr(block, field.name)) for field in fields(block)} == {0}


@pytest.mark.parametrize(("name", "policy"), [("minimal", "baseline"), ("hong_kong_2024", "otc_joint")])
def test_where_the_ledger_runs_out_of_room_makes_no_difference(name, policy, monkeypatch):
    """A ledger with room for the next appointment only has to be lengthened every few appointments."""

    def exact(array, used, more):
        longer = np.empty((max(len(array), used + more), *array.shape[1:]), array.dtype)
        longer[: len(array)] = array
        times.append(used)
        return longer

    scenario, world, _, days = setting(name, policy)
    days = min(days, 200)
    asked = (world, 3, [0, 1], days, scenario.record.every)
    usual, run = compiled.simulate_batch(*asked), compiled.simulate(world, 3, 1, days, scenario.record.every)
    times: list[int] = []
    monkeypatch.setattr("sim.engine.compiled.workspace._longer", exact)
    monkeypatch.setattr("sim.engine.compiled.workspace._DECISIONS", 1)
    assert bits(compiled.simulate_batch(*asked)) == bits(usual)
    again = compiled.simulate(world, 3, 1, days, scenario.record.every)
    assert len(times) > 500
    assert np.array_equal(again.codes, run.codes)
    assert np.array_equal(again.values, run.values)
    assert len(again.decisions) == len(run.decisions) > 0
    assert all(np.array_equal(one.terms, two.terms) for one, two in zip(again.decisions, run.decisions, strict=True))
