"""What is described: a scenario, and the run or study that was made of it if there is one, from its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from os import PathLike
from pathlib import Path
from typing import Any

from sim.results.open_run import FolderError, kind_of, open_run, read_manifest
from sim.results.run import Run
from sim.scenario.scenario import Scenario, load
from sim.study.store.open_study import open_study
from sim.study.store.open_study import read_manifest as read_study_manifest
from sim.study.study import Study


@dataclass(frozen=True, slots=True)
class Experiment:
    """What was run, in the words and numbers of the manifest.

    `replications` are those that the folder holds, by policy; `replication` is that of a single run. `draws` of the
    uncertain values is None if all runs had those of the file. `versions` are of the program and its libraries.
    """

    kind: str
    seed: int
    engine: str
    until: str
    replications: Mapping[str, int]
    replication: int | None
    draws: int | None
    precision: tuple[str, ...]
    versions: Mapping[str, str]
    source: str
    python: str
    platform: str
    command: str


@dataclass(frozen=True)
class Described:
    """A scenario, and its experiment or None."""

    scenario: Scenario
    experiment: Experiment | None = None


def described(path: str | PathLike[str]) -> Described:
    """What there is to describe at a path: a scenario file, or the folder of a run or a study.

    Raises ScenarioError or FolderError, as `sim.load` and `sim.open` do.
    """
    if not Path(path).is_dir():
        return Described(load(path))
    if kind_of(path) == "study":
        study = open_study(path)
        return Described(study.scenario, _of_study(read_study_manifest(Path(path)), study))
    run = open_run(path)
    return Described(run.scenario, _of_run(read_manifest(path), run))


def _of_run(manifest: Mapping[str, Any], run: Run) -> Experiment:
    about, made = manifest["run"], manifest["environment"]
    return Experiment(
        kind="run",
        seed=about["seed"],
        engine=about["engine"],
        until=about["until"] or run.scenario.end.date().isoformat(),
        replications={about["policy"]: 1},
        replication=about["replication"],
        draws=None,
        precision=(),
        source="",
        **_environment(made),
        command=made["command"],
    )


def _of_study(manifest: Mapping[str, Any], study: Study) -> Experiment:
    about, content = manifest["study"], manifest["content"]
    if not content:
        raise FolderError("the study was cut short: finish it with --resume, then it can be described")
    return Experiment(
        kind="study",
        seed=about["seed"],
        engine=about["engine"],
        until=f"{study.scenario.start + timedelta(days=about['until']):%Y-%m-%d}",
        replications={policy: entry["replications"] for policy, entry in content.items()},
        replication=None,
        draws=about["draws"],
        precision=tuple(f"{each['measure']} within {each['half_width']:g}" for each in manifest["request"]["until"]),
        source=manifest["made with"]["model source"],
        **_environment(manifest["environment"]),
        command=manifest["command"],
    )


def _environment(made: Mapping[str, Any]) -> dict[str, Any]:
    versions = {name: str(version) for name, version in made["packages"].items() if version}
    return {"versions": versions, "python": made["python"], "platform": made["platform"]}
