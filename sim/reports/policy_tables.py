"""Policies as dated tables with their sources: the first one whole, of the others what they do differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sim.plot.style import capital, readable
from sim.plot.wording import intervention_label, policy_labels
from sim.plurals import counted
from sim.reports.report_blocks import Block, Paragraphs, Subheading, Table
from sim.scenario.policy.interventions import Intervention, Rule, Target
from sim.scenario.scenario import Scenario
from sim.scenario.values.calendar import moment, write_day, write_end

_HEADS = ("intervention", "by", "announced", "takes effect", "until", "whom it concerns", "what it moves", "source")


def policy_blocks(scenario: Scenario, policies: Sequence[str]) -> tuple[Block, ...]:
    """A table for each of the policies: of the first all that it does, of the others what they do differently."""
    labels = policy_labels(scenario, policies)
    first, *others = policies
    blocks = [*_whole(scenario, first, labels[first])]
    for policy in others:
        blocks += _differences(scenario, policy, first, labels)
    return tuple(blocks)


def _whole(scenario: Scenario, policy: str, label: str) -> Iterator[Block]:
    own = scenario.policies[policy]
    yield Subheading(capital(label))
    yield from _described(own.description)
    rows = [_row(scenario, item) for item in _by_date(scenario, own.interventions)]
    if rows:
        yield Table(f"{capital(label)}: interventions by date", _HEADS, tuple(rows), dates=frozenset({2, 3, 4}))
    yield from _rules(scenario, own.rules, label)


def _differences(scenario: Scenario, policy: str, first: str, labels: Mapping[str, str]) -> Iterator[Block]:
    own, base = scenario.policies[policy], scenario.policies[first]
    ours, theirs = ({item.id: item for item in each.interventions} for each in (own, base))
    changed = [item for item in ours.values() if theirs.get(item.id) != item]
    left_out = [item for item in theirs.values() if item.id not in ours]
    same = len(ours) - len(changed)
    kept = f"{counted(same, 'intervention')} as under {labels[first]}." if same else ""
    yield Subheading(capital(labels[policy]))
    yield from _described(own.description)
    yield Paragraphs((kept or f"Nothing of {labels[first]} is kept.",))
    rows = []
    for item in _by_date(scenario, changed + left_out):
        status = "left out" if item.id not in ours else "changed" if item.id in theirs else "new"
        name, *cells = _row(scenario, item)
        rows.append((name, f"{status}{_was(scenario, item, theirs.get(item.id))}", *cells))
    if rows:
        heads = (_HEADS[0], f"against {labels[first]}", *_HEADS[1:])
        caption = f"{capital(labels[policy])}: what differs from {labels[first]}"
        yield Table(caption, heads, tuple(rows), dates=frozenset({3, 4, 5}))
    yield from _rules(scenario, [rule for rule in own.rules if rule not in base.rules], labels[policy])


def _described(description: str) -> Iterator[Block]:
    if words := description.strip():
        yield Paragraphs((f"{capital(words.rstrip('.'))}.",))


def _was(scenario: Scenario, item: Intervention, before: Intervention | None) -> str:
    """When it was under the first policy, if it was and the date is another."""
    if before is None or before is item or _begin(scenario, before) == _begin(scenario, item):
        return ""
    return f", was {_date(_begin(scenario, before))}"


def _begin(scenario: Scenario, item: Intervention) -> datetime:
    when = item.announced or item.effective
    return scenario.start if when is None else moment(when, scenario.start)


def _by_date(scenario: Scenario, items: Iterable[Intervention]) -> list[Intervention]:
    return sorted(items, key=lambda item: (_begin(scenario, item), item.id))


def _row(scenario: Scenario, item: Intervention) -> tuple[str, ...]:
    filled = scenario.with_kind(item)
    kind = readable(item.kind)
    label = capital(intervention_label(item))
    until = item.until or item.deadline
    return (
        label if label.lower() == kind.lower() else f"{label} ({kind})",
        _name(scenario.agencies, item.by),
        _when(item.announced, scenario.start) or _when(item.effective, scenario.start),
        _when(item.effective, scenario.start) or _when(item.announced, scenario.start),
        f"{_end(until, scenario.start)}{' (deadline)' if until and not item.until else ''}",
        _target_words(scenario, filled.target),
        _moves_words(filled),
        "; ".join(words for words in (item.source, item.note) if words) or "none given",
    )


def _when(when: datetime | timedelta | None, start: datetime) -> str:
    return "" if when is None else _date(moment(when, start))


def _end(end: datetime | timedelta | None, start: datetime) -> str:
    """The last day, where something ends with a day."""
    return "" if end is None else write_end(moment(end, start)).split(" ")[0]


def _date(day: datetime) -> str:
    return write_day(day).split(" ")[0]


def _name(entries: Iterable[Any], id_: str | None) -> str:
    return "" if id_ is None else next((each.name or id_ for each in entries if each.id == id_), id_)


def _target_words(scenario: Scenario, target: Target | None) -> str:
    """Whom it concerns: what is not named is not narrowed."""
    if target is None:
        return "all"
    words = []
    for key, values in target:
        if values is not None:
            names = [_name(scenario.jurisdictions, v) if key == "jurisdictions" else str(v) for v in values]
            words.append(f"{key}: {', '.join(names)}")
    return "; ".join(words) or "all"


def _moves_words(item: Intervention) -> str:
    """The levers it moves and how far, what happens to who is detected, and how much of the targets it reaches."""
    words = [f"{readable(lever)} {_amount(value)}" for lever, value in item.moves if value is not None]
    if item.enforcement:
        words.append(f"enforced by {readable(item.enforcement.action)}")
    parts = {name: getattr(item, name) for name in ("coverage", "efficacy", "intensity")}
    words += [f"{name} {value:g}" for name, value in parts.items() if value != 1.0]
    return ", ".join(words) or "news only"


def _amount(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _rules(scenario: Scenario, rules: Sequence[Rule], label: str) -> Iterator[Block]:
    if rules:
        heads = ("rule", "by", "when", "steps", "source")
        rows = tuple(_rule_row(scenario, rule) for rule in rules)
        yield Table(f"{capital(label)}: adaptive rules", heads, rows)


def _rule_row(scenario: Scenario, rule: Rule) -> tuple[str, ...]:
    when = rule.when
    bounds = [f"{word} {value:g}" for word in ("above", "below") if (value := getattr(when, word)) is not None]
    held = f" for {when.hold:g} days" if when.hold else ""
    steps = [
        " and ".join(f"{intervention_label(item)} ({readable(item.kind)})" for item in step) for step in rule.steps
    ]
    return (
        capital(readable(rule.id)),
        _name(scenario.agencies, rule.by),
        f"{readable(when.indicator)} {' or '.join(bounds)}{held}",
        "; then ".join(steps),
        rule.source or "none given",
    )
