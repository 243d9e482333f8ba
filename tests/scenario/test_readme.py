"""The examples of policies in configs/README.md do what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.checks.lint import lint
from sim.scenario.scenario import loads

CONFIGS = Path(__file__).parents[2] / "configs"
README = (CONFIGS / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of code in a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_policy_in_yaml_loads_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS)
    name = "example"
    written = block("yaml").replace("payments_first:", f"{name}:", 1)
    text = (CONFIGS / "china_2017.yaml").read_text(encoding="utf-8")
    indented = "".join(f"  {line}\n" for line in written.splitlines())
    scenario = loads(text.replace("\npolicies:\n", f"\npolicies:\n{indented}", 1))
    assert lint(scenario) == []
    baseline, policy = scenario.policies["baseline"], scenario.policies[name]
    assert {*policy.ids} == {*baseline.ids, "alert"} - {"rumour"}


@pytest.mark.slow
def test_the_example_in_python_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS.parent)
    names: dict[str, Any] = {"sim": sim}
    exec(block("python"), names)
    assert {"early payments", "half the blocks"} <= set(names["scenario"].policies)
    assert names["half"].replace("site-blocks", {"intensity": 1}) == names["baseline"].replace(
        "site-blocks", {"intensity": 1}
    )
