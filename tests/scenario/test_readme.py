"""The examples in configs/README.md do what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.results.first_day import first_day_of
from sim.scenario.checks.lint import lint
from sim.scenario.scenario import loads
from sim.world.build import world_of

CONFIGS = Path(__file__).parents[2] / "configs"
FRAME = """\
schema: 1
name: example
start: 2020-01-01
end: 2020-12-31
focal: homeland
jurisdictions: [{id: homeland}, {id: harbour}]
exchanges:
  - {id: alpha, home: homeland}
  - {id: beta, home: homeland}
  - {group: small, count: 5, home: homeland, brand: {normal: {mean: -4, sd: 0.4}}}
  - {group: site, count: 3, home: homeland, strategy: otc, brand: {normal: {mean: -1, sd: 1}}}
  - {id: book, home: harbour, strategy: offshore}
policies: {baseline: []}
"""
"""A country around the traders of the example."""
README = (CONFIGS / "README.md").read_text(encoding="utf-8")


def block(language: str, first: str = "") -> str:
    """The first block of code in a language, of those that begin with `first`."""
    found = re.search(rf"```{language}\n({first}.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_policy_in_yaml_loads_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS)
    name = "example"
    written = block("yaml", "payments_first:").replace("payments_first:", f"{name}:", 1)
    text = (CONFIGS / "china_2017.yaml").read_text(encoding="utf-8")
    indented = "".join(f"  {line}\n" for line in written.splitlines())
    scenario = loads(text.replace("\npolicies:\n", f"\npolicies:\n{indented}", 1))
    assert lint(scenario) == []
    baseline, policy = scenario.policies["baseline"], scenario.policies[name]
    assert {*policy.ids} == {*baseline.ids, "alert"} - {"rumour"}


def test_the_first_day_in_yaml_has_its_volumes() -> None:
    world, names = world_of(loads(FRAME + block("yaml", "segments:")), "baseline")
    volume = first_day_of(world).volume[0]
    assert volume[names.exchange_ids.index("alpha"), 0] == pytest.approx(9000, rel=1e-9)
    assert volume.sum(axis=0) == pytest.approx([13_500, 400, 1000], rel=1e-9)


@pytest.mark.slow
def test_the_example_in_python_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CONFIGS.parent)
    names: dict[str, Any] = {"sim": sim}
    exec(block("python"), names)
    assert {"early payments", "half the blocks"} <= set(names["scenario"].policies)
    assert names["half"].replace("site-blocks", {"intensity": 1}) == names["baseline"].replace(
        "site-blocks", {"intensity": 1}
    )
