"""How the tables of a run are laid out: their columns, the type of each, and the codes of the states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

JOURNAL: Mapping[str, str] = {
    "day": "float64", "date": "datetime64[s]", "event": "str", "subject": "str", "mode": "str", "host": "str",
    "cause": "str", "detail": "str", "value": "float64",
}  # fmt: skip
"""What happened, in order of time. Text that does not apply is empty, a number that does not apply is NaN.

`detail` is the strategy that was chosen, or the action that a case leads to.
"""

DECISIONS: Mapping[str, str] = {
    "decision": "int64", "day": "float64", "date": "datetime64[s]", "exchange": "str", "trigger": "str",
    "cause": "str", "before": "str", "choice": "str", "runner_up": "str", "margin": "float64", "host": "str",
    "scale": "float64",
}  # fmt: skip
"""One row per decision. `margin` is in units of the decision scale, `scale` in volume x days."""

OPTIONS: Mapping[str, str] = {
    "decision": "int64", "option": "str", "feasible": "bool", "value": "float64", "revenue": "float64",
    "running": "float64", "penalty": "float64", "launch": "float64", "exit": "float64", "error": "float64",
    "score": "float64",
}  # fmt: skip
"""One row per decision and option.

value = revenue - running - penalty - launch - exit; score = value / scale + error.
"""


def table(layout: Mapping[str, str], columns: Mapping[str, Any]) -> DataFrame:
    """A table with exactly the columns and types of `layout` (name: dtype), from one sequence per column.

    Raises ValueError when a column is missing, unknown, or of another length than the rest.
    """
    from pandas import DataFrame

    if set(columns) != set(layout):
        raise ValueError(f"columns differ from the layout: {', '.join(sorted(set(columns) ^ set(layout)))}")
    return DataFrame({name: columns[name] for name in layout}).astype(dict(layout))


def flags(names: tuple[str, ...]) -> dict[str, Any]:
    """CF attributes that name the codes 0, 1, 2 ... of an int8 variable."""
    import numpy as np

    return {"flag_values": np.arange(len(names), dtype=np.int8), "flag_meanings": " ".join(names)}
