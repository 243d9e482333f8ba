"""Small worlds from plain data, and runs of them without the labelled tables, which cost more than the run."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import sim
from sim.engine.reference import simulate
from sim.engine.result import Result
from sim.model.initial import set_initial_state
from sim.model.state import State, empty_state
from sim.scenario.scenario import Scenario, loads
from sim.world import codes as c
from sim.world.arrays import World
from sim.world.build import world_of
from sim.world.build.names import Names

CONFIGS = Path(__file__).parents[1] / "configs"
Data = dict[str, Any]
Engine = Callable[..., Result]


@cache
def shipped(name: str) -> Scenario:
    """A scenario that comes with the package, read once."""
    return sim.load(CONFIGS / f"{name}.yaml")


TRADERS: Data = {
    "id": "traders", "home": "home", "volume": 1000, "switching": "0.2 /d", "outside": 0.6, "liquidity": 0,
    "taste": {"domestic": 0, "otc": -3, "offshore": -2},
}  # fmt: skip
BASE: Data = {
    "schema": 1,
    "name": "test",
    "start": "2020-01-01",
    "end": "2020-12-31",
    "focal": "home",
    "jurisdictions": [{"id": "home"}, {"id": "abroad", "hazard": "0.0001 /d"}],
    "agencies": [{"id": "police", "capacity": 1, "service": "5 d"}],
    "segments": [TRADERS],
    "exchanges": [
        {"id": "a", "home": "home", "share": 0.6, "fixed": True},
        {"id": "b", "home": "home", "share": 0.4, "fixed": True},
    ],
    "policies": {"baseline": []},
}
"""Two exchanges that never reconsider, one segment that has no feedback from liquidity or habit."""
WORKINGS: Data = {
    "closing": {
        "notice_scale": "640 d", "first": 0.95, "later": 0.1, "news": 0.05, "minimum": "3 d", "unforced": "7 d",
    },
    "demand": {
        "prospect": 0.3, "onramp": 1.5, "payment_reach": {"offshore": 0.5}, "disguise": {"focal": 1.79, "foreign": -1.9},
    },
    "decisions": {
        "horizon": "180 d", "constant": 10, "reaction": {"uniform": {"low": "1 d", "high": "11 d"}},
        "economics": {
            "take": {"domestic": 0.004, "otc": 0.006, "offshore": 0.0016},
            "running": {
                "domestic": {"fixed": 0.05, "of_reference": 0.1}, "otc": {"fixed": 0.03, "of_reference": 0.01},
                "offshore": {"fixed": 1.0, "of_reference": 0.15}, "disguised": {"fixed": 0.1, "of_reference": 0.1},
                "defy": {"fixed": 0.05, "of_reference": 0.1},
            },
            "launch": {"otc": {"fixed": 1.5}, "offshore": {"fixed": 60.0, "revenue_days": 20.0}, "disguised": {"fixed": 4.0}},
            "loss": {
                "otc": {"fixed": 3.0}, "disguised": {"fixed": 20.0, "revenue_days": 90.0},
                "defy": {"fixed": 20.0, "revenue_days": 90.0},
            },
        },
        "lead": {
            "domestic": "2 weeks", "otc": {"lognormal": {"median": "48 d", "sigma": 0.35}},
            "offshore": {"lognormal": {"median": "35 d", "sigma": 0.5}},
            "disguised": {"lognormal": {"median": "7 d", "sigma": 0.5}},
        },
    },
    "beliefs": {
        "prior": {
            "domestic": "0.00005 /d", "otc": "0.0003 /d", "offshore": "0.0001 /d", "disguised": "0.004 /d",
            "defy": "0.2 /d",
        },
        "weight": "2000 d", "forgetting": "1 /y", "size_exponent": {"otc": 0.5, "disguised": 1.0, "defy": 0.5},
    },
    "enforcement": {
        "reference_size": 2000, "size_exponent": 1.0, "local_page": 2.0, "freeze": "30 d", "freeze_friction": 0.8,
        "recovery": "3 d", "fine": {"fixed": 5},
        "sites": {"return_lag": {"lognormal": {"median": "10 d", "sigma": 0.5}}, "residual": 0.5},
    },
}  # fmt: skip
"""What venues cost and earn, and how exchanges and regulators act, in every world of `data`: effects of each sort."""
_DISTRIBUTIONS = frozenset({"uniform", "lognormal", "normal", "exponential", "between"})


def data(**blocks: Any) -> Data:
    """`BASE` with whole blocks replaced, or laid over `WORKINGS`; `baseline` is the baseline's list of interventions."""
    if "baseline" in blocks:
        blocks["policies"] = {"baseline": blocks.pop("baseline"), **blocks.get("policies", {})}
    return copy.deepcopy({**BASE, **_laid_over(WORKINGS, blocks)})


def _laid_over(beneath: Data, above: Data) -> Data:
    """Two mappings as one; what both have is that from above, but mappings are merged."""
    return {**beneath, **{name: _value_over(beneath.get(name), value) for name, value in above.items()}}


def _value_over(beneath: Any, above: Any) -> Any:
    both = isinstance(beneath, dict) and isinstance(above, dict)
    return above if not both or _DISTRIBUTIONS & {*beneath, *above} else _laid_over(beneath, above)


