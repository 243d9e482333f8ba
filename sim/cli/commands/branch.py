"""`regpressure branch`: one past, many futures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.errors import InputError
from sim.cli.options import File, Json, Seed, Settings

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.branch.branch import Branches


def branch(
    file: File,
    at: Annotated[str, typer.Option(metavar="DATE", help="Until when the past is one.")],
    futures: Annotated[
        list[str] | None,
        typer.Option(
            "--future",
            metavar="POLICY|NAME={...}",
            show_default="only as it was",
            help="A policy, or a name and changes as in a file: 'calm={drop: [closure]}'; may be repeated.",
        ),
    ] = None,
    past: Annotated[str, typer.Option(help="The policy until then.")] = "baseline",
    seed: Seed = 0,
    replication: Annotated[int, typer.Option(min=0, help="Which history in that world.")] = 0,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Simulate one history up to a date and several futures from there on, and compare their measures."""
    import sim
    from sim.cli.inputs import as_input_errors, date_within, known, scenario_in
    from sim.cli.output import print_json, simulating

    scenario = scenario_in(file, settings or ())
    past = known(past, "policy", scenario.policies)
    day = date_within(at, scenario, "--at")
    chosen = dict(_future(scenario, text) for text in futures or ())
    with as_input_errors(), simulating(scenario.name, past):
        history = sim.run(scenario, past, seed, replication, until=day, engine="compiled")
        found = history.branch(chosen)
    if as_json:
        measures = {name: dict(run.measures) for name, run in found.items()}
        head = {"scenario": scenario.name, "past": past, "at": day, "seed": seed, "replication": replication}
        print_json({**head, "futures": measures})
    else:
        _print_table(found, past)


def _future(scenario: Scenario, text: str) -> tuple[str, Any]:
    """A future by name: a policy of the scenario, or changes to that of the past."""
    from sim.cli.inputs import known, value_in

    name, equals, changes = text.partition("=")
    if not equals:
        policy = known(text, "policy", scenario.policies)
        return policy, policy
    given = value_in(changes, f"--future {text}")
    if not isinstance(given, dict) or not name.strip():
        raise InputError(f"--future {text}: write it as NAME={{...}}, for instance 'calm={{drop: [closure]}}'")
    return name.strip(), given


def _print_table(found: Branches, past: str) -> None:
    from sim.cli.output import console, table

    screen = console()
    first = next(iter(found.values()))
    screen.print(
        f"{first.scenario.name}: {past} until {found.at:%Y-%m-%d}, seed {first.seed}, replication {first.replication}\n"
    )
    measures = found.table().dropna(how="all").filter(regex="^[^:]*$", axis="index")
    rows = [[str(name), *(f"{value:,.4g}" for value in row)] for name, row in measures.iterrows()]
    screen.print(table(["measure", *found], rows, numbers=True))
