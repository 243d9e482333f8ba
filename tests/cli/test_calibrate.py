"""`regpressure calibrate`, and what `compare` makes of its posterior."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

FACTS = """\
series:
  home: [{modes: [domestic]}]
facts:
  - {id: level, window: [2020-01-01, 2020-01-31], statistic: level, arguments: {of: home}, value: 12000, low: 11500,
     high: 12500, unit: units, grade: C, use: calibrate, about: home volume in January, source: invented}
"""


@pytest.fixture
def mine(command: Any, tmp_path: Path) -> Path:
    """A scenario with evidence beside it."""
    file = tmp_path / "mine.yaml"
    file.write_text(command("example", "minimal").out, encoding="utf-8")
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "mine.yaml").write_text(FACTS, encoding="utf-8")
    return file


def test_a_posterior_beside_the_file_is_used_by_compare(command: Any, mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = command("calibrate", mine, "--waves", 1, "--points", 12, "--replications", 2, "--draws", 20, "--out", out)
    assert (ended.code, ended.err.splitlines()[-1].split(":")[0]) == (0, "wave 1 of 1")
    assert f"cp {out}/mine.posterior.csv {tmp_path}/mine.posterior.csv" in ended.out
    files = {path.relative_to(out).as_posix() for path in out.rglob("*.*")}
    assert files == {
        "calibration.json", "wave-1.csv", "waves.csv", "parameters.csv", "narrowing.csv", "mine.posterior.csv",
        "figures/waves.png", "figures/identification.png", "figures/narrowing.png",
    }  # fmt: skip

    compared = ("compare", mine, "--policies", "payments_first", "--replications", 8)
    before = command(*compared).out
    assert "plausible" not in before
    shutil.copy(out / "mine.posterior.csv", tmp_path)
    both = command(*compared)
    assert "suppression than baseline in" in both.out
    assert "of 8 plausible worlds, by" in both.out
    assert command(*compared, "--draws", "none").out == before

    worlds = json.loads(command(*compared, "--draws", "posterior", "--json").out)
    assert worlds["plausible"]["suppression"][0]["worlds"] == 8
    assert "8 worlds that the record makes plausible" in worlds["intervals"]


def test_a_joint_calibration_says_what_it_predicts_and_what_is_identified(
    command: Any, mine: Path, tmp_path: Path
) -> None:
    twin, out = tmp_path / "twin.yaml", tmp_path / "out"
    twin.write_text(mine.read_text(encoding="utf-8").replace("name: minimal", "name: twin"), encoding="utf-8")
    shutil.copy(tmp_path / "evidence" / "mine.yaml", tmp_path / "evidence" / "twin.yaml")
    ended = command(
        "calibrate", mine, twin, "--waves", 1, "--points", 12, "--replications", 2, "--draws", 20, "--predict", 8,
        "--profile", "segments.traders.outside", "--no-figures", "--out", out,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    predicted, left_out = ended.out.split("\n\n")[3:5]
    assert [line.split()[:4] for line in predicted.splitlines()[-2:]] == [
        ["minimal", "1", "of", "1"], ["twin", "1", "of", "1"],
    ]  # fmt: skip
    assert [line.split()[:3] for line in left_out.splitlines()[-2:]] == [["minimal", "1", "1"], ["twin", "1", "1"]]
    profiles = (out / "profiles.csv").read_text(encoding="utf-8").splitlines()
    assert profiles[0] == "of,part,value,deviance,segments.traders.outside,segments.traders.switching"
    assert len(profiles) == 12
    assert {"predictions.csv", "left-out.csv"} <= {path.name for path in out.iterdir()}


def test_real_runs_are_set_beside_the_emulators(command: Any, mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("--waves", 1, "--points", 12, "--replications", 2, "--draws", 11, "--no-figures")
    ended = command("calibrate", mine, *asked, "--real-runs", 4, "--out", out, "--json")
    assert "then weighed by 4 real runs at each point" in (out / "mine.posterior.csv").read_text(encoding="utf-8")
    document = json.loads(ended.out)["real_runs"]
    assert (document["points"], document["replications"], document["posterior"]) == (55, 4, "real runs")
    assert [row["fact"] for row in document["facts"]] == ["level"]

    (out / "real-runs-1.csv").unlink()
    again = command("calibrate", mine, *asked, "--real-runs", 4, "--rounds", 1, "--out", out, "--resume", "--json")
    assert again.code == 0, again.err
    assert "round 1: 100% of the way to real runs" in again.err
    moved = json.loads(again.out)["real_runs"]
    assert (moved["effective_with_exact_emulators"], len(moved["rounds"])) == (
        document["effective_with_exact_emulators"],
        1,
    )
    assert {"real-runs-1.csv", "real-runs-2.csv"} <= {path.name for path in out.iterdir()}
    assert "then moved in 1 round of 4 real runs" in (out / "mine.posterior.csv").read_text(encoding="utf-8")


def test_a_stale_posterior_is_told_and_not_used(command: Any, mine: Path, tmp_path: Path) -> None:
    posterior = tmp_path / "mine.posterior.csv"
    posterior.write_text("# Posterior\n# scenario: 0\nsegments.traders.outside\n0.5\n0.6\n", encoding="utf-8")
    compared = ("compare", mine, "--policies", "payments_first", "--replications", 3)
    ended = command(*compared)
    stale = f"{posterior} was made for minimal as it was before a change; make it anew with `regpressure calibrate`"
    assert ended.code == 0
    assert f"{stale}; results are for the file's values alone" in ended.err
    assert "plausible" not in ended.out
    ended = command(*compared, "--draws", "posterior")
    assert (ended.code, ended.err.strip()) == (2, f"error: {stale}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--waves", 1, "--points", 12, "--evidence", "a.yaml", "--evidence", "b.yaml"), "2 times --evidence for 1"),
        (("--evidence", "none.yaml"), "none.yaml: no such file"),
        (("--rounds", 2), "--rounds needs --real-runs, how often each world is run"),
        (("--profile", "segments.traders.outsde"), "no parameter or measure 'segments.traders.outsde' (did"),
    ],
)
def test_wrong_input_is_told(
    command: Any, mine: Path, tmp_path: Path, arguments: tuple[Any, ...], message: str
) -> None:
    ended = command("calibrate", mine, "--out", tmp_path / "out", *arguments)
    assert ended.code == 2
    assert message in ended.err


def test_a_scenario_without_evidence_or_draws_of_a_wrong_form_is_told(command: Any, mine: Path, tmp_path: Path) -> None:
    (tmp_path / "evidence" / "mine.yaml").unlink()
    ended = command("calibrate", mine, "--out", tmp_path / "out")
    assert ended.code == 2
    assert "no evidence is beside minimal; name its file" in ended.err
    ended = command("compare", mine, "--draws", "many")
    assert ended.err.strip() == "error: --draws many: give a number from 2 on, posterior or none"
