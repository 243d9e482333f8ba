"""`regpressure list`: the contents of a scenario file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.first_day_table import first_day_table
from sim.cli.inputs import scenario_in
from sim.cli.output import console, table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.scenario.policy.written import Kind
    from sim.scenario.scenario import Scenario


def list_(
    file: Annotated[
        str, typer.Argument(metavar="FILE|kinds", help="Scenario file, or the word `kinds`.", show_default=False)
    ],
) -> None:
    """List what is in a scenario, or the built-in kinds. Policies, interventions, exchanges, first day, new kinds."""
    from sim.scenario.policy.written import builtin_kinds

    tables = [_kinds(builtin_kinds())] if file == "kinds" else _contents(scenario_in(Path(file)))
    screen = console()
    for index, grid in enumerate(tables):
        if index:
            screen.print()
        screen.print(grid)


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


def _kinds(kinds: Mapping[str, Kind]) -> Table:
    return table(["kind", "description"], [(name, kind.description) for name, kind in kinds.items()])


def _when(name: str, when: Any) -> str:
    from sim.scenario.policy.dates import written

    return "" if when is None else written(name, when)
