"""The course of a race: data against a known one, what the title says, and the drawing."""

from typing import Any

import numpy as np
import pytest

from sim.plot.figures.race import gather_outcome, gather_race
from sim.plot.page import file_axes
from sim.study.race.kim_nelson import RaceOptions, Stopped, run_race
from sim.study.race.race import Selection
from sim.study.study import Study
from sim.world.arrays import Floats
from tests.plot.drawing import assert_drawn_on, assert_words_apart, left_half, plain, words
from tests.plot.studies import LONG, example, minimal


def race_of(
    values: dict[str, Floats], best: str, survivors: tuple[str, ...], stopped: Stopped, **more: Any
) -> Selection:
    """A race for the smallest leakage that ended like this."""
    return Selection(
        minimal(), "leakage", False, 0.01, 0.95, 7, "compiled", best, survivors, {}, values, (), stopped, **more
    )


RACE = race_of(
    {name: np.linspace(0.2, 0.3, 400 // (i + 1)) + i / 50 for i, name in enumerate(LONG)},
    LONG[0], tuple(LONG[:2]), "within indifference zone",
)  # fmt: skip


def test_a_race_lists_the_winner_first_and_who_left_first_last() -> None:
    rng = np.random.default_rng(4)
    levels = np.array([0.1, 0.5, 0.49, 0.3])
    outcome = run_race(lambda systems, first, count: levels[list(systems)] + rng.normal(0, 0.05, (count, len(systems))), 4,
                   RaceOptions(0.01, n0=20, maximum=60))  # fmt: skip
    data = gather_outcome(outcome, ["a", "b", "c", "d"], "suppression")
    counts = [runner.replications for runner in data.runners]
    assert {runner.policy for runner in data.runners[:2]} == {"b", "c"}
    assert counts[2:] == sorted(counts[2:], reverse=True)
    assert data.runners[0].end == "best"
    assert "no guarantee" in data.title
    with pytest.raises(ValueError, match="4 systems raced, but 2 names"):
        gather_outcome(outcome, ["a", "b"])


def test_a_race_of_policies_compares_with_the_winner_in_the_same_replications() -> None:
    rising = np.arange(10.0) / 100
    values = {"y": rising[:4] + 0.5, "x": rising}
    data = gather_race(race_of(values, "x", ("x",), "best known"))
    assert [(runner.policy, runner.replications, runner.end) for runner in data.runners] == [
        ("x", 10, "best"), ("y", 4, "beaten"),
    ]  # fmt: skip
    assert data.runners[1].behind == "+50"
    assert plain(data.title).startswith("x wins after 10 replications with leakage 4.5 %; all others were beaten")
    assert data.source == "minimal, 10 replications, seed 7"
    assert "Racing saved 30" in data.notes[0]
    assert data.notes[1].startswith("Confidence: luck within the model, at the file's values; ")
    drawn = gather_race(race_of(values, "x", ("x",), "best known", draws=40))
    assert drawn.source == "minimal, 10 replications, each with a draw of uncertain parameters, seed 7"
    assert drawn.notes[1].startswith("Confidence: luck and parameters, of the mean over 10 draws")


def test_it_names_the_measure_above_its_means() -> None:
    assert "mean leakage" in words(example("rules").plot.race(RACE, ax=file_axes()))


def test_it_is_drawn_on_the_axes_given() -> None:
    assert_drawn_on(left_half(), lambda axes: example("rules").plot.race(RACE, ax=axes))


def test_no_words_meet_or_leave_the_figure(any_study: Study) -> None:
    assert_words_apart(any_study.plot.race(RACE, ax=file_axes()))
