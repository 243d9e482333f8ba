"""`regpressure run`: one history, as a table, a folder and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.atomic_write import atomic_folder
from sim.cli import inputs, options, output
from sim.cli.errors import InputError
from sim.cli.progress import simulating, spinner
from sim.clock import DAY
from sim.world.codes import MODES, STRATEGIES

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table
    from xarray import DataArray

    from sim.results.run import Run

AFTER = timedelta(days=90)
"""Time from the turning point to the moment called "after": longer than the notice that closures gave."""
LARGEST = 6
"""How many of the largest exchanges are listed."""
EVENT_WORDS = {
    "entered": "entered", "launched": "opened", "closed": "closed", "exited": "left", "relocation": "moved",
    "turns-away": "turns focal users away", "serves-again": "serves focal users again",
}  # fmt: skip
"""Journal events that are listed for large exchanges, and the word for each."""


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The intervention before and after which a run is summarised."""

    intervention: str
    announced: date
    effective: date


@dataclass(frozen=True, slots=True)
class Moment:
    """Focal trading on a day: where genuine home traders trade, as shares of them at the demand of the first day.

    `volume` is what is traded on that day.
    """

    label: str
    day: date
    domestic: float
    otc: float
    offshore: float
    outside: float
    volume: float


@dataclass(frozen=True, slots=True)
class ExchangeSummary:
    """What a large exchange did: its first and last strategy, and each opening and closing with its date."""

    exchange: str
    before: str
    after: str
    steps: tuple[str, ...]


def run(
    file: options.File,
    policy: Annotated[str, typer.Option(help="Policy of the scenario.")] = "baseline",
    seed: options.Seed = 0,
    replication: options.Replication = 0,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Stop on this date.", show_default="the scenario's end")
    ] = None,
    settings: options.Settings = None,
    out: options.Out = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the run that FOLDER holds.")] = False,
    figures: options.Figures = True,
    idle: Annotated[
        bool, typer.Option("--idle", help="Also name interventions that changed nothing; runs again without each.")
    ] = False,
    csv: options.Csv = None,
    xlsx: options.Xlsx = None,
    as_json: options.Json = False,
) -> None:
    """Simulate one policy once. Prints a summary; --out also writes data, journal and figures."""
    output.new_files(csv, xlsx)
    if force and not out:
        raise InputError("--force needs --out FOLDER")
    target = output.run_folder(out, force) if out else None
    scenario = inputs.scenario_in(file, settings or ())
    policy = inputs.known(policy, "policy", scenario.policies)
    last = inputs.date_within(until, scenario)
    with simulating(scenario.name, policy):
        history = sim.run(scenario, policy=policy, seed=seed, replication=replication, until=last)
        without_effect = history.idle_interventions() if idle else None
    if target:
        _write(history, target, partial(output.run_folder, target, force), figures)
    output.write_tables(csv, xlsx, history.to_frame, _sheets(history))
    if as_json:
        _print_document(history, out, without_effect)
    else:
        _print_tables(history, (out, csv, xlsx), without_effect)


def _write(run: Run, target: Path, check: Callable[[], object], figures: bool) -> None:
    from sim.results.save import write_run

    with atomic_folder(target, check) as folder, spinner("writing results"):
        write_run(run, folder)
        if figures:
            run.plot.write(folder / "figures")


def _sheets(run: Run) -> output.Sheets:
    """The sheets of a workbook of a run."""
    about = {"scenario": run.scenario.name, "policy": run.policy, "seed": run.seed, "replication": run.replication}
    about |= {"volumes in": run.scenario.volume_unit, "made with": f"regpressure {sim.__version__}"}
    return {
        "shares": run.to_frame,
        "exchanges": partial(run.to_frame, "exchange"),
        "measures": lambda: run.table().reset_index(),
        "journal": lambda: run.journal,
        "about": partial(output.about_table, about),
    }


def _print_document(run: Run, out: Path | None, idle: Sequence[str] | None) -> None:
    output.print_json(
        {
            "scenario": run.scenario.name,
            "policy": run.policy,
            "seed": run.seed,
            "replication": run.replication,
            "until": run.until,
            "volume_unit": run.scenario.volume_unit,
            "turning_point": turning_point(run),
            "shares": moments(run),
            "exchanges": largest_exchanges(run),
            "final_strategies": final_strategies(run),
            "measures": dict(run.measures),
            "remarks": {name: words for name, words in run.table()["remark"].items() if words},
            "idle": idle,
            "folder": out and str(out),
        }
    )


def _print_tables(run: Run, files: Sequence[Path | None], idle: Sequence[str] | None) -> None:
    screen = output.console()
    screen.print(f"{run.scenario.name}, policy {run.policy}, seed {run.seed}, replication {run.replication}\n")
    screen.print(_shares(run))
    if point := turning_point(run):
        screen.print(
            f"before: the day before {point.intervention} was announced ({point.announced}); "
            f"after: {AFTER.days} days after it took effect ({point.effective})\n"
        )
    screen.print(_exchanges(run))
    ends = ", ".join(f"{count} {strategy}" for strategy, count in final_strategies(run).items())
    all_of_them = run.scenario.labels.text(f"all {run.data.sizes['exchange']} exchanges at the end: {ends}")
    screen.print(f"{all_of_them}\n")
    main = run.table().filter(regex="^[^:]*$", axis="index")  # those that break down no other
    screen.print(_measures(main, run.scenario.labels.text))
    for name, words in main["remark"][main["remark"] != ""].items():
        screen.print(f"{name}: {words}")
    if idle is not None:
        screen.print(f"\nchanged nothing, each by itself: {', '.join(idle) or 'no intervention'}")
    kept = output.written(files, "nothing written; --out FOLDER keeps data, journal and figures")
    screen.print(f"\n{kept}", soft_wrap=True)


