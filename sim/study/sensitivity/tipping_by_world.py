"""Where a policy stops beating another in each of many plausible worlds: a distribution in place of one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.world.arrays import Floats

MIDDLE = (0.05, 0.95)
"""Ends of the part of the worlds that is told, the same as of a difference over plausible worlds."""


@dataclass(frozen=True)
class WorldTippings:
    """How the difference between A and B goes along a range in each of `count` worlds.

    `at` (n,): where it crosses zero, as a part of the range, in the worlds with one crossing and A better below it, or
    above it if not `a_before`, which is the more frequent. Parts of all worlds: `one` with such a crossing, `reverse`
    with one in the other direction, `several` with more than one, `a_throughout` and `b_throughout` in which one of
    them is better along the whole range, `alike` without any difference.
    """

    count: int
    a_before: bool
    at: Floats
    reverse: float
    several: float
    a_throughout: float
    b_throughout: float
    alike: float

    @property
    def one(self) -> float:
        """The part of the worlds with a tipping point in the more frequent direction."""
        return len(self.at) / self.count if self.count else np.nan

    @property
    def without(self) -> float:
        """The part of the worlds without a tipping point in the range."""
        return self.a_throughout + self.b_throughout + self.alike

    @property
    def median(self) -> float:
        """The tipping point in the median world that has one; NaN where none has."""
        return float(np.median(self.at)) if len(self.at) else np.nan

    @property
    def middle(self) -> tuple[float, float]:
        """Between which two the tipping points of the middle 90 % of these worlds lie."""
        if not len(self.at):
            return np.nan, np.nan
        low, high = np.quantile(self.at, MIDDLE).tolist()
        return low, high

    def finding(self, a: str, b: str, parameter: str, value: Callable[[float], object], noun: str) -> str:
        """Where policies `a` and `b` change places; `value` makes a part of the range one of the parameter."""
        winner, loser = (a, b) if self.a_before else (b, a)
        if not self.count:
            return f"the difference is defined along the whole range in none of the {noun}"
        if not len(self.at):
            return f"{a} and {b} change places once along {parameter} in none of {self.count:,} {noun}"
        low, high = (value(part) for part in self.middle)
        where = f"where {parameter} is above {value(self.median)} (median; {low} to {high} in 90 % of"
        if self.one >= max(self.a_throughout, self.b_throughout):
            which = f"those with one tipping point, which are {_percent(self.one)} of {self.count:,} {noun})"
            return f"{winner} stops beating {loser} {where} {which}"
        most = max(self.a_throughout, self.b_throughout)
        better, worse = (a, b) if self.a_throughout == most else (b, a)
        return (
            f"{better} beats {worse} along the whole range in {_percent(most)} of {self.count:,} {noun}; in "
            f"{_percent(self.one)} {winner} stops beating {loser} {where} these)"
        )

    def others(self, a: str, b: str) -> str:
        """What the worlds without such a tipping point do; empty if there are none."""
        parts = {
            f"{a} is better along the whole range": self.a_throughout,
            f"{b} is": self.b_throughout,
            "it is the other way round": self.reverse,
            "there are several tipping points": self.several,
            "there is no difference": self.alike,
        }
        return ", ".join(f"{words} in {_percent(part)}" for words, part in parts.items() if part)


def world_tippings(parts: Floats, gain: Floats) -> WorldTippings:
    """How `gain` (P, K), by how much A is better in K worlds, goes along `parts` (P,) of a range, by straight lines.

    Worlds in which it is not defined at every point are left out. A point without difference counts with the next one.
    """
    curves = gain[:, ~np.isnan(gain).any(axis=0)].T
    found: dict[bool, list[float]] = {True: [], False: []}
    throughout = {1.0: 0, -1.0: 0}
    several = alike = 0
    for curve in curves:
        differs = np.flatnonzero(curve)
        signs = np.sign(curve[differs])
        turns = np.flatnonzero(signs[:-1] != signs[1:])
        if not len(differs):
            alike += 1
        elif len(turns) > 1:
            several += 1
        elif len(turns) == 0:
            throughout[float(signs[0])] += 1
        else:
            i, j = differs[turns[0]], differs[turns[0] + 1]
            zero = parts[i] + (parts[j] - parts[i]) * curve[i] / (curve[i] - curve[j])
            found[bool(signs[0] > 0.0)].append(float(zero))
    count, a_before = len(curves), len(found[True]) >= len(found[False])

    def part(some: int) -> float:
        return some / count if count else np.nan

    return WorldTippings(
        count, a_before, np.array(found[a_before]), part(len(found[not a_before])), part(several),
        part(throughout[1.0]), part(throughout[-1.0]), part(alike),
    )  # fmt: skip


def _percent(part: float) -> str:
    return f"{100.0 * part:.{0 if part >= 0.01 else 1}f} %"
