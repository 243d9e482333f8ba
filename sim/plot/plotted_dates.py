"""Dates as matplotlib day numbers, and in words."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from matplotlib.dates import date2num, num2date
from numpy.typing import NDArray

from sim.plot.style import Floats
from sim.scenario.scenario import Scenario


def day_numbers(dates: NDArray[np.datetime64]) -> Floats:
    """Dates as matplotlib day numbers, same shape."""
    return np.asarray(date2num(dates), dtype=np.float64)  # type: ignore[no-untyped-call]


def date_of(day: float) -> datetime:
    """The date of a matplotlib day number."""
    return num2date(day)  # type: ignore[no-untyped-call, no-any-return]


def date_words(day: float, year: bool = True) -> str:
    """A matplotlib day number as "15 Sep 2017", with no-break spaces so that no line breaks within."""
    date = date_of(day)
    words = f"{date.day}\u00a0{date:%b}"
    return f"{words}\u00a0{date.year}" if year else words


def start_of(scenario: Scenario) -> float:
    """The start of the scenario as a matplotlib day number."""
    return float(date2num(scenario.start))  # type: ignore[no-untyped-call]


def end_of(scenario: Scenario) -> float:
    """The end of the scenario as a matplotlib day number."""
    return float(date2num(scenario.end))  # type: ignore[no-untyped-call]


def days_of(scenario: Scenario, day: Floats) -> Floats:
    """Days from the start of the scenario as matplotlib day numbers, same shape."""
    return np.asarray(start_of(scenario) + day)
