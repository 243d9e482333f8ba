"""Reproduce a saved run or study from its manifest and scenario alone, and compare the hashes of the contents."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.engine import Engine, batch_simulator
from sim.results.manifest import differences
from sim.results.open_run import FolderError, kind_of, open_run, read_manifest
from sim.results.simulate import simulate
from sim.scenario.scenario import Scenario
from sim.study.compare import described
from sim.study.jobs.job import ARRAYS
from sim.study.jobs.worker_pool import Workers, worker_pool
from sim.study.store import open_study as stored
from sim.study.store.resumable_store import open_store
from sim.study.store.study_manifest import Request


def reproduce(
    folder: str | PathLike[str], engine: Engine | None = None, executor: Workers = None
) -> Mapping[str, bool]:
    """By name of a content of the folder, whether it is the same when simulated again.

    `engine`: by default the one that made a study, and for a run the one that is at hand; all give the same. Raises
    FolderError when the folder holds neither a run nor a finished study, or one that is damaged.
    """
    with TemporaryDirectory() as scratch:
        if kind_of(folder) == "study":
            return _reproduce_study(Path(folder), Path(scratch), engine, executor)
        return _reproduce_run(Path(folder), Path(scratch), engine)


def _reproduce_run(folder: Path, scratch: Path, engine: Engine | None) -> Mapping[str, bool]:
    run = open_run(folder)
    again = simulate(run.scenario, run.policy, run.seed, run.replication, run.until, engine or "auto")
    again.save(scratch / "run")
    old, new = read_manifest(folder), read_manifest(scratch / "run")
    different = differences(old, new)
    names = ["configuration", *(f"content.{name}" for name in old["content"])]
    return {name.removeprefix("content."): name not in different for name in names}


def _reproduce_study(folder: Path, scratch: Path, engine: Engine | None, executor: Workers) -> Mapping[str, bool]:
    manifest = stored.read_manifest(folder)
    expected: Mapping[str, Any] = manifest["content"]
    if not expected:
        raise FolderError(f"{folder}: this study was cut short; finish it first")
    stored.open_study(folder)  # raises if the folder was changed
    scenario = Scenario.model_validate(stored.read_scenario(folder, manifest))
    study = manifest["study"]
    name, _ = batch_simulator(engine or _engine(study["engine"]))
    request = Request(tuple(expected), None, (), study["draws"], "posterior" in study)
    evidence = stored.read_evidence_of(folder, manifest) if "facts" in study else None
    posterior = stored.stored_posterior(manifest)
    about = described(scenario, request, study["seed"], name, study["instants"] > 0, posterior, evidence)
    with open_store(scratch / "study", about) as store, worker_pool(executor, name) as run_jobs:
        jobs = (job for policy in expected for job in about.plan.jobs(policy, 0, expected[policy]["replications"]))
        with closing(run_jobs(jobs)) as results:
            for result in results:
                store.write(result)
        actual = store.finish()
    arrays = [(policy, array) for policy in expected for array in ARRAYS]
    return {f"{policy}: {array}": expected[policy][array] == actual[policy][array] for policy, array in arrays}


def _engine(name: str) -> Engine:
    return "reference" if name == "reference" else "compiled"
