"""Somebody who has never seen the project reads README.md and the tutorial, types what stands there, and has an answer.

Where a page lets its reader choose how many replications, there are few here; what `docs/own_scenario.md` says that its
commands print is compared with what they print.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.scenario.checks.lint import lint
from tests.pages import blocks, renewed, shown, steps

FEWER = (("--replications 200", "--replications 3"), ("=0.02", "=0.5"))
"""What a reader would want, and what is enough to see that a command works."""


@pytest.fixture
def clone(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a clone holds for a reader, as the working folder."""
    for name in ("README.md", "docs", "configs"):
        (tmp_path / name).symlink_to(root / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(command: Any, line: str) -> str:
    """What a line that is typed prints."""
    program, *arguments = shlex.split(line)
    ended = command(*arguments)
    assert (program, ended.code) == ("regpressure", 0), f"{line}: {ended.err}"
    return str(ended.out)


def test_payments_first_or_closure_first(clone: Path, command: Any) -> None:
    """From the commands of README.md alone to a difference with an interval, in print and as a table."""
    page = Path("README.md").read_text(encoding="utf-8")
    asked = "payments first or closure first?"
    assert asked in page.lower()
    outputs = []
    for line in "".join(blocks(page, "sh")).splitlines():
        for much, few in FEWER:
            line = line.replace(much, few)
        outputs.append(typed(command, line))
    number = r"-?[\d.e+-]+"
    answers = [re.search(rf"payments_first +{number} +({number}) +({number}) to ({number})", text) for text in outputs]
    difference, low, high = (float(part) for part in next(filter(None, answers)).groups())
    assert low <= difference <= high
    table = pd.read_csv("out/orders/differences.csv")
    assert {"payments_first", "suppression"} <= set(table["policy"]) | set(table["measure"])


def test_from_new_to_a_comparison_of_ones_own(clone: Path, command: Any) -> None:
    page = Path("docs/own_scenario.md").read_text(encoding="utf-8")
    for step in steps(page):
        output = [typed(command, line) for line in step.commands][-1]
        if step.printed is not None:
            assert shown(output, step.printed) == step.printed, "python -m tests.pages docs/own_scenario.md"


def test_what_the_tutorial_says_in_words(clone: Path, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own policy is right, its warning is given, and its sums are those of the file."""
    page = Path("docs/own_scenario.md").read_text(encoding="utf-8")
    typed(command, "regpressure new mine")
    monkeypatch.setattr("sim.study.do_nothing._checked", set())  # a warning is given once in a process
    ended = command("run", "mine.yaml", "--set", "decisions.economics.take.domestic=0.1 %")
    assert "its trade moves without any policy, from the first day to the last: domestic 60 % to 40 %" in ended.err
    (policy,) = blocks(page, "yaml")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    Path("mine.yaml").write_text(text.replace("\n# Ranges of what", f"{policy}\n# Ranges of what"), encoding="utf-8")
    mine = sim.load("mine.yaml")
    assert "early_notice" in mine.policies
    assert lint(mine) == []
    earns = 30 * 0.004
    keeps = earns - 60 * 0.00001 - 0.3 * earns
    abroad = 60 * 0.01 + 60 * 0.003 + 20 * earns
    said = f"keeps {keeps:.3f} a day at home, and going abroad costs it {abroad / keeps:.0f} days"
    assert said in " ".join(page.split())


def test_a_page_that_says_something_else_is_seen() -> None:
    page = "```sh\nregpressure run x\n```\n\n```text\nold 1\n…\n```\n"
    (step,) = steps(page)
    assert shown("new 2 \nmore\n", str(step.printed)) == "new 2\n…\n"
    assert renewed(page, lambda command: "new 2 \nmore\n") == page.replace("old 1", "new 2")
