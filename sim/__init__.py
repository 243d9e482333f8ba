"""Simulation of regulatory pressure on exchanges.

    import sim
    china = sim.load("configs/china_2017.yaml")
    run = sim.run(china, seed=1)
    run.plot.shares()
    run.explain("Huobi")

What is exported here is the public surface; everything else may move.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from sim.api import load, open, run

if TYPE_CHECKING:
    from sim.policy import orderings, subsets, timings
    from sim.record import Run
    from sim.scenario.errors import ScenarioError
    from sim.scenario.root import Scenario

try:
    __version__ = version("regpressure")
except PackageNotFoundError:  # run from a source tree that was not installed
    __version__ = "0+unknown"

__all__ = [
    "Run",
    "Scenario",
    "ScenarioError",
    "__version__",
    "load",
    "open",
    "orderings",
    "run",
    "subsets",
    "timings",
]

_HOMES = {
    "Run": "sim.record",
    "Scenario": "sim.scenario.root",
    "ScenarioError": "sim.scenario.errors",
    "orderings": "sim.policy",
    "subsets": "sim.policy",
    "timings": "sim.policy",
}


def __getattr__(name: str) -> object:
    """Find what is exported when it is first asked for, so that `import sim` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
