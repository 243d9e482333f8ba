"""What is seen of trade that hides: rules, beliefs and records read it, and the truth does not notice."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.clock import days_from
from sim.engine import compiled
from sim.engine.result import record_times
from sim.evidence.fact_reader import reader_of
from sim.evidence.facts import read_evidence
from sim.model.exchanges.beliefs import advance_beliefs, clear_postures, count_posture, public_hazard
from sim.model.regulators.rules import read_indicator
from sim.world import codes as c
from sim.world.build import world_of
from tests.kit import Data, bench, data, day, history, scenario, traders

EVIDENCE = Path(__file__).resolve().parents[2] / "configs" / "evidence"
PARTS = {"disguised": 0.25, "covert": 0.5}
BAN: Data = {
    "id": "ban", "kind": "relief", "announced": "2019-12-01", "target": {"modes": ["domestic"], "exchanges": ["keeps"]},
    "moves": {"permission": "forbidden"}, "deadline": day(300),
}  # fmt: skip


def world(**observer: float) -> Data:
    """An honest book at home, one that defies a prohibition, and a shell beside an honest venue abroad."""
    return data(
        segments=[traders(), traders(id="strangers", home="abroad", volume=5000)],
        exchanges=[
            {"id": "honest", "home": "home", "share": 0.5, "strategy": "domestic+offshore", "host": "abroad", "fixed": True},
            {"id": "keeps", "home": "home", "share": 0.3, "strategy": "defy", "fixed": True},
            {"id": "shell", "home": "home", "share": 0.2, "strategy": "disguised", "host": "abroad", "fixed": True},
        ],
        baseline=[BAN],
        observer=observer,
    )  # fmt: skip


def test_rules_read_what_is_seen() -> None:
    """Shares less what hides, which passes for not trading; venues count as far as they are seen; 1e-12 of rounding."""
    true, seen = bench(world()), bench(world(**PARTS))
    share = history(world(), until=1.0).result.frame.share[0, 0]
    kept, shell, abroad = share[1, c.DOMESTIC], share[2, c.OFFSHORE], share[0, c.OFFSHORE]
    assert min(kept, shell, abroad) > 0.01

    expected = {
        "share:domestic": share[0, c.DOMESTIC] + 0.5 * kept,
        "share:offshore": abroad + 0.25 * shell,
        "share:outside": 1.0 - share.sum() + 0.5 * kept + 0.75 * shell,
        "exposure": 0.5 * kept + 0.25 * shell,
        "open:domestic": 1.5,
        "open:offshore": 1.25,
    }
    for name, value in expected.items():
        read = read_indicator(seen.world, seen.state, c.INDICATORS.index(name), 0.0)
        assert read == pytest.approx(value, abs=1e-12), name
        assert read != pytest.approx(read_indicator(true.world, true.state, c.INDICATORS.index(name), 0.0), abs=1e-3)


@pytest.mark.parametrize(("part", "fires"), [(1.0, True), (0.0, False)])
def test_a_rule_does_not_fire_for_what_it_cannot_see(part: float, fires: bool) -> None:
    """More than a twentieth of trade is against the law, all of it hidden."""
    step = {"id": "answer", "kind": "relief", "moves": {"fee": 0.01}}
    rule = {"id": "watch", "when": {"indicator": "exposure", "above": 0.05}, "steps": [[step]]}
    source = {**world(disguised=part, covert=part), "policies": {"baseline": {"interventions": [BAN], "rules": [rule]}}}
    assert bool(history(source, until=30.0).told("rule-fired")) is fires


def test_a_venue_that_a_law_will_bind_is_seen_until_it_does() -> None:
    later = {**BAN, "announced": day(10), "effective": day(20)}
    run = history({**world(**PARTS), "policies": {"baseline": [later]}}, until=30.0)
    seen = run.result.frame.seen[:, 1, c.DOMESTIC]
    assert list(seen) == [1.0] * 20 + [0.5] * 11


def test_the_truth_does_not_notice() -> None:
    one, other = history(world(), until=60.0), history(world(**PARTS), until=60.0)
    assert one.result.frame.share.tobytes() == other.result.frame.share.tobytes()


@pytest.mark.parametrize("part", [0.0, 0.25, 1.0])
def test_days_in_hiding_teach_as_far_as_they_are_seen(part: float) -> None:
    """(prior w + N) / (w + part E), one shell after 100 days and one that was shut; 1e-12 of rounding."""
    one = bench({**world(disguised=part), "beliefs": {"prior": {"disguised": "0.004 /d"}, "weight": "2000 d"}})
    clear_postures(one.state)
    count_posture(one.world, one.state, 2, c.OFFSHORE)
    advance_beliefs(one.world, one.state, 100.0)
    one.state.beliefs.shut_count[c.DISGUISED] += 1.0
    expected = (0.004 * 2000 + 1) / (2000 + part * 100)
    assert public_hazard(one.world, one.state, c.DISGUISED, 0.004) == pytest.approx(expected, rel=1e-12)


def test_what_is_seen_is_recorded_and_the_truth_beside_it() -> None:
    """`observed_share` by mode is what rules read; 1e-12 of rounding."""
    run, one = sim.run(scenario({**world(**PARTS), "end": day(3)})), bench(world(**PARTS))
    for mode in c.MODES:
        read = read_indicator(one.world, one.state, c.INDICATORS.index(f"share:{mode}"), 0.0)
        assert float(run.data["observed_share"].sel(mode=mode)[0]) == pytest.approx(read, abs=1e-12)
    true = run.data["focal_volume"].sum("exchange")[0] / 1000.0
    assert float(true.sel(mode="offshore")) > float(run.data["observed_share"].sel(mode="offshore")[0]) + 0.01


def test_facts_are_read_off_what_is_seen_in_full_runs_and_in_blocks() -> None:
    """To the last bit the same in both; a shell of which nothing is seen takes its volume out of the record."""
    name = "china_2017"
    hides = sim.load(name).with_values({"observer.disguised": 0.3})
    evidence = read_evidence(EVIDENCE / f"{name}.yaml", hides)
    world_, names = world_of(hides, "baseline")
    days = record_times(days_from(hides.start, hides.end), 1.0)
    reader = reader_of(hides, evidence, world_, names, days)

    block = compiled.simulate_batch(world_, 4, [7], world_.settings.end, 1.0, monitor=reader.monitor)
    full = evidence.read(sim.run(hides, seed=4, replication=7, engine="compiled"))

    np.testing.assert_array_equal(reader.values(block.monitored)[0], list(full.values()))
    all_seen = evidence.read(sim.run(sim.load(name), seed=4, replication=7, engine="compiled"))
    assert any(not math.isclose(full[fact], all_seen[fact], rel_tol=1e-6) for fact in full)
