"""`regpressure check`: whether a scenario could have said what the record says."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import sim
from sim.cli import inputs, options
from sim.cli.output import console, new_files, new_folder, print_json, table, write_csv, write_tables, written
from sim.cli.progress import progress, spinner
from sim.plurals import counted

if TYPE_CHECKING:
    from rich.table import Table

    from sim.study.record_check import RecordCheck


def check(
    file: options.File,
    evidence: Annotated[Path | None, options.evidence_option("evidence/NAME.yaml beside the scenario")] = None,
    policy: Annotated[str, typer.Option(help="Policy that is what happened.")] = "baseline",
    replications: Annotated[
        int, typer.Option(min=1, help="Number of replications, each with a draw of what is uncertain.")
    ] = 100,
    draws: Annotated[
        Literal["posterior", "ranges"] | None,
        typer.Option(help="What they are drawn from.", show_default="posterior, if there is one beside the file"),
    ] = None,
    workers: options.Workers = None,
    seed: options.Seed = 0,
    settings: options.Settings = None,
    out: options.Out = None,
    figures: options.Figures = True,
    csv: options.Csv = None,
    as_json: options.Json = False,
) -> None:
    """Compare a scenario with its record. Says which facts its interventions move at all.

    An interval holds 90 % of what the record may say: chance, parameters, and the errors of model and record. Power is
    how likely such a record would speak against a world without the interventions; 10 % if it does not depend on them.
    """
    new_files(csv, None)
    target = new_folder(out) if out else None
    scenario = inputs.scenario_in(file, settings or ())
    record = inputs.evidence_for(file, scenario, evidence, ", or name their file with --evidence")
    chosen = inputs.known(policy, "policy", scenario.policies)
    with inputs.as_input_errors(), progress(f"checking {scenario.name}") as watch:
        found = sim.check(
            scenario, record, chosen, replications, draws=draws, seed=seed, executor=workers, watch=watch
        )  # fmt: skip
    if target:
        _write(found, target, figures)
    write_tables(csv, None, lambda: found.table().reset_index(), {})
    if as_json:
        print_json(_document(found))
    else:
        _print(found, (out, csv))


def _document(found: RecordCheck) -> dict[str, Any]:
    return {
        "scenario": found.scenario.name,
        "policy": found.policy,
        "seed": found.seed,
        "replications": found.runs,
        "parameters": found.parameters,
        "facts": found.table().reset_index().to_dict("records"),
        "forecasts": found.forecasts().reset_index().to_dict("records"),
        "words": found.words(),
    }


def _write(found: RecordCheck, target: Path, figures: bool) -> None:
    for name, frame in (("facts", found.table()), ("forecasts", found.forecasts())):
        write_csv(frame.reset_index(), target / f"{name}.csv")
    if figures:
        with spinner("drawing figures"):
            found.plot.write(target / "figures")


def _print(found: RecordCheck, files: Sequence[Path | None]) -> None:
    screen = console()
    screen.print(
        f"{found.scenario.name}, policy {found.policy}, seed {found.seed}: {counted(found.runs, 'replication')}"
    )
    screen.print(f"intervals: 90 %, of chance, parameters ({found.parameters}), and the errors of model and record")
    screen.print("width: of the interval over the bounds of the record; known: the same if the parameters were known\n")
    for title, names in (("fitted", found.fitted), ("held out", found.held_out)):
        if names:
            screen.print(title)
            screen.print(_table(found, names))
            screen.print()
    for sentence in found.words():
        screen.print(sentence, soft_wrap=True)
    screen.print()
    screen.print(written(files, "nothing written; --out FOLDER keeps tables and figures"), soft_wrap=True)


def _table(found: RecordCheck, names: Sequence[str]) -> Table:
    rows = found.table()
    powers = [f"power {less.name}" for less in found.less]
    looks = rows[powers].round(2)  # of columns that look the same the first is shown
    shown = [power for at, power in enumerate(powers) if not at or (looks[power] != looks[powers[at - 1]]).any()]
    headings = ["fact", "record", "median", "90 % interval", "width", "known", "inside", *shown, "about"]
    return table(headings, [_row(name, row, shown) for name, row in rows.loc[list(names)].iterrows()])


def _row(name: object, row: Any, powers: Sequence[str]) -> list[str]:
    undefined = "" if row["defined"] == 1.0 else f" (defined in {row['defined']:.0%})"
    return [
        str(name),
        f"{row['record']:.4g} [{row['low']:.4g}, {row['high']:.4g}] {row['unit']}",
        f"{row['median']:.3g}{undefined}",
        f"[{row['interval_low']:.3g}, {row['interval_high']:.3g}]",
        *("" if isnan(row[width]) else f"{row[width]:.1f}" for width in ("width", "width_known")),
        "yes" if row["inside"] else "no",
        *(f"{row[power]:.0%}" for power in powers),
        str(row["about"]),
    ]