def _shares(run: Run) -> Table:
    shown = moments(run)
    names = {mode: run.scenario.labels.mode(mode) for mode in (*MODES, "outside")}
    rows = [[name, *(f"{getattr(moment, field):.1%}" for moment in shown)] for field, name in names.items()]
    rows.append([f"traded, {run.scenario.volume_unit}", *(f"{moment.volume:,.0f}" for moment in shown)])
    return output.table(["focal trading", *(f"{moment.label}\n{moment.day}" for moment in shown)], rows, numbers=True)


def _exchanges(run: Run) -> Table:
    words = run.scenario.labels.text
    rows = [
        [one.exchange, words(" > ".join(dict.fromkeys([one.before, one.after]))), words(", ".join(one.steps))]
        for one in largest_exchanges(run)
    ]
    return output.table([words("largest exchanges"), "strategy", "what they did"], rows)


def _measures(measures: DataFrame, words: Callable[[str], str]) -> Table:
    rows = [
        [str(name), "undefined", "", str(row["undefined"])]
        if row["undefined"]
        else [str(name), output.number(row["value"], 4), str(row["unit"]), words(str(row["meaning"]))]
        for name, row in measures.iterrows()
    ]
    return output.table(["measure", "value", "unit", "meaning"], rows)


def turning_point(run: Run) -> TurningPoint | None:
    """The intervention that first changed the permission to trade at home, else the first that took effect.

    None where none took effect.
    """
    effective = run.journal[run.journal["event"] == "effective"]
    moved = _permission_moved(run.data["level"])
    if moved is not None:
        since, day = moved
        effective = effective[(effective["day"] > since) & (effective["day"] <= day)]
    if effective.empty:
        return None
    first = effective.iloc[0]
    same = run.journal["subject"] == first["subject"]
    announced = run.journal[same & (run.journal["event"] == "announced")]["date"]
    start = announced.iloc[0] if len(announced) else first["date"]
    return TurningPoint(str(first["subject"]), start.date(), first["date"].date())


def moments(run: Run) -> list[Moment]:
    """The start, the day before the turning point was announced, 90 days after it took effect, and the end."""
    first, last = _date(run.data["time"][0]), _date(run.data["time"][-1])
    days = {"start": first}
    if point := turning_point(run):
        days["before"] = max(point.announced - DAY, first)
        days["after"] = min(point.effective + AFTER, last)
    return [_moment(run, label, day) for label, day in (days | {"end": last}).items()]


def largest_exchanges(run: Run) -> list[ExchangeSummary]:
    """The largest exchanges by focal volume over the whole run, largest first."""
    volume = run.data["focal_volume"].sum(["time", "mode"])
    largest = volume.argsort().values[::-1][:LARGEST]
    return [_exchange_summary(run, str(name)) for name in volume["exchange"].values[largest]]


def final_strategies(run: Run) -> dict[str, int]:
    """How many exchanges end with each strategy, the most common first."""
    return dict(Counter(_strategies(run)[-1]).most_common())


def _moment(run: Run, label: str, day: date) -> Moment:
    found = run.to_frame().set_index("date").loc[: str(day)].iloc[-1].to_dict()
    return Moment(label, day, **{name: found[name] for name in (*MODES, "outside")}, volume=found["focal_volume"])


def _exchange_summary(run: Run, exchange: str) -> ExchangeSummary:
    events = run.journal[(run.journal["subject"] == exchange) & run.journal["event"].isin(EVENT_WORDS)]
    column = list(run.data["exchange"].values).index(exchange)
    first, last = (row[column] for row in _strategies(run))
    names = {one.id: one.name for one in run.scenario.exchanges if one.name}
    return ExchangeSummary(names.get(exchange) or exchange, first, last, _steps(events))


def _steps(journal: DataFrame) -> tuple[str, ...]:
    words = (
        (row["mode"], EVENT_WORDS[row["event"]], row["host"] and f"in {row['host']}", str(row["date"].date()))
        for _, row in journal.iterrows()
    )
    return tuple(" ".join(filter(None, step)) for step in words)


def _strategies(run: Run) -> tuple[list[str], list[str]]:
    """Names of the exchanges' strategies at the first and at the last record."""
    first, last = ([STRATEGIES[code] for code in run.data["strategy"].isel(time=at).values] for at in (0, -1))
    return first, last


def _permission_moved(levels: DataArray) -> tuple[float, float] | None:
    """Days of the records just before and just after the permission of domestic trading first changes."""
    if "permission:domestic" not in levels["lever"].values:
        return None
    level = levels.sel(lever="permission:domestic").values
    moved = (level != level[0]).nonzero()[0]
    return (float(levels["day"][moved[0] - 1]), float(levels["day"][moved[0]])) if moved.size else None


def _date(time: DataArray) -> date:
    return date.fromisoformat(str(time.values)[:10])
