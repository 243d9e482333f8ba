"""Flip thresholds: how far a quantity would have had to be different for another choice."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.exchanges.decisions import decide
from sim.model.state import State
from sim.study.explain.decision_inputs import Dial
from sim.world import codes as c
from sim.world.arrays import World

_SCAN = 12  # factors tried on each side before the nearest change is narrowed down
_NARROW = 50  # halvings: the threshold is known to about 1e-15 of its value
_ASIDE = 1e-6  # "a little" on either side of a threshold, as a part of it


@dataclass(frozen=True)
class Flip:
    """A quantity at whose `threshold` the choice changes to `becomes`; `checked` on both sides by deciding again."""

    name: str
    unit: str
    value: float
    threshold: float
    becomes: str
    checked: bool

    @property
    def below(self) -> bool:
        """Whether the other choice lies below the threshold."""
        return self.threshold < self.value

    def __str__(self) -> str:
        if self.unit == "in force":
            return f"would have chosen {self.becomes} without {self.name}"
        side = "below" if self.below else "above"
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"would have chosen {self.becomes} had {self.name} been {side} {self.threshold:.3g}{unit}"
            f" (it was {self.value:.3g})"
        )


@dataclass(frozen=True)
class Occasion:
    """A decision that can be taken again: what the kernel needs to know of it."""

    w: World
    s: State
    state: State
    exchange: int
    day: float
    cause: int
    reason: int
    number: int

    def choice(self, dial: Dial, factor: float) -> int:
        """What the exchange would choose with the dial turned; leaves no trace but on the desk."""
        lines = int(self.state.journal.used[0])
        with dial.turned(factor, self.w, self.s):
            chosen = decide(self.w, self.s, self.exchange, self.day, self.cause, self.reason, self.number)
        self.state.journal.used[0] = lines
        return int(chosen)


def flips(occasion: Occasion, turnable: list[Dial], actual: int) -> list[Flip]:
    """The nearest thresholds of every dial that can change the choice, the nearest in relative terms first."""
    found = []
    for dial in turnable:
        sides = (_nearest(occasion, dial, side, actual) for side in (dial.least, dial.most))
        factors = [flip for flip in sides if flip is not None]
        for factor, becomes in sorted(factors, key=lambda pair: abs(pair[0] - 1.0))[:1]:
            distance = 0.0 if dial.switch else abs(factor - 1.0)
            found.append((distance, _flip(occasion, dial, factor, becomes, actual)))
    return [flip for _, flip in sorted(found, key=lambda pair: pair[0])]


def _nearest(occasion: Occasion, dial: Dial, side: float, actual: int) -> tuple[float, int] | None:
    """The factor nearest to 1, towards `side`, at which the choice changes, and what it changes to."""
    if dial.switch:
        becomes = occasion.choice(dial, 0.0)
        return (0.0, becomes) if side == 0.0 and becomes != actual else None
    inside = 1.0
    for n in range(1, _SCAN + 1):
        outside = 1.0 + (side - 1.0) * (n / _SCAN) ** 2
        if occasion.choice(dial, outside) != actual:
            return _narrowed(occasion, dial, inside, outside, actual)
        inside = outside
    return None


def _narrowed(occasion: Occasion, dial: Dial, inside: float, outside: float, actual: int) -> tuple[float, int]:
    for _ in range(_NARROW):
        middle = 0.5 * (inside + outside)
        if occasion.choice(dial, middle) == actual:
            inside = middle
        else:
            outside = middle
    return outside, occasion.choice(dial, outside)


def _flip(occasion: Occasion, dial: Dial, factor: float, becomes: int, actual: int) -> Flip:
    aside = max(factor, 1e-9) * _ASIDE
    beyond, short = (factor - aside, factor + aside) if factor < 1.0 else (factor + aside, factor - aside)
    if dial.switch:
        beyond, short = 0.0, 1.0
    checked = occasion.choice(dial, max(beyond, 0.0)) != actual and occasion.choice(dial, short) == actual
    return Flip(dial.name, dial.unit, dial.value, dial.value * factor, c.STRATEGIES[becomes], checked)
