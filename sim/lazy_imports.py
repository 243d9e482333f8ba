"""What is fetched by name when it is first asked for: the only place where a file leads to one that comes after it.

A target is written `module:object`. Type checkers learn the types where the tables are used, under `TYPE_CHECKING`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

EXPORTS: Mapping[str, str] = {
    "Branches": "sim.study.branch.branch:Branches",
    "Calibration": "sim.calibration.calibrate:Calibration",
    "Decomposition": "sim.study.decompose.decomposition:Decomposition",
    "FolderError": "sim.results.open_run:FolderError",
    "Policy": "sim.scenario.policy.policy:Policy",
    "Posterior": "sim.study.statistics.posterior:Posterior",
    "Precision": "sim.study.precision:Precision",
    "RecordCheck": "sim.study.record_check:RecordCheck",
    "Run": "sim.results.run:Run",
    "Scenario": "sim.scenario.scenario:Scenario",
    "ScenarioError": "sim.scenario.errors:ScenarioError",
    "ScenarioWarning": "sim.scenario.errors:ScenarioWarning",
    "Selection": "sim.study.race.race:Selection",
    "Sensitivity": "sim.study.sensitivity.sensitivity:Sensitivity",
    "Study": "sim.study.study:Study",
    "Sweep": "sim.study.sweep.sweep:Sweep",
    "__version__": "sim.version:__version__",
    "branch": "sim.api:branch",
    "calibrate": "sim.api:calibrate",
    "check": "sim.api:check",
    "compare": "sim.api:compare",
    "decompose": "sim.api:decompose",
    "futures": "sim.api:futures",
    "load": "sim.api:load",
    "open": "sim.api:open",
    "orderings": "sim.scenario.policy.families:orderings",
    "race": "sim.api:race",
    "report": "sim.api:report",
    "run": "sim.api:run",
    "sensitivity": "sim.api:sensitivity",
    "subsets": "sim.scenario.policy.families:subsets",
    "sweep": "sim.api:sweep",
    "timings": "sim.scenario.policy.families:timings",
}
"""What `sim` exports, so that `import sim` stays quick."""

CONVENIENCES: Mapping[str, str] = {
    "Run.plot": "sim.plot.figure_table:RunPlots",
    "Run.explain": "sim.study.explain.explain:explain",
    "Run.idle_interventions": "sim.study.explain.idle:idle_interventions",
    "Run.branch": "sim.study.branch.branch:branch",
    "RecordCheck.plot": "sim.plot.figure_table:CheckPlots",
    "Study.plot": "sim.plot.figure_table:StudyPlots",
    "Branches.plot": "sim.plot.figure_table:BranchesPlots",
    "Sweep.plot": "sim.plot.figure_table:SweepPlots",
    "Selection.plot": "sim.plot.figures.race:plot_selection",
    "Sensitivity.plot": "sim.plot.figures.sensitivity:plot_sensitivity",
    "Calibration.plot": "sim.plot.figure_table:CalibrationPlots",
}
"""Attributes of results that belong to a later stage."""


def fetch(target: str) -> Any:
    """The object at `module:object`."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
