"""Replications that failed: what is kept of each, and the command that repeats one by itself."""

from __future__ import annotations

import shlex
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

WORKER_DIED = "worker"
"""Stage of a failure: the process ended while it simulated, which says nothing about the replication itself."""


@dataclass(frozen=True)
class Failure:
    """A replication that could not be simulated: its measures are NaN, all others are valid.

    `stage` is `simulate` for an error of the model or `WORKER_DIED`, `details` the traceback.
    """

    policy: str
    replication: int
    stage: str
    error: str
    details: str = ""


def failure_of(policy: str, replication: int, stage: str, error: BaseException) -> Failure:
    """The failure that an exception stands for."""
    details = "".join(traceback.format_exception(error))
    return Failure(policy, replication, stage, f"{type(error).__name__}: {error}".rstrip(": "), details)


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
