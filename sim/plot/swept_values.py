"""What figures read from a sweep: estimates of a measure at its points, and the values of parameters in order."""

from __future__ import annotations

from dataclasses import dataclass

from sim.plot.plotted_quantity import Quantity, quantity_of
from sim.plot.style import Floats
from sim.plot.wording import BASELINE, scenario_source, scope_note
from sim.plurals import counted
from sim.scenario.ranges import size_of
from sim.study.sweep.sweep import COLUMNS, Sweep
from sim.suggest import check_known


@dataclass(frozen=True)
class SweptMeasure:
    """A measure at the points of a sweep under a policy: (points,) each, in the unit of the quantity.

    Of the baseline they are levels, of another policy differences from it. NaN where it is not defined.
    """

    policy: str
    quantity: Quantity
    mean: Floats
    low: Floats
    high: Floats
    n: Floats

    @property
    def is_level(self) -> bool:
        """Whether the values are levels."""
        return self.policy == BASELINE


def swept_measure(sweep: Sweep, measure: str, policy: str) -> SweptMeasure:
    """Estimates of a measure under a policy. Raises ValueError for a measure or policy that is not there."""
    check_known(measure, sweep.measures, "measure")
    check_known(policy, sweep.policies, "policy")
    quantity = quantity_of(measure)
    estimates = sweep.estimates[:, sweep.policies.index(policy), sweep.measures.index(measure)]
    names = ("mean", "low", "high", "n") if policy == BASELINE else (
        "difference", "difference_low", "difference_high", "pairs"
    )  # fmt: skip
    mean, low, high, n = (estimates[:, COLUMNS.index(name)] for name in names)
    return SweptMeasure(policy, quantity, quantity.factor * mean, quantity.factor * low, quantity.factor * high, n)


def swept_values(sweep: Sweep, path: str) -> tuple[list[object], dict[object, float]]:
    """The values of a parameter at the points, (points,), and where each different one stands along an axis, in order.

    That is its size, in the unit that it implies, if all are quantities; else they stand one apart, as they come.
    Raises ValueError for a path that was not varied.
    """
    check_known(path, list(sweep.points[0]), "parameter")
    values = [point[path] for point in sweep.points]
    different = list(dict.fromkeys(values))
    sizes = {value: size for value in different if (size := size_of(value)) is not None}
    if len(sizes) < len(different):
        return values, {value: float(number) for number, value in enumerate(different)}
    return values, dict(sorted(sizes.items(), key=lambda item: item[1]))


def sweep_source(sweep: Sweep) -> str:
    """Which sweep a figure shows."""
    points = counted(len(sweep.points), "point")
    draws = "" if sweep.draws is None else f", {sweep.draws:,} draws of other parameters"
    return f"{scenario_source(sweep.scenario, sweep.replications)} at each of {points}{draws}, seed {sweep.seed}"


def sweep_scope(sweep: Sweep) -> str:
    """What the intervals in a figure of a sweep cover."""
    scope = scope_note(sweep.interval_scope.replace("; draws: where the middle 95 % of them lie", ""))
    return f"{scope} Each point by itself."


def other_paths(sweep: Sweep, *shown: str) -> list[str]:
    """The parameters beside those shown that vary too."""
    return [
        path for path in sweep.points[0] if path not in shown and len({str(point[path]) for point in sweep.points}) > 1
    ]
