"""Measures as people read them: in per cent and points, days or counts, with the decimals that their spread allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim.model.outcomes.measures import describe
from sim.plot.style import MINUS, capital, readable
from sim.scenario.trade_labels import NEUTRAL, Labels

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Of which figures show a median, half and nine tenths."""


@dataclass(frozen=True)
class Quantity:
    """What a figure shows: values are multiplied by `factor` and then in `unit`; their differences in `change`."""

    name: str
    unit: str
    change: str
    factor: float
    meaning: str = ""

    @property
    def definition(self) -> str:
        """Name and meaning as a sentence."""
        return f"{capital(self.name)}: {self.meaning[:1].lower()}{self.meaning[1:]}."

    @property
    def axis_label(self) -> str:
        """The name with the unit of levels."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def change_label(self, words: str) -> str:
        """Words such as "difference in", the name, and the unit of differences."""
        return f"{words} {self.name} ({self.change})" if self.change else f"{words} {self.name}"

    def level(self, value: float, decimals: int) -> str:
        """A level with its unit, of a value that is multiplied already: "35.5 %"."""
        return _with_unit(number(value, decimals), self.unit)

    def difference(self, value: float, decimals: int, sign: bool = False) -> str:
        """The size of a difference with its unit, "2.6 points", or with `sign` the difference, "+2.6 points"."""
        return _with_unit(number(value if sign else abs(value), decimals, sign), self.change)


def quantity_of(measure: str, labels: Labels = NEUTRAL) -> Quantity:
    """A summary measure, in the words of a scenario. Raises KeyError for a name that is none."""
    info = describe(measure)
    meaning = labels.text(info.meaning)
    if info.unit == "fraction":
        return Quantity(readable(measure), "%", "points", 100.0, meaning)
    unit = {"index": "", "cases/point": "cases per point"}.get(info.unit, info.unit)
    return Quantity(readable(measure), unit, unit, 1.0, meaning)


def share_of(mode: str, labels: Labels = NEUTRAL) -> Quantity:
    """The share of focal volume in a mode, or outside, in the words of a scenario."""
    name = f"part {labels.mode(mode)}" if mode == "outside" else f"{labels.mode(mode)} share"
    return Quantity(name, "%", "points", 100.0)


def decimals_for(spreads: Iterable[float], figures: int = 1) -> int:
    """Decimals, from 0 to 4, that show so many figures of the median of some spreads (half widths, ranges)."""
    defined = [abs(spread) for spread in spreads if np.isfinite(spread) and spread != 0]
    return int(np.clip(figures - 1 - np.floor(np.log10(np.median(defined))), 0, 4)) if defined else 0


def finer_decimals(decimals: int, spread: float) -> int:
    """At least so many decimals, and up to two more for a spread that is that narrow."""
    return min(max(decimals, decimals_for([spread])), decimals + 2)


def number(value: float, decimals: int, sign: bool = False) -> str:
    """A number with a true minus; with `sign` also a plus, "+2.6". There is no minus before a zero."""
    rounded = round(value, decimals) + 0.0
    words = f"{rounded:+,.{decimals}f}" if sign and rounded else f"{rounded:,.{decimals}f}"
    return words.replace("-", MINUS)


def interval_words(low: float, high: float, decimals: int, sign: bool = False) -> str:
    """An interval in words: "2.4 to 2.8"."""
    return f"{number(low, decimals, sign)} to {number(high, decimals, sign)}"


def _with_unit(words: str, unit: str) -> str:
    return f"{words}\u00a0{unit}" if unit else words
