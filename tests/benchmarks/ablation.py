"""Which mechanism which facts need: `python -m tests.benchmarks.ablation [--replications 40] [--scenarios NAME ...]`.

Facts by episode that agree with the record, with all mechanisms and without each. A mechanism is taken out by the
neutral values of its parameters, nothing else is fitted anew. Each cell has the facts whose median lies within the
record's bounds, and those whose band of 90 % meets them; below it the facts that are lost and gained by the median.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

import sim
from sim.evidence.facts import read_evidence
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import shipped
from sim.study.fact_values import fact_values
from sim.study.record_check import evidence_beside

EPISODES = ("china_2017", "india_2018", "korea_2021", "china_2013", "china_2021", "japan_2018", "hong_kong_2024")

MECHANISMS: Mapping[str, Mapping[str, object]] = {
    "nest of home books": {"demand.nests.domestic": 1.0},
    "nest of all order books": {"segments.active.nests.books": 1.0, "segments.retail.nests.books": 1.0},
    "users leave when deposits stop": {
        "policies.baseline.interventions.rbi-circular.leave": 0,
        "policies.baseline.interventions.btcc-stop.leave": 0,
        "policies.baseline.interventions.okcoin-stop.leave": 0,
    },
    "ends announced no sooner than usual": {"closing.notice": None},
    "a name abroad is made there": {
        f"exchanges.{name}.awareness": 1.0
        for name in ("zebpay", "koinex", "unocoin", "wazirx", "coindcx", "coindelta", "small")
    },
    "people at home answer for serving focal users": {"policies.baseline.interventions.ban-2021.moves.liability": 0.0},
    "applicants give up under visible acts": {"applicants.giving_up": "0 /d"},
    "little skill helps where an exchange lost its account": {"demand.payment_skill.domestic": 1.0},
}
"""Neutral values by path; those of a path that a scenario has not are left out."""


def without(scenario: Scenario, neutral: Mapping[str, object]) -> Scenario | None:
    """The scenario without a mechanism; None if it has nothing of it."""
    values = {path: value for path, value in neutral.items() if _has(scenario, path)}
    return scenario.with_values(values) if values else None


def agreeing(name: str, scenario: Scenario, replications: int) -> tuple[set[str], set[str], int]:
    """Facts whose median agrees, facts whose band meets the record, and how many there are."""
    record = read_evidence(evidence_beside(shipped()[name]), scenario)
    found = fact_values(scenario, record, replications=replications, seed=1)
    table = record.table(dict(zip(found.facts, row, strict=True)) for row in found.values[0].tolist())
    return set(table.index[table["inside"]]), set(table.index[table["meets"]]), len(table)


def rows(names: Sequence[str], replications: int) -> list[list[str]]:
    """The table: one row per mechanism, one column per episode, the first row with all mechanisms, the last with none."""
    scenarios = {name: sim.load(name) for name in names}
    whole = {name: agreeing(name, scenario, replications) for name, scenario in scenarios.items()}
    lines = [["all", *(f"{len(inside)}, {len(meets)} of {count}" for inside, meets, count in whole.values())]]
    together = {path: value for neutral in MECHANISMS.values() for path, value in neutral.items()}
    for mechanism, neutral in {**MECHANISMS, "any of these": together}.items():
        cells = []
        for name, scenario in scenarios.items():
            less = without(scenario, neutral)
            cells.append("" if less is None else _cell(whole[name][0], *agreeing(name, less, replications)))
        lines.append([mechanism, *cells])
    return lines


def _cell(whole: set[str], inside: set[str], meets: set[str], count: int) -> str:
    lost, gained = sorted(whole - inside), sorted(inside - whole)
    changes = [*(f"- {each}" for each in lost), *(f"+ {each}" for each in gained)]
    return "\n".join([f"{len(inside)}, {len(meets)} of {count}", *changes])


def _has(scenario: Scenario, path: str) -> bool:
    """Whether a scenario says something at a path, itself or by the kind of an intervention."""
    if path.startswith("policies."):
        return path.split(".")[3] in {item.id for item in scenario.policies["baseline"].interventions}
    if path.startswith("segments."):
        return path.split(".")[1] in {segment.id for segment in scenario.segments}
    if path.startswith("exchanges."):
        return any(path.split(".")[1] in (each.id, each.group) and each.awareness < 1.0 for each in scenario.exchanges)
    return not path.startswith("applicants.") or scenario.applicants.giving_up > 0.0


def main() -> None:
    """Print the table."""
    from sim.cli.output import console, table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=40)
    parser.add_argument("--scenarios", nargs="+", default=list(EPISODES), choices=EPISODES)
    options = parser.parse_args()
    console().print(table(["without", *options.scenarios], rows(options.scenarios, options.replications)))


if __name__ == "__main__":
    main()
