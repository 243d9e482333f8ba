"""Outcomes of scenarios that ship stay where they were pinned, as means over four replications.

Those of the other episodes are held by their facts (tests/test_shipped.py).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import sim
from tests.kit import shipped

pytestmark = pytest.mark.slow

CHINA, HONG_KONG = "china_2017", "hong_kong_2024"

PINNED = {
    (CHINA, "no_crackdown"): {
        "suppression": (-0.031, 0.02), "exposure": (0, 0.01), "cases_opened": (0, 0), "blocked_sites": (0, 0),
        "survival:domestic": (22.5, 4), "survival:otc": (19.5, 3), "survival:hybrid": (0, 1),
    },
    (CHINA, "baseline"): {
        "suppression": (0.41, 0.04), "leakage": (0.55, 0.05), "exposure": (0.94, 0.02), "half_life": (12.4, 1.5),
        "cases_opened": (50, 7), "blocked_sites": (145, 7), "survival:domestic": (0, 0), "survival:exit": (16.5, 5),
        "survival:hybrid": (13.2, 5), "survival:disguised+otc": (26, 5), "survival:otc": (20, 4),
    },
    (CHINA, "payments_first"): {
        "suppression": (0.44, 0.04), "leakage": (0.53, 0.05), "exposure": (0.93, 0.02), "half_life": (14.7, 1.5),
        "survival:domestic": (0, 0), "survival:exit": (21, 5), "survival:disguised+otc": (21, 5),
    },
    (CHINA, "licence_instead"): {
        "suppression": (0.07, 0.08), "leakage": (0.27, 0.09), "exposure": (0.10, 0.08), "licences_granted": (15, 3),
        "licence_wait": (241, 25), "survival:domestic": (10.6, 3), "survival:exit": (29.2, 6),
    },
    (CHINA, "everything_at_once"): {
        "suppression": (0.47, 0.04), "leakage": (0.50, 0.05), "blocked_sites": (175, 12), "survival:exit": (24, 6),
        "survival:domestic": (0, 0), "survival:disguised+otc": (19, 5),
    },
    (CHINA, "adaptive"): {
        "suppression": (0.43, 0.04), "leakage": (0.54, 0.05), "blocked_sites": (159, 14), "survival:exit": (17, 6),
        "survival:domestic": (0, 0), "survival:disguised+otc": (25, 5),
    },
    ("china_2017_world", "baseline"): {
        "suppression": (-0.032, 0.02), "exposure": (0, 0), "survival:domestic": (25, 5),
        "survival:domestic+offshore": (21.5, 5), "survival:disguised": (0, 0),
    },
    (HONG_KONG, "baseline"): {
        "suppression": (-0.02, 0.015), "exposure": (0.004, 0.01), "licences_granted": (5, 3), "licence_wait": (160, 40),
        "survival:exit": (25.2, 4), "survival:otc": (37.7, 3), "survival:domestic": (13.9, 3),
    },
    (HONG_KONG, "otc_customs"): {
        "suppression": (-0.011, 0.015), "licences_granted": (24, 6), "licence_wait": (171, 20), "survival:otc": (32, 4),
    },
    (HONG_KONG, "otc_sfc"): {
        "suppression": (0.041, 0.02), "licences_granted": (8.5, 4), "licence_wait": (161, 25), "survival:otc": (22, 4),
    },
    (HONG_KONG, "otc_joint"): {
        "suppression": (0.046, 0.02), "licences_granted": (26, 6), "licence_wait": (165, 20), "survival:otc": (19, 4),
    },
    (HONG_KONG, "no_licensing"): {
        "suppression": (-0.024, 0.01), "licences_granted": (0, 0), "survival:exit": (0.5, 2),
        "survival:domestic": (40.5, 2),
    },
    (HONG_KONG, "faster_office"): {
        "suppression": (-0.029, 0.01), "licences_granted": (28, 4), "licence_wait": (110, 12),
        "survival:exit": (15, 3), "survival:domestic": (27, 4),
    },
    (HONG_KONG, "shock_driven"): {
        "suppression": (-0.011, 0.02), "licences_granted": (22.5, 6), "survival:otc": (34, 4), "survival:exit": (28.8, 4),
    },
    ("minimal", "baseline"): {
        "suppression": (0.68, 0.06), "leakage": (0.32, 0.06), "exposure": (0.41, 0.12), "survival:hybrid": (3, 1),
        "survival:disguised+otc": (4.25, 1.5), "survival:domestic": (0, 0),
    },
    ("minimal", "payments_first"): {
        "suppression": (0.69, 0.06), "leakage": (0.31, 0.06), "exposure": (0.35, 0.15), "survival:domestic": (0, 0),
    },
}  # fmt: skip
"""Measures as (value, tolerance) by scenario and policy. Tolerances are one to two standard deviations of one history.

If a change moves an outcome on purpose, pin it anew and say so in CHANGELOG.md under Numbers.
"""


@cache
def study(name: str) -> sim.Study:
    """Four replications of all policies, without the journals and tables that single runs have."""
    return sim.compare(shipped(name), replications=4, seed=1, paths=False)


def test_every_policy_is_pinned():
    names = {name for name, _ in PINNED}

    assert {(name, policy) for name in names for policy in shipped(name).policies} == set(PINNED)


@pytest.mark.parametrize(("name", "policy"), PINNED)
def test_outcomes_stay_where_they_were_pinned(name, policy):
    means = {measure: np.mean(study(name).values(measure, policy)) for measure in PINNED[name, policy]}

    off = {
        measure: f"{means[measure]:.4g}, pinned at {value} within {tolerance}"
        for measure, (value, tolerance) in PINNED[name, policy].items()
        if not abs(means[measure] - value) <= tolerance
    }
    assert off == {}
