"""What is doubtful is told through Python's warnings: once, at the line of the caller, and by the command on stderr."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.scenario.checks.lint import lint
from sim.scenario.scenario import load
from tests.scenario.small import changed

MESSAGE = "policies.baseline.interventions.x.kind: warning: media touches nobody: no trader targeted finds venues by a channel"


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A scenario of a few days that nobody decides in, with an intervention that touches nobody."""
    text = changed(("end: 2020-12-31", "end: 2020-03-20"), ("ramp: 2 weeks", "until: 2020-06-30"))
    text = text.replace("share: 0.7", "share: 0.7, fixed: true").replace("count: 3,", "count: 3, fixed: true,")
    text = (
        text[: text.index("    - id: payments")]
        + "    - {id: x, kind: media-shutdown, announced: 2020-03-02, target: {modes: [domestic]}}\n"
    )
    path = tmp_path / "doubtful.yaml"
    path.write_text(text)
    return path


def told(caught: list[warnings.WarningMessage]) -> list[str]:
    return [str(each.message) for each in caught if issubclass(each.category, sim.ScenarioWarning)]


def test_load_warns_of_what_validate_does_and_runs_do_not_repeat_it(doubtful: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scenario = sim.load(doubtful)
        assert told(caught) == [str(problem) for problem in lint(load(doubtful))]
        (said,) = caught
        assert said.filename == __file__
        for other in (scenario, scenario.with_values({"segments.traders.outside": 0.5}), scenario.model_copy()):
            sim.run(other, until="2020-01-05")
        sim.compare(scenario, [], replications=1, engine="reference")
    assert told(caught)[0] == f"{doubtful}:30:21: {MESSAGE}"
    assert [each for each in told(caught)[1:] if "touches nobody" in each] == []


def test_what_is_new_in_a_changed_scenario_is_told(doubtful: Path) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scenario = sim.load(doubtful)
        weak = scenario.policies["baseline"].replace("closure", {"intensity": 2, "note": "x"}).delay("x", days=30)
        scenario = scenario.with_policies({"late": weak})
        scenario.with_policies({"late again": weak})
    assert told(caught)[1:] == [
        "with_policies: policies.late.interventions.x.announced: warning: starts after the scenario ends (2020-03-20),"
        " so it does nothing"
    ]
    assert {each.filename for each in caught} == {__file__}


def test_a_scenario_made_without_load_is_warned_of_at_its_first_run(doubtful: Path) -> None:
    scenario = sim.Scenario.model_validate(load(doubtful).model_dump(mode="json", by_alias=True))
    with pytest.warns(sim.ScenarioWarning, match="touches nobody"):
        sim.run(scenario, until="2020-01-05")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sim.run(scenario, until="2020-01-05")


@pytest.mark.filterwarnings("default::sim.ScenarioWarning")
def test_the_command_says_it_on_one_line(doubtful: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("validate", "list", "run"):
        assert main([command, str(doubtful), *(["--until", "2020-01-05"] if command == "run" else [])]) == 0
        out, err = capsys.readouterr()
        assert err.splitlines().count(f"{doubtful}:30:21: {MESSAGE}") == 1
        assert "touches nobody" not in out
