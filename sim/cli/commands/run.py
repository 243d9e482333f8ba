"""`regpressure run`: one history, as a table, a folder and figures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from sim.results.run import Run


def run(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", readable=False, help="Scenario file (YAML).", show_default=False)
    ],
    policy: Annotated[str, typer.Option(help="Which of the scenario's policies.")] = "baseline",
    seed: Annotated[int, typer.Option(min=0, help="Which world of chances.")] = 0,
    replication: Annotated[int, typer.Option(min=0, help="Which history in that world.")] = 0,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Stop on this date.", show_default="the scenario's end")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", readable=False, help="Where to write the results.", show_default="nowhere"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the run that FOLDER holds.")] = False,
    figures: Annotated[bool, typer.Option(help="Draw the figures into FOLDER/figures.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")] = False,
) -> None:
    """Simulate one policy once: print what happened, and with --out write data, journal and figures."""
    import sim
    from sim.cli.inputs import date_within, known, scenario_in
    from sim.cli.output import free_folder, simulating

    if force and not out:
        raise InputError("--force needs --out FOLDER")
    target = free_folder(out, force) if out else None
    scenario = scenario_in(file, settings or ())
    policy = known(policy, "policy", scenario.policies)
    last = date_within(until, scenario)
    with simulating(scenario.name, policy):
        history = sim.run(scenario, policy=policy, seed=seed, replication=replication, until=last)
    if target:
        _write(history, target, partial(free_folder, target, force), figures)
    if as_json:
        _print_document(history, out)
    else:
        _print_tables(history, out)


def _write(run: Run, target: Path, check: Callable[[], object], figures: bool) -> None:
    """Write data and figures to `target`, all or nothing."""
    from sim.atomic_write import atomic_folder
    from sim.cli.output import spinner
    from sim.results.save import write_run

    with atomic_folder(target, check) as folder, spinner("writing results"):
        write_run(run, folder)
        if figures:
            import sim.plot

            sim.plot.write_figures(run, folder / "figures")


def _print_document(run: Run, out: Path | None) -> None:
    from dataclasses import asdict

    from sim.cli import run_summary as digest
    from sim.cli.output import print_json

    point = digest.turning_point(run)
    print_json(
        {
            "scenario": run.scenario.name,
            "policy": run.policy,
            "seed": run.seed,
            "replication": run.replication,
            "until": run.until,
            "volume_unit": run.scenario.volume_unit,
            "turning_point": point and asdict(point),
            "shares": [asdict(moment) for moment in digest.moments(run)],
            "exchanges": [asdict(told) for told in digest.largest_exchanges(run)],
            "final_strategies": digest.final_strategies(run),
            "measures": dict(run.measures),
            "folder": out and str(out),
        }
    )


def _print_tables(run: Run, out: Path | None) -> None:
    from sim.cli import run_summary as digest
    from sim.cli.output import console

    screen = console()
    screen.print(f"{run.scenario.name}, policy {run.policy}, seed {run.seed}, replication {run.replication}\n")
    screen.print(_shares(run))
    if point := digest.turning_point(run):
        screen.print(
            f"before: the day before {point.intervention} was announced ({point.announced}); "
            f"after: {digest.AFTER.days} days after it took effect ({point.effective})\n"
        )
    screen.print(_exchanges(run))
    ends = ", ".join(f"{count} {strategy}" for strategy, count in digest.final_strategies(run).items())
    screen.print(f"all {run.data.sizes['exchange']} exchanges at the end: {ends}\n")
    screen.print(_measures(run))
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps data, journal and figures")


def _shares(run: Run) -> Table:
    from sim.cli import run_summary as digest
    from sim.cli.output import table

    moments = digest.moments(run)
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
    from sim.cli import run_summary as digest
    from sim.cli.output import table

    rows = [
        [
            one.exchange,
            one.before if one.before == one.after else f"{one.before} > {one.after}",
            ", ".join(one.steps),
        ]
        for one in digest.largest_exchanges(run)
    ]
    return table(["largest exchanges", "strategy", "what they did"], rows)


def _measures(run: Run) -> Table:
    """The measures that are defined, without those that split another (`displacement:otc` ...)."""
    from sim.cli.output import table

    main = run.table().dropna(subset=["value"]).filter(regex="^[^:]*$", axis="index")
    rows = [[str(name), f"{row['value']:,.4g}", str(row["unit"]), str(row["meaning"])] for name, row in main.iterrows()]
    return table(["measure", "value", "unit", "meaning"], rows)
