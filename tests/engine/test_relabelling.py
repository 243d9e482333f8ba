"""The shipped minimal scenario told in another order, or with another name: what changes and what does not."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest

from sim.engine.compiled import simulate_batch
from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_file
from sim.world.codes import EVENTS
from tests.engine.test_scaling import plain
from tests.kit import Data, History, built, data, day, history

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"


def minimal() -> Data:
    """The scenario, with every lag drawn from a continuous law so that nothing coincides by design.

    Closings use a drawn part of the notice, so that the deadline does not shut several venues at once, and nobody
    thinks because of a loss, which several may notice at the same weekly reading.
    """
    source: Data = to_plain(read_file(MINIMAL))
    source["decisions"] = {"loss_trigger": 1.0}
    for exchange in source["exchanges"]:
        exchange["notice_used"] = {"uniform": {"low": 0.1, "high": 0.9}}
    return source


def assert_same(one: History, two: History) -> None:
    """The same story with the same names; numbers to 1e-9, for sums over venues are formed in the order of the list."""
    stories = [sorted((round(line.day, 7), line.event, line.subject, line.mode, line.cause) for line in run.lines)
               for run in (one, two)]  # fmt: skip
    assert stories[0] == stories[1]
    firms = [two.names.exchange_ids.index(name) for name in one.names.exchange_ids]
    cohorts = [two.names.segments.index(name) for name in one.names.segments]
    left, right = one.result.frame, two.result.frame
    np.testing.assert_allclose(left.share, right.share[:, cohorts][:, :, firms], rtol=0, atol=1e-9)
    np.testing.assert_allclose(left.outside, right.outside[:, cohorts], rtol=0, atol=1e-9)
    assert (left.status == right.status[:, firms]).all()
    assert (left.strategy == right.strategy[:, firms]).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("block", ["exchanges", "segments", "agencies", "interventions"])
def test_the_order_of_a_list_changes_nothing(block, seed):
    """18 months with closings, launches, moves and enforcement. Draws go by name, so a place in a list means nothing."""
    source = minimal()
    turned = copy.deepcopy(source)
    (turned["policies"]["baseline"] if block == "interventions" else turned[block]).reverse()
    one, two = history(source, seed=seed), history(turned, seed=seed)
    assert len(one.told("launched")) > 3
    assert_same(one, two)


@pytest.mark.parametrize("policy", ["baseline", "otc_joint"])
def test_the_order_of_offices_changes_nothing(policy):
    """Applications to several offices, two at a time; the sums have no other order, so the bits are the same."""
    source, batches = plain("hong_kong_2024"), []
    for offices in (source["offices"], source["offices"][::-1]):
        world, _, end, every = built({**source, "offices": offices}, policy)
        batches.append(simulate_batch(world, 1, [0, 1, 2], end, every))
    assert batches[0].measures.tobytes() == batches[1].measures.tobytes()
    assert (batches[0].events == batches[1].events).all()
    assert batches[0].events[:, EVENTS.index("licence-refused")].any()


def test_without_random_draws_a_name_means_nothing():
    """Four exchanges that never think, under measures: other names and another order, the same shares to 1e-13."""
    block = {"id": "block", "kind": "payment-block", "announced": day(30), "coverage": 0.7}
    fee = {"id": "fee", "kind": "fee-rule", "announced": day(50), "target": {"exchanges": ["c"]}}
    exchanges = [{"id": name, "home": "home", "share": 0.1 * (n + 1), "fixed": True} for n, name in enumerate("abcd")]
    segment = {"id": "t", "home": "home", "volume": 100, "switching": "0.2 /d", "outside": 0.6, "fee": 100.0,
               "liquidity": 0.3, "taste": {"domestic": 0}, "rails": {"bank": 1.0}}  # fmt: skip
    source = data(exchanges=exchanges, segments=[segment], baseline=[block, fee])
    renamed = copy.deepcopy(source)
    names = {"a": "w", "b": "x", "c": "y", "d": "z"}
    renamed["exchanges"] = [{**exchange, "id": names[exchange["id"]]} for exchange in reversed(exchanges)]
    renamed["policies"]["baseline"][1]["target"]["exchanges"] = ["y"]
    one, two = history(source), history(renamed)
    for old, new in names.items():
        np.testing.assert_allclose(one.share(old), two.share(new), rtol=0, atol=1e-13)


def test_members_of_a_group_are_exchanges_like_others():
    """A group of three, and the same three written out one by one with the names of its members."""
    source = minimal()
    written = copy.deepcopy(source)
    group = written["exchanges"].pop(3)
    assert group["group"] == "small"
    shared = {key: value for key, value in group.items() if key not in ("group", "count")}
    members = [{**shared, "id": f"small-{n:02d}"} for n in range(1, int(group["count"]) + 1)]
    written["exchanges"][3:3] = members
    one, two = history(source), history(written)
    assert one.lines == two.lines
    assert one.result.frame.share.tobytes() == two.result.frame.share.tobytes()


def test_a_larger_group_keeps_the_draws_of_its_members():
    """Members are addressed by name: brands of the first five are the same in a group of six."""
    source = minimal()
    more = copy.deepcopy(source)
    more["exchanges"][3]["count"] = 6
    one, two = history(source, until=1.0), history(more, until=1.0)
    small = [n for n, name in enumerate(one.names.exchange_ids) if name.startswith("small")]
    ratios = one.result.frame.share[0, 0, small, 0] / two.result.frame.share[0, 0, small, 0]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-13)


def test_splitting_a_group_of_traders_in_two_changes_nothing():
    """Two cohorts of half the volume trade as one does; exchanges see the same volumes to rounding."""
    source = minimal()
    split = copy.deepcopy(source)
    half = split["segments"][0]
    half["volume"] = float(half["volume"]) / 2.0
    split["segments"].insert(1, {**copy.deepcopy(half), "id": "others"})
    one, two = history(source, seed=2), history(split, seed=2)
    assert [(line.event, line.subject, line.mode) for line in one.lines] == [
        (line.event, line.subject, line.mode) for line in two.lines
    ]
    np.testing.assert_allclose(one.result.frame.share[:, 0], two.result.frame.share[:, 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(two.result.frame.share[:, 1], two.result.frame.share[:, 0], rtol=0, atol=0)
