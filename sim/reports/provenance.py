"""How a result is made again: commands, versions, seed and hashes. Nothing of when or where."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.reports.content import Block, Commands, Paragraphs, Table
from sim.results.hashing import dataset_hash, json_hash, rows_hash, table_hash
from sim.results.manifest import TABLES
from sim.results.run import Run
from sim.scenario.scenario import Scenario, file_of
from sim.scenario.shipped import shipped
from sim.study.store.study_manifest import Request, made_with
from sim.study.study import Study

_SAME = (
    "The same scenario, policy, seed and replication give the same numbers to the last bit, with any number of workers."
)


def provenance_blocks(result: Run | Study) -> tuple[Block, ...]:
    """Commands, then a table of what identifies the result."""
    command = _run_command(result) if isinstance(result, Run) else _study_command(result)
    facts = [
        *_facts(result),
        *((name if " " in name else f"version of {name}", version) for name, version in made_with().items()),
    ]
    facts += [(f"SHA-256 of the {name}", value) for name, value in _hashes(result)]
    return (
        Paragraphs((_SAME,)),
        Commands("In a shell, or in Python where it begins with sim.", (command, "regpressure reproduce FOLDER")),
        Table("What identifies this result", ("what", "value"), tuple(facts)),
    )


def _scenario_word(scenario: Scenario, policy: str, file: str | None = None) -> str:
    """The name of a scenario that comes with the package, or of its file, without folders, which are private."""
    found = file or file_of(scenario, policy)
    name = Path(found).stem if found else scenario.name.replace("-", "_")
    if name in shipped() and (found is None or Path(found).resolve() == shipped()[name].resolve()):
        return name
    return Path(found).name if found else "FILE"


def _run_command(run: Run) -> str:
    words = ["regpressure", "run", _scenario_word(run.scenario, run.policy), f"--policy={run.policy}"]
    words += [f"--seed={run.seed}", f"--replication={run.replication}"]
    return shlex.join([*words, *([f"--until={run.until}"] if run.until else []), "--out=FOLDER"])


def _study_command(study: Study) -> str:
    named = {policy: study.files.get(policy) for policy in study.policies}
    files = {policy: file and _scenario_word(study.scenario, policy, file) for policy, file in named.items()}
    request = Request(study.policies, max(study.replications.values()), (), study.draws)
    command = request.command(study.seed, study.engine, files)
    return f"{command} --out=FOLDER" if command.startswith("regpressure") else command


def _facts(result: Run | Study) -> Iterator[tuple[str, str]]:
    yield "scenario", result.scenario.name
    if isinstance(result, Run):
        yield "policy", result.policy
        yield "replication", str(result.replication)
    else:
        yield "policies", ", ".join(result.policies)
        yield "replications", ", ".join(f"{n:,}" for n in sorted(set(result.replications.values())))
        if result.draws is not None:
            yield "draws of uncertain values", f"{result.draws:,}"
    yield "seed", str(result.seed)


def _hashes(result: Run | Study) -> Iterator[tuple[str, str]]:
    """Those that the manifest of a folder has."""
    yield "scenario", json_hash(result.scenario.model_dump(mode="json"))
    if isinstance(result, Run):
        yield "results", dataset_hash(result.data)
        for name in TABLES:
            yield name, table_hash(getattr(result, name))
    else:
        for policy, results in result.results.items():
            yield f"measures of {policy}", rows_hash(np.asarray(results.measures))
