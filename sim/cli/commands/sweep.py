"""`regpressure sweep`: policies compared at many points of the parameter space."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.atomic_write import atomic_file
from sim.cli import inputs, options
from sim.cli.errors import InputError, print_error
from sim.cli.output import console, number, print_json, signed_interval, study_folder, table
from sim.cli.progress import spinner
from sim.scenario.ranges import rounded
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from sim.study.sweep.sweep import Sweep

_ROWS_LISTED = 40


Over = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH[=VALUES]",
        show_default="all uncertainties",
        help="Parameter to vary: PATH=[a, b], PATH=low..high, or a PATH under uncertainties; may be repeated.",
    ),
]
Points = Annotated[
    int | None,
    typer.Option(
        min=1, help="Number of points, drawn as a Latin hypercube.", show_default="every combination of the values"
    ),
]
StudiesOut = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        readable=False,
        help="Where to write the whole table, and a study per point as it is done.",
        show_default="nowhere",
    ),
]


def sweep(
    ctx: typer.Context,
    file: options.File,
    over: Over = None,
    points: Points = None,
    policies: options.ComparedPolicies = None,
    replications: Annotated[int, typer.Option(min=1, help="Replications of each policy at each point.")] = 20,
    measures: Annotated[
        str | None, typer.Option(metavar="A,B", help="Measures to keep.", show_default="all main ones")
    ] = None,
    draws: options.Draws = None,
    facts: options.Facts = False,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: StudiesOut = None,
    resume: options.Resume = False,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Compare policies at many points of the parameters. Points with invalid values are reported and left out."""
    target = study_folder(out, resume)
    scenario = inputs.scenario_in(file, settings or ())
    chosen = inputs.all_known(policies, "policy", scenario.policies)
    evidence = inputs.evidence_for(file, scenario) if facts else None
    kept = inputs.all_known(measures, "measure", inputs.measures_of(scenario, evidence))
    with options.resumable(ctx, target, "points"), inputs.as_input_errors(), spinner(f"sweeping {scenario.name}"):
        result = sim.sweep(
            scenario, _over(scenario.uncertainties, over), chosen, replications, points=points,
            measures=kept, seed=seed, executor=workers, store=target,
            evidence=evidence, draws=inputs.draws_in(draws, scenario),
        )  # fmt: skip
    if target:
        with atomic_file(target / "estimates.csv") as path:
            result.table().to_csv(path, index=False)
        if figures:
            with spinner("drawing figures"):
                result.plot.write(target / "figures")
    if as_json:
        _print_document(result)
    else:
        _print_table(result, out)


def _over(ranges: Any, over: list[str] | None) -> Any:
    """Values or ranges by path, of the options `--over`; a path alone has its range under `uncertainties`."""
    if over is None:
        return None
    axes: dict[str, Any] = {}
    for text in over:
        path, equals, values = (part.strip() for part in text.partition("="))
        if not equals and path not in ranges:
            raise InputError(
                f"--over {text}: no range under `uncertainties`{did_you_mean(path, ranges)}; give PATH=[a, b]"
            )
        if not equals:
            axes[path] = ranges[path].between
            continue
        is_range = ".." in values and not values.startswith("[")
        axes[path] = values if is_range else inputs.value_in(values, f"--over {text}")
        if not isinstance(axes[path], list | str):
            raise InputError(f"--over {text}: write the values as [a, b] or low..high")
    return axes


def _print_document(result: Sweep) -> None:
    print_json(
        {
            "scenario": result.scenario.name,
            "seed": result.seed,
            "replications": result.replications,
            "points": result.points,
            "policies": result.policies,
            "draws": result.draws,
            "intervals": result.interval_scope,
            "rows": result.table().astype({"policy": str, "measure": str}).to_dict("records"),
            "failures": result.failures().to_dict("records"),
        }
    )


def _print_table(result: Sweep, out: Path | None) -> None:
    from sim.results.measure_remarks import remark

    screen = console()
    screen.print(f"{result!r}\n")
    for failure in result.failed:
        print_error(f"point {failure.point}: {failure.stage}: {failure.error}")
    estimates = result.table()
    estimates = estimates[estimates["n"] > 0]
    rows = [
        [str(row["point"]), *(str(rounded(row[path])) for path in result.points[0]),
         str(row["policy"]), str(row["measure"]), number(row["mean"], 4),
         number(row["difference"], sign="+"), signed_interval(row["difference_low"], row["difference_high"])]
        for _, row in estimates.head(_ROWS_LISTED).iterrows()
    ]  # fmt: skip
    heads = ["point", *result.points[0], "policy", "measure", "mean", "difference", "95 %"]
    if result.draws is not None:
        heads.append("95 % of draws")
        for cells, (_, row) in zip(rows, estimates.iterrows(), strict=False):
            cells.append(signed_interval(row["draws_low"], row["draws_high"]))
    screen.print(table(heads, rows))
    remarks = Counter((row["measure"], remark(row["measure"], row["mean"])) for _, row in estimates.iterrows())
    for (measure, words), rows_told in remarks.items():
        if words:
            screen.print(f"{measure} in {rows_told:,} of {len(estimates):,} rows {words}")
    screen.print(result.interval_scope, soft_wrap=True)
    if len(estimates) > _ROWS_LISTED:
        screen.print(f"and {len(estimates) - _ROWS_LISTED:,} rows more" + ("" if out else "; --out FOLDER keeps all"))
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps the whole table")