def traders(**fields: Any) -> Data:
    """The segment of `BASE` with other fields."""
    return {**TRADERS, **fields}


def scenario(source: Data) -> Scenario:
    """The validated scenario of plain data (JSON is YAML).

    Shares are written as brands, their logarithms, because a test world need not hold the whole home market.
    """
    exchanges = [
        {name: entry for name, entry in each.items() if name != "share"} | {"brand": math.log(each["share"])}
        if "share" in each
        else each
        for each in source["exchanges"]
    ]
    return _read(json.dumps({**source, "exchanges": exchanges}))


@lru_cache(maxsize=64)
def _read(text: str) -> Scenario:
    """What a test asks for again and again is read once; scenarios are immutable."""
    return loads(text)


def day(number: float) -> str:
    """The date so many days after the start of `BASE`, to the minute."""
    from datetime import datetime

    return (datetime(2020, 1, 1) + timedelta(minutes=round(number * 1440))).isoformat(sep=" ", timespec="minutes")


class Line(NamedTuple):
    """A line of the journal; names where there are names, -1 or "" for nothing."""

    day: float
    event: str
    subject: str
    mode: int
    host: int
    cause: str
    value: float


@dataclass(frozen=True)
class History:
    """One run of an engine, with what its indices stand for."""

    world: World
    names: Names
    result: Result

    @cached_property
    def lines(self) -> list[Line]:
        """The journal."""
        return [
            Line(
                float(values[0]), c.EVENTS[code[0]], self._subject(code), code[2], code[3], self._cause(code), values[1]
            )
            for code, values in zip(self.result.codes.tolist(), self.result.values.tolist(), strict=True)
        ]

    def _subject(self, code: list[int]) -> str:
        event, subject = code[:2]
        if subject < 0:
            return "background"
        kind = c.EVENT_SUBJECT[event]
        names = {
            "exchange": self.names.exchange_ids,
            "intervention": self.names.interventions,
            "rule": self.names.rules,
        }
        return names[kind][subject]

    def _cause(self, code: list[int]) -> str:
        cause, index = code[4:6]
        if cause in (c.C_INTERVENTION, c.C_ANNOUNCED, c.C_EFFECTIVE, c.C_HOST) and index >= 0:
            return f"{c.CAUSES[cause]}:{self.names.interventions[index]}".lstrip(":")
        return c.CAUSES[cause]

    def told(self, event: str, subject: str | None = None) -> list[Line]:
        """Lines of one event, of one subject if it is given."""
        return [line for line in self.lines if line.event == event and subject in (None, line.subject)]

    def days(self, event: str, subject: str | None = None) -> list[float]:
        """Days of one event."""
        return [line.day for line in self.told(event, subject)]

    def share(self, exchange: str, mode: str = "domestic", segment: int = 0) -> NDArray[np.float64]:
        """(T,) share of a segment at a venue."""
        f = self.names.exchange_ids.index(exchange)
        return self.result.frame.share[:, segment, f, c.MODES.index(mode)]

    def status(self, exchange: str, mode: str = "domestic") -> list[str]:
        """Status of a venue at each record."""
        f = self.names.exchange_ids.index(exchange)
        return [c.STATUSES[n] for n in self.result.frame.status[:, f, c.MODES.index(mode)]]


def history(
    source: Data | Scenario,
    seed: int = 1,
    replication: int = 0,
    *,
    policy: str = "baseline",
    engine: Engine = simulate,
    until: float | None = None,
    every: float | None = None,
) -> History:
    """Run a scenario, or plain data, until its end or for `until` days."""
    world, names, end, usual = built(source, policy)
    result = engine(world, seed, replication, end if until is None else until, usual if every is None else every)
    return History(world, names, result)


def histories(source: Data | Scenario, seeds: range, **options: Any) -> Iterator[History]:
    """Runs that differ in the replication alone."""
    source = source if isinstance(source, Scenario) else scenario(source)
    for replication in seeds:
        yield history(source, replication=replication, **options)


def built(source: Data | Scenario, policy: str = "baseline") -> tuple[World, Names, float, float]:
    """World, names, days from start to end, days between records."""
    checked = source if isinstance(source, Scenario) else scenario(source)
    world, names = world_of(checked, policy)
    return world, names, (checked.end - checked.start).total_seconds() / 86400.0, checked.record.every


@dataclass(frozen=True)
class Bench:
    """A world on its first day."""

    world: World
    names: Names
    state: State


def bench(source: Data | Scenario, seed: int = 1, replication: int = 0) -> Bench:
    """A world in which nothing has happened yet."""
    world, names, _, _ = built(source)
    state = empty_state(world, seed, replication)
    set_initial_state(world, state)
    return Bench(world, names, state)


def bits(result: Result) -> dict[str, bytes]:
    """Every array of a result as bytes, decisions included."""
    parts = {"times": result.times, "queues": result.queues, "codes": result.codes, "values": result.values}
    parts |= {f"frame.{name}": array for name, array in result.frame._asdict().items()}
    parts["work"] = np.array(result.work, dtype=float)
    found = {name: np.ascontiguousarray(array).tobytes() for name, array in parts.items()}
    for n, decision in enumerate(result.decisions):
        found[f"decision {n}"] = b"".join(np.asarray(field).tobytes() for field in decision)
    return found
