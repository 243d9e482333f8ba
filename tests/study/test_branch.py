"""One past, many futures: the past stays bit for bit, futures are runs of their own, and what is past cannot change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.scenario.errors import ScenarioError
from tests.kit import scenario as made
from tests.worlds import worlds

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
AT = "2020-07-01"  # the closure was announced on 2020-06-01, the payment block comes on 2020-12-01
DAY = 182.0


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


@pytest.fixture(scope="module")
def baseline(minimal: sim.Scenario) -> sim.Policy:
    return minimal.policies["baseline"]


@pytest.fixture(scope="module")
def history(minimal: sim.Scenario) -> sim.Run:
    return sim.run(minimal, seed=3, replication=5, until=AT, engine="compiled")


def same(a: sim.Run, b: sim.Run) -> bool:
    tables = all(getattr(a, name).equals(getattr(b, name)) for name in ("journal", "decisions", "options"))
    return tables and a.data.equals(b.data)


def before(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["day"] < DAY].reset_index(drop=True)


def test_a_future_is_the_run_of_its_policy_and_has_the_past(
    minimal: sim.Scenario, baseline: sim.Policy, history: sim.Run
) -> None:
    early = baseline.delay("payments", days=-120)
    found = history.branch({"early": early, "never": {"drop": ["payments"]}})

    assert list(found) == ["as it was", "early", "never"]
    assert same(found["as it was"], sim.run(minimal, seed=3, replication=5))  # the other engine, too
    named = minimal.with_policies({"early": early, "never": baseline.without("payments")})
    for name in ("early", "never"):
        assert same(found[name], sim.run(named, name, seed=3, replication=5))
        pd.testing.assert_frame_equal(before(found[name].journal), before(history.journal))
        shares = found[name].data["share"].sel(time=found[name].data["day"] < DAY)
        np.testing.assert_array_equal(shares, history.data["share"][: len(shares["time"])])
        assert not found[name].journal.equals(found["as it was"].journal)


def test_a_full_run_branches_where_one_says(minimal: sim.Scenario, history: sim.Run) -> None:
    full = sim.run(minimal, seed=3, replication=5, engine="compiled")
    changes = {"never": {"drop": ["payments"]}}
    assert same(full.branch(changes, at=AT)["never"], history.branch(changes)["never"])
    with pytest.raises(ValueError, match="say where it branches"):
        full.branch(changes)
    with pytest.raises(ValueError, match="a branch lies between 2020-01-01 and 2021-06-30"):
        full.branch(changes, at="2030-01-01")
    with pytest.raises(ValueError, match="the history ends on 2020-07-01, before the branch on 2020-08-01"):
        history.branch(changes, at="2020-08-01")


def test_what_is_new_leaves_what_was_announced(baseline: sim.Policy, history: sim.Run) -> None:
    """A policy of new ids stands for all that comes; the closure stays, the payment block of the past does not come."""
    more = baseline.only("payments").interventions[0].model_copy(update={"id": "more"})
    found = history.branch({"nothing": sim.Policy(), "other": sim.Policy(interventions=(more,))})
    policies = found["other"].scenario.policies
    assert policies["nothing"].ids == ("closure",)
    assert policies["other"].ids == ("closure", "more")


def test_an_order_can_be_lifted_after_the_branch(history: sim.Run) -> None:
    found = history.branch({"lifted": {"change": {"closure": {"until": "2020-09-01"}}}})
    lifted = found["lifted"].journal.query("event == 'lifted' and subject == 'closure'")
    assert lifted["day"].tolist() == [245.0]  # the midnight after its last day


@pytest.mark.parametrize(
    ("future", "message"),
    [
        ({"drop": ["closure"]}, "f: closure began on 2020-06-01, before the branch on 2020-07-01, and cannot be left out"),
        ({"delay": {"closure": "10 d"}}, "closure was announced on 2020-06-01, before the branch .* must be as it was"),
        ({"change": {"closure": {"deadline": "2020-08-15"}}}, "closure was announced on 2020-06-01"),
        ({"change": {"closure": {"until": "2020-06-20"}}}, "closure was announced on 2020-06-01"),
        ({"delay": {"payments": "-200 d"}}, "payments begins on 2020-05-15, before the branch on 2020-07-01"),
        ("payments_first", "payments begins on 2020-05-15"),
        ({"rules": [{"id": "r", "when": {"indicator": "exposure", "above": 0.1}, "steps": [[
            {"id": "x", "kind": "statement", "announced": "+1 d"}]]}]}, "rule r observes from 2020-01-01"),
        ("payment_first", "did you mean payments_first"),
    ],
)  # fmt: skip
def test_the_past_cannot_change(history: sim.Run, future: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        history.branch({"f": future})  # type: ignore[dict-item]


def test_rules_may_begin_later_and_stay_once_begun(minimal: sim.Scenario, history: sim.Run) -> None:
    rule = {
        "id": "r", "when": {"indicator": "share:domestic", "below": 0.9}, "starts": "2020-07-01",
        "steps": [[{"id": "x", "kind": "payment-block", "by": "central-bank", "announced": "+1 d"}]],
    }  # fmt: skip
    found = history.branch({"watched": {"rules": [rule]}})["watched"]
    assert (found.journal["event"] == "rule-fired").any()
    later = sim.run(found.scenario, "watched", seed=3, replication=5, until="2020-10-01", engine="compiled")
    with pytest.raises(ValueError, match="r began on 2020-07-01"):
        later.branch({"unwatched": {"drop": ["r"]}})


def test_misspelt_changes_are_told(history: sim.Run) -> None:
    with pytest.raises(ScenarioError, match="did you mean drop"):
        history.branch({"f": {"dorp": ["payments"]}})


def test_a_past_that_does_not_come_again_is_refused(history: sim.Run) -> None:
    data = history.data.copy(deep=True)
    data["habit"][100, 0, 0] += 1e-15
    with pytest.raises(RuntimeError, match="as it was: habit before 2020-07-01 differs from the history"):
        replace(history, data=data).branch()
    with pytest.raises(RuntimeError, match="journal"):
        replace(history, seed=4).branch()


def test_comparisons_of_futures_have_a_past_in_each_replication(minimal: sim.Scenario) -> None:
    policies = sim.futures(minimal, {"never": {"drop": ["payments"]}}, at=AT)
    study = sim.compare(minimal, policies, replications=8)
    until = study.day < DAY
    np.testing.assert_array_equal(study.path("otc", "never")[:, until], study.path("otc")[:, until])
    assert not np.array_equal(study.path("otc", "never"), study.path("otc"))


def test_the_table_has_a_column_per_future(history: sim.Run) -> None:
    found = history.branch({"never": {"drop": ["payments"]}})
    table = found.table()
    assert table["never"].to_dict() == pytest.approx(dict(found["never"].measures), nan_ok=True)
    assert list(table.columns) == list(found)


@pytest.mark.filterwarnings("ignore::sim.ScenarioWarning")  # worlds as they come
@settings(max_examples=8)
@given(worlds(), st.integers(5, 60))
def test_in_any_world_nothing_before_the_branch_moves(source, day):  # type: ignore[no-untyped-def]
    """Dropping all that is still ahead never trips the check that the past is the history, bit for bit."""
    world = made(source)
    at = world.start + pd.Timedelta(days=day).to_pytimedelta()
    history = sim.run(world, until=at, engine="compiled")
    found = history.branch({"nothing more": sim.Policy()})
    assert len(found["nothing more"].data["time"]) == len(found["as it was"].data["time"])
