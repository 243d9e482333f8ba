"""`regpressure explain`: why an exchange decided as it did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import sim
from sim.cli.errors import InputError
from sim.cli.inputs import known, scenario_in
from sim.cli.options import Json
from sim.cli.output import print_json
from sim.cli.progress import simulating

if TYPE_CHECKING:
    from sim.results.run import Run


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
    seed: Annotated[int | None, typer.Option(min=0, help="Seed to run, with a FILE.", show_default="0")] = None,
    as_json: Json = False,
) -> None:
    """Explain each decision of an exchange: its trigger, its options by value, and its switching values."""
    run = _saved(source, policy, seed) if source.is_dir() else _simulated(source, policy or "baseline", seed or 0)
    explanation = run.explain(_exchange(run, exchange))
    if as_json:
        print_json(explanation.to_dict())
    else:
        print(explanation)


def _saved(folder: Path, policy: str | None, seed: int | None) -> Run:
    from sim.results.open_run import open_run

    if policy is not None or seed is not None:
        raise InputError(f"{folder} is a saved run, which has its policy and seed; leave out --policy and --seed")
    return open_run(folder)


def _simulated(file: Path, policy: str, seed: int) -> Run:
    scenario = scenario_in(file)
    policy = known(policy, "policy", scenario.policies)
    with simulating(scenario.name, policy):
        return sim.run(scenario, policy=policy, seed=seed)


def _exchange(run: Run, word: str) -> str:
    """The id of the exchange with this id or name."""
    ids = [str(one) for one in run.data["exchange"].values]
    ids_by_name = {one.name: one.id for one in run.scenario.exchanges if one.id and one.name}
    others = [name for name in ids_by_name if name.lower() not in ids]
    match = known(word, "exchange", [*ids, *others])
    return match if match in ids else ids_by_name[match]
