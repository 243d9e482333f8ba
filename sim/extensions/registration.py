"""Decorators that add a part to the tables of the program when its module is imported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from matplotlib.axes import Axes

from sim.evidence.statistics import STATISTICS, Statistic
from sim.model.outcomes.measures import Measure
from sim.plot.figure_table import Figure, RunPlots, StudyPlots
from sim.results.own_measures import Reading, add_measure

R = TypeVar("R", bound=Reading)
S = TypeVar("S", bound=type[Statistic])
P = TypeVar("P", bound=Callable[..., Axes])


def measure(name: str, unit: str, meaning: str, undefined: str = "it is not defined") -> Callable[[R], R]:
    """Add a measure: a function of `Paths`, the shares over time, that gives a number for each replication.

        @measure("peak_otc", "fraction", "Largest part of focal trade that was OTC on any day")
        def peak_otc(paths):
            return paths.share["otc"].max(axis=1)

    It is then a measure like any other: in `run.table()`, `study.difference("peak_otc")`, figures, and wherever the
    name of one is asked for, on the command line too. `undefined` says what NaN may come from. Raises ValueError for
    the name of another measure.
    """

    def add(reading: R) -> R:
        add_measure(Measure(name, unit, meaning), reading, undefined)
        return reading

    return add


def statistic(name: str) -> Callable[[S], S]:
    """Add a statistic by which evidence files read facts: a class beside those in `sim.evidence.statistics`.

    Raises ValueError for the name of one that is there.
    """

    def add(kind: S) -> S:
        if STATISTICS.get(name, kind).__qualname__ != kind.__qualname__:
            raise ValueError(f"{name!r} is a statistic already")
        STATISTICS[name] = kind
        return kind

    return add


def figure(name: str, of: Literal["run", "study"]) -> Callable[[P], P]:
    """Add a figure: a function of a run or a study, and `ax=None`, that returns Axes; it becomes `run.plot.NAME`.

    It is written with the main figures of a folder. Raises ValueError for the name of one that is there.
    """
    table: type = {"run": RunPlots, "study": StudyPlots}[of]

    def add(plot: P) -> P:
        known = vars(table).get(name)
        if hasattr(table, name) and getattr(known, "plot", plot).__qualname__ != plot.__qualname__:
            raise ValueError(f"{name!r} is a figure already")
        drawn: Figure[Any, ...] = Figure(plot)
        setattr(table, name, drawn)
        return plot

    return add
