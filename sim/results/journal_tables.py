"""Journal and decision records as tables."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.clock import dates_of
from sim.engine.result import Result
from sim.results.columns import DECISIONS, JOURNAL, OPTIONS, table
from sim.world import codes as c
from sim.world.build.names import Names

if TYPE_CHECKING:
    from pandas import DataFrame

_ACTS = (c.E_DETECTED, c.E_CASE_OPENED, c.E_CASE_STARTED, c.E_DROPPED)


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
    if cause in (c.C_ANNOUNCED, c.C_EFFECTIVE, c.C_HOST, c.C_DEADLINE):
        return f"{c.CAUSES[cause]}:{names.interventions[index]}"
    if cause == c.C_LICENCE and index >= 0:
        return f"{c.CAUSES[cause]}:{names.offices[index]}"
    return c.CAUSES[cause]


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
