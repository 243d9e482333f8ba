"""Named series of an evidence file: what is traded in a run, and what was traded outside of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.scenario.values.base import FileBlock, Id, Name
from sim.scenario.world.strategies import Mode

Window = tuple[date, date]
"""First and last day, both whole."""
Floats = NDArray[np.float64]
Group = Literal["focal", "foreign"]
"""Segments at home in the focal country, and all others."""


class Traded(FileBlock):
    """What is traded per day, in the modes, at the exchanges and by the segments named; none named means all."""

    modes: tuple[Mode, ...] = Field(("domestic", "otc", "offshore"), min_length=1)
    exchanges: tuple[Id, ...] | None = Field(None, description="ids, or names of groups")
    segments: Group | tuple[Id, ...] | None = Field(None, description="ids, or `focal`, or `foreign`")
    without: tuple[Id, ...] = Field((), description="segments left out")


class Recorded(FileBlock):
    """What was traded per day outside of the run: a column of a CSV file, its mean over the rows in a window."""

    file: Name = Field(description="beside the file of the evidence")
    date: Name = Field(description="column with the last day of each row")
    column: Name


Series = Mapping[str, tuple[Traded | Recorded, ...]]
"""Named volumes, each a sum."""


@dataclass(frozen=True)
class Column:
    """What a CSV file has: dates (n,), each the last day of its row, and values (n,)."""

    dates: NDArray[np.datetime64]
    values: Floats

    def mean(self, days: Window) -> float:
        """Mean over the rows whose date lies in a window; NaN if there are none."""
        chosen = self.values[(self.dates >= np.datetime64(days[0])) & (self.dates <= np.datetime64(days[1]))]
        return float(chosen.mean()) if chosen.size else np.nan


@dataclass(frozen=True)
class SeriesTable:
    """The named series of an evidence file, each a sum, and the columns of CSV files among them."""

    parts: Series
    columns: Mapping[Recorded, Column]
