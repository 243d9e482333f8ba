"""Explanations: thresholds are where the choice changes, in the decision alone and in a repeated run."""

from pathlib import Path

import pytest

import sim
from sim.results.run import Run
from sim.study.explain.explain import Explanation, explain, verify

MINIMAL = Path(__file__).parents[2] / "configs" / "minimal.yaml"
ASIDE = 1e-6  # "a little": the part of a threshold by which it is missed on either side


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
        assert reason.flips
        assert all(flip.checked for flip in reason.flips)


def test_repeating_the_run_at_a_threshold_give_or_take_a_little_changes_the_choice(
    run: Run, gamma: Explanation
) -> None:
    tried = 0
    for number, reason in enumerate(gamma.reasons):
        for flip in reason.flips:
            if flip.unit == "in force":
                beyond, short = 0.0, 1.0
            else:
                factor = flip.threshold / flip.value
                aside = -ASIDE if flip.below else ASIDE
                beyond, short = factor * (1 + aside), factor * (1 - aside)
            assert verify(run, "gamma", number, flip.name, beyond) == flip.becomes
            assert verify(run, "gamma", number, flip.name, short) == reason.decision["choice"]
            tried += 1
    assert tried >= 3


def test_without_the_order_it_would_have_stayed(gamma: Explanation) -> None:
    assert any(
        flip.name == "closure (permission)" and flip.becomes == "domestic" for r in gamma.moves for flip in r.flips
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
