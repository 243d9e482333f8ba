"""The description of the model and a scenario by the ODD protocol.

Grimm et al. (2020), *The ODD protocol for describing agent-based and other simulation models: a second update*, Journal
of Artificial Societies and Social Simulation 23(2) 7.
"""

from __future__ import annotations

from sim.clock import days_from
from sim.model import initial, random
from sim.model.exchanges import beliefs, option_values
from sim.protocols import model_text as model
from sim.protocols import scenario_text as tables
from sim.protocols.description_source import Described
from sim.protocols.experiment_text import estimation
from sim.protocols.markdown import bullets, paragraphs_of, section, table
from sim.scenario.values.units import write_days

_QUESTION = (
    "What happens to a market when regulators put pressure on its exchanges: which of them close, move abroad, turn to"
    " brokered trade, hide or apply for a licence, and where their traders go."
)
_SCHEDULING = (
    "Events are processed in the order of their times. At the same instant, kinds happen in this order, and within a"
    " kind by subject:"
)
_CONCEPTS = {
    "Basic principles": "Traders choose among venues by a logit and reconsider at a rate; exchanges maximise expected "
    "profit against the perceived hazard of being shut; regulators have limited capacity and work in queues.",
    "Emergence": "Where trade goes, which exchanges close, move, hide or apply, and how long cases wait follow from "
    "these choices. Nothing states leakage or suppression.",
    "Adaptation": "Traders reconsider; exchanges decide anew on news, at reviews, and after losses and sanctions; "
    "agencies with an adaptive rule take the next step of a ladder when an indicator passes a threshold.",
    "Objectives": model.sentence(option_values) + " Traders maximise random utility.",
    "Learning": model.sentence(beliefs),
    "Prediction": "Exchanges expect demand as it would be with their own venues changed and all else equal, over their "
    "horizon; they expect prohibitions, risks and hazards that are announced to come, and frictions, fees and taxes as "
    "they bear on traders.",
    "Sensing": "Announcements, what is done to others, own volume and licence decisions are known to exchanges; an "
    "agency knows what it has detected, and its indicators with a lag.",
    "Interaction": "Exchanges compete for the same traders. Users of a venue that ends choose anew. Cases and "
    "applications share the capacity of agencies and offices.",
    "Stochasticity": model.sentence(random),
    "Collectives": "Segments are groups of like traders, represented by shares. Exchanges may be given as groups, "
    "whose members decide each for itself.",
}


def odd(described: Described) -> str:
    """The description as Markdown."""
    first_day = (section(3, heading, text) for heading, text in tables.entity_tables(described.scenario))
    return "\n".join([
        section(1, f"ODD description of {described.scenario.name}"),
        _purpose(described),
        _entities(described),
        _processes(),
        _concepts(described),
        section(2, "5. Initialization", model.sentence(initial), "\n".join(first_day)),
        _input(described),
        _submodels(),
    ])  # fmt: skip


def _purpose(described: Described) -> str:
    patterns = ("Patterns are read as these measures:", model.measure_table())
    return section(2, "1. Purpose and patterns", _QUESTION, described.scenario.description, *patterns)


def _entities(described: Described) -> str:
    scenario = described.scenario
    entities = table(("entity", "is", "state variables"), model.entities())
    numbers = table(("entities", "number"), list(tables.counts(scenario).items()))
    days = days_from(scenario.start, scenario.end)
    scales = (
        f"Time is continuous, in days, from {scenario.start:%Y-%m-%d} to {scenario.end:%Y-%m-%d} ({days:g} days). Space"
        f" is the list of jurisdictions; the focal one is `{scenario.focal}`. Volumes are in {scenario.volume_unit}."
    )
    return section(2, "2. Entities, state variables, and scales", entities, numbers, scales)


def _processes() -> str:
    happens = table(("event", "what happens"), list(model.event_kinds()))
    return section(2, "3. Process overview and scheduling", _SCHEDULING, happens)


def _concepts(described: Described) -> str:
    every = write_days(described.scenario.record.every)
    observed = f"The state is recorded once every {every}, and each event and decision when it happens. "
    concepts = [*_CONCEPTS.items(), ("Observation", observed + estimation(described.experiment))]
    return section(2, "4. Design concepts", bullets(f"**{name}.** {said}" for name, said in concepts))


def _input(described: Described) -> str:
    scenario = described.scenario
    policies = "\n".join(section(3, f"Policy {name}", text) for name, text in tables.policy_tables(scenario))
    paths = [each.id for each in scenario.segments if not isinstance(each.volume, float)]
    said = f"Volumes that change from outside: {', '.join(paths)}." if paths else "No volume changes from outside."
    return section(2, "6. Input data", f"{said} What regulators do is input, too:", policies)


def _submodels() -> str:
    parts = [section(3, model.submodel_name(each), paragraphs_of(model.said_of(each))) for each in model.SUBMODELS]
    return section(2, "7. Submodels", "From the source, one part of it each.", "\n".join(parts))
