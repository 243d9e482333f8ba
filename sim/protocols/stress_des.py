"""The checklist for discrete-event simulations, STRESS-DES, filled in from a scenario and an experiment.

Monks et al. (2019), *Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines*,
Journal of Simulation 13(1) 55-67.
"""

from __future__ import annotations

from sim.clock import days_from
from sim.model import initial, random
from sim.protocols import model_text as model
from sim.protocols import scenario_text as tables
from sim.protocols.description_source import Described, Experiment
from sim.protocols.experiment_text import NOTHING_RUN, design, estimation, reproduction, software
from sim.protocols.markdown import bullets, literal, section, table
from sim.scenario.scenario import Scenario

_ASSUMPTIONS = (
    "Segments are fluid: single traders are not followed, and shares are never renormalised.",
    "Exchanges know the shares and the announcements, and believe in hazards that they learn from others.",
    "Inspectors and officers work on one case or application each, in the order of arrival.",
    "Volumes that a scenario gives from outside move no share.",
)
_DIAGRAM = """\
scenario and policy -> levers over time -> traders' shares  -> measures
                                       \\-> exchanges' decisions -> venues, cases, applications -/"""
_LOGIC = "See the ODD description, sections 3 and 7."
_QUEUES = "One per agency and per office, first come first served, without limit; applicants may give up."
_ENTRY = (
    "Exchanges enter on given dates or when it pays (latent ones), and leave by the strategy `exit`. Cases enter when a"
    " venue is detected, applications when a venue needs a licence."
)
_PREPROCESSING = "None beyond units: quantities are read with their units into days and volume x days."
_NO_WARM_UP = "There is no warm-up: the system is not in a steady state, and its beginning is part of the history."
_EXECUTION = (
    "Event scheduling with a priority queue; ties are broken by kind of event, then by subject. Two engines, SimPy"
    " processes and a compiled loop, give the same results to the last bit."
)
_SHARING = "The program is free software under the MIT licence and comes with the scenario files. To make it again:"


def stress_des(described: Described) -> str:
    """The checklist as Markdown, with the numbers of its sections."""
    scenario = described.scenario
    parts = (_objectives(described), _logic(scenario), _data(scenario), _experimentation(described))
    head = section(1, f"STRESS-DES checklist of {scenario.name}")
    return "\n".join([head, *parts, _implementation(described.experiment)])


def _objectives(described: Described) -> str:
    return "\n".join([
        section(2, "1. Objectives"),
        section(3, "1.1 Purpose of the model", described.scenario.description or "Not stated in the scenario."),
        section(3, "1.2 Model outputs", model.measure_table()),
        section(3, "1.3 Experimentation aims", _aims(described)),
    ])  # fmt: skip


def _aims(described: Described) -> str:
    if described.experiment is None:
        return f"The policies of the scenario: {', '.join(f'`{name}`' for name in described.scenario.policies)}."
    if described.experiment.kind == "run":
        return "One history of one policy; no comparison is made."
    first, *others = described.experiment.replications
    return f"Compare {', '.join(f'`{name}`' for name in others) or 'no policy'} with `{first}`."


def _logic(scenario: Scenario) -> str:
    servers = [f"`{each.id}`: inspectors, {each.capacity}, who work on cases" for each in scenario.agencies]
    servers += [f"`{each.id}`: officers, {each.officers}, who examine applications" for each in scenario.offices]
    algorithms = (f"{model.submodel_name(each)}: {model.sentence(each)}" for each in model.SUBMODELS)
    return "\n".join([
        section(2, "2. Logic"),
        section(3, "2.1 Base model overview diagram", literal(_DIAGRAM)),
        section(3, "2.2 Base model logic", _LOGIC),
        section(3, "2.3 Scenario logic", *(f"**{name}**\n\n{text}" for name, text in tables.policy_tables(scenario))),
        section(3, "2.4 Algorithms", bullets(algorithms)),
        section(3, "2.5.1 Entities", table(("entities", "number"), list(tables.counts(scenario).items()))),
        section(3, "2.5.2 Activities", table(("event", "what happens"), list(model.event_kinds()))),
        section(3, "2.5.3 Resources", bullets(servers) or "None: nobody enforces and nobody licenses."),
        section(3, "2.5.4 Queues", _QUEUES),
        section(3, "2.5.5 Entry and exit points", _ENTRY),
    ])  # fmt: skip


def _data(scenario: Scenario) -> str:
    ranges = ("Ranges of what is uncertain:", tables.range_table(scenario))
    return "\n".join([
        section(2, "3. Data"),
        section(3, "3.1 Data sources", bullets(tables.source_list(scenario)) or "None named in the scenario."),
        section(3, "3.2 Pre-processing", _PREPROCESSING),
        section(3, "3.3 Input parameters", tables.parameter_table(scenario), *ranges),
        section(3, "3.4 Assumptions", bullets(_ASSUMPTIONS)),
    ])  # fmt: skip


def _experimentation(described: Described) -> str:
    scenario, experiment = described.scenario, described.experiment
    span = f"{scenario.start:%Y-%m-%d} to {scenario.end:%Y-%m-%d}"
    length = f"{days_from(scenario.start, scenario.end):g} days, {span}; terminating."
    return "\n".join([
        section(2, "4. Experimentation"),
        section(3, "4.1 Initialisation", f"{model.sentence(initial)} {_NO_WARM_UP}"),
        section(3, "4.2 Run length", length),
        section(3, "4.3 Estimation approach", design(experiment), estimation(experiment)),
    ])  # fmt: skip


def _implementation(experiment: Experiment | None) -> str:
    return "\n".join([
        section(2, "5. Implementation"),
        section(3, "5.1 Software or programming language", software(experiment)),
        section(3, "5.2 Random sampling", model.said_of(random)),
        section(3, "5.3 Model execution", _EXECUTION),
        section(3, "5.4 System specification", experiment.platform if experiment else NOTHING_RUN),
        section(2, "6. Code access"),
        section(3, "6.1 Computer model sharing statement", _SHARING, reproduction(experiment)),
    ])  # fmt: skip
