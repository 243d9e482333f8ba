"""The unit of volume is a word: the same country in another unit gives the same shares and measures.

Money is volume x days, so amounts of money are written in the new unit too. Amounts in percent follow by themselves.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.engine.compiled import simulate_batch as compiled
from sim.engine.reference import simulate_batch as reference
from sim.engine.result import Batch
from sim.scenario.document.model_types import alternatives, step_into
from sim.scenario.document.tree import to_plain
from sim.scenario.document.yaml_tree import read_file
from sim.scenario.fields import ScenarioFields, tree_of
from sim.scenario.values.units import PartOfVolume
from sim.scenario.world.traders import VolumePath
from tests.kit import Data, built, scenario, shipped
from tests.worlds import worlds

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
SHIPPED = sorted(path.stem for path in CONFIGS.glob("*.yaml") if path.stem != "china_2021")
"""That one is china_2017 carried on for years."""
FOR_BOTH = ("china_2017", "hong_kong_2024", "minimal")
"""Those that the reference engine runs in short tests too: its bits are those of compiled code (`test_engines`)."""
ENGINES = pytest.mark.parametrize("simulate", [reference, compiled], ids=["reference", "compiled"])
# 2,000 worlds with --hypothesis-profile=explore.
LONG = settings.get_current_profile_name() == "explore"
POWERS = st.sampled_from([2.0**k for k in (-40, -10, -1, 1, 3, 20)])


def plain(name: str) -> Data:
    """A shipped scenario as plain data, complete and without its ranges."""
    tree = tree_of(shipped(name))
    assert tree is not None
    return {key: value for key, value in to_plain(tree).items() if key != "uncertainties"}


def in_unit(source: Data, factor: float) -> Data:
    """The same world with volumes and money in a unit that is so many times smaller."""
    return {name: _scaled(value, factor, step_into(ScenarioFields, name)) for name, value in source.items()}


def _scaled(value: Any, factor: float, shape: Any, volume: bool = False) -> Any:
    """A value with every amount of money or volume in it multiplied; what is written as text is relative."""
    if isinstance(value, dict):
        inside = volume or VolumePath in alternatives(shape)
        return {name: _scaled(entry, factor, step_into(shape, name), inside) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_scaled(item, factor, step_into(shape, index), volume) for index, item in enumerate(value)]
    is_amount = volume or PartOfVolume in alternatives(shape) or VolumePath in alternatives(shape)
    return value * factor if is_amount and isinstance(value, int | float) else value


def batch(source: Data, policy: str, simulate: Any, until: float | None = None) -> Batch:
    """Two replications under a policy: measures, volumes by mode, firings of rules, and counts of events."""
    world, _, end, every = built(source, policy)
    return simulate(world, 1, [0, 1], end if until is None else until, every, True)


@cache
def as_shipped(name: str, policy: str, simulate: Any) -> Batch:
    """The batch of a shipped scenario in its own unit."""
    return batch(plain(name), policy, simulate)


def assert_same_bits(one: Batch, two: Batch, factor: float) -> None:
    """Paths are volumes: in the other unit, the same numbers times the factor."""
    for name, values in vars(replace(one, paths=factor * one.paths)).items():
        assert values.tobytes() == vars(two)[name].tobytes(), name


def assert_close(one: Batch, two: Batch, factor: float) -> None:
    """As above, to 1e-9, volumes in the unit of the first: factors that are no power of two round."""
    for name, values in vars(replace(two, paths=two.paths / factor)).items():
        np.testing.assert_allclose(vars(one)[name], values, rtol=1e-9, atol=1e-9, err_msg=name)


def test_every_volume_and_every_amount_of_money_is_found():
    """What the tests below multiply, in a scenario that states all of it."""
    source = in_unit(plain("china_2017_world"), 10.0)
    assert source["segments"][0]["volume"] == 44e6
    assert source["segments"][1]["volume"]["points"]["2016-12-01"] == 1550e4
    assert source["jurisdictions"][1]["entry_cost"] == 200
    assert source["decisions"]["constant"] == 100
    assert source["decisions"]["economics"]["launch"]["offshore"] == {"fixed": 600, "revenue_days": 60}
    assert source["decisions"]["economics"]["running"]["offshore"] == {"fixed": 10.0, "of_reference": 0.15}
    assert source["enforcement"]["reference_size"] == 20_000
    assert source["enforcement"]["fine"]["fixed"] == 50
    assert source["segments"][2]["switching"] == "0.2 /d"
    given = {"first_day": {"domestic": {"a": 3, "b": "2 %"}, "otc": 4}, "derived": 0.5}
    scaled = {"first_day": {"domestic": {"a": 30.0, "b": "2 %"}, "otc": 40.0}, "derived": 0.5}
    assert in_unit({"segments": [given]}, 10.0) == {"segments": [scaled]}


@ENGINES
@settings(max_examples=2000 if LONG else 8)
@given(source=worlds(), factor=POWERS)
def test_a_power_of_two_changes_no_bit(simulate, source, factor):
    assert_same_bits(batch(source, "baseline", simulate), batch(in_unit(source, factor), "baseline", simulate), factor)


@settings(max_examples=2000 if LONG else 8)
@given(source=worlds(ties=False), factor=st.sampled_from([0.1, 1 / 3, 1e-6, 7.3, 1e9]))
def test_any_other_factor_changes_rounding_alone(source, factor):
    """Only where nothing is decided between two that are equal, which rounding would."""
    assert_close(batch(source, "baseline", compiled), batch(in_unit(source, factor), "baseline", compiled), factor)


@pytest.mark.slow
@pytest.mark.parametrize("factor", [2.0**-10, 8.0] if LONG else [2.0**-10])
@pytest.mark.parametrize(
    ("simulate", "name"),
    [(compiled, name) for name in SHIPPED] + [(reference, name) for name in (SHIPPED if LONG else FOR_BOTH)],
)
def test_shipped_scenarios_do_not_depend_on_their_unit(simulate, name, factor):
    source = plain(name)
    for policy in source["policies"] if LONG else ["baseline"]:
        two = batch(in_unit(source, factor), policy, simulate)
        assert_same_bits(as_shipped(name, policy, simulate), two, factor)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_agree_in_any_unit(name):
    two = batch(in_unit(plain(name), 0.1), "baseline", compiled)
    assert_close(as_shipped(name, "baseline", compiled), two, 0.1)


@pytest.mark.parametrize("factor", [0.1, 0.001])
def test_the_minimal_scenario_states_all_money_as_parts_of_its_volume(factor):
    """The same country with every volume in another unit and nothing else rewritten."""
    source = to_plain(read_file(CONFIGS / "minimal.yaml"))
    smaller = copy.deepcopy(source)
    smaller["segments"][0]["volume"] *= factor
    points = smaller["segments"][1]["volume"]["points"]
    points.update({day: volume * factor for day, volume in points.items()})
    assert_close(batch(source, "baseline", compiled), batch(smaller, "baseline", compiled), factor)


def test_a_percentage_is_a_part_of_the_focal_volume():
    """1,000 a day: half a percent is 5; of the first day that has any volume, also of wash trades; of none nothing."""
    source = scenario_with_cost("0.5 %")
    assert built(source)[0].economy.exit[0] == 5.0
    source["segments"][0]["volume"] = {"points": {"2020-01-01": 0.0, "2020-02-01": 400.0}}
    assert built(source)[0].economy.exit[0] == 2.0
    source["segments"][0]["real_part"] = 0.0
    assert built(source)[0].economy.exit[0] == 2.0
    source["segments"][0]["volume"] = 0.0
    assert built(source)[0].economy.exit[0] == 0.0


def scenario_with_cost(fixed: object) -> Data:
    from tests.kit import data

    return data(decisions={"economics": {"exit": {"fixed": fixed}}})


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("-1 %", "-1 % is negative"),
        ("0.5 k", "write the number out in full"),
        ("2 d", "is a duration"),
        (-3, "negative"),
    ],
)
def test_wrong_amounts_are_told(amount, message):
    with pytest.raises(sim.ScenarioError, match=message):
        scenario(scenario_with_cost(amount))
