"""`regpressure race`, `branch` and `sweep`: the results of the calls of the same name, and wrong input in one line."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import sim

OUTSIDE = "segments.traders.outside"


def test_race_tells_the_winner(command: Any, minimal: Path) -> None:
    ended = command("race", minimal, "suppression", "--larger", "--delta", 0.005, "--orders", "closure,payments")
    assert (ended.code, ended.err) == (0, "")
    assert "payments > closure has the largest suppression" in ended.out
    assert "closure > payments" in ended.out


def test_race_as_json_is_the_call(command: Any, minimal: Path) -> None:
    document = json.loads(
        command("race", minimal, "exposure", "--smaller", "--delta", 0.001, "--seed", 3, "--json").out
    )
    found = sim.race(sim.load(minimal), None, "exposure", delta=0.001, larger_is_better=False, seed=3)
    assert (document["best"], document["stopped"]) == (found.best, found.stopped)
    assert document["history"] == [list(pair) for pair in found.history]
    assert {row["policy"]: row["replications"] for row in document["policies"]} == found.replications
    assert document["policies"][0]["policy"] == found.best
    assert document["policies"][0]["eliminated"] is None


def test_branch_shows_a_column_per_future(command: Any, minimal: Path) -> None:
    ended = command("branch", minimal, "--at", "2020-08-01", "--future", "never={drop: [payments]}")
    assert (ended.code, ended.err) == (0, "")
    assert "minimal: baseline until 2020-08-01" in ended.out
    assert ended.out.splitlines()[2].split() == ["measure", "as", "it", "was", "never"]


def test_branch_as_json_is_the_call(command: Any, minimal: Path) -> None:
    document = json.loads(command("branch", minimal, "--at", "2020-03-01", "--future", "payments_first", "--json").out)
    history = sim.run(sim.load(minimal), until="2020-03-01")
    for name, run in history.branch({"payments_first": "payments_first"}).items():
        expected = {measure: None if value != value else value for measure, value in run.measures.items()}
        assert document["futures"][name] == expected


def test_branch_compares_futures_in_many_histories(command: Any, minimal: Path) -> None:
    """Each with its own past, and with draws in a world of its own; the futures stand against what goes on as it was."""
    asked = ("branch", minimal, "--at", "2020-08-01", "--future", "never={drop: [payments]}", "--seed", 3)
    scenario = sim.load(minimal)
    ahead = sim.futures(scenario, {"never": {"drop": ["payments"]}}, "2020-08-01")
    document = json.loads(command(*asked, "--replications", 4, "--measures", "leakage", "--json").out)["compared"]
    study = sim.compare(scenario, ahead, 4, seed=3)
    rows = {row["policy"]: row for row in document["differences"]}
    assert list(rows) == ["as it was", "never"]
    assert rows["never"]["mean"] == study.paired("leakage", "never").mean
    assert rows["never"]["low"] == study.paired("leakage", "never").low
    assert (document["draws"], document["intervals"]) == (None, study.interval_scope)
    ended = command(*asked, "--replications", 4, "--draws", 2, "--measures", "leakage")
    assert "over 4 histories, each with its own past: futures minus as it was" in ended.out
    drawn = sim.compare(scenario, ahead, 4, seed=3, draws=2)
    assert drawn.interval_scope in ended.out
    assert f"{drawn.paired('leakage', 'never').mean:.3g}" in ended.out
    assert "--replications compares futures; name one" in command(*asked[:4], "--replications", 8).err


def test_race_keeps_table_document_and_figure(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "race"
    asked = ("race", minimal, "exposure", "--smaller", "--delta", 0.001, "--n0", 5, "--out", out)
    ended = command(*asked, "--json")
    assert (ended.code, ended.err) == (0, "")
    assert json.loads((out / "race.json").read_text()) == json.loads(ended.out)
    rows = list(csv.DictReader((out / "policies.csv").open()))
    assert [row["policy"] for row in rows] == [row["policy"] for row in json.loads(ended.out)["policies"]]
    assert (out / "figures" / "race.png").read_bytes().startswith(b"\x89PNG")
    assert command(*asked).err == f"error: {out} exists already; choose another --out\n"


def test_branch_keeps_each_future_as_a_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "futures"
    asked = (
        "branch",
        minimal,
        "--at",
        "2020-08-01",
        "--future",
        "Never (again)={drop: [payments]}",
        "--no-figures",
        "--out",
        out,
    )
    ended = command(*asked)
    assert (ended.code, ended.err) == (0, "")
    assert f"written to {out}" in ended.out
    history = sim.run(sim.load(minimal), until="2020-08-01")
    for number, (folder, run) in enumerate(
        zip(
            ("0-as-it-was", "1-never-again"),
            history.branch({"Never (again)": {"drop": ["payments"]}}).values(),
            strict=True,
        )
    ):
        kept = sim.open(out / folder)
        assert isinstance(kept, sim.Run), number
        assert kept.data.identical(run.data)
    assert next(csv.reader((out / "measures.csv").open())) == ["measure", "as it was", "Never (again)"]
    assert command(*asked).err == f"error: {out} exists already; choose another --out\n"


def test_sweep_prints_and_writes_the_same_table(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "sweep"
    ended = command(
        "sweep", minimal, "--over", f"{OUTSIDE}=[0.3, -1, 0.9]", "--policies", "payments_first", "--measures", "leakage",
        "--replications", 3, "--out", out,
    )  # fmt: skip
    assert ended.code == 0
    assert ended.err.startswith("point 2: scenario: override: segments.traders.outside")
    rows = list(csv.DictReader((out / "estimates.csv").open()))
    assert [(row["point"], row["n"]) for row in rows] == [
        (str(p), n) for p, n in ((1, "3"), (2, "0"), (3, "3")) for _ in "ab"
    ]
    assert f"written to {out}" in ended.out
    assert isinstance(sim.open(out / "point-0003"), sim.Study)
    again = command("sweep", minimal, "--points", 2, "--out", out)
    assert (again.code, again.err) == (
        2, f"error: {out} exists already; --resume goes on with it, or choose another --out\n",
    )  # fmt: skip


def test_a_sweep_that_was_cut_short_goes_on(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    asked = ("sweep", minimal, "--over", f"{OUTSIDE}=[0.3, 0.9]", "--replications", 2, "--workers", 1, "--out")
    assert command(*asked, whole).code == 0
    (cut / "point-0001").parent.mkdir()
    for name in ("points.csv", "point-0001"):
        copy = shutil.copytree if (whole / name).is_dir() else shutil.copy
        copy(whole / name, cut / name)
    assert command(*asked, cut, "--resume").code == 0
    assert (cut / "estimates.csv").read_bytes() == (whole / "estimates.csv").read_bytes()

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim, "sweep", interrupt)
    ended = command(*asked, tmp_path / "new")
    assert (ended.code, ended.out) == (130, "")
    assert ended.err.splitlines()[0].startswith("finished points are kept; to go on: regpressure sweep")
    assert ended.err.splitlines()[0].endswith(f"--out={tmp_path / 'new'} --resume")
    assert ended.err.splitlines()[1:] == ["interrupted"]


def test_sweep_as_json_is_the_call(command: Any, minimal: Path) -> None:
    document = json.loads(
        command("sweep", minimal, "--points", 2, "--replications", 2, "--measures", "exposure", "--json").out
    )
    found = sim.sweep(sim.load(minimal), points=2, replications=2, measures=["exposure"])
    assert document["points"] == [dict(point) for point in found.points]
    assert [row["mean"] for row in document["rows"]] == found.table()["mean"].tolist()
    one = json.loads(command("sweep", minimal, "--over", OUTSIDE, "--points", 2, "--replications", 2, "--json").out)
    assert [list(point) for point in one["points"]] == [[OUTSIDE]] * 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["race", "{}", "suppression", "--delta", "1"], "Say --larger or --smaller"),
        (["race", "{}", "supression", "--delta", "1", "--larger"], "did you mean suppression?"),
        (["race", "{}", "suppression", "--delta", "0", "--larger"], "delta must be a number above 0"),
        (["race", "{}", "suppression", "--delta", "1", "--larger", "--orders", "closure,payment"], "did you mean payments"),
        (["race", "{}", "suppression", "--delta", "1", "--larger", "--policies", "baselin"], "did you mean baseline"),
        (["race", "{}", "suppression", "--delta", "1", "--larger", "--policies", "baseline"], "two policies or more"),
        (["race", "{}", "suppression", "--delta", "1", "--larger", "--policies", "x", "--orders", "a,b"], "not both"),
        (["race", "{}", "licence_wait", "--delta", "1", "--larger"], "licence_wait is not defined in replication 0"),
        (["branch", "{}", "--at", "2020-08-01", "--future", "payments_first"], "payments begins on 2020-05-15"),
        (["branch", "{}", "--at", "2020-08-01", "--future", "x=3"], "write it as NAME={...}"),
        (["branch", "{}", "--at", "2020-08-01", "--future", "x={drop: @}"], "no value starts with @"),
        (["branch", "{}", "--at", "2020-08-01", "--future", "payment_first"], "did you mean payments_first"),
        (["branch", "{}", "--at", "2020-08-01", "--future", "x={dorp: [payments]}"], "did you mean drop"),
        (["branch", "{}", "--at", "soon"], "--at soon: not a date"),
        (["branch", "{}", "--at", "2030-01-01"], "--at 2030-01-01: the scenario goes from"),
        (["sweep", "{}"], "say how many points"),
        (["sweep", "{}", "--points", "2", "--draws", "5"], "nothing is left to draw"),
        (["sweep", "{}", "--points", "2", "--draws", "few"], "--draws few: give a number from 2 on, or posterior"),
        (["race", "{}", "suppression", "--delta", "1", "--larger", "--draws", "9"], "each with its own draw; there are 9"),
        (["race", "{}", "suppression", "--delta", "1", "--larger", "--draws", "posterior"], "minimal has no posterior"),
        (["sweep", "{}", "--over", "segments.traders.outsid"], "did you mean segments.traders.outside?"),
        (["sweep", "{}", "--over", "segments.trader.outside=[1]"], "did you mean traders"),
        (["sweep", "{}", "--over", f"{OUTSIDE}=[1, 2"], f"--over {OUTSIDE}=[1, 2: not valid YAML"),
        (["sweep", "{}", "--over", f"{OUTSIDE}=3"], "write the values as [a, b] or low..high"),
        (["sweep", "{}", "--points", "2", "--measures", "leekage"], "did you mean leakage"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_and_code_2(command: Any, minimal: Path, arguments: list[str], message: str) -> None:
    ended = command(*(str(minimal) if argument == "{}" else argument for argument in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert len(ended.err.splitlines()) == 1


def test_compare_draws_parameters(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "study"
    ended = command("compare", minimal, "--replications", 6, "--draws", 3, "--out", out, "--no-figures")
    assert ended.code == 0
    kept = sim.open(out)
    assert isinstance(kept, sim.Study)
    assert kept.draws == 3
    assert "draws is 3 there and None here" in command("compare", minimal, "--out", out, "--resume").err
    ended = command("compare", minimal, "--draws", 40, "--precision", "leakage=1e-9")
    assert "given up when each of 40 draws had a replication: only more draws help" in ended.out


def test_race_and_sweep_draw_parameters(command: Any, minimal: Path) -> None:
    scenario = sim.load(minimal)
    asked = ("--smaller", "--delta", 0.05, "--draws", 5, "--n0", 5, "--seed", 3, "--json")
    document = json.loads(command("race", minimal, "leakage", *asked).out)
    found = sim.race(scenario, None, "leakage", delta=0.05, larger_is_better=False, seed=3, n0=5, draws=5)
    assert (document["draws"], document["best"], document["intervals"]) == (5, found.best, found.interval_scope)
    assert {row["policy"]: row["mean"] for row in document["policies"]} == found.table()["mean"].to_dict()

    asked = ("--over", f"{OUTSIDE}=[0.4]", "--replications", 2, "--measures", "leakage", "--draws", 2)
    document = json.loads(command("sweep", minimal, *asked, "--json").out)
    swept = sim.sweep(scenario, {OUTSIDE: [0.4]}, None, 2, measures=["leakage"], draws=2)
    assert (document["draws"], document["intervals"]) == (2, swept.interval_scope)
    assert [row["draws_low"] for row in document["rows"]] == swept.table()["draws_low"].tolist()
    assert "95 % of draws" in command("sweep", minimal, *asked).out
