"""Arguments that several calls have: a scenario and whole numbers, and evidence by the name of its file."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from sim.arguments import of_type, whole
from sim.scenario.scenario import Scenario, warn_of

if TYPE_CHECKING:
    from sim.evidence.facts import Evidence


def check_scenario(scenario: Scenario, **whole_numbers: object) -> None:
    """Raise TypeError for what is no scenario, ValueError for what is no whole number from 0 on; warn of doubts."""
    of_type("scenario", scenario, Scenario, "sim.load('china_2017')")
    for name, value in whole_numbers.items():
        if value is not None:
            whole(name, value)
    warn_of(scenario, stacklevel=4)


def evidence_in(evidence: Evidence | str | PathLike[str] | None, scenario: Scenario) -> Evidence | None:
    """The evidence in a file, or itself."""
    if evidence is None:
        return None
    from sim.evidence.facts import Evidence, read_evidence

    return evidence if isinstance(evidence, Evidence) else read_evidence(evidence, scenario)
