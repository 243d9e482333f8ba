"""`regpressure new`: a scenario of one's own to begin with, which is right and means something."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.checks.lint import lint
from sim.scenario.document.tree import Node
from sim.scenario.fields import as_tree
from sim.study.do_nothing import do_nothing

TAGS = ("yours", "fit", "prior", "default")
"""Where a value may come from."""
TEXT = ("schema", "name", "description", "id", "source", "kind", "by", "home")
"""Keys whose values are names and words."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_is_valid_and_nothing_moves_without_a_policy(command: Any) -> None:
    ended = command("new", "mine")
    assert (ended.code, ended.err) == (0, "")
    scenario = sim.load("mine.yaml")
    assert scenario.name == "mine"
    assert (lint(scenario), do_nothing(scenario)) == ([], [])
    home = [exchange for exchange in scenario.exchanges if exchange.home == scenario.focal]
    assert (len(home), scenario.policies["baseline"].interventions[0].kind) == (3, "closure-order")


def test_every_number_in_it_says_where_it_comes_from(command: Any) -> None:
    """The comment at the end of its line names one of `TAGS`; a range has a source of its own."""
    command("new", "mine")
    lines = Path("mine.yaml").read_text(encoding="utf-8").splitlines()

    def numbers(node: Node, key: str = "") -> list[int]:
        if not node.parts:
            return [] if key in TEXT or not re.search(r"\d", str(node.value)) else [node.position.line]
        return [line for step, part in node.parts for line in numbers(part, step if isinstance(step, str) else key)]

    tree = as_tree(sim.load("mine.yaml"))
    own = {line for name, block in tree.entries.items() if name != "uncertainties" for line in numbers(block, name)}
    untold = [lines[line - 1] for line in sorted(own) if not re.search(rf"# .*\b({'|'.join(TAGS)})\b", lines[line - 1])]
    assert [line for line in untold if "drop, change, add" not in line] == []
    assert all(between.source for between in sim.load("mine.yaml").uncertainties.values())


def test_what_is_there_stays(command: Any) -> None:
    Path("mine.yaml").write_text("my work", encoding="utf-8")
    ended = command("new", "mine")
    assert (ended.code, ended.out, ended.err) == (2, "", "error: mine.yaml exists already; choose another name\n")
    assert Path("mine.yaml").read_text(encoding="utf-8") == "my work"


@pytest.mark.parametrize("name", ["my scenario", "../mine", "-", "", "minimal", "behaviour"])
def test_a_name_that_cannot_be_is_refused(command: Any, name: str) -> None:
    ended = command("new", "--", name)
    assert (ended.code, ended.out) == (2, "")
    assert list(Path().iterdir()) == []
