"""Which conclusions about policies survive what nobody knows: `python -m tests.benchmarks.conclusions [--worlds 200]`.

A conclusion says that one policy has less (or more) of a measure than another. Each is counted in the same worlds with
the same luck: at the file's values; over the ranges without what was added to the model since (order books in one nest,
liability, brands abroad); over all ranges; over what the record leaves of them; and over all ranges with each addition
held at one end. A cell has the part of the worlds in which the conclusion holds, and the median difference in points
with the middle 90 % of the worlds, one replication in each.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import sim
from sim.scenario.policy.policy import Policy
from sim.scenario.scenario import Scenario

LIABILITY = "policies.baseline.interventions.site-list.moves.liability"
HOME, ACTIVE, RETAIL = "demand.nests.domestic", "segments.active.nests.books", "segments.retail.nests.books"
BITFINEX, BINANCE, POLONIEX = (
    "exchanges.bitfinex.audience.active",
    "exchanges.binance.brand",
    "exchanges.poloniex.brand",
)
ADDED: Mapping[str, float | None] = {
    LIABILITY: 0.0, HOME: 1.0, ACTIVE: 1.0, RETAIL: 1.0, "demand.payment_skill.domestic": 1.0,
    BITFINEX: None, BINANCE: None, POLONIEX: None,
}  # fmt: skip
"""What was added to the model, with the value that takes it out; None: the file's."""
ENDS: Mapping[str, Mapping[str, float]] = {
    "no liability": {LIABILITY: 0.0},
    "full liability": {LIABILITY: 1.0},
    "home books alike": {HOME: 0.35},
    "home books unlike": {HOME: 0.8},
    "all books alike": {ACTIVE: 0.6, RETAIL: 0.6},
    "all books unlike": {ACTIVE: 1.0, RETAIL: 1.0},
    "weak brands abroad": {BITFINEX: 1.5, BINANCE: -1.6, POLONIEX: -1.0},
    "strong brands abroad": {BITFINEX: 3.5, BINANCE: -0.5, POLONIEX: 1.0},
}
"""One addition at one end of its range, all else drawn."""


@dataclass(frozen=True)
class Conclusion:
    """`policy` has less of a measure than `other`, or more."""

    text: str
    policy: str
    measure: str
    less: bool = True
    other: str = "baseline"

    def cell(self, study: sim.Study) -> str:
        """In how many worlds it holds, and the difference in points."""
        values = study.to_frame().pivot(index="replication", columns="policy", values=self.measure)
        difference = (values[self.policy] - values[self.other]).dropna()
        if difference.empty:
            return "not defined"
        holds = ((difference < 0) if self.less else (difference > 0)).mean()
        low, median, high = 100 * np.quantile(difference, [0.05, 0.5, 0.95])
        return f"{holds:.0%}: {median:+.1f} ({low:+.1f} to {high:+.1f})"


CONCLUSIONS = (
    Conclusion("payments first leaks less than what happened", "payments_first", "leakage"),
    Conclusion("everything at once leaks less", "everything_at_once", "leakage"),
    Conclusion(
        "everything at once leaks less than payments first", "everything_at_once", "leakage", other="payments_first"
    ),
    Conclusion("adaptive leaks less", "adaptive", "leakage"),
    Conclusion("a licence instead leaks less", "licence_instead", "leakage"),
    Conclusion("a licence instead suppresses less", "licence_instead", "suppression"),
    Conclusion("payments and sites before the closing leak less", "blocks before the closing", "leakage"),
    Conclusion("payments a year sooner leak less", "payments a year sooner", "leakage"),
    Conclusion("without the closing less is suppressed", "no closing in Beijing", "suppression"),
)


def policies(china: Scenario) -> dict[str, Policy]:
    """Those of the scenario and of the notebook on order and timing."""
    baseline = china.policies["baseline"]
    return {
        **china.policies,
        "blocks before the closing": baseline.permute(["payment-block-august", "site-blocks", "closure-beijing"]),
        "payments a year sooner": baseline.delay("payment-block-august", days=-350),
        "no closing in Beijing": baseline.without("closure-beijing"),
    }


def worlds(china: Scenario) -> Iterator[tuple[str, Scenario, str | bool]]:
    """Name of a set of worlds, scenario, and what is drawn: nothing, the ranges, or the posterior."""
    yield "values of the file", china, False
    yield (
        "ranges without them",
        held(china, {path: value for path, value in ADDED.items() if value is not None}, ADDED),
        True,
    )
    yield "all ranges", china, True
    yield "posterior", china, "posterior"
    for name, values in ENDS.items():
        yield name, held(china, values), True


def held(china: Scenario, values: Mapping[str, float], paths: Sequence[str] | Mapping[str, Any] = ()) -> Scenario:
    """The scenario with values set, and neither these nor other paths drawn."""
    left = {path: each for path, each in china.uncertainties.items() if path not in {*values, *paths}}
    return china.with_values(dict(values)).model_copy(update={"uncertainties": left})


def rows(count: int) -> list[list[str]]:
    """The table: a row per set of worlds, a column per conclusion."""
    china = sim.load("china_2017")
    lines = []
    for name, scenario, drawn in worlds(china):
        draws = {} if drawn is False else {"draws": count if drawn is True else drawn}
        study = sim.compare(scenario, policies(scenario), replications=count, paths=False, seed=1, executor=2, **draws)
        lines.append([name, *(conclusion.cell(study) for conclusion in CONCLUSIONS)])
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=200)
    found = rows(parser.parse_args().worlds)
    for number, conclusion in enumerate(CONCLUSIONS, start=1):
        print(conclusion.text)
        for line in found:
            print(f"    {line[0]:<22}{line[number]}")


if __name__ == "__main__":
    main()
