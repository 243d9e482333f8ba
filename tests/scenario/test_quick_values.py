"""Values set in a scenario that is loaded: what is read anew is less than the whole, and gives the same bits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

import sim
from sim.scenario import scenario as reading
from sim.scenario.checks.references import can_be_a_name
from sim.scenario.document.tree import Node
from sim.scenario.fields import as_tree
from sim.scenario.ranges import between, size_of
from sim.schedule.expand import expand
from sim.study.statistics.parameter_draws import Draws
from sim.world import build
from sim.world.build import varied_world, world_of
from sim.world.build.interventions import interventions_of
from sim.world.build.names import names_of
from sim.world.build.regulators import rules_of

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
SHIPPED = sorted(path.stem for path in CONFIGS.glob("*.yaml") if not path.stem.endswith("_world"))


def in_full(scenario: sim.Scenario, values: dict[str, object]) -> sim.Scenario:
    """The scenario with these values, all of it read and checked."""
    with patch.object(reading, "_is_plain_quantity", return_value=False):
        return scenario.with_values(values)


def numbers(record: Any) -> Iterator[Any]:
    """All numbers of a record and those in it, arrays as bytes, so that NaN is NaN and -0 is not 0."""
    for value in record:
        if isinstance(value, tuple):
            yield from numbers(value)
        else:
            yield (value.dtype, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value


def agree(scenario: sim.Scenario, values: dict[str, object]) -> bool:
    """Whether both ways give the same scenario and world, or both refuse in the same words."""
    try:
        full = in_full(scenario, values)
    except sim.ScenarioError as error:
        with pytest.raises(sim.ScenarioError) as found:
            scenario.with_values(values)
        return str(found.value) == str(error)
    quick = scenario.with_values(values)
    policy = list(scenario.policies)[-1]
    varied = varied_world(scenario, world_of(scenario, policy), quick, policy)
    return quick == full and list(numbers(varied)) == list(numbers(world_of(full, policy)[0]))


def quantities(node: Node, path: str = "") -> Iterator[tuple[str, object]]:
    """All quantities of a tree outside of policies, by path."""
    for step, child in node.parts:
        name = child.item_id if isinstance(step, int) and child.item_id else str(step)
        if not path and name in ("policies", "uncertainties"):
            continue
        inside = f"{path}.{name}" if path else name
        if isinstance(child.value, int | float | str) and size_of(child.value) is not None:
            yield inside, child.value
        yield from quantities(child, inside)


@pytest.mark.parametrize("name", SHIPPED)
def test_all_uncertain_values_of_a_shipped_scenario(name: str) -> None:
    scenario = sim.load(CONFIGS / f"{name}.yaml")
    ranges = {path: given for path, given in scenario.uncertainties.items() if not path.startswith("policies.")}
    values = {path: between(path, *given.between, 0.3) for path, given in ranges.items()}
    with patch.object(reading, "validated", side_effect=reading.validated) as read:
        scenario.with_values(values)
    assert all(call.args[0] is not sim.Scenario for call in read.call_args_list), "not the quick way"
    assert agree(scenario, values)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_world_of_a_draw_is_built_from_that_of_the_file_and_has_the_same_bits(name: str) -> None:
    """With all that is uncertain, values of interventions too, against a world of all of the file read with these values."""
    scenario = sim.load(CONFIGS / f"{name}.yaml")
    draws = Draws(scenario, 0, 2)
    draws.worlds("baseline", 0, 1)
    with patch.object(build, "world_of", side_effect=AssertionError("built from the beginning")):
        (world,) = draws.worlds("baseline", 1, 1)
    whole = in_full(scenario, dict(draws.values(1)))
    assert list(numbers(world)) == list(numbers(world_of(whole, "baseline")[0]))


def test_each_quantity_of_a_scenario_by_itself() -> None:
    """A third up, so that some contradict others, as shares of one do; every fifth is negative."""
    scenario = sim.load(CONFIGS / "minimal.yaml")
    found = dict(quantities(as_tree(scenario)))
    assert len(found) > 30
    for n, (path, value) in enumerate(found.items()):
        number, _, unit = str(value).partition(" ")
        new = (-1.0 if n % 5 == 0 else 1.3) * (size_of(number) or 0.5)
        assert agree(scenario, {path: f"{new} {unit}" if unit else new}), path


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("exchanges.a.host", True),
        ("exchanges.a.hosts.0", True),
        ("segments.b.id", True),
        ("exchanges.c.count", True),
        ("segments.b.rails.bank", False),
        ("decisions.temperature", False),
    ],
)
def test_what_may_be_a_name(path: str, names: bool) -> None:
    assert can_be_a_name(path) is names


def test_a_count_moves_the_names_and_builds_the_world_from_the_beginning() -> None:
    scenario = sim.load(CONFIGS / "minimal.yaml")
    group = next(each for each in scenario.exchanges if each.group is not None)
    more = scenario.with_values({f"exchanges.{group.group}.count": group.count + 1})
    varied = varied_world(scenario, world_of(scenario, "baseline"), more, "baseline")
    assert len(varied.exchanges.key) == len(world_of(scenario, "baseline")[0].exchanges.key) + 1
    assert list(numbers(varied)) == list(numbers(world_of(more, "baseline")[0]))


def test_interventions_and_rules_read_no_block_that_may_vary_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = sim.load(CONFIGS / "china_2017.yaml")
    names = names_of(scenario, expand(scenario, "baseline"))
    read: set[str] = set()

    def recorded(self: sim.Scenario, name: str) -> Any:
        read.add(name)
        return object.__getattribute__(self, name)

    monkeypatch.setattr(sim.Scenario, "__getattribute__", recorded, raising=False)
    schedule = expand(scenario, "baseline")
    interventions_of(scenario, schedule, names)
    rules_of(scenario, schedule)
    assert {"policies", "kinds", "start"} <= read
    assert not read & build._NOT_IN_INTERVENTIONS
