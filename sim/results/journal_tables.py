"""The tables of a run: the journal, the decisions and the options that were weighed; their columns and types."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import dates_of
from sim.engine.result import Result
from sim.world import codes as c
from sim.world.build.names import Names

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

_ACTS = (c.E_DETECTED, c.E_CASE_OPENED, c.E_CASE_STARTED, c.E_DROPPED)


def table(layout: Mapping[str, str], columns: Mapping[str, Any]) -> DataFrame:
    """A table with exactly the columns and types of `layout` (name: dtype), from one sequence per column.

    Raises ValueError when a column is missing, unknown, or of another length than the rest.
    """
    from pandas import DataFrame

    if set(columns) != set(layout):
        raise ValueError(f"columns differ from the layout: {', '.join(sorted(set(columns) ^ set(layout)))}")
    return DataFrame({name: columns[name] for name in layout}).astype(dict(layout))


def journal_table(start: datetime, names: Names, result: Result) -> DataFrame:
    """What happened, one row each, in order."""
    event, subject, mode, host, cause, index = result.codes.T
    days, value = result.values.T
    return table(
        JOURNAL,
        {
            "day": days,
            "date": dates_of(start, days),
            "event": [c.EVENTS[e] for e in event],
            "subject": [_subject(names, e, s) for e, s in zip(event, subject, strict=True)],
            "mode": [c.MODES[m] if m >= 0 else "" for m in mode],
            "host": [names.jurisdictions[h] if h >= 0 else "" for h in host],
            "cause": [cause_text(names, k, i) for k, i in zip(cause, index, strict=True)],
            "detail": [_detail(e, v) for e, v in zip(event, value, strict=True)],
            "value": value,
        },
    )


def _subject(names: Names, event: int, subject: int) -> str:
    if subject < 0:
        return "background"
    kind = c.EVENT_SUBJECT[event]
    if kind == "exchange":
        return names.exchanges[subject].id
    return names.interventions[subject] if kind == "intervention" else names.rules[subject]


def cause_text(names: Names, cause: int, index: int) -> str:
    """What brought an event about: `review`, `announced:some-order`, the id of an intervention or of an office."""
    if cause == c.C_INTERVENTION:
        return names.interventions[index] if index >= 0 else ""
    if cause in (c.C_ANNOUNCED, c.C_EFFECTIVE, c.C_HOST, c.C_DEADLINE, c.C_LIFTED):
        return f"{c.CAUSES[cause]}:{names.interventions[index]}"
    if cause == c.C_LICENCE and index >= 0:
        return f"{c.CAUSES[cause]}:{names.offices[index]}"
    return c.CAUSES[cause]


def cause_codes(names: Names, text: str) -> tuple[int, int]:
    """The cause and its index behind a text of `cause_text`; an index of -1 for any, a cause of -2 for what is none."""
    kind, _, name = text.partition(":")
    if name:
        known = names.offices if kind == c.CAUSES[c.C_LICENCE] else names.interventions
        return (c.CAUSES.index(kind), known.index(name)) if kind in c.CAUSES and name in known else (-2, -1)
    if text in names.interventions:
        return c.C_INTERVENTION, names.interventions.index(text)
    return (c.CAUSES.index(text) if text and text in c.CAUSES else -2), -1


def _detail(event: int, value: float) -> str:
    """What was chosen, or the action that a case leads to."""
    if event == c.E_DECISION:
        return c.STRATEGIES[int(value)]
    if event not in _ACTS:
        return ""
    page, action = divmod(int(value), len(c.ACTIONS))
    return c.ACTIONS[action] + (", local-language page" if page else "")


def decisions_table(start: datetime, names: Names, result: Result) -> DataFrame:
    """Who decided what, one row per decision."""
    made = result.decisions
    days = np.array([d.day for d in made], dtype=float)
    return table(
        DECISIONS,
        {
            "decision": np.arange(len(made)),
            "day": days,
            "date": dates_of(start, days),
            "exchange": [names.exchanges[d.exchange].id for d in made],
            "trigger": [c.CAUSES[d.cause] for d in made],
            "cause": [cause_text(names, d.cause, d.reason) for d in made],
            "before": [c.STRATEGIES[d.before] for d in made],
            "choice": [c.STRATEGIES[d.choice] for d in made],
            "runner_up": [c.STRATEGIES[d.runner_up] if d.runner_up >= 0 else "" for d in made],
            "margin": [d.margin for d in made],
            "host": [names.jurisdictions[d.host] if d.host >= 0 else "" for d in made],
            "scale": [d.scale for d in made],
        },
    )


def options_table(result: Result) -> DataFrame:
    """What was weighed, one row per decision and option."""
    made, count = result.decisions, c.OPTIONS
    terms = np.array([d.terms for d in made]).reshape(-1, len(c.TERMS))
    columns: dict[str, Any] = {
        "decision": np.repeat(np.arange(len(made)), count),
        "option": list(c.STRATEGIES[:count]) * len(made),
        "feasible": np.array([d.feasible for d in made], dtype=bool).reshape(-1),
    }
    columns |= {name: terms[:, n] for n, name in enumerate(c.TERMS)}
    return table(OPTIONS, columns)
