"""`regpressure list`: the contents of a scenario file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    policies = [(name, policy.description) for name, policy in scenario.policies.items()]
    yield table(["policy", "description"], policies)
    yield table(
        ["intervention", "policy", "kind", "by", "announced", "effective", "deadline"], _interventions(scenario)
    )
    yield table(["exchange", "count", "home", "strategy", "offers"], map(_exchange, scenario.exchanges))
    yield first_day_table(scenario)
    if scenario.kinds:
        yield _kinds(scenario.kinds)


def _interventions(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """One row per intervention of each policy, then one per intervention that its rules may add."""
    for name, policy in scenario.policies.items():
        for one in policy.interventions:
            dates = (_when(date, getattr(one, date)) for date in ("announced", "effective", "deadline"))
            yield one.id, name, one.kind, one.by or "", *dates
        for rule in policy.rules:
            for number, step in enumerate(rule.steps, start=1):
                for one in step:
                    yield one.id, name, one.kind, one.by or "", f"{rule.id}, step {number}", "", ""


def _exchange(exchange: Any) -> tuple[str, ...]:
    title = exchange.id or f"{exchange.group} (group)"
    return title, str(exchange.count), exchange.home, exchange.strategy, ", ".join(exchange.offers)


def _kinds(kinds: Mapping[str, Kind]) -> Table:
    return table(["kind", "description"], [(name, kind.description) for name, kind in kinds.items()])


def _when(name: str, when: Any) -> str:
    from sim.scenario.policy.dates import written

    return "" if when is None else written(name, when)
