"""`regpressure tipping`: the value of a parameter at which one policy stops beating another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.cli import inputs, options
from sim.cli.output import console, number, print_json, signed_interval, study_folder, table, write_finding
from sim.cli.progress import progress

if TYPE_CHECKING:
    from sim.study.sensitivity.tipping import Tipping


def tipping(
    ctx: typer.Context,
    file: options.File,
    a: Annotated[str, typer.Argument(metavar="A", help="Policy that may stop beating B.", show_default=False)],
    b: options.ComparedWith,
    parameter: Annotated[
        str,
        typer.Argument(
            metavar="PATH[=LOW..HIGH]",
            help="Parameter, and its range unless that stands under uncertainties.",
            show_default=False,
        ),
    ],
    measure: options.Measure = "leakage",
    larger: options.Larger = None,
    points: Annotated[int, typer.Option(min=2, help="Values along the range.")] = 9,
    replications: Annotated[
        int | None,
        typer.Option(
            min=1, show_default="60, or 4 of each draw", help="Replications of each policy at each value, of each draw."
        ),
    ] = None,
    draws: options.Draws = None,
    confidence: options.Confidence = 0.95,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: options.Out = None,
    resume: options.Resume = False,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Find where along a parameter policy A stops beating B.

    All else stays at the values of the file or, with --draws, at those of each plausible world, each of which then has
    a tipping point of its own or none.
    """
    target = study_folder(out, resume)
    scenario = inputs.scenario_in(file, settings or ())
    drawn = inputs.draws_in(draws, scenario)
    first, second = (inputs.known(name, "policy", scenario.policies) for name in (a, b))
    path, _, range_ = (part.strip() for part in parameter.partition("="))
    by = inputs.known(measure, "measure", inputs.measures_of(scenario))
    with options.resumable(ctx, target, "points"), inputs.as_input_errors(), progress(f"varying {path}") as watch:
        found = sim.tipping(
            scenario, first, second, path, by, between=range_ or None, larger_is_better=larger, points=points,
            replications=replications, confidence=confidence, seed=seed, executor=workers, draws=drawn,
            store=target and target / "points", watch=watch,
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
        "draws": found.draws,
        "from_record": found.posterior is not None,
        "worlds": _worlds(found),
        "finding": str(found),
        "intervals": found.interval_scope,
        "points": found.table().to_dict("records"),
        "invalid": found.invalid,
        "folder": out and str(out),
    }


def _worlds(found: Tipping) -> dict[str, Any] | None:
    """Where the draws of the other parameters have the tipping point; None if they were not drawn."""
    worlds = found.worlds
    if worlds is None:
        return None
    low, high = worlds.middle
    values = {"median": worlds.median, "low": low, "high": high}
    return {
        "count": worlds.count,
        "with_tipping_point": worlds.one,
        **{name: found.value(part) if len(worlds.at) else None for name, part in values.items()},
        "better_below": found.a if worlds.a_before else found.b,
        "without_tipping_point": worlds.without,
        "a_throughout": worlds.a_throughout,
        "b_throughout": worlds.b_throughout,
        "alike": worlds.alike,
        "reverse": worlds.reverse,
        "several": worlds.several,
    }


def _print_table(found: Tipping, out: Path | None) -> None:
    from sim.scenario.ranges import rounded

    screen = console()
    screen.print(f"{found!r}\n", soft_wrap=True)
    records = found.table().to_dict("records")
    rows = [
        [str(rounded(row["value"])), number(row["mean"], sign="+"), signed_interval(row["low"], row["high"]),
         f"{row['n']:,}", row["better"]]
        for row in records
    ]  # fmt: skip
    difference = f"{found.measure}, {found.a} minus {found.b}"
    heads = [found.parameter, difference, f"{100 * found.confidence:g} %", "n", "better"]
    if found.draws is not None:
        heads += [f"90 % of {found.worlds_noun}", f"{found.a} better in"]
        for cells, row in zip(rows, records, strict=True):
            cells += [signed_interval(row["worlds_low"], row["worlds_high"]), f"{row['a_better']:.0%}"]
    screen.print(table(heads, rows))
    screen.print(f"the difference {_SHAPES[found.shape]}; {found.interval_scope}", soft_wrap=True)
    screen.print(f"\nwritten to {out}" if out else "\nnothing written; --out FOLDER keeps table and figure")


_SHAPES = {
    "rises": "rises along the range",
    "falls": "falls along the range",
    "turns": "both rises and falls along the range (not monotone)",
    "flat": "does not change along the range by more than luck",
}
