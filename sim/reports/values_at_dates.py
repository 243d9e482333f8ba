"""What is read off a figure over time, date by date, in the words of the figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from sim.plot.figures.exchange_shares import ExchangesData
from sim.plot.figures.fan import FanData
from sim.plot.figures.mode_shares import SharesData
from sim.plot.figures.volume import VolumeData
from sim.plot.plotted_quantity import interval_words, number, share_of
from sim.plot.style import MODES_AND_OUTSIDE, Floats, amount, capital, percent


@dataclass(frozen=True)
class ValuesAtDates:
    """By name the values in words (T,) at `time` (T,) in matplotlib days; `caption` says what they are."""

    caption: str
    time: Floats
    words: Mapping[str, tuple[str, ...]]


@singledispatch
def values_at_dates(data: object) -> ValuesAtDates | None:
    """What can be read off a figure that shows these data; None if it is not over time."""
    return None


@values_at_dates.register
def _(data: SharesData) -> ValuesAtDates:
    names = map(data.labels.mode, MODES_AND_OUTSIDE)
    words = dict(zip(names, map(_percents, data.share), strict=True))
    return ValuesAtDates("Share of focal volume by mode", data.time, words)


@values_at_dates.register
def _(data: ExchangesData) -> ValuesAtDates:
    lines = [*data.lines, *([data.others] if data.others else [])]
    words = {each.name: _percents(each.share) for each in lines}
    return ValuesAtDates("Share of focal volume by exchange", data.time, words)


@values_at_dates.register
def _(data: VolumeData) -> ValuesAtDates:
    words = tuple(f"{amount(float(value))} {data.unit}" for value in data.volume)
    name = f"{data.labels.mode(data.mode)} volume" if data.mode else "volume of all modes"
    return ValuesAtDates(capital(name), data.time, {name: words})


@values_at_dates.register
def _(data: FanData) -> ValuesAtDates:
    quantity = share_of(data.mode, data.labels)
    words = {fan.policy: _medians(quantity.factor * fan.quantiles, data.decimals) for fan in data.fans}
    return ValuesAtDates(f"{capital(quantity.name)}, median (nine tenths of replications)", data.time, words)


def _percents(share: Floats) -> tuple[str, ...]:
    return tuple(percent(float(part)) for part in share)


def _medians(quantiles: Floats, decimals: int) -> tuple[str, ...]:
    """Medians with the outer quantiles (5, T), in per cent."""
    low, middle, high = np.asarray(quantiles)[[0, 2, 4]]
    return tuple(
        f"{number(float(m), decimals)}\u00a0% ({interval_words(float(a), float(b), decimals)})"
        for a, m, b in zip(low, middle, high, strict=True)
    )
