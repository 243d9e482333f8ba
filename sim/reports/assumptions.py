"""What a scenario assumes: what nobody knows, what is doubtful, and what moves in it without any policy."""

from __future__ import annotations

from collections.abc import Iterator

from sim.plot.style import capital
from sim.plurals import counted
from sim.reports.report_blocks import Block, Paragraphs, Table
from sim.scenario.checks.lint import lint
from sim.scenario.document.tree import Node, named, to_plain
from sim.scenario.errors import Problem
from sim.scenario.fields import as_tree
from sim.scenario.scenario import Scenario
from sim.study.do_nothing import do_nothing

_RANGES = (
    "{} are not known; nothing is known of them but that they lie in these ranges. Every number here uses the values "
    "of the file, unless draws of the uncertain ones are spoken of."
)


def assumption_blocks(scenario: Scenario) -> Iterator[Block]:
    """Uncertain values with ranges and sources, then doubts about the scenario."""
    root = as_tree(scenario)
    if scenario.uncertainties:
        rows = tuple(
            (path, _value_at(root, path), *map(_written, range_.between), range_.source or "none given")
            for path, range_ in scenario.uncertainties.items()
        )
        heads = ("value", "in the file", "from", "to", "source")
        yield Paragraphs((_RANGES.format(capital(counted(len(rows), "value"))),))
        yield Table("Uncertain values", heads, rows, frozenset({1, 2, 3}))
    else:
        yield Paragraphs(("The file names no uncertain values, so no interval here covers what is not known.",))
    if idle := do_nothing(scenario):
        yield Paragraphs(("What moves without any policy (levels of measures contain it, differences do not):",))
        yield Paragraphs(tuple(map(_words, idle)), listed=True)
    if doubts := lint(scenario):
        yield Paragraphs(("What is doubtful in the scenario:",))
        yield Paragraphs(tuple(map(_words, doubts)), listed=True)


def _value_at(root: Node, path: str) -> str:
    node = named(root, path)
    return "not stated" if node is None or node.value is None else _written(to_plain(node))


def _words(doubt: Problem) -> str:
    return f"{doubt.path}: {doubt.message}." if doubt.path else f"{capital(doubt.message)}."


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
