"""Races of policies: the best is found, whoever does the work, and what has no best is refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

import sim
from sim.study.race.race import Selection

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
COVERAGES = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


@pytest.fixture(scope="module")
def blocks(minimal: sim.Scenario) -> dict[str, sim.Policy]:
    """The payment block at once and with more and more coverage: the wider one can only push more traders out."""
    at_once = minimal.policies["baseline"].replace("payments", {"ramp": "0 d"})
    return {f"cover {c:g}": at_once.replace("payments", {"coverage": c}) for c in COVERAGES}


def race(minimal: sim.Scenario, policies: dict[str, sim.Policy], **options: object) -> Selection:
    asked = {"delta": 0.005, "larger_is_better": True, "seed": 4} | options
    return sim.race(minimal, policies, "suppression", **asked)  # type: ignore[arg-type]


def same(a: Selection, b: Selection) -> bool:
    plain = ("best", "survivors", "eliminated", "history", "stopped", "replications")
    return all(getattr(a, name) == getattr(b, name) for name in plain) and all(
        a.values[policy].tobytes() == b.values[policy].tobytes() for policy in a.policies
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_known_best_wins(minimal: sim.Scenario, blocks: dict[str, sim.Policy], seed: int) -> None:
    # confidence 0.999 each, so that five right answers are expected
    most = race(minimal, blocks, seed=seed, confidence=0.999)
    least = race(minimal, blocks, seed=seed, confidence=0.999, larger_is_better=False)
    assert (most.best, least.best) == ("cover 0.9", "cover 0.1")
    assert most.best in most.survivors
    assert set(most.eliminated) == set(blocks) - {most.best}


def test_executors_change_no_bit(minimal: sim.Scenario, blocks: dict[str, sim.Policy]) -> None:
    alone = race(minimal, blocks, delta=0.001, maximum=300)
    assert same(alone, race(minimal, blocks, delta=0.001, maximum=300, executor=2))


def test_values_are_those_of_a_comparison(minimal: sim.Scenario, blocks: dict[str, sim.Policy]) -> None:
    """Racing changes how many replications are made, never which; and only survivors are simulated further."""
    found = race(minimal, blocks)
    longest = max(found.replications.values())
    study = sim.compare(minimal, blocks, replications=longest, seed=4, paths=False)
    for policy, values in found.values.items():
        assert len(values) == found.eliminated.get(policy, longest)
        np.testing.assert_array_equal(values, study.values("suppression", policy)[: len(values)])
    assert 0.0 <= found.saving < 1.0


def test_the_table_tells_the_winner_first(minimal: sim.Scenario, blocks: dict[str, sim.Policy]) -> None:
    found = race(minimal, blocks)
    table = found.table()
    assert table.index[0] == found.best == "cover 0.9"
    assert (table.loc[found.best, ["behind", "low", "high"]] == 0.0).all()
    assert (table["behind"].iloc[1:] < 0.0).all()
    assert table["eliminated"].isna().sum() == 1
    assert f"{found.best} has the largest suppression" in str(found)


def test_the_figure_has_a_bar_for_each(minimal: sim.Scenario, blocks: dict[str, sim.Policy]) -> None:
    ax = race(minimal, blocks).plot()
    words = " ".join(text.get_text() for text in ax.findobj(Text))
    assert all(name in words for name in blocks)
    assert "cover 0.9 wins" in words


def test_racers_are_those_given_and_no_others(minimal: sim.Scenario, blocks: dict[str, sim.Policy]) -> None:
    assert race(minimal, blocks).policies == tuple(blocks)
    named = sim.race(minimal, None, "suppression", delta=0.1, larger_is_better=True)
    assert set(named.policies) == set(minimal.policies)


def test_equal_policies_are_not_told_apart(minimal: sim.Scenario) -> None:
    twins = {"one": minimal.policies["baseline"], "other": minimal.policies["baseline"]}
    found = race(minimal, twins)
    assert (found.stopped, found.survivors) == ("within indifference zone", ("one", "other"))
    assert "within 0.005 of it: other" in str(found)


def test_the_cap_gives_no_guarantee(minimal: sim.Scenario) -> None:
    found = sim.race(minimal, None, "suppression", delta=1e-6, larger_is_better=True, n0=5, maximum=10)
    assert found.stopped == "cap"
    assert "no guarantee" in str(found)


def test_a_measure_without_value_names_the_policy(minimal: sim.Scenario) -> None:
    policies = sim.subsets(minimal.policies["baseline"], ["closure", "payments"])
    with pytest.raises(ValueError, match=r"leakage is not defined in replication 0 of 'none of them'.*suppression"):
        sim.race(minimal, policies, "leakage", delta=0.01, larger_is_better=False)
    found = sim.race(minimal, policies, "leakage", delta=0.01, larger_is_better=False, undefined=1.0)
    assert found.values["none of them"].tolist() == [1.0] * found.replications["none of them"]


@pytest.mark.parametrize(
    ("policies", "measure", "message"),
    [
        (["baseline"], "suppression", "two policies or more, got baseline"),
        (["payments_frist"], "suppression", "did you mean payments_first"),
        (None, "supression", "did you mean suppression"),
    ],
)
def test_what_cannot_race_is_told(minimal: sim.Scenario, policies: object, measure: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.race(minimal, policies, measure, delta=0.01, larger_is_better=True)  # type: ignore[arg-type]
