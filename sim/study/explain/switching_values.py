"""Switching values: how different an input of a decision would have had to be for another choice."""

from __future__ import annotations

from dataclasses import dataclass

from sim.engine.compiled.entrances import decide
from sim.model.state import State
from sim.study.explain.decision_inputs import Input
from sim.world import codes as c
from sim.world.arrays import World

_SCAN_STEPS = 12  # factors tried on each side before the nearest change is bracketed
_BISECTIONS = 50  # the switching value is then known to about 1e-15 of its value
_CHECK_MARGIN = 1e-6  # how far from the switching value the choice is checked on both sides, relative to it


@dataclass(frozen=True)
class SwitchingValue:
    """A quantity at whose `threshold` the choice changes to `becomes`; `checked`: confirmed on both sides of it.

    It is about that decision alone: all that had happened by then stays as it was.
    """

    name: str
    unit: str
    value: float
    threshold: float
    becomes: str
    checked: bool

    @property
    def below(self) -> bool:
        """Whether the other choice is made below the threshold."""
        return self.threshold < self.value

    def __str__(self) -> str:
        if self.unit == "in force":
            return f"at that moment would have chosen {self.becomes} without {self.name}"
        side = "below" if self.below else "above"
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"at that moment would have chosen {self.becomes} had {self.name} been {side} {self.threshold:.3g}{unit}"
            f" (it was {self.value:.3g})"
        )


@dataclass(frozen=True)
class Occasion:
    """A decision that can be taken again: the arguments of the kernel `decide`, and the state behind its pointer."""

    world_ptr: World
    state_ptr: State
    state: State
    exchange: int
    day: float
    cause: int
    reason: int
    number: int

    def decide(self) -> int:
        """Take the decision again. It leaves no line in the journal, only its figures in `state.decision`."""
        lines = int(self.state.journal.used[0])
        choice = decide(self.world_ptr, self.state_ptr, self.exchange, self.day, self.cause, self.reason, self.number)
        self.state.journal.used[0] = lines
        return int(choice)

    def choice_with(self, input_: Input, factor: float) -> int:
        """The choice with an input scaled by a factor."""
        with input_.scaled(factor, self.world_ptr, self.state_ptr):
            return self.decide()


def switching_values(occasion: Occasion, inputs: list[Input], actual: int) -> list[SwitchingValue]:
    """The nearest switching value of every input that can change the choice, in the order of relative distance."""
    by_distance = []
    for input_ in inputs:
        changes = (_nearest_change(occasion, input_, side, actual) for side in (input_.least, input_.most))
        possible = [change for change in changes if change is not None]
        if possible:
            factor, becomes = min(possible, key=lambda change: abs(change[0] - 1.0))
            distance = 0.0 if input_.on_off else abs(factor - 1.0)
            by_distance.append((distance, _switching_value(occasion, input_, factor, becomes, actual)))
    return [value for _, value in sorted(by_distance, key=lambda pair: pair[0])]


def _nearest_change(occasion: Occasion, input_: Input, side: float, actual: int) -> tuple[float, int] | None:
    """The factor nearest to 1, towards `side`, at which the choice changes, and what it changes to."""
    if input_.on_off:
        becomes = occasion.choice_with(input_, 0.0)
        return (0.0, becomes) if side == 0.0 and becomes != actual else None
    same = 1.0
    for n in range(1, _SCAN_STEPS + 1):
        factor = 1.0 + (side - 1.0) * (n / _SCAN_STEPS) ** 2
        if occasion.choice_with(input_, factor) != actual:
            return _bisect(occasion, input_, same, factor, actual)
        same = factor
    return None


def _bisect(occasion: Occasion, input_: Input, same: float, other: float, actual: int) -> tuple[float, int]:
    """The change between a factor that gives the same choice and one that gives another."""
    for _ in range(_BISECTIONS):
        middle = 0.5 * (same + other)
        if occasion.choice_with(input_, middle) == actual:
            same = middle
        else:
            other = middle
    return other, occasion.choice_with(input_, other)


def _switching_value(occasion: Occasion, input_: Input, factor: float, becomes: int, actual: int) -> SwitchingValue:
    margin = max(factor, 1e-9) * _CHECK_MARGIN
    beyond, short = (factor - margin, factor + margin) if factor < 1.0 else (factor + margin, factor - margin)
    if input_.on_off:
        beyond, short = 0.0, 1.0
    checked = occasion.choice_with(input_, max(beyond, 0.0)) != actual and occasion.choice_with(input_, short) == actual
    return SwitchingValue(input_.name, input_.unit, input_.value, input_.value * factor, c.STRATEGIES[becomes], checked)
