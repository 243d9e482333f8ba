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
    "Discovery": "sim.study.discovery.discover:Discovery",
    "FolderError": "sim.results.open_run:FolderError",
    "Policy": "sim.scenario.policy.policy:Policy",
    "Posterior": "sim.study.statistics.posterior:Posterior",
    "Precision": "sim.study.precision:Precision",
    "RecordCheck": "sim.study.record_check:RecordCheck",
    "Run": "sim.results.run:Run",
    "Scenario": "sim.scenario.scenario:Scenario",
    "ScenarioError": "sim.scenario.errors:ScenarioError",
    "ScenarioWarning": "sim.scenario.errors:ScenarioWarning",
    "Search": "sim.study.search.search:Search",
    "Selection": "sim.study.race.race:Selection",
    "Sensitivity": "sim.study.sensitivity.sensitivity:Sensitivity",
    "Study": "sim.study.study:Study",
    "Sweep": "sim.study.sweep.sweep:Sweep",
    "Tipping": "sim.study.sensitivity.tipping:Tipping",
    "__version__": "sim.version:__version__",
    "branch": "sim.api.histories:branch",
    "calibrate": "sim.api.unknowns:calibrate",
    "check": "sim.api.unknowns:check",
    "compare": "sim.api.comparisons:compare",
    "decompose": "sim.api.comparisons:decompose",
    "discover": "sim.api.unknowns:discover",
    "explore": "sim.api.comparisons:explore",
    "futures": "sim.api.histories:futures",
    "load": "sim.api.histories:load",
    "open": "sim.api.histories:open",
    "orderings": "sim.scenario.policy.families:orderings",
    "race": "sim.api.comparisons:race",
    "report": "sim.api.histories:report",
    "run": "sim.api.histories:run",
    "search": "sim.api.comparisons:search",
    "sensitivity": "sim.api.unknowns:sensitivity",
    "subsets": "sim.scenario.policy.families:subsets",
    "sweep": "sim.api.comparisons:sweep",
    "timings": "sim.scenario.policy.families:timings",
    "tipping": "sim.api.unknowns:tipping",
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
