"""What figures call interventions, policies, exchanges and places; which run or study they show; notes on studies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sim.plot.fonts import drawable
from sim.plot.style import capital, readable
from sim.plurals import counted
from sim.results.run import Run
from sim.scenario.policy.interventions import Intervention
from sim.scenario.scenario import Scenario
from sim.study.study import Study
from sim.suggest import check_known

BASELINE = "baseline"
LONGEST = 40
"""Most characters of a name in a sentence or beside a line; a longer one is cut in its middle."""


def cut(name: str) -> str:
    """The name with an ellipsis in its middle if it has more characters than that."""
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[:half].rstrip()}\u2026{name[1 - half :].lstrip()}"


def label(name: str | None, otherwise: str) -> str:
    """A name if there is one that fonts can show, else what is put in its place."""
    return name if name and drawable(name) else otherwise


def intervention_labels(scenario: Scenario, policy: str) -> dict[str, str]:
    """Labels of the interventions of a policy by id, those on ladders included."""
    return {item.id: intervention_label(item) for item in _interventions(scenario, policy)}


def own_labels(scenario: Scenario, policy: str) -> dict[str, str]:
    """Labels of those that have a name of their own; names of policies are made of the ids of the others."""
    return {item.id: intervention_label(item) for item in _interventions(scenario, policy) if item.name}


def _interventions(scenario: Scenario, policy: str) -> Iterator[Intervention]:
    own = scenario.policies[policy]
    yield from own.interventions
    yield from (item for rule in own.rules for step in rule.steps for item in step)


def intervention_label(item: Intervention) -> str:
    """The name of an intervention, or its id as words, at most `LONGEST` characters."""
    return cut(label(item.name, readable(item.id)))


def policy_labels(scenario: Scenario, policies: Iterable[str]) -> dict[str, str]:
    """Labels of policies by the name under which they stand; that itself where two have the same name."""
    own = {policy: scenario.policies.get(policy) for policy in policies}
    labels = {policy: label(found.name if found else None, policy) for policy, found in own.items()}
    often = Counter(labels.values())
    return {policy: words if often[words] == 1 else policy for policy, words in labels.items()}


def names_of(entries: Iterable[object], ids: Iterable[str], otherwise: Mapping[str, str]) -> list[str]:
    """Labels of exchanges or jurisdictions, in the order of their ids, at most `LONGEST` characters each."""
    names = {getattr(entry, "id", None): getattr(entry, "name", None) for entry in entries}
    return [cut(label(names.get(id_), otherwise.get(id_, id_))) for id_ in ids]


_CONSTANT_DEMAND = "; shares at the demand of the first day"
"""Shares follow traders, not how much each of them trades."""


def run_source(run: Run, shares: bool = False) -> str:
    """Which history a figure shows, and what its shares are of."""
    policy = cut(policy_labels(run.scenario, [run.policy])[run.policy])
    words = f"{_scenario(run.scenario)}, policy {policy}, seed {run.seed}, replication {run.replication}"
    return words + _CONSTANT_DEMAND * shares


def study_source(study: Study, shares: bool = False) -> str:
    """Which study a figure shows, and what its shares are of."""
    draws = "" if study.draws is None else f", {study.draws:,} draws of uncertain parameters"
    return (
        f"{_scenario(study.scenario)}, seed {study.seed}, {replication_words(study)}{draws}{_CONSTANT_DEMAND * shares}"
    )


def scenario_source(scenario: Scenario, replications: int) -> str:
    """Which scenario and how many replications a figure shows."""
    return f"{_scenario(scenario)}, {counted(replications, 'replication')}"


def replication_words(study: Study) -> str:
    """How many replications there are: "100 replications", "60 to 100 replications"."""
    counts = sorted(set(study.replications.values()))
    return f"{counts[0]:,} to {counts[-1]:,} replications" if counts[1:] else counted(counts[0], "replication")


def _scenario(scenario: Scenario) -> str:
    return cut(label(scenario.name, "a scenario"))


def policy_words(policy: str) -> str:
    """The label of a policy within a sentence; the baseline takes an article."""
    return "the baseline" if policy == BASELINE else cut(policy)


def as_sentence(words: str, names: Iterable[str]) -> str:
    """A finding with a capital, unless it begins with a name, which stays as it is written."""
    return words if words.startswith(tuple(names)) else capital(words)


def scope_note(scope: str) -> str:
    """What intervals cover, as a sentence below a figure."""
    return f"{capital(scope).replace('`', '')}."


def study_notes(study: Study) -> tuple[str, ...]:
    """Notes on what the spread of a study covers, and on replications that failed, if any did."""
    scope = scope_note(study.interval_scope)
    if not study.failed:
        return (scope,)
    counts = {policy: sum(failure.policy == policy for failure in study.failed) for policy in study.policies}
    words = ", ".join(f"{count} of {policy}" for policy, count in counts.items() if count)
    return scope, f"Replications that failed are left out: {words} (study.failures() tells why)."


def remark_notes(study: Study, measure: str) -> list[str]:
    """Notes on means of a measure outside of its usual bounds, such as a leakage of more than all that was lost."""
    labels = policy_labels(study.scenario, study.policies)
    return [
        f"{capital(readable(measure))} under {policy_words(labels[policy])}: {words.partition(': ')[2]}."
        for policy, words in study.remarks(measure).items()
    ]


def named_policies(study: Study, policies: Sequence[str] | None) -> dict[str, str]:
    """Labels of the policies of these names, or of all if none are named. Raises KeyError for an unknown name."""
    for policy in policies or ():
        check_known(policy, study.policies, "policy", error=KeyError)
    return policy_labels(study.scenario, study.policies if policies is None else policies)
