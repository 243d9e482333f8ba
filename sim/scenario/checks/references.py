"""Names that one part of a scenario uses for another: each must exist, and each must be given once.

The rules are two tables of patterns over the tree. `*` stands for every entry or item, a final `!` for the
keys of a mapping rather than its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sim.scenario.document.tree import Node, problem
from sim.scenario.errors import Path, Problem
from sim.scenario.policy.interventions import builtin_kinds
from sim.scenario.values.units import parse_count
from sim.suggest import meant_or_listed

_INTERVENTIONS = ("policies.*.interventions.*", "policies.*.rules.*.steps.*.*")
_TARGETS = (*(f"{pattern}.target" for pattern in _INTERVENTIONS), "kinds.*.target")

DEFINED: Mapping[str, tuple[str, ...]] = {
    "jurisdiction": ("jurisdictions.*.id",),
    "region": ("jurisdictions.*.regions.!",),
    "agency": ("agencies.*.id",),
    "office": ("offices.*.id",),
    "segment": ("segments.*.id",),
    "exchange or group": ("exchanges.*.id", "exchanges.*.group"),
    "rail": ("segments.*.rails.!",),
    "channel": ("segments.*.channels.!",),
    "product or service": ("segments.*.needs.!", "exchanges.*.offers.*"),
    "kind": ("kinds.!",),
}
"""Where the names of each sort of thing come from."""

USED: Mapping[str, tuple[str, ...]] = {
    "jurisdiction": (
        "focal",
        "agencies.*.jurisdiction",
        "offices.*.jurisdiction",
        "segments.*.home",
        "exchanges.*.home",
        "exchanges.*.host",
        "exchanges.*.hosts.*",
        *(f"{target}.jurisdictions.*" for target in _TARGETS),
    ),
    "region": ("exchanges.*.region", "exchanges.*.region.choice.!", *(f"{each}.regions.*" for each in _TARGETS)),
    "agency": ("offices.*.agency", *(f"{pattern}.by" for pattern in _INTERVENTIONS), "policies.*.rules.*.by"),
    "office": ("jurisdictions.*.office", *(f"{pattern}.offices.*" for pattern in _INTERVENTIONS)),
    "segment": ("exchanges.*.audience.!", *(f"{target}.segments.*" for target in _TARGETS)),
    "exchange or group": (
        "segments.*.first_day.*.!",
        "offices.*.eligible.*",
        "offices.*.refuses.*",
        "offices.*.holders.*",
        *(f"{target}.exchanges.*" for target in _TARGETS),
    ),
    "rail": tuple(f"{target}.rails.*" for target in _TARGETS),
    "channel": tuple(f"{target}.channels.*" for target in _TARGETS),
    "product or service": (
        "jurisdictions.*.unwelcome.!",
        "offices.*.products.*",
        *(f"{target}.products.*" for target in _TARGETS),
    ),
    "kind": tuple(f"{pattern}.kind" for pattern in _INTERVENTIONS),
}
"""Where the names of each sort of thing are used."""

_ONCE = ("jurisdiction", "agency", "office", "segment", "exchange or group", "region")
"""What is given once at most: ids, and regions, which are found without their country."""


def check_references(root: Node) -> list[Problem]:
    """Every name that does not exist, and every id given twice."""
    return [*_unknown(root), *_twice(root)]


@cache
def can_be_a_name(path: str) -> bool:
    """Whether what stands at a dotted path may be a name, or decides which names there are, as a count does.

    Keys are left out: setting a value by its path makes none.
    """
    steps = path.split(".")
    patterns = (each.split(".") for table in (DEFINED, USED) for patterns in table.values() for each in patterns)
    return steps[-1] == "count" or any(_fits(steps, pattern) for pattern in patterns)


def _fits(steps: list[str], pattern: list[str]) -> bool:
    return len(steps) == len(pattern) and all(
        wanted in ("*", step) for step, wanted in zip(steps, pattern, strict=True)
    )


def _unknown(root: Node) -> Iterator[Problem]:
    for sort, patterns in USED.items():
        known = {name for _, name in _all_matches(root, DEFINED[sort])}
        known |= builtin_kinds().keys() if sort == "kind" else set()
        for pattern in patterns:
            for path, name in _matches(root, tuple(pattern.split("."))):
                if name not in known:
                    hint = meant_or_listed(name, sorted(known))
                    on_key = pattern.endswith("!")
                    yield problem(root, path, f"no {sort} called {name}{hint}", "reference", key=on_key)


def _twice(root: Node) -> Iterator[Problem]:
    for patterns in (DEFINED[sort] for sort in _ONCE):
        yield from _repeated(root, _all_matches(root, patterns), key=patterns[-1].endswith("!"))
    yield from _group_members(root)
    for path, name in _all_matches(root, DEFINED["kind"]):
        if name in builtin_kinds():
            yield problem(root, path, "is the name of a built-in kind; give your own another", "duplicate", key=True)
    policies = root.child("policies")
    for name in policies.entries if policies else ():
        ids = ("interventions.*.id", "rules.*.steps.*.*.id", "rules.*.id")
        yield from _repeated(root, _all_matches(root, ids, ("policies", name)))


def _group_members(root: Node) -> Iterator[Problem]:
    """Exchanges and groups that are called as a member of a group is."""
    block = root.child("exchanges")
    counts = {each.item_id: _count(each) for each in (block.items if block else ()) if each.child("group")}
    for path, name in _all_matches(root, DEFINED["exchange or group"]):
        group, _, number = name.rpartition("-")
        count = counts.get(group, 0)
        if number.isdecimal() and 1 <= int(number) <= count and len(number) == max(2, len(str(count))):
            said = f"the group {group} has a member of this name, its number {int(number)}"
            yield problem(root, path, said, "duplicate")


def _count(group: Node) -> int:
    """How many members a group has; what does not read as a count is left to validation."""
    written = group.child("count")
    try:
        return 1 if written is None else parse_count(written.value)
    except ValueError:
        return 0


def _all_matches(root: Node, patterns: Iterable[str], start: tuple[str, ...] = ()) -> list[tuple[Path, str]]:
    """Paths that fit one of the patterns, which begin at the path `start`, and the names there."""
    return [match for pattern in patterns for match in _matches(root, (*start, *pattern.split(".")))]


def _repeated(root: Node, matches: list[tuple[Path, str]], *, key: bool = False) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in matches:
        if name in seen:
            said = f"the {'name' if key else 'id'} {name} is given a second time"
            yield problem(root, path, said, "duplicate", key=key)
        seen.add(name)


def _matches(node: Node, pattern: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Paths that fit the pattern and the names there; what is not text is left to validation."""
    if not pattern:
        if isinstance(node.value, str):
            yield path, node.value
        return
    step, *rest = pattern
    if step == "!":
        yield from (((*path, name), name) for name in node.entries)
    elif step == "*":
        for key, child in node.parts:
            yield from _matches(child, tuple(rest), (*path, key))
    elif (entry := node.child(step)) is not None:
        yield from _matches(entry, tuple(rest), (*path, step))
