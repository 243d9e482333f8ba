"""Facts of the record among the measures of a study: `fact:okex-share` is what a run says to the fact `okex-share`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.evidence.facts import Evidence

FACT = "fact:"
"""How the name of a fact begins among measures."""


def fact_names(evidence: Evidence) -> tuple[str, ...]:
    """Names of the facts that a run can be compared with."""
    return tuple(FACT + name for name in evidence.statistics)
