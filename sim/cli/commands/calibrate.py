"""`regpressure calibrate`: the values that the record of a scenario allows."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import inputs, options
from sim.cli.errors import InputError, print_error
from sim.cli.output import console, print_json, study_folder, table, write_csv
from sim.cli.progress import progress, spinner

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.calibration.calibrate import Calibration
    from sim.calibration.real_runs import RealRuns

_PARAMETERS_LISTED, _EMULATORS_LISTED = 12, 5


Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        readable=False,
        help="Scenario files, or names of scenarios that come with the package; several are calibrated jointly.",
        show_default=False,
    ),
]
KeptIn = Annotated[
    Path,
    typer.Option(metavar="FOLDER", readable=False, help="Where to write each wave, the posteriors and the tables."),
]
EvidenceFiles = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="FILE",
        readable=False,
        help="Facts of the record (YAML), once for each scenario.",
        show_default="evidence/NAME.yaml beside the scenario",
    ),
]
Points = Annotated[int | None, typer.Option(min=10, help="Points of a wave.", show_default="ten for each parameter")]
Predict = Annotated[
    int | None,
    typer.Option(
        min=2,
        metavar="WORLDS",
        help="Also simulate so many plausible worlds and count the facts that they predict; of several scenarios "
        "also each from the facts of the others.",
        show_default="none",
    ),
]
Profile = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Also write how well the record can be met at each value of a parameter, or of a measure of the baseline "
        "of the first scenario, such as leakage; may be repeated.",
        show_default="none",
    ),
]
RealRunsOption = Annotated[
    int | None,
    typer.Option(
        min=4,
        metavar="R",
        help="Also run plausible worlds, five times as many as draws, so many times each: says how far emulators "
        "are from real runs, and writes the posterior of these.",
        show_default="none",
    ),
]
Rounds = Annotated[
    int,
    typer.Option(
        min=0,
        help="Where too few of these worlds count: so often, at most, move them towards real runs, and run again.",
    ),
]


def calibrate(
    ctx: typer.Context,
    files: Files,
    out: KeptIn,
    evidence: EvidenceFiles = None,
    waves: Annotated[int, typer.Option(min=1, help="Waves of simulations.")] = 3,
    points: Points = None,
    replications: Annotated[int, typer.Option(min=2, help="Replications at each point.")] = 3,
    draws: Annotated[int, typer.Option(min=2, help="Plausible worlds in the posterior.")] = 200,
    predict: Predict = None,
    profile: Profile = None,
    real_runs: RealRunsOption = None,
    rounds: Rounds = 0,
    seed: options.Seed = 0,
    workers: options.Workers = None,
    resume: options.Resume = False,
    figures: options.Figures = True,
    as_json: options.Json = False,
) -> None:
    """Fit what is uncertain in a scenario to its record. Writes a posterior for `compare --draws posterior`."""
    from sim.calibration.calibrate import calibrate as study
    from sim.calibration.calibrate import matching_plan
    from sim.calibration.parameter_space import parameter_space
    from sim.calibration.profile_likelihood import check_profiled

    scenarios = [inputs.scenario_in(file, ()) for file in files]
    if evidence and len(evidence) != len(files):
        raise InputError(f"{len(evidence)} times --evidence for {len(files)} scenarios; name one for each, or none")
    with inputs.as_input_errors():
        check_profiled(parameter_space(scenarios), scenarios[0], profile or ())
    if rounds and not real_runs:
        raise InputError("--rounds needs --real-runs, how often each world is run")
    target = study_folder(out, resume)
    assert target is not None
    names = ", ".join(scenario.name for scenario in scenarios)
    with options.resumable(ctx, target, "waves"):
        with inputs.as_input_errors():
            plan = matching_plan(scenarios, waves, points, replications, seed)
        with inputs.as_input_errors(), progress(f"calibrating {names}") as watch:
            found = study(
                scenarios, evidence, plan, draws, workers, target, watch,
                tell=lambda number, report: print_error(
                    f"wave {number + 1} of {waves}: {report.volume:.3g} of the prior left"
                ),
            )  # fmt: skip
    runs = _real_runs(found, real_runs, rounds, workers) if real_runs else None
    found = found.weighed_by(runs) if runs is not None and runs.reliable else found
    written = found.write(target)
    tables = _profiles(found, profile, workers, target, figures) if profile else {}
    tables |= _predicted(found, predict, workers, target) if predict else {}
    if figures:
        with spinner("drawing figures"):
            found.plot.write(target / "figures")
    if as_json:
        _print_document(found, tables, runs, out)
    else:
        _print_tables(found, tables, runs, out, [Path(inputs.scenario_file(file)) for file in files], written)


def _real_runs(found: Calibration, replications: int, rounds: int, workers: int | None) -> RealRuns:
    """Plausible worlds run, and moved towards what real runs say."""
    with inputs.as_input_errors(), progress("running plausible worlds") as watch:
        return found.real_runs(
            None, replications, rounds, workers, watch,
            tell=lambda number, each: print_error(
                f"round {number + 1}: {each.power:.0%} of the way to real runs, {each.accepted:.0%} of worlds moved"
            ),
        )  # fmt: skip


def _profiles(
    found: Calibration, names: list[str], workers: int | None, target: Path, figures: bool
) -> dict[str, DataFrame]:
    """Profiles of parameters and measures, written as a table and a figure."""
    with inputs.as_input_errors(), spinner("finding profiles"):
        profiles = found.profiles(names, executor=workers)
    write_csv(profiles, target / "profiles.csv")
    if figures:
        from sim.plot.figures.profiles import draw_profiles, gather_profiles
        from sim.plot.page import file_axes, write_file

        write_file(draw_profiles(file_axes(), gather_profiles(found, profiles)), target / "figures" / "profiles.png")
    return {"profiles": profiles}


def _predicted(found: Calibration, worlds: int, workers: int | None, target: Path) -> dict[str, DataFrame]:
    """How many facts are predicted, and of several scenarios how many from the facts of the others; all written."""
    from sim.calibration.held_out import counted

    with spinner(f"predicting the facts of {', '.join(found.scenarios)}"):
        predictions = found.predictions(worlds, workers)
        write_csv(predictions, target / "predictions.csv")
        tables = {"predicted": counted(predictions)}
        if len(found.scenarios) > 1:
            tables["left_out"] = found.leave_one_out(worlds, workers)
            write_csv(tables["left_out"], target / "left-out.csv")
    return tables


def _print_document(found: Calibration, tables: Mapping[str, DataFrame], runs: RealRuns | None, out: Path) -> None:
    print_json(
        {
            "scenarios": list(found.scenarios),
            "seed": found.matching.plan.seed,
            "facts": list(found.matching.targets.names),
            "waves": found.waves().to_dict("records"),
            "parameters": found.parameters().to_dict("records"),
            **{name: rows.to_dict("records") for name, rows in tables.items()},
            "real_runs": runs and _runs_document(runs),
            "folder": str(out),
        }
    )


def _runs_document(runs: RealRuns) -> dict[str, object]:
    return {
        "points": len(runs.points),
        "replications": runs.replications,
        "effective": runs.effective,
        "effective_with_exact_emulators": runs.luck,
        "tail": runs.tail,
        "rounds": [{"power": each.power, "accepted": each.accepted} for each in runs.rounds],
        "posterior": "real runs" if runs.reliable else "emulators",
        "parameters": runs.parameters().reset_index().to_dict("records"),
        "facts": runs.facts().reset_index().to_dict("records"),
    }


def _print_tables(
    found: Calibration, tables: Mapping[str, DataFrame], runs: RealRuns | None, out: Path, files: list[Path],
    written: list[Path],
) -> None:  # fmt: skip
    screen = console()
    screen.print(f"{found!r}\n")
    rows = [
        [f"{row['wave']}", f"{row['points']:,}", f"{row['runs']:,}", f"{row['left']:.3g}", f"{row['cutoff']:.2g}",
         row["ruled_out_by"]]
        for row in found.waves().to_dict("records")
    ]  # fmt: skip
    screen.print(table(["wave", "points", "runs", "prior left", "cutoff", "part ruled out by single facts"], rows))
    if runs is not None:
        screen.print(f"\n{runs}", soft_wrap=True)
        worst = runs.facts().head(_EMULATORS_LISTED)
        rows = [[str(fact), f"{row['bias']:+.2f}", f"{row['size']:.2f}"] for fact, row in worst.iterrows()]
        screen.print(table(["emulator that is off, in errors of record and model", "bias", "size"], rows))
    parameters = found.parameters().sort_values("width").head(_PARAMETERS_LISTED)
    rows = [
        [row["parameter"], f"{row['low']} to {row['high']}", row["median"],
         f"{row['posterior_low']} to {row['posterior_high']}", f"{row['width']:.0%}"]
        for row in parameters.to_dict("records")
    ]  # fmt: skip
    screen.print()
    screen.print(table(["parameter", "range", "median", "90 % of the posterior", "width left"], rows))
    if more := len(found.space) - len(rows):
        screen.print(f"and {more} more that the record narrows less; parameters.csv lists all")
    if "predicted" in tables:
        _print_predicted(tables["predicted"])
    if "left_out" in tables:
        _print_left_out(tables["left_out"])
    screen.print(f"\nwritten to {out}; to have `compare` use it:")
    for path, file in zip(written, files, strict=False):
        screen.print(f"  cp {path} {file.with_suffix('.posterior.csv')}", soft_wrap=True)


def _print_predicted(predicted: DataFrame) -> None:
    rows = [
        [row["scenario"], _of(row, "fitted"), _of(row, "held_out"), f"{row['width']:.1f}",
         *(f"{row[narrow]} of {row['intervals']}" for narrow in ("narrow", "narrow_known"))]
        for row in predicted.to_dict("records")
    ]  # fmt: skip
    inside = "facts inside the interval that holds 90 % of what is predicted"
    console().print(f"\n{inside}, its width over that of the record (median)")
    console().print(table(["scenario", "fitted", "kept aside", "width", "at most 2", "if parameters were known"], rows))


def _of(row: Mapping[Hashable, object], use: str) -> str:
    return f"{row[f'{use}_inside']} of {row[use]}" if row[use] else ""


def _print_left_out(left_out: DataFrame) -> None:
    first = str(left_out["scenario"].iloc[0])
    rows = [
        [row["scenario"], f"{row['facts']}", f"{row['inside']}", f"{row['width']:.1f}", f"{row[f'inside_by_{first}']}",
         f"{row[f'width_by_{first}']:.1f}"]
        for row in left_out.to_dict("records")
    ]  # fmt: skip
    console().print("\nthe same given the facts of all other scenarios, and given those of the first alone")
    heads = ["left out", "facts", "inside", "width", f"inside, by {first}", "width"]
    console().print(table(heads, rows))
