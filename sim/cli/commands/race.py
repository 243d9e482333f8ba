"""`regpressure race`: the best of many policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.errors import InputError
from sim.cli.options import File, Json, Seed, Settings, Workers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenario.policy.policy import Policy
    from sim.scenario.scenario import Scenario
    from sim.study.race.race import Selection

_POLICIES_LISTED = 20


def race(
    file: File,
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="By which the best is best.", show_default=False)],
    delta: Annotated[float, typer.Option(help="Least difference worth finding, in the unit of the measure.")],
    larger: Annotated[
        bool | None, typer.Option("--larger/--smaller", help="Is a larger or a smaller value better?")
    ] = None,
    policies: Annotated[
        str | None, typer.Option(metavar="A,B", help="Policies that take part.", show_default="all")
    ] = None,
    orders: Annotated[
        str | None,
        typer.Option(metavar="ID,ID,...", help="Race all orders of these interventions.", show_default="none"),
    ] = None,
    base: Annotated[str, typer.Option(help="The policy whose interventions --orders puts in order.")] = "baseline",
    limit: Annotated[
        int | None, typer.Option(min=2, help="Race a sample of so many orders.", show_default="all")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Probability of finding the best.")] = 0.95,
    maximum: Annotated[int, typer.Option(help="Replications after which it ends without a guarantee.")] = 10_000,
    first: Annotated[int, typer.Option("--n0", help="Replications of the first stage.")] = 30,
    undefined: Annotated[
        float | None,
        typer.Option(help="Value of replications in which the measure has none.", show_default="refuse"),
    ] = None,
    seed: Seed = 0,
    workers: Workers = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Find the best of many policies by a measure; those that are beaten are simulated no further."""
    import sim
    from sim.cli.commands.compare import processors
    from sim.cli.inputs import as_input_errors, scenario_in
    from sim.cli.output import spinner

    if larger is None:
        raise InputError(f"is a larger {measure} better, or a smaller one? Say --larger or --smaller")
    scenario = scenario_in(file, settings or ())
    racers = _racers(scenario, policies, orders, base, limit)
    with as_input_errors(), spinner(f"racing {len(racers or scenario.policies)} policies of {scenario.name}"):
        found = sim.race(
            scenario, racers, measure, delta=delta, larger_is_better=larger, confidence=confidence, seed=seed,
            executor=workers or processors(), n0=first, maximum=maximum, undefined=undefined,
        )  # fmt: skip
    if as_json:
        _print_document(found)
    else:
        _print_table(found)


def _racers(
    scenario: Scenario, policies: str | None, orders: str | None, base: str, limit: int | None
) -> list[str] | Mapping[str, Policy] | None:
    import sim
    from sim.cli.commands.compare import listed
    from sim.cli.inputs import as_input_errors, known

    if orders is None:
        return [known(name, "policy", scenario.policies) for name in listed(policies)] if policies else None
    if policies is not None:
        raise InputError("give --policies or --orders, not both")
    chosen = scenario.policies[known(base, "policy", scenario.policies)]
    with as_input_errors():
        return sim.orderings(chosen, listed(orders), limit=limit, seed=0)


def _print_document(found: Selection) -> None:
    from sim.cli.output import print_json

    table = found.table().astype({"eliminated": object})
    rows = table.where(table.notna(), None).reset_index().to_dict("records")
    print_json(
        {
            "scenario": found.scenario.name,
            "measure": found.measure,
            "larger_is_better": found.larger_is_better,
            "delta": found.delta,
            "confidence": found.confidence,
            "seed": found.seed,
            "best": found.best,
            "survivors": found.survivors,
            "stopped": found.stopped,
            "saving": found.saving,
            "history": found.history,
            "policies": rows,
        }
    )


def _print_table(found: Selection) -> None:
    from sim.cli.output import console, table

    screen = console()
    screen.print(f"{found}\n")
    rows = [
        [str(policy), f"{row['mean']:,.4g}", f"{row['behind']:+.3g}", f"[{row['low']:+.3g}, {row['high']:+.3g}]",
         f"{row['replications']:,}", "survivor" if row["survivor"] else "out"]
        for policy, row in found.table().head(_POLICIES_LISTED).iterrows()
    ]  # fmt: skip
    screen.print(table(["policy", found.measure, "to the best", "95 %", "replications", ""], rows, numbers=True))
    if more := len(found.policies) - len(rows):
        screen.print(f"and {more:,} more; --json lists all")
    screen.print(f"{found.saving:.0%} of the replications saved against running all as long as the longest")
