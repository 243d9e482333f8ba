"""Two engines, one history: the compiled engine gives the reference engine's results to the last bit."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine import compiled, reference
from sim.engine.result import Result
from sim.world.build import world_of
from tests.kit import shipped

CONFIGS = Path(__file__).parents[2] / "configs"


SHIPPED = [(name, policy) for name in ("minimal", "china_2017", "hong_kong_2024") for policy in shipped(name).policies]


def same(a: object, b: object) -> bool:
    """Equal to the last bit, NaN equal to NaN."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    return bool(a == b)


def assert_same(a: Result, b: Result) -> None:
    for part in fields(Result):
        assert same(getattr(a, part.name), getattr(b, part.name)), f"{part.name} differs"


@pytest.mark.parametrize(("name", "policy"), SHIPPED)
def test_engines_agree_to_the_last_bit_on_what_is_shipped(name: str, policy: str) -> None:
    world, _ = world_of(shipped(name), policy)
    for replication in range(2):
        case = (world, 3, replication, world.settings.end, 1.0)
        assert_same(compiled.simulate(*case), reference.simulate(*case))


def test_the_engine_is_a_choice_of_the_caller() -> None:
    scenario = sim.load(CONFIGS / "minimal.yaml")
    runs = {engine: sim.run(scenario, seed=2, engine=engine) for engine in ("reference", "compiled", "auto")}
    assert {name: run.engine for name, run in runs.items()} == {
        "reference": "reference",
        "compiled": "compiled",
        "auto": "compiled",  # since it is compiled by now
    }
    assert runs["compiled"].data.identical(runs["reference"].data)
    assert runs["compiled"].journal.equals(runs["reference"].journal)
    assert runs["compiled"].options.equals(runs["reference"].options)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="no engine 'fast'"):
        sim.run(sim.load(CONFIGS / "minimal.yaml"), engine="fast")  # type: ignore[arg-type]


def test_behaviour_in_python_falls_back_to_the_reference_with_a_sentence() -> None:
    scenario, seen = sim.load(CONFIGS / "minimal.yaml"), []
    with pytest.warns(UserWarning, match="the reference takes over"):
        run = sim.run(scenario, seed=2, engine="compiled", before_decision=lambda story, *who: seen.append(who))
    assert run.engine == "reference"
    assert len(seen) == len(run.decisions)
    assert run.journal.equals(sim.run(scenario, seed=2, engine="compiled").journal)
