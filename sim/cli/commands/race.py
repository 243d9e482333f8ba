"""`regpressure race`: select the best of many policies."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.atomic_write import atomic_folder
from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.output import console, new_folder, number, print_json, signed_interval, table, write_finding
from sim.cli.progress import spinner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.race.race import Selection

_POLICIES_LISTED = 20


def race(
    file: options.File,
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="Measure that decides.", show_default=False)],
    delta: Annotated[float, typer.Option(help="Least difference worth detecting, in the unit of the measure.")],
    larger: Annotated[
        bool | None, typer.Option("--larger/--smaller", help="Is a larger or a smaller value better?")
    ] = None,
    policies: Annotated[
        str | None, typer.Option(metavar="A,B", help="Policies in the race.", show_default="all")
    ] = None,
    orders: Annotated[
        str | None,
        typer.Option(metavar="ID,ID,...", help="Race all sequences of these interventions.", show_default="none"),
    ] = None,
    base: Annotated[str, typer.Option(help="Policy whose interventions --orders rearranges.")] = "baseline",
    limit: Annotated[
        int | None, typer.Option(min=2, help="Race a random sample of this many sequences.", show_default="all")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Probability of selecting the best.")] = 0.95,
    maximum: Annotated[int, typer.Option(help="Replications after which the race ends without a guarantee.")] = 10_000,
    n0: Annotated[int, typer.Option("--n0", help="Replications of the first stage.")] = 30,
    undefined: Annotated[
        float | None,
        typer.Option(help="Value for replications in which the measure is not defined.", show_default="refuse"),
    ] = None,
    draws: options.Draws = None,
    facts: options.Facts = False,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: options.Out = None,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Select the best of many policies by a measure. A policy that is beaten is simulated no further."""
    target = new_folder(out) if out else None
    scenario = inputs.scenario_in(file, settings or ())
    evidence = inputs.evidence_for(file, scenario) if facts else None
    measure = inputs.known(measure, "measure", inputs.measures_of(scenario, evidence))
    if larger is None:
        raise InputError(f"is a larger {measure} better, or a smaller one? Say --larger or --smaller")
    racers = _racers(scenario, policies, orders, base, limit)
    with inputs.as_input_errors(), spinner(f"racing {len(racers or scenario.policies)} policies of {scenario.name}"):
        selection = sim.race(
            scenario, racers, measure, delta=delta, larger_is_better=larger, confidence=confidence, seed=seed,
            executor=workers, n0=n0, maximum=maximum, undefined=undefined,
            evidence=evidence, draws=inputs.draws_in(draws, scenario),
        )  # fmt: skip
    if target:
        document, plots = _document(selection, target), {"race": selection.plot} if figures else {}
        with atomic_folder(target, partial(new_folder, target)) as folder:
            write_finding(folder, "race", document, {"policies": selection.table()}, plots)
    if as_json:
        print_json(_document(selection, out))
    else:
        _print_table(selection, out)


def _racers(
    scenario: Scenario, policies: str | None, orders: str | None, base: str, limit: int | None
) -> list[str] | Mapping[str, Policy] | None:
    if orders is None:
        return inputs.all_known(policies, "policy", scenario.policies)
    if policies is not None:
        raise InputError("give --policies or --orders, not both")
    chosen = scenario.policies[inputs.known(base, "policy", scenario.policies)]
    with inputs.as_input_errors():
        return sim.orderings(chosen, inputs.names_in(orders), limit=limit, seed=0)


def _document(selection: Selection, out: Path | None) -> dict[str, Any]:
    table = selection.table().astype({"eliminated": object})
    rows = table.where(table.notna(), None).reset_index().to_dict("records")
    return {
        "scenario": selection.scenario.name,
        "measure": selection.measure,
        "larger_is_better": selection.larger_is_better,
        "delta": selection.delta,
        "confidence": selection.confidence,
        "draws": selection.draws,
        "intervals": selection.interval_scope,
        "seed": selection.seed,
        "best": selection.best,
        "survivors": selection.survivors,
        "stopped": selection.stopped,
        "saving": selection.saving,
        "history": selection.history,
        "policies": rows,
        "folder": out and str(out),
    }


def _print_table(selection: Selection, out: Path | None) -> None:
    from sim.results.measure_remarks import remark

    screen = console()
    screen.print(f"{selection}\n")
    rows = [
        [str(policy), number(row["mean"], 4), number(row["behind"], sign="+"),
         signed_interval(row["low"], row["high"]), f"{row['replications']:,}", "survivor" if row["survivor"] else "out"]
        for policy, row in selection.table().head(_POLICIES_LISTED).iterrows()
    ]  # fmt: skip
    screen.print(table(["policy", selection.measure, "to the best", "95 %", "replications", ""], rows, numbers=True))
    for policy, row in selection.table().head(_POLICIES_LISTED).iterrows():
        if words := remark(selection.measure, row["mean"]):
            screen.print(f"{policy}: {words}")
    screen.print(selection.interval_scope)
    if more := len(selection.policies) - len(rows):
        screen.print(f"and {more:,} more; --json and --out list all")
    screen.print(
        f"{selection.saving:.0%} of the replications saved, compared with running all policies as long as the longest"
    )
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps table and figure")
