"""`regpressure run`: one history, as a table, a folder and figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.errors import InputError
from sim.cli.options import Figures, File, Json, Replication, Seed, Settings

if TYPE_CHECKING:
    from rich.table import Table

    from sim.results.run import Run


def run(
    file: File,
    policy: Annotated[str, typer.Option(help="Policy of the scenario.")] = "baseline",
    seed: Seed = 0,
    replication: Replication = 0,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Stop on this date.", show_default="the scenario's end")
    ] = None,
    settings: Settings = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", readable=False, help="Where to write the results.", show_default="nowhere"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the run that FOLDER holds.")] = False,
    figures: Figures = True,
    as_json: Json = False,
) -> None:
    """Simulate one policy once; print a summary, and with --out write data, journal and figures."""
    import sim
    from sim.cli.inputs import date_within, known, scenario_in
    from sim.cli.output_folders import run_folder
    from sim.cli.progress import simulating

    if force and not out:
        raise InputError("--force needs --out FOLDER")
    target = run_folder(out, force) if out else None
    scenario = scenario_in(file, settings or ())
    policy = known(policy, "policy", scenario.policies)
    last = date_within(until, scenario)
    with simulating(scenario.name, policy):
        history = sim.run(scenario, policy=policy, seed=seed, replication=replication, until=last)
    if target:
        _write(history, target, partial(run_folder, target, force), figures)
    if as_json:
        _print_document(history, out)
    else:
        _print_tables(history, out)


def _write(run: Run, target: Path, check: Callable[[], object], figures: bool) -> None:
    """Write data and figures to `target`, all or nothing."""
    from sim.atomic_write import atomic_folder
    from sim.cli.progress import spinner
    from sim.results.save import write_run

    with atomic_folder(target, check) as folder, spinner("writing results"):
        write_run(run, folder)
        if figures:
            import sim.plot

            sim.plot.write_figures(run, folder / "figures")


def _print_document(run: Run, out: Path | None) -> None:
    from dataclasses import asdict

    from sim.cli import run_summary
    from sim.cli.output import print_json

    point = run_summary.turning_point(run)
    print_json(
        {
            "scenario": run.scenario.name,
            "policy": run.policy,
            "seed": run.seed,
            "replication": run.replication,
            "until": run.until,
            "volume_unit": run.scenario.volume_unit,
            "turning_point": point and asdict(point),
            "shares": [asdict(moment) for moment in run_summary.moments(run)],
            "exchanges": [asdict(exchange) for exchange in run_summary.largest_exchanges(run)],
            "final_strategies": run_summary.final_strategies(run),
            "measures": dict(run.measures),
            "folder": out and str(out),
        }
    )


def _print_tables(run: Run, out: Path | None) -> None:
    from sim.cli import run_summary
    from sim.cli.output import console

    screen = console()
    screen.print(f"{run.scenario.name}, policy {run.policy}, seed {run.seed}, replication {run.replication}\n")
    screen.print(_shares(run))
    if point := run_summary.turning_point(run):
        screen.print(
            f"before: the day before {point.intervention} was announced ({point.announced}); "
            f"after: {run_summary.AFTER.days} days after it took effect ({point.effective})\n"
        )
    screen.print(_exchanges(run))
    ends = ", ".join(f"{count} {strategy}" for strategy, count in run_summary.final_strategies(run).items())
    screen.print(f"all {run.data.sizes['exchange']} exchanges at the end: {ends}\n")
    screen.print(_measures(run))
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps data, journal and figures")


def _shares(run: Run) -> Table:
    from sim.cli import run_summary
    from sim.cli.output import table

    moments = run_summary.moments(run)
    rows = [
        [name, *(f"{getattr(moment, field):.1%}" for moment in moments)]
        for name, field in (
            ("domestic", "domestic"),
            ("OTC", "otc"),
            ("offshore", "offshore"),
            ("not trading", "outside"),
        )
    ]
    rows.append([f"traded, {run.scenario.volume_unit}", *(f"{moment.volume:,.0f}" for moment in moments)])
    return table(["focal trading", *(f"{moment.label}\n{moment.day}" for moment in moments)], rows, numbers=True)


def _exchanges(run: Run) -> Table:
    from sim.cli import run_summary
    from sim.cli.output import table

    rows = [
        [
            summary.exchange,
            summary.before if summary.before == summary.after else f"{summary.before} > {summary.after}",
            ", ".join(summary.steps),
        ]
        for summary in run_summary.largest_exchanges(run)
    ]
    return table(["largest exchanges", "strategy", "what they did"], rows)


def _measures(run: Run) -> Table:
    """The measures without those that break down another one (`displacement:otc` ...)."""
    from sim.cli.output import table

    main = run.table().filter(regex="^[^:]*$", axis="index")
    rows = [
        [str(name), "undefined", "", str(row["undefined"])]
        if row["undefined"]
        else [str(name), f"{row['value']:,.4g}", str(row["unit"]), str(row["meaning"])]
        for name, row in main.iterrows()
    ]
    return table(["measure", "value", "unit", "meaning"], rows)
