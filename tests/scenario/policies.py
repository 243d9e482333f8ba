"""Small random policies as users have them: dates with and without times, offsets, and a rule with a ladder."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from sim.scenario.policy.interventions import Condition, Intervention, Rule
from sim.scenario.policy.policy import Policy

NAMES = ("closure", "payments", "media", "sites", "alarm")

shifts = st.one_of(st.integers(-400, 400), st.floats(-400.0, 400.0))
"""Days by which something moves."""
moments = st.one_of(
    st.integers(0, 700).map(lambda day: datetime(2017, 1, 1) + timedelta(days=day)),
    st.integers(0, 60_000_000).map(lambda second: datetime(2017, 1, 1) + timedelta(seconds=second)),
)
"""Midnights and other times."""
offsets = st.integers(0, 400).map(lambda days: timedelta(days=days))


@st.composite
def dates(draw: st.DrawFn, found: st.SearchStrategy[Any]) -> dict[str, Any]:
    """The dates of an intervention, of which the first is always there."""
    first = draw(st.sampled_from(("announced", "effective")))
    others = [name for name in ("announced", "effective", "enforced", "deadline", "until") if name != first]
    return {first: draw(found)} | {name: draw(found) for name in others if draw(st.booleans())}


@st.composite
def interventions(draw: st.DrawFn, name: str, found: st.SearchStrategy[Any] = moments) -> Intervention:
    return Intervention(id=name, kind="warning", coverage=draw(st.floats(0.0, 1.0)), **draw(dates(found)))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    steps = tuple((draw(interventions(name, offsets)),) for name in ("first-step", "second-step"))
    starts = draw(st.one_of(st.none(), moments, offsets))
    return Rule(id="ladder", when=Condition(indicator="exposure", above=0.3), starts=starts, steps=steps)


@st.composite
def policies(draw: st.DrawFn, prefix: str = "") -> Policy:
    """Two to five dated interventions, and perhaps a rule; `prefix` keeps the ids of several policies apart."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, unique=True))
    own = tuple(draw(interventions(prefix + name)) for name in names)
    return Policy(interventions=own, rules=() if prefix or draw(st.booleans()) else (draw(rules()),))
