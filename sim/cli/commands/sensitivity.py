"""`regpressure sensitivity`: which uncertain parameters matter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import sim
from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.output import console, number, print_json, signed_interval, study_folder, table, write_csv
from sim.cli.progress import progress, spinner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame

    from sim.study.sensitivity.sensitivity import Sensitivity

_ROWS_LISTED = 12
_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "tornado": {"at the low end": ("low", "low_from", "low_to"), "at the high end": ("high", "high_from", "high_to")},
    "morris": {
        "effect": ("effect", "effect_low", "effect_high"),
        "direction": ("direction",),
        "interplay": ("interplay",),
    },
    "sobol": {"by itself": ("first", "first_low", "first_high"), "with others": ("total", "total_low", "total_high")},
    "rbd-fast": {
        "if it were known": ("first", "first_low", "first_high"),
        "it alone": ("own", "own_low", "own_high"),
        "direction": ("direction",),
    },
}
"""Columns of the printed table by method: a value, and the ends of its interval."""


def sensitivity(
    ctx: typer.Context,
    file: options.File,
    method: Annotated[
        Literal["tornado", "morris", "sobol", "rbd-fast"] | None,
        typer.Option(
            show_default="tornado, or rbd-fast with --draws",
            help="One parameter at a time from end to end; elementary effects (screening); parts of the variance; "
            "or the same from --draws, which may depend on each other.",
        ),
    ] = None,
    draws: options.Draws = None,
    policies: options.ComparedPolicies = None,
    measures: Annotated[str, typer.Option(metavar="A,B", help="Measures to explain.")] = "suppression,leakage",
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH[=LOW..HIGH]",
            show_default="all uncertainties",
            help="Parameter to vary: a PATH under uncertainties, or any with a range; may be repeated.",
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            min=2, show_default="10 and 64", help="Trajectories of morris, or base points of sobol (a power of two)."
        ),
    ] = None,
    replications: Annotated[int, typer.Option(min=2, help="Replications of each policy at each point.")] = 8,
    confidence: options.Confidence = 0.95,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    settings: options.Settings = None,
    out: options.Out = None,
    resume: options.Resume = False,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Find which uncertain parameters matter. Takes the levels of the baseline, and what other policies change."""
    target = study_folder(out, resume)
    scenario = inputs.scenario_in(file, settings or ())
    drawn = inputs.draws_in(draws, scenario)
    chosen = inputs.all_known(policies, "policy", scenario.policies)
    kept = [inputs.known(name, "measure", inputs.measures_of(scenario)) for name in inputs.names_in(measures)]
    with (
        options.resumable(ctx, target, "points"),
        inputs.as_input_errors(),
        progress(f"varying {scenario.name}") as watch,
    ):
        found = sim.sensitivity(
            scenario, chosen, kept, method, over=_over(over), size=size, replications=replications,
            confidence=confidence, seed=seed, executor=workers, store=target and target / "points", draws=drawn,
            watch=watch,
        )  # fmt: skip
    if target:
        _write(found, target, figures)
    if as_json:
        _print_document(found, out)
    else:
        _print_tables(found, out)


def _over(over: list[str] | None) -> Any:
    """Paths alone, or ranges by path if any is given. Raises InputError for a mixture, which has no meaning here."""
    if over is None:
        return None
    pairs = [text.partition("=") for text in over]
    if not any(equals for _, equals, _ in pairs):
        return [path.strip() for path, _, _ in pairs]
    if missing := [path for path, equals, _ in pairs if not equals]:
        raise InputError(f"--over {missing[0]}: give PATH=LOW..HIGH for all parameters, or for none")
    return {path.strip(): values.strip() for path, _, values in pairs}


def _questions(found: Sensitivity) -> Iterator[tuple[str, str, str | None]]:
    """Measure, policy and the one that it is compared with: the baseline's levels, then differences from it."""
    baseline, *others = found.policies
    for measure in found.measures:
        yield measure, baseline, None
        for policy in others:
            yield measure, policy, baseline


def _tables(found: Sensitivity) -> DataFrame:
    """All tables as one, with columns for the question."""
    import pandas as pd

    tables = [
        found.table(*question).reset_index().assign(measure=question[0], policy=question[1], against=question[2] or "")
        for question in _questions(found)
    ]
    whole = pd.concat(tables)
    first = ["measure", "policy", "against"]
    return whole[[*first, *(name for name in whole.columns if name not in first)]]


def _write(found: Sensitivity, target: Path, figures: bool) -> None:
    write_csv(_tables(found), target / "sensitivity.csv")
    if figures:
        from sim.plot.page import file_axes, write_file

        with spinner("drawing figures"):
            for measure, policy, against in _questions(found):
                name = f"{measure}-{policy}" + ("" if against is None else f"-less-{against}")
                file = target / "figures" / f"{name.replace('_', '-').replace(':', '-')}.png"
                write_file(found.plot(measure, policy, against, ax=file_axes()), file)


def _print_document(found: Sensitivity, out: Path | None) -> None:
    print_json(
        {
            "scenario": found.scenario.name,
            "seed": found.seed,
            "method": found.method,
            "replications": found.replications,
            "points": len(found.rows),
            "draws": len(found.rows) if found.method == "rbd-fast" else None,
            "from_record": found.posterior is not None,
            "invalid": found.runs.invalid,
            "intervals": found.interval_scope,
            "confidence": found.confidence,
            "rows": _tables(found).to_dict("records"),
            "variance": [
                {"measure": measure, "policy": policy, "against": against}
                | vars(found.shares(measure, policy, against))
                for measure, policy, against in _questions(found)
            ],
            "folder": out and str(out),
        }
    )


def _print_tables(found: Sensitivity, out: Path | None) -> None:
    screen = console()
    screen.print(f"{found!r}\n{found.interval_scope} ({100 * found.confidence:g} %)\n")
    for measure, policy, against in _questions(found):
        screen.print(f"{measure}, {policy}" + ("" if against is None else f" minus {against}"))
        full = found.table(measure, policy, against)
        columns = _COLUMNS[found.method]
        rows = [[str(path), *(_cell(row, names) for names in columns.values())]
                for path, row in full.head(_ROWS_LISTED).iterrows()]  # fmt: skip
        screen.print(table(["parameter", *columns], rows, numbers=True))
        if more := len(full) - len(rows):
            screen.print(f"and {more} more" + ("" if out else "; --out FOLDER keeps all"))
        _print_shares(found, measure, policy, against)
        screen.print()
    screen.print(f"written to {out}" if out else "nothing written; --out FOLDER keeps tables and figures")


def _cell(row: Any, names: tuple[str, ...]) -> str:
    sign = "" if names[0] in ("effect", "interplay", "first", "total", "own") else "+"
    value, *ends = [float(row[name]) for name in names]
    return number(value, sign=sign) + (f" {signed_interval(ends[0], ends[1], sign)}" if ends else "")


def _print_shares(found: Sensitivity, measure: str, policy: str, against: str | None) -> None:
    shares = found.shares(measure, policy, against)
    if not math.isnan(shares.parameters):
        console().print(
            f"variance among single runs: {shares.parameters:.0%} parameters, {shares.luck:.0%} luck, "
            f"{shares.both:.0%} both together; luck leaves {shares.left:.1%} in the variance of the points' means"
        )
    if shares.left > 0.5:
        console().print("most of what varies between points is luck: more --replications are needed for this question")
    if left_out := found.left_out(measure, policy, against):
        console().print(f"{left_out} points left out: {measure} is not defined there or at one that belongs to it")
