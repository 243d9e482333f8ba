"""The facts to which parameters are fitted, and how far a value may honestly lie from each.

A value x of a fact that the record puts at z is read as y = asinh((x - z) / (4 s)), with s the error of the record and
of the model together. Near the record y is the distance in units of 4 s; far from it y grows with the logarithm, so
that an emulator is not ruled by points where the model is wrong by orders of magnitude.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.evidence.evidence_file import Fact
from sim.world.arrays import Floats

NINE_TENTHS = 1.6449
"""Half of the width, in standard deviations, of the interval that holds 90 % of a normal distribution."""
_STRETCH = 4.0
_BEYOND = 100.0
"""Distance in errors from which on a value counts as no worse than others."""
_UNDEFINED = 20.0
"""Distance in errors at which a value counts that is not defined."""
_ERROR_OF_EVENTS = 0.25
"""Of facts whose only error is chance, as whether something happens: so what happens in no run is not excluded."""


@dataclass(frozen=True)
class Target:
    """A fact to be met: what the record says, and the standard deviations of its error and of the model's."""

    name: str
    record: float
    record_error: float
    model_error: float

    @property
    def error(self) -> float:
        """Standard deviation of both errors together."""
        return float(np.hypot(self.record_error, self.model_error))


@dataclass(frozen=True)
class Targets:
    """Facts to be met, in the order of the last axis of what is simulated."""

    targets: tuple[Target, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the facts."""
        return tuple(target.name for target in self.targets)

    def __len__(self) -> int:
        return len(self.targets)

    def scaled(self, values: Floats) -> Floats:
        """The distances y of values (..., F), zero at the record.

        What is not defined in a run is as far away as what is off by 20 errors.
        """
        record = np.array([target.record for target in self.targets])
        error = np.array([target.error for target in self.targets])
        distance = np.nan_to_num((values - record) / error, nan=_UNDEFINED, posinf=_BEYOND, neginf=-_BEYOND)
        return np.asarray(np.arcsinh(np.clip(distance, -_BEYOND, _BEYOND) / _STRETCH))

    @property
    def scaled_error(self) -> float:
        """Standard deviation of the errors of record and model in y, to first order."""
        return 1.0 / _STRETCH


def targets_of(facts: Mapping[str, Fact], use: str, prefix: str = "") -> Targets:
    """The facts of one use (`calibrate`, `validate`), with their errors; `prefix` begins their names."""
    chosen = (fact for fact in facts.values() if fact.use == use)
    return Targets(tuple(Target(prefix + fact.id, float(fact.value or 0.0), *_errors(fact)) for fact in chosen))


def _errors(fact: Fact) -> tuple[float, float]:
    record, model = fact.errors
    return (record, model) if record > 0.0 else (_ERROR_OF_EVENTS, 0.0)


def joined(targets: Sequence[Targets]) -> Targets:
    """The facts of several scenarios, one after the other."""
    return Targets(tuple(target for each in targets for target in each.targets))
