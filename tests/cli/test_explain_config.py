"""`regpressure explain-config`: what a value is, and the line, file, kind or option that it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.shipped import shared, starting_scenario
from sim.scenario.value_origin import configured_values


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario of one's own, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(starting_scenario("mine"), encoding="utf-8")
    return Path("mine.yaml")


def told(out: str) -> dict[str, str]:
    """The rows of the table of one value."""
    rows = [line.split("  ", 1) for line in out.splitlines()[1:]]
    return {what: text.strip() for what, text in rows}


def line_of(file: Path, text: str) -> int:
    return next(at for at, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_a_value_of_the_file_itself(command: Any, mine: Path) -> None:
    rows = told(command("explain-config", mine, "closing.later").out)
    line = line_of(mine, "  later: 0.1")
    assert rows["is"] == "0.1"
    assert rows["unit"] == "a part from 0 to 1, or a percentage"
    assert rows["default"] == "0.0"
    assert rows["came from"] == f"mine.yaml:{line}:10"
    assert rows["its line says"] == "[fit] and at a later announcement"


def test_a_value_of_an_extended_file(command: Any) -> None:
    rows = told(command("explain-config", "china_2017", "segments.active.switching").out)
    behaviour = shared()["behaviour"]
    line = 1 + behaviour.read_text(encoding="utf-8").splitlines().index("    switching: 0.2 /d")
    assert rows["came from"].startswith(f"{behaviour}:{line}:16, which ")
    assert rows["source"].startswith("volume record")
    assert rows["may lie in"].startswith("0.15 /d to 0.3 /d (fit")


@pytest.mark.parametrize(
    ("path", "settings", "value", "origin"),
    [
        ("demand.prospect", (), "1.0", "the default, since the file does not say it"),
        ("segments.foreigners.habit.weight", (), "not given", "nowhere: the file does not give it"),
        ("policies.baseline.ban.moves.permission", (), "forbidden", "the kind closure-order, which ban is of"),
        ("closing.later", ("--set", "closing.later=0.3"), "0.3", "--set, in place of 0.1 at mine.yaml:{line}:10"),
        ("demand.prospect", ("--set", "demand.prospect=0.5"), "0.5", "--set"),
    ],
)
def test_a_value_from_elsewhere(
    command: Any, mine: Path, path: str, settings: tuple[str, ...], value: str, origin: str
) -> None:
    rows = told(command("explain-config", mine, path, *settings).out)
    expected = origin.format(line=line_of(mine, "  later: 0.1"))
    assert (rows["is"], rows["came from"]) == (value, expected)


def test_a_block_lists_what_is_in_it(command: Any, mine: Path) -> None:
    lines = command("explain-config", mine, "decisions.economics.take").out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["decisions.economics.take.domestic", "0.4"],
        ["decisions.economics.take.otc", "0.6"],
        ["decisions.economics.take.offshore", "0.3"],
    ]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("closing.latter", "did you mean later?"),
        ("traders.switching", "did you mean segments.traders.switching?"),
        ("segments.traders.swtching", "did you mean switching?"),
        ("policies.baseline.bann.coverage", "did you mean"),
        ("closing.later.more", "no 'more' in closing.later"),
    ],
)
def test_a_misspelt_path_is_told_with_what_was_meant(command: Any, mine: Path, path: str, meant: str) -> None:
    ended = command("explain-config", mine, path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"error: {path}: ")
    assert meant in ended.err


@pytest.mark.parametrize("name", ["minimal"])
def test_every_value_of_a_scenario_has_an_origin(name: str) -> None:
    import sim

    scenario = sim.load(name)
    blocks = [block for block in scenario.model_dump(by_alias=True) if getattr(scenario, block, None)]
    for block in set(blocks) - {"uncertainties", "policies"}:
        for value in configured_values(scenario, block):
            assert value.origin, value
