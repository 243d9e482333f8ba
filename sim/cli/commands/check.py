"""`regpressure check`: what the record says beside what a scenario gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.errors import InputError
from sim.cli.inputs import known, scenario_file, scenario_in
from sim.cli.options import File, Json, Seed, Settings
from sim.cli.output import console, print_json, table
from sim.cli.progress import spinner

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def check(
    file: File,
    evidence: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            readable=False,
            help="Facts of the record (YAML).",
            show_default="evidence/NAME.yaml beside the scenario",
        ),
    ] = None,
    policy: Annotated[str, typer.Option(help="Policy that is what happened.")] = "baseline",
    replications: Annotated[int, typer.Option(min=1, help="Number of replications.")] = 100,
    seed: Seed = 0,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Compare a scenario with the facts of its record. Of each fact, the median and a band of 90 % of replications."""
    from sim.evidence.facts import read_evidence
    from sim.study.record_check import check, evidence_beside

    scenario = scenario_in(file, settings or ())
    source = evidence or evidence_beside(scenario_file(file))
    if not source.is_file():
        raise InputError(f"{source}: no such file; name the evidence of {file} with --evidence")
    record = read_evidence(source, scenario)
    chosen = known(policy, "policy", scenario.policies)
    with spinner(f"checking {scenario.name}"):
        found = check(scenario, record, chosen, replications, seed)
    if as_json:
        print_json(
            {
                "scenario": scenario.name,
                "policy": chosen,
                "seed": seed,
                "replications": replications,
                "facts": found.reset_index().to_dict("records"),
            }
        )
    else:
        _print_table(found)


def _print_table(found: DataFrame) -> None:
    rows = [[str(name), *_row(fact)] for name, fact in found.iterrows()]
    screen = console()
    screen.print(table(["fact", "record", "median", "90 %", "inside", "use", "about"], rows))
    inside, meets = int(found["inside"].sum()), int(found["meets"].sum())
    screen.print(
        f"\nof {len(found)} facts, {inside} medians lie within the record's bounds and {meets} bands meet them"
    )


def _row(fact: Series) -> list[str]:
    said = "yes" if fact["inside"] else "band" if fact["meets"] else "no"
    return [
        f"{fact['record']:.4g} [{fact['low']:.4g}, {fact['high']:.4g}] {fact['unit']}",
        f"{fact['median']:.4g}",
        f"[{fact['band_low']:.4g}, {fact['band_high']:.4g}]",
        said,
        str(fact["use"]),
        str(fact["about"]),
    ]
