"""What is fetched by name when it is first asked for: the only place where a file leads to one that comes after it.

A target is written `module:object`. Type checkers learn the types where the tables are used, under `TYPE_CHECKING`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

_EXPORTS: Mapping[str, str] = {
    "sim.api.histories": "futures load open report run",
    "sim.api.studies": "calibrate compare explore",
    "sim.calibration.calibrate": "Calibration",
    "sim.results.open_run": "FolderError",
    "sim.results.run": "Run",
    "sim.scenario.errors": "ScenarioError ScenarioWarning",
    "sim.scenario.policy.families": "orderings subsets timings",
    "sim.scenario.policy.policy": "Policy",
    "sim.scenario.scenario": "Scenario",
    "sim.study.branch.branch": "Branches branch",
    "sim.study.decompose.decompose": "decompose",
    "sim.study.decompose.decomposition": "Decomposition",
    "sim.study.discovery.discover": "Discovery discover",
    "sim.study.precision": "Precision",
    "sim.study.race.race": "Selection race",
    "sim.study.record_check": "RecordCheck check",
    "sim.study.search.search": "Search search",
    "sim.study.sensitivity.sensitivity": "Sensitivity sensitivity",
    "sim.study.sensitivity.tipping": "Tipping tipping",
    "sim.study.statistics.posterior": "Posterior",
    "sim.study.study": "Study",
    "sim.study.sweep.sweep": "Sweep sweep",
    "sim.version": "__version__",
}
EXPORTS: Mapping[str, str] = {name: f"{file}:{name}" for file, names in _EXPORTS.items() for name in names.split()}
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
    "Discovery.plot": "sim.plot.figures.discover:plot_discovery",
    "Search.plot": "sim.plot.figures.search:plot_search",
    "Tipping.plot": "sim.plot.figures.tipping:plot_tipping",
    "Sensitivity.plot": "sim.plot.figures.sensitivity:plot_sensitivity",
    "Calibration.plot": "sim.plot.figure_table:CalibrationPlots",
}
"""Attributes of results that belong to a later stage."""


def fetch(target: str) -> Any:
    """The object at `module:object`."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
