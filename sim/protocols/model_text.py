"""What the source says of the model itself: entities, events in their order, and submodels, from the docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType

from pydantic import BaseModel

from sim.model import events, state
from sim.model.exchanges import (
    applications,
    beliefs,
    closings,
    costs,
    decisions,
    expected_volume,
    openings,
    option_values,
    posture_values,
    reactions,
)
from sim.model.handlers import dispatch
from sim.model.outcomes import measures, tally, timing_measures, volume_measures
from sim.model.regulators import (
    applicants,
    detection,
    interventions,
    lever_totals,
    licensing,
    product_licences,
    rules,
    sanctions,
    site_blocks,
)
from sim.model.traders import attraction, awareness, demand, periodic_updates, utility
from sim.protocols.markdown import table
from sim.scenario.policy.interventions import Intervention, Rule
from sim.scenario.world.exchanges import Exchange
from sim.scenario.world.regulators import Agency, Jurisdiction, Office
from sim.scenario.world.traders import Segment

_ENTITIES: tuple[tuple[str, type[BaseModel] | str, str], ...] = (
    ("segment", Segment, "Market"),
    ("exchange", Exchange, "ExchangeStates"),
    ("venue", "An exchange in one of three modes: a book at home, brokered or peer-to-peer, a book abroad.", "Venues"),
    ("jurisdiction", Jurisdiction, ""),
    ("agency, a server of cases", Agency, "Cases"),
    ("office, a server of applications", Office, ""),
    ("intervention", Intervention, "InForce"),
    ("adaptive rule", Rule, "RuleStates"),
)
"""Name of each entity, its block in files or what it is, and the group of state variables that it has."""
SUBMODELS: tuple[ModuleType, ...] = (
    demand, attraction, utility, awareness, periodic_updates,
    option_values, posture_values, expected_volume, costs, beliefs, decisions, reactions,
    openings, closings, applications,
    lever_totals, interventions, detection, sanctions, site_blocks, licensing, product_licences,
    applicants, rules,
    tally, measures, volume_measures, timing_measures,
)  # fmt: skip


def said_of(thing: object) -> str:
    """The docstring of a module, class or function."""
    return inspect.getdoc(thing) or ""


def sentence(thing: object) -> str:
    """Its first line."""
    return said_of(thing).partition("\n")[0]


def entities() -> Iterator[tuple[str, str, str]]:
    """Each entity with what it is and the names of its state variables, as in `sim.model.state`."""
    for name, block, group in _ENTITIES:
        variables = getattr(state, group)._fields if group else ()
        said = block if isinstance(block, str) else sentence(block)
        yield name, said, ", ".join(f"`{each}`" for each in variables)


def measure_table() -> str:
    """The measures with unit and meaning."""
    rows = [(name, one.unit, one.meaning.replace("{}", "...")) for name, one in measures.MEASURES.items()]
    return table(("measure", "unit", "meaning"), rows)


def event_kinds() -> Iterator[tuple[str, str]]:
    """Kinds of event in the order in which they happen within an instant: name, and what happens then."""
    own = {"NOTICE": closings.announce_end, "EXAMINED": "An examination ends.", "RECORD": "The state is recorded."}
    own |= {"APPLICATION": "A venue joins the queue of an office.", "WITHDRAWAL": "It leaves that queue."}
    own |= {"CASE_OPENED": "A case joins the queue of an agency."}
    for name, number in vars(events).items():
        if name.isupper() and isinstance(number, int) and not name.startswith("_"):
            said = own.get(name) or getattr(dispatch, f"on_{name.lower()}")
            yield name.lower().replace("_", " "), said if isinstance(said, str) else sentence(said)


def submodel_name(module: ModuleType) -> str:
    """`traders/demand` of `sim.model.traders.demand`."""
    return module.__name__.removeprefix("sim.model.").replace(".", "/")
