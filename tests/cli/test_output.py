"""Tables, JSON and the spinner, apart from the model."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from sim.cli.output import console, number, print_json, table
from sim.cli.progress import spinner


def test_numbers_that_json_does_not_know_become_null(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [float("nan"), 1.5], "b": (float("inf"),), "day": date(2017, 9, 15), "name": "火币"})

    assert json.loads(capsys.readouterr().out) == {
        "a": [None, 1.5], "b": [None], "day": "2017-09-15", "name": "火币",
    }  # fmt: skip


def test_names_are_never_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    console().print(table(["[red]name"], [["[bold]Huobi[/]"]]))

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == ["[red]name", "[bold]Huobi[/]"]


@pytest.mark.parametrize("watched", [True, False])
def test_a_spinner_is_shown_only_to_a_person_who_waits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: watched)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with spinner("thinking"):
        time.sleep(0.05)
    assert capsys.readouterr().err == ""

    with spinner("thinking"):
        time.sleep(1.3)
    out, err = capsys.readouterr()
    assert ("thinking" in err, out) == (watched, "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5678, "1,234.57"), (0.0123456, "0.0123456"), (3e-17, "0"), (-3e-17, "0"), (1e-9, "1e-09"),
        (float("nan"), ""),
    ],
)  # fmt: skip
def test_what_only_rounding_left_is_nought(value: float, text: str) -> None:
    assert number(value, 6) == text


def test_differences_are_signed() -> None:
    assert number(0.02, sign="+") == "+0.02"
    assert number(-0.02, sign="+") == "-0.02"
