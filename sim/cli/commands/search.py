"""`regpressure search`: policies that none of many others beats, within a budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
import yaml

import sim
from sim.atomic_write import write_whole
from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.output import console, number, print_json, signed_interval, study_folder, table, write_finding
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.search.search import Search


Budget = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[MEASURE=]MOST",
        help="What the mean may not exceed; of agency_days if no measure is named; may be repeated.",
    ),
]
MayChange = Annotated[
    str | None, typer.Option(metavar="ID,ID,...", help="Interventions that may change.", show_default="all with a date")
]
TimingOption = Annotated[
    Literal["shift", "order", "fixed"], typer.Option(help="Dates may move, or interventions change places, or neither.")
]
Strongest = Annotated[
    float, typer.Option(min=1, help="Largest factor of strength; its inverse is the smallest, and 1 is no change.")
]


def search(
    ctx: typer.Context,
    file: options.File,
    larger: Annotated[str, typer.Option(metavar="A,B", help="Measures of which more is better.")] = "suppression",
    smaller: Annotated[str, typer.Option(metavar="A,B", help="Measures of which less is better.")] = "leakage",
    budget: Budget = None,
    base: Annotated[str, typer.Option(help="Policy that the search begins with.")] = "baseline",
    interventions: MayChange = None,
    timing: TimingOption = "shift",
    furthest: Annotated[float, typer.Option(min=0, help="Largest shift of a date, in days.")] = 180,
    step: Annotated[float, typer.Option(help="Step of shifts, in days.")] = 30,
    strongest: Strongest = 2,
    trials: Annotated[int, typer.Option(min=1, help="Policies to try.")] = 160,
    replications: Annotated[int, typer.Option(min=2, help="Replications of each policy, and as many fresh ones.")] = 30,
    draws: options.Draws = None,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: options.Out = None,
    resume: options.Resume = False,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Search for policies that none of the others beats. They are checked on fresh replications afterwards."""
    target = study_folder(out, resume)
    scenario = inputs.scenario_in(file, settings or ())
    measures = inputs.measures_of(scenario)
    sought = {inputs.known(name, "measure", measures): True for name in inputs.names_in(larger)}
    sought |= {inputs.known(name, "measure", measures): False for name in inputs.names_in(smaller)}
    with (
        options.resumable(ctx, target, "trials"),
        inputs.as_input_errors(),
        progress(f"searching policies of {scenario.name}") as watch,
    ):
        found = sim.search(
            scenario, sought, _budget(budget or (), measures), base=inputs.known(base, "policy", scenario.policies),
            interventions=None if interventions is None else inputs.names_in(interventions), timing=timing,
            furthest=furthest, step=step, strongest=strongest, trials=trials, replications=replications,
            draws=inputs.draws_in(draws, scenario), seed=seed, executor=workers, store=target, watch=watch,
        )  # fmt: skip
    if target:
        _write(found, target, Path(inputs.scenario_file(file)), figures)
    if as_json:
        print_json(_document(found, out))
    else:
        _print_tables(found, out)


def _budget(texts: list[str] | tuple[str, ...], measures: list[str]) -> dict[str, float]:
    limits = {}
    for text in texts:
        name, _, most = text.rpartition("=")
        try:
            limits[inputs.known(name.strip() or "agency_days", "measure", measures)] = float(most)
        except ValueError:
            raise InputError(f"--budget {text}: write a number, or MEASURE=number") from None
    return limits


def _write(found: Search, target: Path, file: Path, figures: bool) -> None:
    """Write the front, the document, a scenario file with the policies found, and the figure."""
    plots = {"search": found.plot} if figures and len(found.objectives.larger) > 1 else {}
    write_finding(target, "search", _document(found, target), {"front": found.table()}, plots)
    write_whole(target / "found.yaml", _scenario_text(found, file))


def _scenario_text(found: Search, file: Path) -> str:
    policies = yaml.safe_dump(found.policies(), sort_keys=False, allow_unicode=True, width=100)
    indented = "".join(f"  {line}\n" for line in policies.splitlines()) if found.front else "  {}\n"
    return (
        "# Policies that a search found. This file can be run as it is; what stands under `policies` can be copied\n"
        f"# into {file.name}.\nextends: {file.resolve()}\npolicies:\n{indented}"
    )


def _document(found: Search, out: Path | None) -> dict[str, Any]:
    return {
        "scenario": found.scenario.name,
        "base": found.base,
        "seed": found.seed,
        "replications": found.replications,
        "draws": found.draws,
        "objectives": {name: "larger" if more else "smaller" for name, more in found.objectives.larger.items()},
        "budget": dict(found.objectives.budget),
        "tried": len(found.variants),
        "finding": str(found),
        "optimism": found.optimism(),
        "intervals": found.interval_scope,
        "front": found.table().reset_index().to_dict("records"),
        "policies": found.policies(),
        "folder": out and str(out),
    }


def _print_tables(found: Search, out: Path | None) -> None:
    screen = console()
    screen.print(f"{found!r}\n", soft_wrap=True)
    measures = found.objectives.measures
    rows = [
        [str(policy), *(_cell(row, measure) for measure in measures), f"{row['efficient']:.0%}",
         "" if row["within_budget"] else "over", str(row["changes"])]
        for policy, row in found.table().iterrows()
    ]  # fmt: skip
    screen.print(table(["policy", *measures, "efficient", "budget", "changes"], rows))
    screen.print("means on fresh replications with 95 % intervals; efficient: in how many resamples none beats it")
    screen.print(found.interval_scope, soft_wrap=True)
    screen.print(f"\nwritten to {out}; {out}/found.yaml can be run" if out else "\nnothing written")


def _cell(row: Any, measure: str) -> str:
    return f"{number(row[measure])} {signed_interval(row[f'{measure}_low'], row[f'{measure}_high'], sign='')}"
