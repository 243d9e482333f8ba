"""Which mechanism which facts need: `python -m tests.benchmarks.ablation [--replications 100] [--scenarios NAME ...]`.

Facts by episode that agree with the record, with all mechanisms and without each, as a table in Markdown. A mechanism
is taken out by the neutral values of its parameters, nothing else is fitted anew. Each cell counts the facts whose
median lies within the record's bounds; the last columns name those that are lost and gained.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

import sim
from sim.evidence.facts import read_evidence
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import shipped
from sim.study.fact_values import fact_values
from sim.study.record_check import evidence_beside

EPISODES = (
    *("china_2017", "india_2018", "korea_2021", "china_2013", "china_2021", "japan_2018", "hong_kong_2024"),
    "nigeria_2021",
)
_TRADERS = ("active", "retail", "movers")
_REPLICATIONS = 100

MECHANISMS: Mapping[str, Mapping[str, object]] = {
    "nest of home books": {"demand.nests.domestic": 1.0},
    "nest of all order books": {"segments.active.nests.books": 1.0, "segments.retail.nests.books": 1.0},
    "users leave when deposits stop": {
        "policies.baseline.interventions.rbi-circular.leave": 0,
        "policies.baseline.interventions.btcc-stop.leave": 0,
        "policies.baseline.interventions.okcoin-stop.leave": 0,
        "policies.baseline.interventions.cbn-circular.leave": 0,
    },
    "ends announced no sooner than usual": {"closing.notice": None},
    "a name abroad is made there": {
        f"exchanges.{name}.awareness": 1.0
        for name in (
            *("zebpay", "koinex", "unocoin", "wazirx", "coindcx", "coindelta", "small"),
            *("upbit", "bithumb", "coinone", "korbit", "certified", "uncertified"),
            *("bitflyer", "zaif", "quoine", "bitbank", "registered", "coincheck", "quasi"),
            *("luno", "busha", "quidax", "buycoins", "bundle", "yellow-card"),
        )
    },
    "who lacks the licence for some products goes on without": {
        "offices.fiu-report.eligible": ["upbit", "bithumb", "coinone", "korbit"]
    },
    "people at home answer for serving focal users": {"policies.baseline.interventions.ban-2021.moves.liability": 0.0},
    "who is exposed fades": {"beliefs.exposure_fade": "0 /d"},
    "focal users in coin pairs": {"segments.coins.volume": 0},
    "a shell keeps none of their trade": {"segments.coins.disguise": None},
    "applicants give up under visible acts": {"applicants.giving_up": "0 /d"},
    "little skill helps where an exchange lost its account": {"demand.payment_skill.domestic": 1.0},
    "habit": {f"segments.{name}.habit.weight": 0.0 for name in _TRADERS},
    "panic": {f"segments.{name}.panic": 0.0 for name in _TRADERS},
    "users leave when an end is announced": {"closing.first": 0.0, "closing.later": 0.0},
    "and while it comes near": {"closing.notice_scale": "0 d"},
    "an own desk draws users abroad": {"demand.onramp": 0.0},
    "size makes hazards": {f"beliefs.size_exponent.{mode}": 0.0 for mode in ("otc", "disguised", "defy")},
}
"""Neutral values by path; those of a path that a scenario has not are left out."""

UNUSED: Mapping[str, Mapping[str, object]] = {
    "who has left may open again": {"decisions.reopen": 0.5},
    "costs are in money": {"price": None},
}
"""Values of mechanisms that no shipped file has: what they would add."""

_THOUSAND_DOLLARS = {
    date(2013, 11, 20): 0.6, date(2013, 11, 30): 1.1, date(2013, 12, 18): 0.55, date(2014, 1, 31): 0.8,
    date(2016, 12, 1): 0.75, date(2017, 3, 1): 1.2, date(2017, 6, 1): 2.4, date(2017, 9, 1): 4.8,
    date(2017, 9, 15): 3.6, date(2017, 12, 17): 19.2, date(2018, 2, 6): 7.5, date(2018, 5, 5): 9.8,
    date(2018, 7, 1): 6.4, date(2018, 12, 15): 3.2, date(2019, 7, 1): 10.6, date(2020, 3, 16): 5.0,
    date(2020, 7, 1): 9.2, date(2021, 1, 1): 29.0, date(2021, 4, 14): 63.0, date(2021, 7, 20): 30.0,
    date(2021, 11, 8): 67.0, date(2022, 6, 18): 19.0, date(2022, 12, 31): 16.6, date(2023, 6, 30): 30.5,
    date(2024, 1, 1): 42.0, date(2024, 3, 13): 73.0, date(2024, 8, 5): 54.0, date(2024, 12, 31): 93.0,
}  # fmt: skip
"""What a bitcoin cost, in thousands of dollars, at its turning points; recalled."""


def varied(scenario: Scenario, values: Mapping[str, object]) -> Scenario | None:
    """The scenario with the values that say something in it; None if none does."""
    own = {path: value for path, value in values.items() if _has(scenario, path)}
    if "price" in own:
        own["price"] = _price_since_the_start(scenario)
    return scenario.with_values(own) if own else None


def _price_since_the_start(scenario: Scenario) -> dict[str, object]:
    """What a bitcoin costs, in what costs are on the first day of the file, so that costs on that day are the same."""
    days = [day.toordinal() for day in _THOUSAND_DOLLARS]
    first = np.interp(scenario.start.toordinal(), days, list(_THOUSAND_DOLLARS.values()))
    assert isinstance(scenario.price, float)
    points = {str(scenario.start.date()): scenario.price}
    points |= {
        str(day): round(float(scenario.price * price / first), 4)
        for day, price in _THOUSAND_DOLLARS.items()
        if scenario.start.date() < day <= scenario.end.date()
    }
    return {"points": points, "interpolation": "linear"}


def agreeing(name: str, scenario: Scenario, replications: int) -> tuple[set[str], int]:
    """Facts whose median agrees with the record, and how many there are."""
    record = read_evidence(evidence_beside(shipped()[name]), scenario)
    found = fact_values(scenario, record, replications=replications, seed=1)
    table = record.table(dict(zip(found.facts, row, strict=True)) for row in found.values[0].tolist())
    return set(table.index[table["inside"]]), len(table)


def rows(names: Sequence[str], replications: int) -> list[list[str]]:
    """The table: one row per mechanism, one column per episode, and the facts that are lost and gained.

    The first row has all mechanisms that files have; the last rows add others.
    """
    scenarios = {name: sim.load(name) for name in names}
    whole = {name: agreeing(name, scenario, replications) for name, scenario in scenarios.items()}
    lines = [["as the files have it", *(f"{len(inside)} of {count}" for inside, count in whole.values()), "", ""]]
    together = {path: value for neutral in MECHANISMS.values() for path, value in neutral.items()}
    without = {f"without: {name}": values for name, values in MECHANISMS.items()} | {"without any of these": together}
    for label, values in (without | {f"with: {name}": values for name, values in UNUSED.items()}).items():
        cells, lost, gained = [], [], []
        for name, scenario in scenarios.items():
            other = varied(scenario, values)
            if other is None:
                cells.append("")
                continue
            before, (after, _) = whole[name][0], agreeing(name, other, replications)
            cells.append(str(len(after)))
            lost += [f"{name} `{each}`" for each in sorted(before - after)]
            gained += [f"{name} `{each}`" for each in sorted(after - before)]
        lines.append([label, *cells, ", ".join(lost), ", ".join(gained)])
    return lines


def _has(scenario: Scenario, path: str) -> bool:
    """Whether a scenario says something at a path, itself or by the kind of an intervention."""
    if path.startswith("policies."):
        return path.split(".")[3] in {item.id for item in scenario.policies["baseline"].interventions}
    if path.startswith("offices."):
        return path.split(".")[1] in {office.id for office in scenario.offices}
    if path.startswith("segments."):
        return path.split(".")[1] in {segment.id for segment in scenario.segments}
    if path.startswith("exchanges."):
        return any(path.split(".")[1] in (each.id, each.group) and each.awareness < 1.0 for each in scenario.exchanges)
    if path == "price":
        return scenario.volume_unit.startswith("BTC")
    return not path.startswith("applicants.") or scenario.applicants.giving_up > 0.0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=_REPLICATIONS)
    parser.add_argument("--scenarios", nargs="+", default=list(EPISODES), choices=EPISODES)
    options = parser.parse_args()
    head = ["", *options.scenarios, "lost", "gained"]
    for row in [head, ["---"] * len(head), *rows(options.scenarios, options.replications)]:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
