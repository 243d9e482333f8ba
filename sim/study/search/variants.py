"""What a search may change in a policy, and a policy so changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim.scenario.policy.policy import Policy, begin_of, chosen
from sim.scenario.values.units import write_days

if TYPE_CHECKING:
    import optuna

Timing = Literal["shift", "order", "fixed"]
"""Dates may move; or interventions change places, on the dates on which they begin now; or neither."""
TIMINGS: tuple[Timing, ...] = ("shift", "order", "fixed")
_STRENGTHS = 2
"""Steps of the strength up and down, each the same factor."""


@dataclass(frozen=True)
class Variant:
    """A policy with some interventions left out, moved (days), put in another order, and strengthened (factors)."""

    dropped: tuple[str, ...] = ()
    shifts: tuple[tuple[str, float], ...] = ()
    strengths: tuple[tuple[str, float], ...] = ()
    order: tuple[str, ...] = ()

    def of(self, base: Policy) -> Policy:
        """The policy. Raises ValueError for dates that cannot be."""
        policy = base
        for name, days in self.shifts:
            policy = policy.delay(name, days=days)
        if self.order:
            policy = policy.permute(self.order)
        for name, factor in self.strengths:
            policy = policy.strengthen(name, factor)
        return policy.without(*self.dropped) if self.dropped else policy

    def as_written(self, base: Policy, name: str) -> dict[str, Any]:
        """The policy as a scenario file writes it, on top of `base`, which is called `name`."""
        intensity = {item.id: item.intensity for item in base.interventions}
        kept = {id_: factor * intensity[id_] for id_, factor in self.strengths}
        written: dict[str, Any] = {"extends": name}
        if self.shifts:
            written["delay"] = {id_: write_days(days) for id_, days in self.shifts}
        if self.order:
            written["order"] = list(self.order)
        if kept:
            written["change"] = {id_: {"intensity": round(value, 6)} for id_, value in kept.items()}
        if self.dropped:
            written["drop"] = list(self.dropped)
        return written

    def __str__(self) -> str:
        parts = [f"without {', '.join(self.dropped)}"] if self.dropped else []
        parts += [f"{name} {'+' if days > 0 else ''}{write_days(days)}" for name, days in self.shifts]
        parts += [f"{name} times {factor:.2g}" for name, factor in self.strengths]
        parts += [" > ".join(self.order)] if self.order else []
        return "; ".join(parts) or "unchanged"


@dataclass(frozen=True)
class SearchSpace:
    """What may change: interventions that may be left out, moved by multiples of `step` days, and strengthened.

    `furthest`: the largest shift in days; `strongest`: the largest factor, of which the inverse is the smallest.
    """

    ids: tuple[str, ...]
    timing: Timing
    furthest: float
    step: float
    strongest: float

    def variant(self, trial: optuna.Trial) -> Variant:
        """The variant that a trial proposes. What is left out is neither moved nor strengthened."""
        used = [name for name in self.ids if trial.suggest_categorical(f"use {name}", [True, False])]
        dropped = tuple(name for name in self.ids if name not in used)
        shifts: list[tuple[str, float]] = []
        strengths: list[tuple[str, float]] = []
        ranks: dict[str, float] = {}
        steps = int(self.furthest // self.step)
        for name in self.ids:
            if self.timing == "shift" and steps:
                days = self.step * trial.suggest_int(f"shift {name}", -steps, steps)
                if days and name in used:
                    shifts.append((name, days))
            if self.timing == "order":
                ranks[name] = trial.suggest_float(f"rank {name}", 0.0, 1.0)
            if self.strongest > 1.0:
                factor = self.strongest ** (trial.suggest_int(f"strength {name}", -_STRENGTHS, _STRENGTHS) / _STRENGTHS)
                if factor != 1.0 and name in used:
                    strengths.append((name, factor))
        order = tuple(sorted((name for name in used if name in ranks), key=lambda name: ranks[name]))
        return Variant(dropped, tuple(shifts), tuple(strengths), order if len(order) > 1 else ())

    def unchanged(self) -> dict[str, Any]:
        """The proposal that leaves the policy as it is."""
        proposal: dict[str, Any] = {}
        for number, name in enumerate(self.ids):
            proposal |= {f"use {name}": True, f"shift {name}": 0, f"strength {name}": 0}
            proposal[f"rank {name}"] = (number + 1.0) / (len(self.ids) + 1.0)
        return proposal


def search_space(
    base: Policy, ids: Iterable[str] | None, timing: Timing, furthest: float, step: float, strongest: float
) -> SearchSpace:
    """The space over some interventions, by default all that have a date; in the order in which they begin.

    Raises ValueError for ids that are not there or have no date, and numbers that make no sense.
    """
    if timing not in TIMINGS:
        raise ValueError(f"timing is one of {', '.join(TIMINGS)}, got {timing!r}")
    if furthest < 0 or step <= 0 or strongest < 1.0:
        raise ValueError("shifts are 0 days or more in steps above 0, and the strongest factor is 1 or more")
    names = [item.id for item in base.interventions if _dated(base, item.id)] if ids is None else chosen(base, ids)
    if not names:
        raise ValueError("the policy has no interventions with dates to search over")
    begins = {name: begin_of(base, name) for name in names}
    try:
        return SearchSpace(tuple(sorted(names, key=lambda n: begins[n])), timing, furthest, step, strongest)
    except TypeError:
        raise ValueError("dates and offsets are mixed, because nothing says which is earlier") from None


def _dated(base: Policy, name: str) -> bool:
    try:
        begin_of(base, name)
    except ValueError:
        return False
    return True
