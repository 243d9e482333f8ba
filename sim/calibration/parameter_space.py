"""The unknown parameters of one or several scenarios as coordinates of the unit cube."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.scenario.ranges import between, rounded, size_of
from sim.scenario.scenario import Scenario
from sim.world.arrays import Floats

_DIGITS = 5
"""Significant digits of a value, so that files of values can be read."""


@dataclass(frozen=True)
class Parameter:
    """An unknown value, uniform between `low` and `high`, and the scenarios (by name) that have it at `path`."""

    name: str
    path: str
    low: object
    high: object
    scenarios: tuple[str, ...]

    def value(self, part: float) -> object:
        """The value that lies a part, in [0, 1], of the way from low to high, as a file would write it."""
        return rounded(between(self.path, self.low, self.high, min(part, np.nextafter(1.0, 0.0))), _DIGITS)

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high as numbers, in the unit of their text; NaN for dates."""
        low, high = size_of(self.low), size_of(self.high)
        return (np.nan, np.nan) if low is None or high is None else (low, high)


@dataclass(frozen=True)
class ParameterSpace:
    """The unit cube [0, 1)^d, one coordinate per parameter."""

    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the coordinates."""
        return tuple(parameter.name for parameter in self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def values(self, scenario: str, point: Floats) -> dict[str, object]:
        """What a point (d,) means in one of the scenarios, by path."""
        return {
            parameter.path: parameter.value(float(part))
            for parameter, part in zip(self.parameters, point, strict=True)
            if scenario in parameter.scenarios
        }


def parameter_space(scenarios: Sequence[Scenario]) -> ParameterSpace:
    """The space of what is uncertain in the scenarios.

    Scenarios that give the same range to the same path share the parameter, as those do that extend one file of
    behaviour. Any other is local, and its name begins with the scenario's. Raises ValueError without any range, and for
    a range between whose ends nothing lies.
    """
    found: dict[str, Parameter] = {}
    for scenario in scenarios:
        for path, range_ in scenario.uncertainties.items():
            low, high = range_.prior or range_.between
            between(path, low, high, 0.5)
            own = found.setdefault(repr((path, low, high)), Parameter(path, path, low, high, ()))
            found[repr((path, low, high))] = replace(own, scenarios=(*own.scenarios, scenario.name))
    if not found:
        raise ValueError(f"{', '.join(each.name for each in scenarios)}: no `uncertainties`, so nothing to calibrate")
    local = {key for key, own in found.items() if len(own.scenarios) == 1 < len(scenarios)}
    return ParameterSpace(tuple(
        replace(own, name=f"{own.scenarios[0]}: {own.path}") if key in local else own for key, own in found.items()
    ))  # fmt: skip
