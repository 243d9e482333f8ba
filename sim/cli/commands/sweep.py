"""`regpressure sweep`: policies compared at many points of the parameters."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.errors import InputError
from sim.cli.options import File, Json, Seed, Settings, Workers

if TYPE_CHECKING:
    from sim.study.sweep.sweep import Sweep

_ROWS_LISTED = 40


def sweep(
    file: File,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH[=VALUES]",
            show_default="all uncertainties",
            help="What varies: PATH=[a, b], PATH=low..high, or a PATH under uncertainties; may be repeated.",
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(min=1, help="Points of a Latin hypercube.", show_default="every combination of the values"),
    ] = None,
    policies: Annotated[
        str | None, typer.Option(metavar="A,B", help="Policies to compare with the baseline.", show_default="all")
    ] = None,
    replications: Annotated[int, typer.Option(min=1, help="Replications of each policy at each point.")] = 20,
    measures: Annotated[
        str | None, typer.Option(metavar="A,B", help="Measures to keep.", show_default="all main ones")
    ] = None,
    seed: Seed = 0,
    workers: Workers = None,
    settings: Settings = None,
    store: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", readable=False, help="Keep a study per point.", show_default="nowhere"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", readable=False, help="Write the whole table as CSV.", show_default="nowhere"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare policies at many points of the parameters; points that are not valid are told, the others go on."""
    import sim
    from sim.cli.commands.compare import listed, measures_of, processors
    from sim.cli.inputs import as_input_errors, known, scenario_in
    from sim.cli.output import spinner, write_text

    if out is not None and out.exists():
        raise InputError(f"{out} exists already; choose another --out")
    scenario = scenario_in(file, settings or ())
    chosen = [known(name, "policy", scenario.policies) for name in listed(policies)] if policies else None
    kept = [known(name, "measure", measures_of(scenario)) for name in listed(measures)] if measures else None
    with as_input_errors(), spinner(f"sweeping {scenario.name}"):
        found = sim.sweep(
            scenario, _over(scenario.uncertainties, over), chosen, replications, points=points, measures=kept,
            seed=seed, executor=workers or processors(), store=store,
        )  # fmt: skip
    if out is not None:
        write_text(out, found.table().to_csv(index=False))
    if as_json:
        _print_document(found)
    else:
        _print_table(found, out)


def _over(ranges: Any, over: list[str] | None) -> Any:
    """What varies, by path; a path alone has its range under `uncertainties`."""
    from sim.cli.inputs import value_in
    from sim.suggest import did_you_mean

    if over is None:
        return None
    found: dict[str, Any] = {}
    for text in over:
        path, equals, values = (part.strip() for part in text.partition("="))
        if not equals and path not in ranges:
            raise InputError(
                f"--over {text}: no range under `uncertainties`{did_you_mean(path, ranges)}; give PATH=[a, b]"
            )
        if not equals:
            found[path] = ranges[path].between
            continue
        is_range = ".." in values and not values.startswith("[")
        found[path] = values if is_range else value_in(values, f"--over {text}")
        if not isinstance(found[path], list | str):
            raise InputError(f"--over {text}: write the values as [a, b] or low..high")
    return found


def _print_document(found: Sweep) -> None:
    from sim.cli.output import print_json

    print_json(
        {
            "scenario": found.scenario.name,
            "seed": found.seed,
            "replications": found.replications,
            "points": found.points,
            "policies": found.policies,
            "rows": found.table().astype({"policy": str, "measure": str}).to_dict("records"),
            "failures": found.failures().to_dict("records"),
        }
    )


def _short(value: object) -> str:
    """A value of a parameter, its number to four figures."""
    return re.sub(r"-?\d+\.\d{4,}", lambda number: f"{float(number[0]):.4g}", str(value))


def _print_table(found: Sweep, out: Path | None) -> None:
    from sim.cli.errors import print_error
    from sim.cli.output import console, table

    screen = console()
    screen.print(f"{found!r}\n")
    for failure in found.failed:
        print_error(f"point {failure.point}: {failure.stage}: {failure.error}")
    whole = found.table()
    whole = whole[whole["n"] > 0]
    rows = [
        [str(row["point"]), *(_short(row[path]) for path in found.points[0]),
         str(row["policy"]), str(row["measure"]), f"{row['mean']:,.4g}",
         f"{row['difference']:+.3g}", f"[{row['difference_low']:+.3g}, {row['difference_high']:+.3g}]"]
        for _, row in whole.head(_ROWS_LISTED).iterrows()
    ]  # fmt: skip
    screen.print(table(["point", *found.points[0], "policy", "measure", "mean", "difference", "95 %"], rows))
    if len(whole) > _ROWS_LISTED:
        screen.print(f"and {len(whole) - _ROWS_LISTED:,} rows more" + ("" if out else "; --out FILE keeps all"))
    if out:
        screen.print(f"\nwritten to {out}")
