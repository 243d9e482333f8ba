"""The command that makes a run or a study again, for those who find only a figure or a report of it."""

from __future__ import annotations

import shlex
from pathlib import Path

from sim.results.run import Run
from sim.scenario.scenario import Scenario, file_of, load
from sim.scenario.shipped import shipped
from sim.study.store.study_manifest import Request
from sim.study.study import Study


def run_command(run: Run) -> str:
    """The command that simulates a run again into FOLDER; FILE stands for a scenario that no file is known to have."""
    words = ["regpressure", "run", _scenario_word(run.scenario, run.policy), f"--policy={run.policy}"]
    words += [f"--seed={run.seed}", f"--replication={run.replication}"]
    return shlex.join([*words, *([f"--until={run.until}"] if run.until else []), "--out=FOLDER"])


def study_command(study: Study) -> str:
    """The command that makes a study again, or the call in Python if no file has its policies as they are."""
    files = {policy: (file := study.files.get(policy)) and _short_name(file) for policy in study.policies}
    request = Request(study.policies, max(study.replications.values()), (), study.draws, study.posterior is not None)
    command = request.command(study.seed, study.engine, files)
    return f"{command} --out=FOLDER" if command.startswith("regpressure") else command


def _scenario_word(scenario: Scenario, policy: str) -> str:
    """What the command calls a scenario: its file or, of one from a folder, the package's own that is the same."""
    if file := file_of(scenario, policy):
        return _short_name(file)
    name = scenario.name.replace("-", "_")
    return name if name in shipped() and load(name) == scenario else "FILE"


def _short_name(file: str) -> str:
    """The name of a scenario that comes with the package, or of its file, without folders, which are private."""
    path = Path(file)
    own = shipped().get(path.stem)
    return path.stem if own is not None and own.resolve() == path.resolve() else path.name
