"""`regpressure tipping`: the value of a parameter at which one policy stops beating another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.inputs import as_input_errors, known, measures_of, processors, scenario_in
from sim.cli.options import ComparedWith, Confidence, Figures, File, Json, Larger, Measure, Out, Seed, Settings, Workers
from sim.cli.output import console, new_folder, number, print_json, signed_interval, table, write_finding
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.sensitivity.tipping import Tipping


def tipping(
    file: File,
    a: Annotated[str, typer.Argument(metavar="A", help="Policy that may stop beating B.", show_default=False)],
    b: ComparedWith,
    parameter: Annotated[
        str,
        typer.Argument(
            metavar="PATH[=LOW..HIGH]",
            help="Parameter, and its range unless that stands under uncertainties.",
            show_default=False,
        ),
    ],
    measure: Measure = "leakage",
    larger: Larger = None,
    points: Annotated[int, typer.Option(min=2, help="Values along the range.")] = 9,
    replications: Annotated[int, typer.Option(min=2, help="Replications of each policy at each value.")] = 60,
    confidence: Confidence = 0.95,
    seed: Seed = 0,
    workers: Workers = None,
    settings: Settings = None,
    out: Out = None,
    figures: Figures = True,
    as_json: Json = False,
) -> None:
    """Find where along a parameter policy A stops beating B. All else stays at the values of the file."""
    from sim.study.sensitivity.tipping import tipping as study

    target = new_folder(out) if out else None
    scenario = scenario_in(file, settings or ())
    first, second = (known(name, "policy", scenario.policies) for name in (a, b))
    path, _, range_ = (part.strip() for part in parameter.partition("="))
    by = known(measure, "measure", measures_of(scenario))
    with as_input_errors(), progress(f"varying {path}") as watch:
        found = study(
            scenario, first, second, path, by, range_ or None, larger, points, replications, confidence, seed,
            workers or processors(), "auto", watch,
        )  # fmt: skip
    if target:
        points_table, plots = found.table().set_index("value"), {"tipping": found.plot} if figures else {}
        write_finding(target, "tipping", _document(found, target), {"points": points_table}, plots)
    if as_json:
        print_json(_document(found, out))
    else:
        _print_table(found, out)


def _document(found: Tipping, out: Path | None) -> dict[str, Any]:
    return {
        "scenario": found.scenario.name,
        "seed": found.seed,
        "a": found.a,
        "b": found.b,
        "parameter": found.parameter,
        "measure": found.measure,
        "larger_is_better": found.larger_is_better,
        "shape": found.shape,
        "tipping": [
            {
                "value": found.value(crossing.at),
                "low": None if crossing.low < 0.0 else found.value(crossing.low),
                "high": None if crossing.high > 1.0 else found.value(crossing.high),
                "sure": crossing.sure,
                "better_below": found.a if crossing.a_before else found.b,
            }
            for crossing in found.crossings
        ],
        "finding": str(found),
        "intervals": found.interval_scope,
        "points": found.table().to_dict("records"),
        "invalid": found.invalid,
        "folder": out and str(out),
    }


def _print_table(found: Tipping, out: Path | None) -> None:
    from sim.scenario.ranges import rounded

    screen = console()
    screen.print(f"{found!r}\n")
    rows = [
        [str(rounded(row["value"])), number(row["mean"], sign="+"), signed_interval(row["low"], row["high"]),
         f"{row['n']:,}", row["better"]]
        for row in found.table().to_dict("records")
    ]  # fmt: skip
    heading = f"{found.measure}, {found.a} minus {found.b}"
    screen.print(table([found.parameter, heading, f"{100 * found.confidence:g} %", "n", "better"], rows))
    screen.print(f"the difference {_SHAPES[found.shape]}; {found.interval_scope}")
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps table and figure")


_SHAPES = {
    "rises": "rises along the range",
    "falls": "falls along the range",
    "turns": "both rises and falls along the range (not monotone)",
    "flat": "does not change along the range by more than luck",
}
