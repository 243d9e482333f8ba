"""Warnings about a scenario that can run, but perhaps not as its author meant it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sim.plurals import first_few
from sim.scenario.checks.idle_interventions import idle_parts, never_in_force, venues_meant
from sim.scenario.document.tree import Node, named, problem, to_plain
from sim.scenario.errors import Finding, Path, Problem, without_repeats
from sim.scenario.fields import ScenarioFields, as_tree
from sim.scenario.policy.dates import begin, written
from sim.scenario.policy.interventions import Intervention
from sim.scenario.policy.policy import dates_of
from sim.scenario.ranges import size_of
from sim.scenario.values.calendar import moment, write_day
from sim.scenario.world.strategies import STRATEGY_VENUES

ABROAD = frozenset({"offshore", "disguised"})
"""Postures that need a host."""
ORDER = (("announced", "effective"), ("effective", "enforced"), ("effective", "deadline"), ("effective", "until"))
"""Pairs of dates of an intervention of which the first should not come after the second."""


def lint(scenario: ScenarioFields) -> list[Problem]:
    """Everything doubtful, in order; with positions if the scenario is as `load` returned it."""
    findings = [*_single_interventions(scenario), *_repeated(scenario), *_unsourced(scenario)]
    findings += _hosts(scenario)
    if scenario.uncertainties:
        findings += _outside_range(as_tree(scenario))
    return sorted(without_repeats(warning_at(scenario, *finding) for finding in findings))


def warning_at(scenario: ScenarioFields, path: Path, message: str, code: str) -> Problem:
    """A warning about what stands at a path, with its position if the scenario is as `load` returned it."""
    return problem(as_tree(scenario), path, message, code, level="warning")


def _single_interventions(scenario: ScenarioFields) -> Iterator[Finding]:
    """Doubts about single interventions."""
    usual = {each.id: each for each in scenario.policies["baseline"].interventions}
    whole = [(path, item, scenario.with_kind(item)) for path, item in scenario.all_interventions()]
    policies = {name: [item for path, _, item in whole if path[1] == name] for name in scenario.policies}
    for path, item, with_kind in whole:
        for path_in, message, code in (
            *_order(item, None if "steps" in path else scenario.start),
            *never_in_force(item, scenario.start, scenario.end),
            *_early(item, usual.get(item.id), scenario.start),
            *(_on_ladder(item) if "steps" in path else ()),
            *_strength(item),
            *_ramp(item, scenario.end),
            *_without_notice(with_kind, scenario),
            *idle_parts(item, with_kind, policies[str(path[1])], scenario),
        ):
            yield (*path, *path_in), message, code


def _order(item: Intervention, start: datetime | None) -> Iterator[Finding]:
    """Dates in an order that makes no sense; offsets count from `start`, or on a ladder from the firing."""
    for first, second in ORDER:
        earlier, later = getattr(item, first), getattr(item, second)
        if first == "effective" and earlier is None:
            first, earlier = "announced", item.announced
        if _after(_counted(earlier, start), _counted(later, start)):
            yield (second,), f"{written(second, later)} is before {first} ({written(first, earlier)})", "date-order"


def _counted(day: datetime | timedelta | None, start: datetime | None) -> datetime | timedelta | None:
    return day if day is None or start is None else moment(day, start)


def _after(one: datetime | timedelta | None, other: datetime | timedelta | None) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    return isinstance(one, timedelta) and isinstance(other, timedelta) and one > other


def _early(item: Intervention, usual: Intervention | None, start: datetime) -> Iterator[Finding]:
    """Interventions that begin within the scenario in the baseline and before it in another policy."""
    before, now = (begin(dates_of(each)) if each else None for each in (usual, item))
    if isinstance(before, datetime) and isinstance(now, datetime) and now < start <= before:
        name, already = ("effective", "in force") if item.announced is None else ("announced", "known")
        said = f"{write_day(now)} is before the scenario starts, so it is {already} from the first day"
        yield (name,), said, "horizon"


def _on_ladder(item: Intervention) -> Iterator[Finding]:
    """Dates of a step of a rule that cannot count from its firing."""
    for name, day in dates_of(item).items():
        if isinstance(day, datetime):
            yield (name,), "a step of a rule counts from the firing; write an offset such as +14 d", "ladder"
        elif day < timedelta(0):
            yield (name,), "is before the rule fires", "ladder"


def _without_notice(item: Intervention, scenario: ScenarioFields) -> Iterator[Finding]:
    """Bans that close venues before their exchanges can react, and so before they can defy them."""
    at_once = item.deadline is None and item.effective in (None, item.announced or item.effective)
    if item.moves.permission != "forbidden" or not at_once:
        return
    closed: dict[str, set[str]] = {}
    for exchange, mode in venues_meant(item, scenario):
        closed.setdefault(exchange.called, set()).add(mode)
    trapped = []
    for each in scenario.exchanges:
        options, modes = each.options or scenario.decisions.options, closed.get(each.called, set())
        others = [STRATEGY_VENUES[option] for option in options if option not in ("defy", "exit")]
        open_at_home = "domestic" in modes and "domestic" in STRATEGY_VENUES[each.strategy]
        if open_at_home and not each.fixed and "defy" in options and all(modes & {*venues} for venues in others):
            trapped.append(each.called)
    if trapped:
        said = f"takes effect at once, so {first_few(trapped, 3)} cannot defy it and can only leave; give it a deadline"
        yield ("announced" if item.announced else "effective",), said, "exit"


def _strength(item: Intervention) -> Iterator[Finding]:
    for name in ("coverage", "efficacy"):
        if getattr(item, name) == 0:
            yield (name,), "is 0, so the intervention does nothing", "powerless"


def _ramp(item: Intervention, end: datetime) -> Iterator[Finding]:
    """Ramps that are cut off by the lifting of the intervention or by the end of the scenario."""
    begin = item.effective or item.announced
    if item.ramp <= 0 or begin is None:
        return
    full = begin + timedelta(days=item.ramp)
    if _after(full, item.until):
        yield ("ramp",), "full strength is not reached before `until`", "ramp"
    elif isinstance(begin, datetime) and begin <= end and _after(full, end):
        yield ("ramp",), f"full strength is not reached before the scenario ends ({write_day(end)})", "ramp"


def _repeated(scenario: ScenarioFields) -> Iterator[Finding]:
    """Interventions of one policy that do the same to the same target on the same dates."""
    for name, policy in scenario.policies.items():
        seen: dict[str, str] = {}
        for index, item in enumerate(policy.interventions):
            what = item.model_dump_json(exclude={"id", "source", "note"})
            if what in seen:
                path: Path = ("policies", name, "interventions", index)
                yield (path, f"does the same as {seen[what]}: kind, target, dates and strength agree", "repeated")
            seen.setdefault(what, item.id)


def _hosts(scenario: ScenarioFields) -> Iterator[Finding]:
    """Exchanges that have nowhere to run a venue abroad, or must leave where they run one."""
    for index, each in enumerate(scenario.exchanges):
        path, hosts = ("exchanges", index), scenario.hosts_of(each)
        options = () if each.fixed else each.options or scenario.decisions.options
        venues = [STRATEGY_VENUES[option].values() for option in options]
        open_to = [found for found in venues if "defy" not in found and (hosts or ABROAD.isdisjoint(found))]
        now = each.host or (each.home if each.home != scenario.focal else None)
        abroad = not ABROAD.isdisjoint(STRATEGY_VENUES[each.strategy].values())
        if not each.fixed and not any(open_to) and any(venues):
            where = "its options are all abroad and it has no hosts" if not hosts else "its options need a prohibition"
            yield path, f"can only leave, at its first review at the latest: {where}", "exit"
        elif abroad and now is None:
            yield path, "is abroad from the start, but has no host; name one under `host`", "host"
        elif abroad and not each.fixed and now not in hosts and "offshore" in STRATEGY_VENUES[each.strategy].values():
            yield path, f"must leave {now} at its first review, which is not among its hosts", "host"


def _unsourced(scenario: ScenarioFields) -> Iterator[Finding]:
    """Items without a source where most have one; policies other than the baseline are hypothetical."""
    blocks: dict[Path, Iterable[object]] = {
        **{(name,): getattr(scenario, name) for name in ("agencies", "offices", "segments", "exchanges")},
        ("policies", "baseline", "interventions"): scenario.policies["baseline"].interventions,
    }
    for path, block in blocks.items():
        bare = [index for index, item in enumerate(block) if not getattr(item, "source", None)]
        if 0 < 2 * len(bare) < len(tuple(block)):
            yield from (((*path, index), "gives no source, as most others here do", "source") for index in bare)


def _outside_range(root: Node) -> Iterator[Finding]:
    """Uncertain values whose own value in the file lies outside the range given for it."""
    ranges = root.child("uncertainties")
    for name, entry in ranges.entries.items() if ranges else ():
        between, value = entry.child("between"), named(root, name)
        low, high = (size_of(end.value) for end in between.items) if between else (None, None)
        size = size_of(to_plain(value)) if value is not None else None
        if low is not None and high is not None and size is not None and not low <= size <= high:
            shown = to_plain(value) if value is not None else ""
            yield ("uncertainties", name), f"the file's own value, {shown}, lies outside this range", "range"
