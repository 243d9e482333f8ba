"""Searches for policies: what is known to be best is found, and the way there changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import sim
from sim.study.search.search import Search
from sim.study.search.variants import Variant

MINIMAL = Path(__file__).resolve().parents[2] / "configs" / "minimal.yaml"
ASKED: dict[str, Any] = {
    "objectives": {"suppression": True, "agency_days": False}, "interventions": ["closure", "payments"],
    "timing": "fixed", "strongest": 1.0, "trials": 20, "replications": 3,
}  # fmt: skip
"""Four policies: with and without each of two interventions."""


@pytest.fixture(scope="module")
def minimal() -> sim.Scenario:
    return sim.load(MINIMAL)


@pytest.fixture(scope="module")
def found(minimal: sim.Scenario) -> Search:
    return sim.search(minimal, **ASKED)


def test_all_of_a_small_space_is_found_and_its_front_is_right(minimal: sim.Scenario, found: Search) -> None:
    """Against a comparison of all four in the same replications."""
    base = minimal.policies["baseline"]
    kept = {"closure, payments": Variant(("closure", "payments")), "closure": Variant(("closure",)),
            "payments": Variant(("payments",))}  # fmt: skip
    study = sim.compare(
        minimal, {f"without {name}": variant.of(base) for name, variant in kept.items()}, 3, paths=False
    )
    means = {Variant(): "baseline"} | {variant: f"without {name}" for name, variant in kept.items()}
    assert set(found.variants) == set(means)
    for variant, own in zip(found.variants, found.found, strict=True):
        expected = [study.level(measure, means[variant]).mean for measure in ("suppression", "agency_days")]
        np.testing.assert_allclose(own, expected, rtol=1e-12)
    beaten = [
        any((b[0] >= a[0] and b[1] <= a[1]) and (b[0] > a[0] or b[1] < a[1]) for b in found.found) for a in found.found
    ]
    assert {found.variants[i] for i in found.front} == {
        v for v, out in zip(found.variants, beaten, strict=True) if not out
    }


def test_the_front_is_checked_on_replications_that_the_search_has_not_seen(
    minimal: sim.Scenario, found: Search
) -> None:
    table = found.table()
    assert table.index[0] == "baseline"
    fresh = sim.run(minimal, replication=1_000_000).measures
    assert found.checked[0, 0, 0] == pytest.approx(fresh["suppression"], rel=1e-12)
    assert table.loc["baseline", "suppression"] != table.loc["baseline", "suppression_search"]
    assert "resamples of fresh replications" in str(found)
    assert "on fresh replications, on average: suppression" in repr(found)
    assert "fresh" in " ".join(text.get_text() for text in found.plot().texts)


def test_workers_interruptions_and_length_change_nothing(minimal: sim.Scenario, found: Search, tmp_path: Path) -> None:
    sim.search(minimal, **ASKED | {"trials": 16}, store=tmp_path)
    resumed = sim.search(minimal, **ASKED, store=tmp_path, executor=2)
    assert resumed.variants == found.variants
    assert resumed.found.tobytes() == found.found.tobytes()
    assert resumed.checked.tobytes() == found.checked.tobytes()
    with pytest.raises(ValueError, match="holds another search"):
        sim.search(minimal, **ASKED, seed=1, store=tmp_path)


def test_a_budget_is_kept(minimal: sim.Scenario) -> None:
    limited = sim.search(minimal, budget={"agency_days": 0.0}, **ASKED)
    assert limited.front
    assert all(limited.found[i, 1] <= 0.0 for i in limited.front)


def test_draws_are_those_of_a_comparison_and_the_check_has_others(minimal: sim.Scenario) -> None:
    asked = ASKED | {"trials": 1, "replications": 4}
    drawn = sim.search(minimal, **asked, draws=2)
    study = sim.compare(minimal, [], 4, draws=2, paths=False)
    assert drawn.found[0, 0] == pytest.approx(study.values("suppression").mean(), rel=1e-12)
    assert drawn.draws == 2
    assert drawn.interval_scope == (
        "intervals: luck and parameters, of the mean over 2 draws of what is uncertain in the file"
    )


@pytest.mark.parametrize(
    "variant",
    [
        Variant(("closure",), (("payments", -60.0),), (("payments", 2.0),)),
        Variant((), (("closure", 30.0), ("payments", 90.0)), (("closure", 0.5),)),
        Variant((), (), (("payments", 0.5),), ("payments", "closure")),
    ],
)
def test_what_is_written_is_the_policy_that_was_found(minimal: sim.Scenario, tmp_path: Path, variant: Variant) -> None:
    base = minimal.policies["baseline"]
    file = tmp_path / "found.yaml"
    policies = {"found-1": variant.as_written(base, "baseline")}
    file.write_text(f"extends: {MINIMAL}\n" + yaml.safe_dump({"policies": policies}), encoding="utf-8")
    read, made = sim.load(file).policies["found-1"], variant.of(base)
    assert {item.id: item.model_dump() for item in read.interventions} == {
        item.id: item.model_dump() for item in made.interventions
    }


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"interventions": ["closur"]}, "did you mean closure"),
        ({"timing": "sometimes"}, "timing is one of"),
        ({"objectives": {"supression": True}}, "did you mean suppression"),
        ({"base": "baselin"}, "did you mean baseline"),
        ({"strongest": 0.5}, "1 or more"),
    ],
)
def test_what_cannot_be_searched_is_refused(minimal: sim.Scenario, asked: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        sim.search(minimal, **ASKED | asked)
