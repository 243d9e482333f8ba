"""`regpressure branch`: one history up to a date, several futures after it."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.atomic_write import atomic_folder
from sim.cli.errors import InputError
from sim.cli.inputs import as_input_errors, date_within, known, scenario_in, value_in
from sim.cli.options import Figures, File, Json, Out, Replication, Seed, Settings
from sim.cli.output import console, new_folder, number, print_json, table
from sim.cli.progress import simulating, spinner

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.branch.branch import Branches


def branch(
    file: File,
    at: Annotated[str, typer.Option(metavar="DATE", help="Date on which the futures begin.")],
    futures: Annotated[
        list[str] | None,
        typer.Option(
            "--future",
            metavar="POLICY|NAME={...}",
            show_default="only the past's policy",
            help="A policy, or a name with changes as in a file: 'calm={drop: [closure]}'; may be repeated.",
        ),
    ] = None,
    past: Annotated[str, typer.Option(help="Policy until that date.")] = "baseline",
    seed: Seed = 0,
    replication: Replication = 0,
    settings: Settings = None,
    out: Out = None,
    figures: Figures = True,
    as_json: Json = False,
) -> None:
    """Simulate one past and several futures after it. Prints their measures; --out keeps each as a run of its own."""
    target = new_folder(out) if out else None
    scenario = scenario_in(file, settings or ())
    past = known(past, "policy", scenario.policies)
    day = date_within(at, scenario, "--at")
    chosen = dict(_future(scenario, text) for text in futures or ())
    with as_input_errors(), simulating(scenario.name, past):
        history = sim.run(scenario, past, seed, replication, until=day)
        branches = history.branch(chosen)
    if target:
        _write(branches, target, figures)
    if as_json:
        measures = {name: dict(run.measures) for name, run in branches.items()}
        head = {"scenario": scenario.name, "past": past, "at": day, "seed": seed, "replication": replication}
        print_json({**head, "futures": measures, "folder": out and str(out)})
    else:
        _print_table(branches, past, out)


def _future(scenario: Scenario, text: str) -> tuple[str, Any]:
    """A future with its name: a policy of the scenario, or changes to the policy of the past."""
    name, equals, changes = text.partition("=")
    if not equals:
        policy = known(text, "policy", scenario.policies)
        return policy, policy
    parsed = value_in(changes, f"--future {text}")
    if not isinstance(parsed, dict) or not name.strip():
        raise InputError(f"--future {text}: write it as NAME={{...}}, for instance 'calm={{drop: [closure]}}'")
    return name.strip(), parsed


def _write(branches: Branches, target: Path, figures: bool) -> None:
    """Write the table of measures and a folder for each run, numbered in its order, all or nothing."""
    from sim.results.save import write_run

    with atomic_folder(target, partial(new_folder, target)) as folder, spinner("writing results"):
        branches.table().to_csv(folder / "measures.csv")
        for number, (name, run) in enumerate(branches.items()):
            own = folder / f"{number}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
            own.mkdir()
            write_run(run, own)
            if figures:
                run.plot.write(own / "figures")
        if figures:
            branches.plot.write(folder / "figures")


def _print_table(branches: Branches, past: str, out: Path | None) -> None:
    from sim.results.measure_remarks import remark

    screen = console()
    first = next(iter(branches.values()))
    run = f"seed {first.seed}, replication {first.replication}"
    screen.print(f"{first.scenario.name}: {past} until {branches.at:%Y-%m-%d}, {run}\n")
    measures = branches.table().dropna(how="all").filter(regex="^[^:]*$", axis="index")
    rows = [[str(name), *(number(value, 4) for value in row)] for name, row in measures.iterrows()]
    screen.print(table(["measure", *branches], rows, numbers=True))
    for name, values in measures.iterrows():
        for future, value in values.items():
            if words := remark(str(name), value):
                screen.print(f"{name}, {future}: {words}")
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps the runs")
