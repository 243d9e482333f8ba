"""Cost of an event as the number of exchanges grows: `python -m tests.benchmarks.scaling`.

The minimal scenario with a larger and larger group of small exchanges, whose brands shrink so that the market stays the
same. An event is an appointment that an engine keeps: a step of an intervention, a decision, a launch, a detection, a
market tick. Seconds depend on the machine, ratios between sizes do not, so ratios are what the table is for.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

from sim.engine.compiled import simulate as compiled
from sim.engine.reference import simulate as reference
from sim.engine.reference.reference_run import ReferenceRun
from sim.engine.result import Result
from sim.scenario.scenario import load
from sim.world import build
from sim.world.arrays import World

ROOT = Path(__file__).resolve().parents[2]
ENGINES: dict[str, Callable[..., Result]] = {"reference": reference, "compiled": compiled}
SIZES = (10, 100, 1_000)
_OTHERS = 4  # exchanges of the minimal scenario outside the group
_DAYS = 540.0


@dataclass(frozen=True)
class Cost:
    """What one run of a number of exchanges costs."""

    engine: str
    exchanges: int
    events: int
    seconds: float

    @property
    def microseconds(self) -> float:
        """Per event."""
        return 1e6 * self.seconds / self.events


def world_of(exchanges: int) -> World:
    """The minimal scenario with so many exchanges (at least 5)."""
    count = exchanges - _OTHERS
    changes = {
        "exchanges.small.count": count,
        "exchanges.small.brand": {"normal": {"mean": math.log(0.1 / count), "sd": 0.4}},
    }
    scenario = load(ROOT / "configs" / "minimal.yaml", changes)
    world, names = build.world_of(scenario, "baseline")
    assert len(names.exchanges) == exchanges
    return world


def events_of(world: World) -> int:
    """Appointments that a run keeps, records aside."""
    wait = ReferenceRun.wait
    with patch.object(ReferenceRun, "wait", autospec=True, side_effect=wait) as asked:
        reference(world, 1, 0, _DAYS, _DAYS)
    return int(asked.call_count)


def cost(engine: str, exchanges: int, repeat: int = 3) -> Cost:
    """The quickest of `repeat` runs after one that is not timed."""
    world, run = world_of(exchanges), ENGINES[engine]
    run(world, 1, 0, _DAYS, _DAYS)
    seconds = []
    for _ in range(repeat):
        before = time.process_time()
        run(world, 1, 0, _DAYS, _DAYS)
        seconds.append(time.process_time() - before)
    return Cost(engine, exchanges, events_of(world), min(seconds))


def table(costs: Sequence[Cost]) -> str:
    """One line per engine and size; the ratio is to the smallest size of the same engine."""
    lines = [f"{'engine':<10} {'exchanges':>9} {'events':>8} {'us per event':>13} {'ratio':>6} {'run, ms':>9}"]
    for each in costs:
        first = next(other for other in costs if other.engine == each.engine)
        lines.append(
            f"{each.engine:<10} {each.exchanges:>9} {each.events:>8} {each.microseconds:>13.1f} "
            f"{each.microseconds / first.microseconds:>6.2f} {1e3 * each.seconds:>9.1f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write the figures if a file is named."""
    parser = argparse.ArgumentParser(description="Cost of an event at 10, 100 and 1,000 exchanges.")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--engines", choices=ENGINES, nargs="+", default=list(ENGINES))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    costs = [cost(engine, size, options.repeat) for engine in options.engines for size in options.sizes]
    print(table(costs))
    if options.json:
        rows = [asdict(each) | {"microseconds": each.microseconds} for each in costs]
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
