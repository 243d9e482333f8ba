"""What intervals promise: a difference that is known in closed form lies in them as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.study.statistics.confidence_intervals import difference
from tests.kit import data, day, scenario

APPLICANTS, STRICT, LENIENT = 12, 0.5, 0.8
DIFFERENCE = APPLICANTS * (LENIENT - STRICT)
REPLICATIONS, STUDIES = 40, 400


def regime(office: str) -> dict[str, object]:
    return {
        "id": f"regime-{office}", "kind": "licence-regime", "announced": day(0), "deadline": day(5000),
        "offices": [office], "moves": {"hazard": 1.0}, "enforcement": {"action": "closure", "rate": "0 /d"},
        "reaction": {"uniform": {"low": "0 d", "high": "20 d"}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def offices() -> sim.Scenario:
    """Twelve exchanges apply once each, to a strict office or to a lenient one; who is licensed is a coin for each."""
    return scenario(
        data(
            end=day(60.0),
            exchanges=[{"group": "x", "count": APPLICANTS, "home": "home", "brand": -7}],
            offices=[{"id": name, "officers": APPLICANTS, "service": "4 d", "approval": approval}
                     for name, approval in (("strict", STRICT), ("lenient", LENIENT))],
            decisions={"options": ["domestic"], "temperature": 0.0, "review": "1000000 d", "loss_trigger": 1.0},
            segments=[{"id": "t", "home": "home", "volume": 1e6, "switching": "0.1 /d", "outside": 0.5,
                       "liquidity": 0.0, "taste": {"domestic": 0}}],
            baseline=[regime("strict")],
            policies={"lenient": [regime("lenient")]},
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def runs(offices: sim.Scenario) -> sim.Study:
    """The replications of all studies."""
    return sim.compare(offices, ["lenient"], STUDIES * REPLICATIONS, paths=False)


def covered(runs: sim.Study) -> float:
    """The part of the studies, each of replications of its own, whose interval holds the difference."""
    lenient, strict = (
        runs.values("licences_granted", policy).reshape(STUDIES, REPLICATIONS) for policy in ("lenient", "baseline")
    )
    intervals = [difference(*values) for values in zip(lenient, strict, strict=True)]
    return sum(each.low <= DIFFERENCE <= each.high for each in intervals) / STUDIES


def test_the_difference_is_the_one_in_closed_form(runs: sim.Study) -> None:
    """A licence count is binomial: mean within four standard errors, variance within four of its own."""
    n = STUDIES * REPLICATIONS
    for policy, p in (("baseline", STRICT), ("lenient", LENIENT)):
        count = runs.values("licences_granted", policy)
        variance = APPLICANTS * p * (1 - p)
        assert abs(count.mean() - APPLICANTS * p) < 4 * np.sqrt(variance / n)
        assert abs(count.var(ddof=1) / variance - 1) < 4 * np.sqrt(2 / n)


def test_intervals_cover_as_often_as_they_say(runs: sim.Study) -> None:
    """400 studies: within three binomial standard errors, 3.3 points, of 95 %; intervals of 89 % would fail 19 times in 20."""
    assert abs(covered(runs) - 0.95) < 3 * np.sqrt(0.95 * 0.05 / STUDIES)
