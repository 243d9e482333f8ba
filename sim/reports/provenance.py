"""How a result is made again: commands, versions, seed and hashes. Nothing of when or where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.reports.report_blocks import Block, Commands, Paragraphs, Table
from sim.results.hashing import dataset_hash, json_hash, rows_hash, table_hash
from sim.results.manifest import TABLES
from sim.results.run import Run
from sim.study.repeat_commands import run_command, study_command
from sim.study.store.study_manifest import made_with
from sim.study.study import Study

_SAME = (
    "The same scenario, policy, seed and replication give the same numbers to the last bit, with any number of workers."
)


def provenance_blocks(result: Run | Study) -> tuple[Block, ...]:
    """Commands, then a table of what identifies the result."""
    command = run_command(result) if isinstance(result, Run) else study_command(result)
    facts = [*_facts(result)]
    facts += [(name if " " in name else f"version of {name}", version) for name, version in made_with().items()]
    facts += [(f"SHA-256 of the {name}", value) for name, value in _hashes(result)]
    return (
        Paragraphs((_SAME,)),
        Commands("In a shell, or in Python where it begins with sim.", (command, "regpressure reproduce FOLDER")),
        Table("What identifies this result", ("what", "value"), tuple(facts)),
    )


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
