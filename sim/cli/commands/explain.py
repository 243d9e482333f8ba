"""`regpressure explain`: why an exchange decided as it did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.arguments import MOST
from sim.cli import inputs, options
from sim.cli.errors import InputError
from sim.cli.output import print_json
from sim.cli.progress import simulating

if TYPE_CHECKING:
    from sim.results.run import Run
    from sim.scenario.scenario import Scenario


def explain(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|FILE", readable=False, help="A saved run, or a scenario to run.", show_default=False
        ),
    ],
    exchange: Annotated[
        str, typer.Argument(metavar="EXCHANGE", help="Id or name of the exchange.", show_default=False)
    ],
    policy: Annotated[str | None, typer.Option(help="Policy to run, with a FILE.", show_default="baseline")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=MOST, help="Seed to run, with a FILE.", show_default="0")
    ] = None,
    without: Annotated[
        str | None,
        typer.Option(metavar="ID,ID,...", help="Also run it again without these interventions.", show_default="none"),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Explain each decision of an exchange. Shows its trigger, its options by value, and its switching values."""
    ids = inputs.names_in(without or "")
    run = _saved(source, policy, seed) if source.is_dir() else None
    scenario = inputs.scenario_in(source) if run is None else run.scenario
    chosen = inputs.known(policy or "baseline", "policy", scenario.policies) if run is None else run.policy
    exchange = _exchange(scenario, chosen, exchange)
    with inputs.as_input_errors():
        scenario.policies[chosen].without(*ids)
    with simulating(scenario.name, chosen):
        explanation = (run or sim.run(scenario, chosen, seed or 0)).explain(exchange, ids)
    if as_json:
        print_json(explanation.to_dict())
    else:
        print(explanation)


def _saved(folder: Path, policy: str | None, seed: int | None) -> Run:
    from sim.results.open_run import open_run

    if policy is not None or seed is not None:
        raise InputError(f"{folder} is a saved run, which has its policy and seed; leave out --policy and --seed")
    return open_run(folder)


def _exchange(scenario: Scenario, policy: str, word: str) -> str:
    """The id of the exchange with this id or name, members of groups included."""
    from sim.world.build import world_of

    members = world_of(scenario, policy)[1].exchanges
    ids = {one.id: one.id for one in members}
    ids |= {one.name: one.id for one in members if one.name.lower() not in ids}
    return ids[inputs.known(word, "exchange", ids)]
