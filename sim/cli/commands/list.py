"""`regpressure list`: the contents of a scenario file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import inputs
from sim.cli.errors import InputError
from sim.cli.first_day_table import first_day_table
from sim.cli.output import console, table
from sim.suggest import did_you_mean

if TYPE_CHECKING:
    from rich.table import Table

    from sim.scenario.policy.interventions import Kind
    from sim.scenario.scenario import Scenario


def list_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|kinds|fields", help="Scenario file, or the word `kinds` or `fields`.", show_default=False
        ),
    ],
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="PATH", help="Only these fields, such as `segments` or `decisions.lead`.", show_default="all"
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="With `kinds`: also what each sets.")] = False,
) -> None:
    """List what a scenario, or its format, holds. Policies, exchanges, first day; built-in kinds; fields."""
    if path and file != "fields":
        raise InputError("PATH goes with `fields`: regpressure list fields PATH")
    if full and file != "kinds":
        raise InputError("--full goes with `kinds`: regpressure list kinds --full")
    screen = console()
    for index, grid in enumerate(_tables(file, path, full)):
        if index:
            screen.print()
        screen.print(grid)


def _tables(file: str, path: str | None, full: bool) -> Iterator[Table]:
    from sim.scenario.policy.interventions import builtin_kinds

    if file == "kinds":
        yield _kinds(builtin_kinds(), full)
    elif file == "fields":
        yield _fields(path)
    else:
        yield from _contents(inputs.scenario_in(Path(file)))


def _fields(path: str | None) -> Table:
    from sim.scenario.field_list import fields_under, scenario_fields

    try:
        found = fields_under(path) if path else scenario_fields()
    except KeyError:
        known = [field.path for field in scenario_fields()]
        raise InputError(f"no field {path!r}{did_you_mean(str(path), known)}") from None
    rows = [(field.path, field.meaning, field.written, field.default) for field in found]
    return table(["field", "meaning", "written", "default"], rows)


def _contents(scenario: Scenario) -> Iterator[Table]:
    policies = [(called, policy.name or "", policy.description) for called, policy in scenario.policies.items()]
    yield _named(["policy", "name", "description"], policies)
    yield _named(
        ["intervention", "name", "policy", "kind", "by", "announced", "effective", "deadline"], _interventions(scenario)
    )
    yield _named(["exchange", "name", "count", "home", "strategy", "offers"], map(_exchange, scenario.exchanges))
    yield first_day_table(scenario)
    if scenario.kinds:
        yield _kinds(scenario.kinds)


def _named(headings: Sequence[str], rows: Iterable[tuple[str, ...]]) -> Table:
    """A table whose second column, of names, is left out where nothing has one."""
    listed = list(rows)
    if not any(row[1] for row in listed):
        return table([headings[0], *headings[2:]], [(row[0], *row[2:]) for row in listed])
    return table(headings, listed)


def _interventions(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """One row per intervention of each policy, then one per intervention that its rules may add."""
    for name, policy in scenario.policies.items():
        for one in policy.interventions:
            dates = (_when(date, getattr(one, date)) for date in ("announced", "effective", "deadline"))
            yield one.id, one.name or "", name, one.kind, one.by or "", *dates
        for rule in policy.rules:
            for number, step in enumerate(rule.steps, start=1):
                for one in step:
                    yield one.id, one.name or "", name, one.kind, one.by or "", f"{rule.id}, step {number}", "", ""


def _exchange(exchange: Any) -> tuple[str, ...]:
    title = exchange.id or f"{exchange.group} (group)"
    return title, exchange.name or "", str(exchange.count), exchange.home, exchange.strategy, ", ".join(exchange.offers)


def _kinds(kinds: Mapping[str, Kind], full: bool = True) -> Table:
    from sim.scenario.field_list import settings

    if not full:
        return table(["kind", "description"], [(name, kind.description) for name, kind in kinds.items()])
    rows = [(name, kind.description, settings(kind)) for name, kind in kinds.items()]
    return table(["kind", "description", "sets"], rows)


def _when(name: str, when: Any) -> str:
    from sim.scenario.policy.dates import written

    return "" if when is None else written(name, when)
