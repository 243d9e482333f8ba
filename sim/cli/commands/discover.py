"""`regpressure discover`: in which of the plausible worlds a policy fails against another."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import sim
from sim.atomic_write import atomic_folder
from sim.cli import inputs, options
from sim.cli.output import console, new_folder, number, print_json, table, write_finding
from sim.cli.progress import progress, spinner

if TYPE_CHECKING:
    from sim.study.discovery.discover import Discovery


def discover(
    file: options.File,
    a: Annotated[str, typer.Argument(metavar="A", help="Policy that may fail.", show_default=False)],
    b: options.ComparedWith = "baseline",
    measure: options.Measure = "leakage",
    larger: options.Larger = None,
    threshold: Annotated[
        float, typer.Option(help="A fails where it is better than B by less than this, in the unit of the measure.")
    ] = 0.0,
    draws: options.Draws = "300",
    replications: Annotated[int, typer.Option(min=1, help="Replications of each draw.")] = 2,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: options.Out = None,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Find boxes of parameters in which policy A fails. It fails where it is no better than B; the method is PRIM."""
    from sim.results.own_measures import OWN
    from sim.study.compare import compare

    target = new_folder(out) if out else None
    scenario = inputs.scenario_in(file, settings or ())
    first, second = (inputs.known(name, "policy", scenario.policies) for name in (a, b))
    by = inputs.known(measure, "measure", inputs.measures_of(scenario))
    drawn = inputs.draws_in(draws, scenario)
    assert drawn is not None
    count = replications * (drawn if isinstance(drawn, int) else len(drawn.rows))
    with inputs.as_input_errors(), progress(f"comparing {first} with {second}") as watch:
        compared = compare(
            scenario, (first, second), count, seed=seed, executor=workers, paths=by in OWN, watch=watch,
            draws=drawn,
        )  # fmt: skip
    with inputs.as_input_errors(), spinner("looking for boxes"):
        found = sim.discover(compared, first, second, by, larger_is_better=larger, threshold=threshold)
    if target:
        drawn_values = compared.parameters().iloc[: len(found.difference)]
        tables = {
            "boxes": found.table().set_index("box"),
            "draws": drawn_values.assign(better_by=found.difference, fails=found.cases),
        }
        plots = {"boxes": found.plot} if figures and found.boxes else {}
        with atomic_folder(target, partial(new_folder, target)) as folder:
            write_finding(folder, "discovery", _document(found, target), tables, plots)
    if as_json:
        print_json(_document(found, out))
    else:
        _print_tables(found, out)


def _document(found: Discovery, out: Path | None) -> dict[str, Any]:
    return {
        "scenario": found.study.scenario.name,
        "seed": found.study.seed,
        "a": found.a,
        "b": found.b,
        "measure": found.measure,
        "larger_is_better": found.larger_is_better,
        "threshold": found.threshold,
        "draws": found.defined,
        "failures": int(found.cases.sum()),
        "finding": str(found),
        "boxes": found.table().to_dict("records"),
        "folder": out and str(out),
    }


def _print_tables(found: Discovery, out: Path | None) -> None:
    from sim.scenario.ranges import rounded

    screen = console()
    screen.print(f"{found!r}\n", soft_wrap=True)
    for order, box in enumerate(found.boxes, 1):
        screen.print(
            f"box {order}: {box.density:.0%} of {box.n} draws inside fail, {box.coverage:.0%} of all failures; "
            f"among draws held out {box.held_density:.0%} of {box.held_n}, and {box.held_coverage:.0%}"
        )
        rows = [
            [str(row["parameter"]), str(rounded(row["low"])), str(rounded(row["high"])), number(row["p_low"], 2),
             number(row["p_high"], 2)]
            for row in found.table().to_dict("records") if row["box"] == order
        ]  # fmt: skip
        screen.print(table(["parameter", "from", "to", "quasi-p of from", "of to"], rows))
        screen.print()
    screen.print(f"written to {out}" if out else "nothing written; --out FOLDER keeps tables and figure")
