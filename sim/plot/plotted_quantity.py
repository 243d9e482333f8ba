"""Measures as people read them: in per cent and points, days or counts, with the digits that their spread allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.model.outcomes.measures import describe
from sim.plot.style import NAMES, readable

MINUS, HARD = "\u2212", "\u00a0"


@dataclass(frozen=True)
class Quantity:
    """What is measured: values are multiplied by `factor` and then in `unit`; their differences in `change`."""

    name: str
    unit: str
    change: str
    factor: float
    meaning: str = ""

    def level(self, value: float, digits: int) -> str:
        """A level with its unit, of a value that is multiplied already: "35.5 %"."""
        return _with(number(value, digits), self.unit)

    def moved(self, value: float, digits: int) -> str:
        """The size of a difference with its unit: "2.6 points"."""
        return _with(number(abs(value), digits), self.change)

    def axis(self, words: str) -> str:
        """Words with the unit of levels, for an axis."""
        return f"{words} ({self.unit})" if self.unit else words


def quantity(measure: str) -> Quantity:
    """A summary measure. Raises KeyError for a name that is none."""
    found = describe(measure)
    if found.unit == "fraction":
        return Quantity(readable(measure), "%", "points", 100.0, found.meaning)
    unit = {"index": "", "cases/point": "cases per point"}.get(found.unit, found.unit)
    return Quantity(readable(measure), unit, unit, 1.0, found.meaning)


def share_of(mode: str) -> Quantity:
    """The share of focal volume in a mode, or outside."""
    return Quantity("part not trading" if mode == "outside" else f"{NAMES[mode]} share", "%", "points", 100.0)


def digits(spreads: Iterable[float], figures: int = 1) -> int:
    """Decimals, from 0 to 4, that show so many figures of the middle of some spreads (half widths, ranges)."""
    known = [abs(each) for each in spreads if np.isfinite(each) and each != 0]
    return int(np.clip(figures - 1 - np.floor(np.log10(np.median(known))), 0, 4)) if known else 0


def finer(places: int, spread: float) -> int:
    """At least so many decimals, and up to two more for a spread that is that narrow."""
    return min(max(places, digits([spread])), places + 2)


def number(value: float, digits: int, sign: bool = False) -> str:
    """A number with a true minus; with `sign` also a plus, "+2.6". There is no minus before a zero."""
    rounded = round(value, digits) + 0.0
    words = f"{rounded:+,.{digits}f}" if sign and rounded else f"{rounded:,.{digits}f}"
    return words.replace("-", MINUS)


def between(low: float, high: float, digits: int, sign: bool = False) -> str:
    """An interval in words: "2.4 to 2.8"."""
    return f"{number(low, digits, sign)} to {number(high, digits, sign)}"


def _with(words: str, unit: str) -> str:
    return f"{words}{HARD}{unit}" if unit else words
