"""How the differences between policies of a study are printed, and what draws of the parameters say to them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.errors import print_error
from sim.cli.output import number, table
from sim.study.fact_names import FACT

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Console
    from rich.table import Table

    from sim.evidence.facts import Evidence
    from sim.study.study import Study

_FAILURES_LISTED = 5
_FEW_REPLICATIONS = 10
"""Replications of a draw below which it is said that luck is part of regret."""


def differences(study: Study, measures: Sequence[str]) -> DataFrame:
    """Differences of measures from the first policy, one row per measure and policy."""
    import pandas as pd

    with warnings.catch_warnings():  # which are printed
        warnings.filterwarnings("ignore", message=".* is not defined in any replication")
        tables = {measure: study.difference(measure, study.policies[0]) for measure in measures}
    return pd.concat(tables, names=["measure"]).reset_index()


def difference_table(study: Study, measure: str) -> Table:
    """The level of a measure under each policy, and how it differs from the first."""
    headings = ["policy", "level", "difference", "95 % interval", "n", "same sign", "variance ratio"]
    rows = differences(study, [measure]).set_index("policy").to_dict("index").items()
    cells = [_row(str(policy), row, study.policies[0]) for policy, row in rows]
    if study.draws is not None:
        headings.insert(4, "95 % of draws")
        for row, (policy, values) in zip(cells, rows, strict=True):
            known = policy != study.policies[0]
            row.insert(4, interval_text(values["draws_low"], values["draws_high"]) if known else "")
    return table(headings, cells, numbers=True)


def _row(policy: str, row: dict[Any, Any], baseline: str) -> list[str]:
    level, n = number(row["level"]), f"{row['n']:,}"
    if policy == baseline:
        return [policy, level, "", "", n, "", ""]
    interval = interval_text(row["low"], row["high"]) if row["low"] != row["high"] else "did not vary"
    sign = f"{row['sign']:.0%}" if math.isfinite(row["sign"]) else ""
    return [policy, level, number(row["mean"]), interval, n, sign, number(row["variance_ratio"])]


def interval_text(low: float, high: float) -> str:
    """An interval in words; nothing for one that is not defined."""
    return f"{number(low)} to {number(high)}" if math.isfinite(low) else ""


def print_measure(
    screen: Console, study: Study, measure: str, worlds: Study | None, evidence: Evidence | None = None
) -> None:
    """What a measure is, its differences, what is odd in them, and what draws of the parameters say.

    `evidence` says what a fact among the measures is about.
    """
    from sim.model.outcomes.measures import describe

    described = describe(measure)
    unit, meaning = described.unit, study.scenario.labels.text(described.meaning)
    if evidence is not None and measure.startswith(FACT):
        fact = evidence.facts[measure.removeprefix(FACT)]
        unit, meaning = fact.unit, fact.about
    screen.print(f"{measure}{f' ({unit})' if unit else ''}: {meaning}")
    screen.print(difference_table(study, measure))
    for policy, reason in study.undefined(measure).items():
        screen.print(f"not defined in any replication of {policy}: {reason}")
    for policy, words in study.remarks(measure).items():
        screen.print(f"{policy}: {words}")
    if worlds is not None:
        print_worlds(screen, worlds, measure)
    screen.print()


def print_worlds(screen: Console, worlds: Study, measure: str) -> None:
    """In how many plausible worlds or draws each policy is better, and by how much."""
    from sim.plot.plotted_quantity import decimals_for, interval_words, quantity_of

    quantity = quantity_of(measure)
    for policy, row in worlds.plausible(measure, worlds.policies[0]).iterrows():
        if not row["worlds"]:
            continue
        word, part = ("less", row["lower"]) if row["median"] < 0 else ("more", row["higher"])
        sign = -1.0 if row["median"] < 0 else 1.0
        middle, *ends = (sign * quantity.factor * row[column] for column in ("median", "low", "high"))
        decimals = decimals_for([(max(ends) - min(ends)) / 2], figures=2)
        size = f"{quantity.difference(middle, decimals)} ({interval_words(min(ends), max(ends), decimals)})"
        screen.print(
            f"{policy}: {word} {quantity.name} than {worlds.policies[0]} in {part:.0%} of {row['worlds']:.0f} "
            f"{worlds_noun(worlds)}, by {size}",
            soft_wrap=True,
        )


def worlds_noun(worlds: Study) -> str:
    """What draws of the parameters are called, by where they come from."""
    return "draws" if worlds.posterior is None else "plausible worlds"


def print_regrets(
    screen: Console, worlds: Study, measures: Sequence[str], weights: Mapping[str, float] | None = None
) -> None:
    """How much worse each policy is than the best in the same draw: a row per policy, a column per measure."""
    regrets = worlds.regrets(measures, weights)
    if len(worlds.policies) < 2 or not regrets["draws"].any():
        return
    noun, columns = worlds_noun(worlds), list(regrets.index.unique("measure"))
    count = f"{regrets['draws'].max():,} {noun}"
    screen.print(f"regret: how much worse than the best policy in the same of {count}, with 95 % interval")
    if weights:
        words = " + ".join(f"{weight:g} {measure}" for measure, weight in weights.items())
        screen.print(f"weighted: of {words}, each with the sign by which it is better")
    rows = [[policy, *(_regret(regrets.loc[(measure, policy)]) for measure in columns)] for policy in worlds.policies]
    screen.print(table(["policy", *columns], rows))
    assert worlds.draws is not None
    if (each := max(worlds.replications.values()) // worlds.draws) < _FEW_REPLICATIONS:
        times = "1 replication" if each <= 1 else f"{each} replications"
        screen.print(f"luck is part of this regret: each draw has {times}; more replications than draws take it out")


def _regret(row: Any) -> str:
    """The mean with its interval; below it how often the policy is the best, and the worst draw."""
    if not row["draws"]:
        return "not defined"
    mean = f"{number(row['mean'])} ({interval_text(row['low'], row['high'])})"
    return f"{mean}\nbest in {row['best']:.0%}\nat most {number(row['most'])} in draw {row['draw']:.0f}"


def print_failures(study: Study) -> None:
    """Print to stderr which runs failed, with the command that repeats each."""
    failures = study.failures()
    if len(failures):
        print_error(f"{len(failures):,} of {sum(study.replications.values()):,} runs failed and are left out:")
    for row in failures.head(_FAILURES_LISTED).itertuples():
        print_error(f"  {row.policy}, replication {row.replication}, {row.stage}: {row.error}\n    {row.command}")
    if len(failures) > _FAILURES_LISTED:
        print_error(f"  and {len(failures) - _FAILURES_LISTED:,} more")
