"""Whether what attracts traders can be computed: attractions are exponentials, and those of large numbers overflow."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.scenario.errors import Finding, Path
from sim.scenario.fields import ScenarioFields
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.traders import Segment

MOST = 300.0
"""Largest logarithm of an attraction, e^300 = 10^130; products and sums of such are far from 10^308."""


def unbounded_attractions(scenario: ScenarioFields) -> Iterator[Finding]:
    """For each exchange, the largest attraction that it may come to have, told at what adds most to it."""
    for f, exchange in enumerate(scenario.exchanges):
        found = max((_terms(scenario, f, exchange, k, each) for k, each in enumerate(scenario.segments)), key=_total)
        if not _total(found) <= MOST:
            path = max(found, key=lambda path: found[path])
            said = f"an attraction of up to e^{_total(found):.4g} cannot be computed"
            yield path, f"{said}; brand, taste and what adds to them may come to {MOST:g}", "attraction"


def _terms(scenario: ScenarioFields, f: int, exchange: Exchange, k: int, segment: Segment) -> dict[Path, float]:
    """What the logarithm of an attraction consists of at most, by where it stands."""
    offset = exchange.audience.get(segment.id, 0.0)
    tastes = segment.tastes
    if offset is None or not tastes:
        return {(): -math.inf}
    mode = max(tastes, key=lambda mode: tastes[mode])
    brand = 0.0 if exchange.brand is None else exchange.brand.greatest()
    demand, own = scenario.demand, segment.disguise
    hidden = max(demand.disguise.values(), default=0.0) if own is None else own
    nest = {**demand.nests, **segment.nests}.get("books", 1.0)  # in which habit weighs that much more
    return {
        ("segments", k, "taste", mode): tastes[mode],
        ("exchanges", f, "brand"): brand,
        ("exchanges", f, "audience", segment.id): offset,
        ("demand", "local_page"): max(0.0, demand.local_page),
        (("demand", "disguise") if own is None else ("segments", k, "disguise")): max(0.0, hidden),
        ("demand", "onramp"): math.log1p(demand.onramp),
        ("segments", k, "habit", "weight"): segment.habit.weight / nest if segment.habit else 0.0,
    }


def _total(terms: dict[Path, float]) -> float:
    return sum(terms.values())
