"""Explanations: switching values are where the choice changes, in the decision alone and in a repeated run."""

from contextlib import ExitStack
from pathlib import Path

import pytest

import sim
from sim.engine.reference.reference_run import ReferenceRun
from sim.results.run import Run
from sim.study.explain.decision_inputs import decision_inputs
from sim.study.explain.explain import Explanation, explain, find_exchange, occasion_at, repeat
from sim.world.codes import STRATEGIES

MINIMAL = Path(__file__).parents[2] / "configs" / "minimal.yaml"
MARGIN = 1e-6  # "a little": how far from a switching value the choice is checked on both sides, relative to it


@pytest.fixture(scope="module")
def run() -> Run:
    return sim.run(sim.load(MINIMAL), seed=1)


@pytest.fixture(scope="module")
def gamma(run: Run) -> Explanation:
    return explain(run, "Gamma")


def test_it_tells_every_decision_as_the_record_has_it(run: Run, gamma: Explanation) -> None:
    mine = run.decisions[run.decisions["exchange"] == "gamma"]
    assert [r.decision["choice"] for r in gamma.reasons] == list(mine["choice"])
    for reason in gamma.reasons:
        options = reason.options[reason.options["feasible"]].sort_values("score", ascending=False)
        assert options["option"].iloc[0] == reason.decision["choice"]
        assert options["option"].iloc[1] == reason.decision["runner_up"]
        assert options["score"].iloc[0] - options["score"].iloc[1] == pytest.approx(reason.decision["margin"])


def test_terms_add_up_to_the_value(gamma: Explanation) -> None:
    for reason in gamma.reasons:
        o = reason.options[reason.options["feasible"]]
        assert (o["revenue"] - o["running"] - o["penalty"] - o["launch"] - o["exit"]).to_numpy() == pytest.approx(
            o["value"].to_numpy(), rel=1e-12, abs=1e-9
        )
        assert (o["value"] / reason.decision["scale"] + o["error"]).to_numpy() == pytest.approx(o["score"].to_numpy())


def test_a_move_has_thresholds_and_each_was_checked(gamma: Explanation) -> None:
    assert gamma.moves
    for reason in gamma.moves:
        assert reason.switching_values
        assert all(value.checked for value in reason.switching_values)


def choice_with(run: Run, exchange: str, number: int, name: str, factor: float) -> str:
    """What the exchange chooses at one decision if the whole run is repeated with an input scaled there only.

    `number` counts the decisions of the exchange from 0, `name` is that of a switching value.
    """
    world, names, f = find_exchange(run.scenario, run.policy, exchange)
    numbers = iter(range(len(run.decisions) + 1))
    scaled = ExitStack()

    def before_decision(repeated: ReferenceRun, g: int, cause: int, reason: int) -> None:
        scaled.close()
        if g == f and next(numbers) == number:
            occasion_at(repeated, f, cause, reason).decide()
            inputs = decision_inputs(world, repeated.state, names, f)
            (input_,) = (one for one in inputs if one.name == name)
            scaled.enter_context(input_.scaled(factor, repeated.world_ptr, repeated.state_ptr))

    decisions = repeat(run, world, before_decision)
    return STRATEGIES[[d for d in decisions if d.exchange == f][number].choice]


def test_repeating_the_run_at_a_switching_value_give_or_take_a_little_changes_the_choice(
    run: Run, gamma: Explanation
) -> None:
    tried = 0
    for number, reason in enumerate(gamma.reasons):
        for value in reason.switching_values:
            if value.unit == "in force":
                beyond, short = 0.0, 1.0
            else:
                factor = value.threshold / value.value
                margin = -MARGIN if value.below else MARGIN
                beyond, short = factor * (1 + margin), factor * (1 - margin)
            assert choice_with(run, "gamma", number, value.name, beyond) == value.becomes
            assert choice_with(run, "gamma", number, value.name, short) == reason.decision["choice"]
            tried += 1
    assert tried >= 3


def test_without_the_closure_it_would_have_stayed(gamma: Explanation) -> None:
    assert any(
        value.name == "closure (permission)" and value.becomes == "domestic"
        for r in gamma.moves
        for value in r.switching_values
    )


def test_asking_changes_nothing(run: Run, gamma: Explanation) -> None:
    again = sim.run(run.scenario, seed=1)
    assert again.journal.equals(run.journal)
    assert again.options.equals(run.options)


def test_a_run_that_was_saved_is_explained_in_the_same_words(run: Run, gamma: Explanation, tmp_path: Path) -> None:
    run.save(tmp_path / "run")
    assert str(sim.open(tmp_path / "run").explain("gamma")) == str(gamma)


def test_an_unknown_exchange_is_named_with_a_suggestion(run: Run) -> None:
    with pytest.raises(ValueError, match="no exchange 'Gama'.*did you mean"):
        explain(run, "Gama")


def test_a_rerun_is_the_history_of_the_policy_without_it(run: Run) -> None:
    fewer = {"fewer": run.scenario.policies["baseline"].without("closure")}
    other = sim.run(run.scenario.with_policies(fewer), "fewer", seed=1)
    for exchange in ("alpha", "gamma", "small-03"):
        rerun = explain(run, exchange, without="closure").rerun
        assert rerun is not None
        mine = other.decisions[other.decisions["exchange"] == exchange]
        moves = mine[mine["before"] != mine["choice"]]
        assert [(move["date"], move["choice"]) for move in rerun.moves] == list(
            zip(moves["date"], moves["choice"], strict=True)
        )
        ends = [STRATEGIES[int(one.data["strategy"].isel(time=-1).sel(exchange=exchange))] for one in (other, run)]
        assert [rerun.end, rerun.end_with] == ends


def test_without_what_is_not_there_nothing_is_run(run: Run) -> None:
    with pytest.raises(ValueError, match=r"no intervention or rule called closre \(did you mean closure\?\)"):
        explain(run, "gamma", without="closre")
