"""Effects taken apart by runs: sets and orders against comparisons made by hand, and what has no value is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.decompose import decompose as module
from sim.study.statistics.posterior import Posterior, scenario_hash

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
BOTH = ("closure", "payments")
N = 12
SAME = {"rel": 1e-12, "abs": 1e-12}  # means of the same numbers, summed in another order


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


def shares(found: sim.Decomposition) -> list[float]:
    return [part.mean for part in found.share]


def test_parts_are_paired_differences(minimal: sim.Scenario) -> None:
    base = minimal.policies["baseline"]
    found = sim.decompose(minimal, measure="suppression", replications=N, seed=2)
    alone = {"none": base.without(*BOTH), "closure": base.only("closure"), "payments": base.only("payments")}
    study = sim.compare(minimal, alone, N, seed=2, paths=False)
    assert found.names == BOTH
    assert found.total.mean == pytest.approx(study.paired("suppression", "baseline", "none").mean, **SAME)
    for name, single, last in zip(BOTH, found.single, found.last, strict=True):
        other = BOTH[1 - BOTH.index(name)]
        assert single.mean == pytest.approx(study.paired("suppression", name, "none").mean, **SAME)
        assert last.mean == pytest.approx(study.paired("suppression", "baseline", other).mean, **SAME)
    assert sum(shares(found)) == pytest.approx(found.total.mean, **SAME)
    assert found.order is None


def test_order_is_against_all_orders(minimal: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    base = minimal.policies["baseline"]
    study = sim.compare(minimal, {"other": base.swap(*BOTH)}, N, paths=False)
    half = study.paired("suppression", "baseline", "other").mean / 2.0
    for all_orders in (24, 0):  # of two, a random order and its reverse are all orders, too
        monkeypatch.setattr(module, "_MOST_ORDERS_RUN", all_orders)
        found = sim.decompose(minimal, ids=BOTH, measure="suppression", replications=N, orders=True)
        assert found.order is not None
        assert found.order.mean == pytest.approx(half, **SAME)


def test_of_many_the_shares_are_sampled(minimal: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two interventions an order and its reverse are all there is, so that sampled shares are the exact ones."""
    exact = sim.decompose(minimal, measure="exposure", replications=N, seed=1)
    monkeypatch.setattr(module, "MOST_IN_ALL_SETS", 1)
    sampled = sim.decompose(minimal, measure="exposure", replications=N, seed=1, executor=2)
    assert shares(sampled) == pytest.approx(shares(exact), **SAME)
    assert sampled.single == ()
    with pytest.raises(ValueError, match="all sets of 1 interventions at most; 2 are named"):
        sim.decompose(minimal, measure="exposure", orders=True)


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")  # one intervention is there twice
def test_sampled_shares_agree_with_exact_ones(minimal: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    halves = minimal.policies["baseline"].replace("payments", {"coverage": 0.35})
    extra = halves.interventions[1].model_copy(update={"id": "more"})
    policy = halves.then(sim.Policy(interventions=(extra,)))
    exact = sim.decompose(minimal, policy, measure="suppression", replications=40)
    monkeypatch.setattr(module, "MOST_IN_ALL_SETS", 2)
    sampled = sim.decompose(minimal, policy, measure="suppression", replications=40)
    for one, other in zip(exact.share, sampled.share, strict=True):
        assert abs(one.mean - other.mean) <= 2.0 * other.half_width  # four standard errors
    assert sampled.residual < 1e-12


def test_executors_change_no_bit(minimal: sim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    for sets_of in (8, 1):
        monkeypatch.setattr(module, "MOST_IN_ALL_SETS", sets_of)
        alone = sim.decompose(minimal, measure="suppression", replications=N)
        assert sim.decompose(minimal, measure="suppression", replications=N, executor=2) == alone


@pytest.mark.parametrize("sets_of", [8, 1])
def test_over_draws_parts_are_means_over_these(
    minimal: sim.Scenario, monkeypatch: pytest.MonkeyPatch, sets_of: int
) -> None:
    """Three draws with two replications each, of all sets and of random orders, which are all orders of two."""
    monkeypatch.setattr(module, "MOST_IN_ALL_SETS", sets_of)
    base = minimal.policies["baseline"]
    found = sim.decompose(minimal, base, measure="suppression", replications=6, draws=3)
    study = sim.compare(minimal, {"none": base.without(*BOTH)}, 6, draws=3, paths=False)
    paired = study.paired("suppression", "baseline", "none")
    assert found.total.mean == pytest.approx(paired.mean, **SAME)
    assert found.total.low == pytest.approx(paired.low, **SAME)
    assert found.total.n == 3
    row = found.table().loc[("total", "all")]
    assert (row["draws_low"], row["draws_high"]) == pytest.approx(study.draw_range("suppression", "baseline", "none"))
    assert sum(shares(found)) == pytest.approx(found.total.mean, **SAME)
    assert found.interval_scope.startswith("intervals: luck and parameters, of the mean over 3 draws")
    assert "draws_low" not in sim.decompose(minimal, measure="suppression", replications=2).table()


def test_a_policy_that_is_given_follows_the_draws(minimal: sim.Scenario) -> None:
    """A posterior of what an intervention of the baseline does: a policy made of it has the drawn values too."""
    path = "policies.baseline.interventions.payments.coverage"
    ranges = {path: type(next(iter(minimal.uncertainties.values())))(between=(0.1, 0.9))}
    scenario = minimal.model_copy(update={"uncertainties": ranges})
    posterior = Posterior(scenario_hash(scenario), ({path: 0.1}, {path: 0.9}), {})
    late = scenario.policies["baseline"].delay("closure", days=9)
    found = sim.decompose(scenario, late, ["payments"], "suppression", replications=2, draws=posterior)
    effects = []
    for r, coverage in enumerate((0.1, 0.9)):
        drawn = late.replace("payments", {"coverage": coverage})
        study = sim.compare(scenario, {"all": drawn, "none": drawn.without("payments")}, 2, paths=False)
        effects.append(study.values("suppression", "all")[r] - study.values("suppression", "none")[r])
    assert abs(effects[1] - effects[0]) > 0.01  # so that it shows which values were taken
    assert found.total.mean == pytest.approx(np.mean(effects), **SAME)


def test_against_names_what_is_added(minimal: sim.Scenario) -> None:
    base = minimal.policies["baseline"]
    given = minimal.with_policies({"closure only": base.without("payments"), "later": base.delay("closure", days=9)})
    found = sim.decompose(given, measure="suppression", against="closure only", replications=4)
    assert found.names == ("payments",)
    with pytest.raises(
        ValueError,
        match=r"without payments the policy is not the one to compare with: they differ in closure, payments;",
    ):
        sim.decompose(given, ids=["payments"], measure="suppression", against="later")


def test_a_measure_that_is_never_defined_is_refused_with_others_that_are(minimal: sim.Scenario) -> None:
    with pytest.raises(ValueError, match=r"leakage is not defined under 'none of them'.*here: suppression, .*exposure"):
        sim.decompose(minimal, replications=4)


@pytest.mark.parametrize("sets_of", [8, 0])
def test_replications_without_value_are_left_out_and_counted(
    minimal: sim.Scenario, monkeypatch: pytest.MonkeyPatch, sets_of: int
) -> None:
    fear = {"id": "fear", "kind": "statement", "announced": "2020-06-01", "target": {"modes": ["domestic"]},
            "moves": {"hazard": 60}}  # fmt: skip
    policy = minimal.policies["baseline"].without("closure").then(sim.Policy.model_validate({"interventions": [fear]}))
    monkeypatch.setattr(module, "MOST_IN_ALL_SETS", sets_of)
    with pytest.warns(UserWarning, match=r"leakage is not defined in \d+ runs, most often under .*: suppression"):
        found = sim.decompose(minimal, policy, ["payments"], replications=60)
    assert 0 < found.total.undefined < 60
    assert found.total.n + found.total.undefined == 60
    assert not np.isnan(found.total.mean)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": "payment_first"}, "did you mean payments_first"),
        ({"measure": "leekage"}, "did you mean leakage"),
        ({"ids": ["payment"]}, "did you mean payments"),
        ({"ids": []}, "no intervention to decompose"),
        ({"replications": 1}, "from 2 on"),
    ],
)
def test_what_is_not_there_is_told(minimal: sim.Scenario, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.decompose(minimal, **options)  # type: ignore[arg-type]
