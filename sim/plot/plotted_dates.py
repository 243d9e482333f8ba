"""Dates as matplotlib day numbers, and in words."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from matplotlib.dates import date2num, num2date
from numpy.typing import NDArray

from sim.plot.style import Floats
from sim.scenario.scenario import Scenario


def day_number(day: date) -> float:
    """A date as a matplotlib day number."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def day_numbers(dates: NDArray[np.datetime64]) -> Floats:
    """Dates as matplotlib day numbers, same shape."""
    return np.asarray(date2num(dates), dtype=np.float64)  # type: ignore[no-untyped-call]


def date_of(day: float) -> datetime:
    """The date of a matplotlib day number."""
    return num2date(day)  # type: ignore[no-untyped-call, no-any-return]


def date_words(day: float, year: bool = True) -> str:
    """A matplotlib day number as "15 Sep 2017", with no-break spaces so that no line breaks within."""
    when = date_of(day)
    words = f"{when.day}\u00a0{when:%b}"
    return f"{words}\u00a0{when.year}" if year else words


def days_of(scenario: Scenario, day: Floats) -> Floats:
    """Days from the start of the scenario as matplotlib day numbers, same shape."""
    return np.asarray(day_number(scenario.start) + day)
