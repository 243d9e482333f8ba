"""Make what a folder holds once more, from nothing but its manifest and scenario, and compare the hashes."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.study.jobs.pool import Workers, crew

if TYPE_CHECKING:
    from sim.engine import Engine


def reproduce(
    folder: str | PathLike[str], engine: Engine | None = None, executor: Workers = None
) -> Mapping[str, bool]:
    """By name, what a folder holds and whether it comes out the same; by the same engine unless told otherwise.

    Raises FolderError when the folder holds no run and no finished study, or one that is damaged.
    """
    from sim.results.open_run import kind_of

    with TemporaryDirectory() as room:
        if kind_of(folder) == "study":
            return _study(Path(folder), Path(room), engine, executor)
        return _run(Path(folder), Path(room), engine)


def _run(folder: Path, room: Path, engine: Engine | None) -> Mapping[str, bool]:
    from sim.results.manifest import differences
    from sim.results.open_run import open_run, read_manifest
    from sim.results.simulate import simulate

    run = open_run(folder)
    again = simulate(run.scenario, run.policy, run.seed, run.replication, run.until, engine or _engine(run.engine))
    again.save(room / "run")
    old, new = read_manifest(folder), read_manifest(room / "run")
    apart = differences(old, new)
    names = ["configuration", *(f"content.{name}" for name in old["content"])]
    return {name.removeprefix("content."): name not in apart for name in names}


def _study(folder: Path, room: Path, engine: Engine | None, executor: Workers) -> Mapping[str, bool]:
    from sim.engine import batch_simulator
    from sim.model.outcomes.measures import measure_names
    from sim.scenario.scenario import Scenario
    from sim.study.compare import planned, with_draws
    from sim.study.store.open_study import ARRAYS, StudyFolderError, open_study, read_manifest, read_scenario
    from sim.study.store.store import opened
    from sim.study.store.study_manifest import Description, Request
    from sim.study.study import BASELINE

    told = read_manifest(folder)
    wanted: Mapping[str, Any] = told["content"]
    if not wanted:
        raise StudyFolderError(f"{folder}: this study was cut short; finish it first")
    open_study(folder)  # is as it was written
    scenario = Scenario.model_validate(read_scenario(folder, told))
    name, _ = batch_simulator(engine or _engine(told["study"]["engine"]))
    paths = told["study"]["instants"] > 0
    plan, names = planned(scenario, list(wanted), told["study"]["seed"], name, paths)
    draws = told["study"]["draws"]
    if draws is not None:
        plan = with_draws(plan, scenario, draws)
    measures = tuple(measure_names(names[BASELINE].jurisdictions))
    rules = {policy: names[policy].rules for policy in wanted}
    about = Description(scenario, plan, measures, rules, Request(tuple(wanted), None, ()))
    with opened(room / "study", about) as store, crew(executor, name) as do:
        pieces = (work for policy in wanted for work in plan.pieces(policy, 0, wanted[policy]["replications"]))
        with closing(do(pieces)) as parts:
            for part in parts:
                store.write(part)
        found = store.finish()
    return {f"{policy}: {each}": wanted[policy][each] == found[policy][each] for policy in wanted for each in ARRAYS}


def _engine(name: str) -> Engine:
    return "reference" if name == "reference" else "compiled"
