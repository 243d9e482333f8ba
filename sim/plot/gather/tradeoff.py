"""Two measures of every policy against each other, with what no other policy beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.plot.gather.quantity import Quantity, quantity
from sim.plot.gather.studied import lost
from sim.plot.style import Floats, capital, listed

if TYPE_CHECKING:
    from sim.study.pareto import Region
    from sim.study.study import Study

LARGER = ("suppression", "licences_granted")
"""Measures of which a regulator wants more; of all others, less."""
OUTLINE = 90
"""Points of the outline of a region."""


@dataclass(frozen=True)
class Place:
    """Means of two measures under a policy, the outline (N, 2) of their region, and how often it is efficient.

    Units are those of levels. `often` is the share of resampled studies in which no other policy beats it.
    """

    policy: str
    x: float
    y: float
    outline: Floats
    efficient: bool
    often: float


@dataclass(frozen=True)
class Tradeoff:
    """Places of the policies for which both measures are defined; `larger` says of which more is better."""

    x: Quantity
    y: Quantity
    larger: tuple[bool, bool]
    places: tuple[Place, ...]
    title: str
    notes: tuple[str, ...]


def gather_tradeoff(
    study: Study, x: str = "suppression", y: str = "leakage", larger: tuple[bool, bool] | None = None,
    confidence: float = 0.95,
) -> Tradeoff:  # fmt: skip
    """Means of `x` and `y` with their joint regions.

    `larger` says of each measure whether more of it is better; by default what a regulator would say. Raises KeyError
    for a measure that is not there.
    """
    from sim.study.pareto import efficient, efficient_share, region

    across, up = quantity(x), quantity(y)
    better = (x in LARGER, y in LARGER) if larger is None else larger
    pairs = {policy: np.stack([study.values(x, policy), study.values(y, policy)], axis=1) for policy in study.policies}
    known = [policy for policy, values in pairs.items() if not np.isnan(values).any(axis=1).all()]
    regions = [region(pairs[policy][:, 0], pairs[policy][:, 1], confidence) for policy in known]
    good = efficient([each.centre for each in regions], better) if known else np.zeros(0, bool)
    n = min((len(pairs[policy]) for policy in known), default=0)
    values = np.stack([pairs[policy][:n] for policy in known], axis=1) if known else np.zeros((0, 0, 2))
    often = efficient_share(values, better) if known else np.zeros(0)
    factors = np.array([across.factor, up.factor])
    places = tuple(
        Place(policy, float(at[0]), float(at[1]), factors * _outline(each), bool(best), float(share))
        for policy, each, best, share in zip(known, regions, good, often, strict=True)
        for at in [factors * each.centre]
    )
    notes = [
        f"Means with {100 * confidence:g} % regions. Filled: efficient, no other policy is better in one "
        "and as good in the other. Replications are paired, so policies can differ surely where regions overlap."
    ]
    counts = {policy: int((~np.isnan(pairs[policy]).any(axis=1)).sum()) for policy in known}
    notes += [
        f"{policy}: both are defined in {count:,} of {len(pairs[policy]):,} replications."
        for policy, count in counts.items()
        if count < len(pairs[policy])
    ]
    notes += [f"{policy} is left out: {x} or {y} is undefined." for policy in study.policies if policy not in known]
    return Tradeoff(across, up, better, places, finding(across, up, places), (*notes, *lost(study)))


def finding(x: Quantity, y: Quantity, places: Sequence[Place]) -> str:
    """Which policies are efficient, and whether resampling agrees."""
    best = [place.policy for place in places if place.efficient]
    about = f"{x.name} and {y.name}"
    if not best:
        return f"{capital(about)} are defined together under no policy"
    if len(places) == 1:
        return f"{capital(about)} are defined together under {best[0]} only"
    if len(best) == 1:
        return f"{best[0]} is best in both {about}"
    if len(best) == len(places):
        return f"All policies trade {x.name} for {y.name}: none is better in both"
    names = listed(best) if len(best) <= 3 else f"{len(best)} of {len(places)} policies"
    return f"{names} trade {x.name} for {y.name}; the other {len(places) - len(best)} are beaten in both"


def _outline(found: Region) -> Floats:
    """The ellipse of a region, (N, 2); a point if it has no size."""
    angle = np.linspace(0.0, 2.0 * np.pi, OUTLINE)
    long, short = np.nan_to_num(found.axes)
    turn = 0.0 if np.isnan(found.angle) else found.angle
    u, v = long * np.cos(angle), short * np.sin(angle)
    x = found.centre[0] + u * np.cos(turn) - v * np.sin(turn)
    y = found.centre[1] + u * np.sin(turn) + v * np.cos(turn)
    return np.column_stack([x, y])
