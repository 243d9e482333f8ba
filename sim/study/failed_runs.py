"""Replications of a study that failed, and the command that repeats one by itself."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from pandas import DataFrame

if TYPE_CHECKING:
    from sim.study.study import Study


def failure_table(study: Study) -> DataFrame:
    """See `Study.failures`."""
    columns = ["policy", "replication", "seed", "stage", "error", "command"]
    rows = [
        asdict(failure) | {"seed": study.seed, "command": study.command(failure.policy, failure.replication)}
        for failure in study.failed
    ]
    return DataFrame(rows, columns=columns)


def repeat_command(file: str | None, policy: str, seed: int, replication: int, parameters: Mapping[str, object]) -> str:
    """The command that repeats one replication by itself, or the Python call if no scenario file has the policy.

    `parameters` are the values that were drawn for the replication, by path; none if the file's values were used.
    """
    if file is None:
        scenario = f"study.scenario.with_values({parameters})" if parameters else "study.scenario"
        return f"sim.run({scenario}, policy={policy!r}, seed={seed}, replication={replication})"
    options = [f"--policy={policy}", f"--seed={seed}", f"--replication={replication}"]
    options += [f"--set={path}={value}" for path, value in parameters.items()]
    return shlex.join(["regpressure", "run", file, *options])
