"""`regpressure branch`: one history up to a date, several futures after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.atomic_write import atomic_folder
from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.output import console, new_folder, number, print_json, table
from sim.cli.progress import progress, simulating, spinner
from sim.cli.study_tables import differences, print_failures, print_measure

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.branch.branch import Branches
    from sim.study.jobs.collect import Watcher
    from sim.study.statistics.posterior import Posterior
    from sim.study.study import Study

_HISTORIES = 100
"""Histories in which futures are compared, unless a number is asked for."""


FutureOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--future",
        metavar="POLICY|NAME={...}",
        show_default="only the past's policy",
        help="A policy, or a name with changes as in a file: 'calm={drop: [closure]}'; may be repeated.",
    ),
]
Histories = Annotated[
    int | None,
    typer.Option(
        min=2,
        help="Also compare the futures in so many histories, each with its own past.",
        show_default="none; 100 with --draws",
    ),
]


def branch(
    file: options.File,
    at: Annotated[str, typer.Option(metavar="DATE", help="Date on which the futures begin.")],
    futures: FutureOptions = None,
    past: Annotated[str, typer.Option(help="Policy until that date.")] = "baseline",
    seed: options.Seed = 0,
    replication: options.Replication = 0,
    replications: Histories = None,
    draws: options.Draws = None,
    measures: Annotated[
        str, typer.Option(metavar="A,B", help="Measures to compare the futures by, in many histories.")
    ] = options.DEFAULT_MEASURES,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: options.Out = None,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Simulate one past and several futures after it. With --replications, also compares them over many pasts."""
    from sim.results.own_measures import OWN

    target = new_folder(out) if out else None
    scenario = inputs.scenario_in(file, settings or ())
    past = inputs.known(past, "policy", scenario.policies)
    day = inputs.date_within(at, scenario, "--at")
    chosen = dict(_future(scenario, text) for text in futures or ())
    printed = [inputs.known(name, "measure", inputs.measures_of(scenario)) for name in inputs.names_in(measures)]
    drawn = inputs.draws_in(draws, scenario)
    count = replications or (_HISTORIES if drawn is not None else None)
    if count and not chosen:
        raise InputError("--replications compares futures; name one with --future")
    with inputs.as_input_errors(), simulating(scenario.name, past):
        history = sim.run(scenario, past, seed, replication, until=day)
        branches = history.branch(chosen)
    study = None
    if count:
        with inputs.as_input_errors(), progress(f"comparing futures of {scenario.name}") as watch:
            study = _compared(branches, count, drawn, workers, watch, paths=bool({*printed} & {*OWN}))
    if target:
        _write(branches, study, target, figures)
    if as_json:
        values = {name: dict(run.measures) for name, run in branches.items()}
        head = {"scenario": scenario.name, "past": past, "at": day, "seed": seed, "replication": replication}
        print_json({**head, "futures": values, "compared": _document(study, printed), "folder": out and str(out)})
    else:
        _print_table(branches, past)
        if study is not None:
            _print_study(study, printed)
        else:
            console().print("one history; --replications N compares the futures in many, --draws in other worlds too\n")
        console().print(f"written to {out}" if out else "nothing written; --out FOLDER keeps the runs")


def _future(scenario: Scenario, text: str) -> tuple[str, Any]:
    """A future with its name: a policy of the scenario, or changes to the policy of the past."""
    name, equals, changes = text.partition("=")
    if not equals:
        policy = inputs.known(text, "policy", scenario.policies)
        return policy, policy
    parsed = inputs.value_in(changes, f"--future {text}")
    if not isinstance(parsed, dict) or not name.strip():
        raise InputError(f"--future {text}: write it as NAME={{...}}, for instance 'calm={{drop: [closure]}}'")
    return name.strip(), parsed


def _compared(
    branches: Branches, count: int, drawn: Posterior | int | None, workers: int | None, watch: Watcher | None,
    paths: bool,
) -> Study:  # fmt: skip
    """The futures in many histories, each with its own past; the first is what goes on as it was."""
    from sim.study.compare import compare

    history = next(iter(branches.values()))
    policies = {name: run.scenario.policies[name] for name, run in branches.items()}
    study = compare(
        history.scenario, policies, count, seed=history.seed, executor=workers, paths=paths,
        watch=watch, draws=drawn,
    )  # fmt: skip
    return replace(study, results={name: study.results[name] for name in branches})


def _document(study: Study | None, measures: Sequence[str]) -> dict[str, Any] | None:
    if study is None:
        return None
    drawn = study.draws is not None
    return {
        "replications": max(study.replications.values()),
        "draws": study.draws,
        "intervals": study.interval_scope,
        "differences": differences(study, measures).to_dict("records"),
        "plausible": {
            measure: study.plausible(measure, study.policies[0]).reset_index().to_dict("records")
            for measure in measures if drawn
        },
    }  # fmt: skip


def _print_study(study: Study, measures: Sequence[str]) -> None:
    screen = console()
    screen.print(
        f"over {max(study.replications.values()):,} histories, each with its own past: futures minus "
        f"{study.policies[0]}, paired differences\n{study.interval_scope}\n",
        soft_wrap=True,
    )
    for measure in measures:
        print_measure(screen, study, measure, None if study.draws is None else study)
    print_failures(study)


def _write(branches: Branches, study: Study | None, target: Path, figures: bool) -> None:
    """Write the tables and a folder for each run, numbered in its order, all or nothing."""
    from sim.results.save import write_run

    with atomic_folder(target, partial(new_folder, target)) as folder, spinner("writing results"):
        branches.table().to_csv(folder / "measures.csv")
        if study is not None:
            differences(study, study.measures).to_csv(folder / "differences.csv", index=False)
        for number, (name, run) in enumerate(branches.items()):
            own = folder / f"{number}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}"
            own.mkdir()
            write_run(run, own)
            if figures:
                run.plot.write(own / "figures")
        if figures:
            branches.plot.write(folder / "figures")


def _print_table(branches: Branches, past: str) -> None:
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
    screen.print()
