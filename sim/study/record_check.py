"""What replications of a scenario say to the facts of its record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.simulate import simulate

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.engine import Engine
    from sim.evidence.facts import Evidence
    from sim.scenario.scenario import Scenario


def evidence_beside(scenario: Path) -> Path:
    """Where the evidence of a scenario file is unless told: the file of the same name in the folder `evidence`."""
    return scenario.parent / "evidence" / scenario.with_suffix(".yaml").name


def check(
    scenario: Scenario,
    evidence: Evidence,
    policy: str = "baseline",
    replications: int = 20,
    seed: int = 0,
    engine: Engine = "auto",
) -> DataFrame:
    """The table of `Evidence.table` over replications 0, 1, ... of a policy.

    `auto` is the compiled engine unless there are few replications, for which compiling does not pay.
    """
    chosen: Engine = ("compiled" if replications >= _WORTH_COMPILING else "reference") if engine == "auto" else engine
    runs = (simulate(scenario, policy, seed, number, engine=chosen) for number in range(replications))
    return evidence.table(evidence.read(run) for run in runs)


_WORTH_COMPILING = 10
