"""From where a study draws what is uncertain: from the ranges of the file, or from what the record makes plausible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from sim.arguments import whole
from sim.scenario.scenario import Scenario
from sim.study.statistics.posterior import Posterior, posterior_of, scenario_hash

DrawnFrom = Posterior | Literal["posterior"] | int | None
"""So many draws from the ranges under `uncertainties`; the posterior beside the file, or another; None: no draws."""


def drawn_from(scenario: Scenario, draws: DrawnFrom) -> tuple[int | None, Posterior | None]:
    """How many draws are meant, None for none, and the posterior that they are rows of, if it is one.

    Raises ValueError for a posterior that is not that of the scenario, and for what is no number of draws.
    """
    if draws is None:
        return None, None
    if isinstance(draws, Posterior) or (isinstance(draws, str) and draws == "posterior"):
        found = posterior_of(scenario, draws if isinstance(draws, Posterior) else None)
        return len(found.rows), found
    whole("draws", draws)
    return draws, None


def drawn_at(
    scenario: Scenario, fixed: Iterable[str], posterior: Posterior | None
) -> tuple[Scenario, Posterior | None]:
    """A scenario in which some parameters were set, and a posterior of others, so that only these others are drawn.

    Raises ValueError where nothing else is uncertain, and for a posterior of what was set: it says nothing of worlds in
    which that has another value.
    """
    paths = frozenset(fixed)
    if posterior is not None:
        if both := [path for path in posterior.paths if path in paths]:
            raise ValueError(
                f"the posterior draws {both[0]}, and what else is plausible where that is set is not known; vary "
                "another parameter, or draw from the ranges, with a number of draws"
            )
        return scenario, replace(posterior, scenario=scenario_hash(scenario))
    others = {path: range_ for path, range_ in scenario.uncertainties.items() if path not in paths}
    if not others:
        raise ValueError("all that is uncertain in the file is varied already, so nothing is left to draw")
    return scenario.model_copy(update={"uncertainties": others}), None
