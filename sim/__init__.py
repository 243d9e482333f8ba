"""Simulation of regulatory pressure on exchanges.

    import sim
    china = sim.load("china_2017")
    run = sim.run(china, seed=1)
    run.plot.shares()
    run.explain("Huobi")
    study = sim.compare(china, ["payments_first"], replications=500)
    study.difference("leakage")

What is exported here is the public surface; everything else may move.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` alone would take most of the time of the import
if TYPE_CHECKING:
    from sim.api.histories import futures, load, open, report, run
    from sim.api.studies import calibrate, compare, explore
    from sim.calibration.calibrate import Calibration
    from sim.results.open_run import FolderError
    from sim.results.run import Run
    from sim.scenario.errors import ScenarioError, ScenarioWarning
    from sim.scenario.policy.families import orderings, subsets, timings
    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.branch.branch import Branches, branch
    from sim.study.decompose.decompose import decompose
    from sim.study.decompose.decomposition import Decomposition
    from sim.study.discovery.discover import Discovery, discover
    from sim.study.precision import Precision
    from sim.study.race.race import Selection, race
    from sim.study.record_check import RecordCheck, check
    from sim.study.search.search import Search, search
    from sim.study.sensitivity.sensitivity import Sensitivity, sensitivity
    from sim.study.sensitivity.tipping import Tipping, tipping
    from sim.study.statistics.posterior import Posterior
    from sim.study.study import Study
    from sim.study.sweep.sweep import Sweep, sweep
    from sim.version import __version__

__all__ = [
    "Branches",
    "Calibration",
    "Decomposition",
    "Discovery",
    "FolderError",
    "Policy",
    "Posterior",
    "Precision",
    "RecordCheck",
    "Run",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "Search",
    "Selection",
    "Sensitivity",
    "Study",
    "Sweep",
    "Tipping",
    "__version__",
    "branch",
    "calibrate",
    "check",
    "compare",
    "decompose",
    "discover",
    "explore",
    "futures",
    "load",
    "open",
    "orderings",
    "race",
    "report",
    "run",
    "search",
    "sensitivity",
    "subsets",
    "sweep",
    "timings",
    "tipping",
]


def __getattr__(name: str) -> object:
    """Find what is exported when it is first asked for, so that `import sim` stays quick."""
    from sim.lazy_imports import EXPORTS, fetch

    if name not in EXPORTS:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return fetch(EXPORTS[name])


def __dir__() -> list[str]:
    """What an editor or a console completes: also what was not asked for yet."""
    return sorted({*globals(), *__all__})
