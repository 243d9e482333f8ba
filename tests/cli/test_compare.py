"""`regpressure compare` on a real scenario."""

from __future__ import annotations

import errno
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

import sim
import sim.study.compare
from sim.cli.progress import progress, widest_intervals
from sim.study.jobs import job as job_module
from sim.study.jobs.collect import Progress

FEW = ("--replications", 6, "--seed", 3)


def interrupted(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("simulated")


def test_prints_the_differences_and_nothing_else(command: Any, minimal: Path) -> None:
    ended = command("compare", minimal, *FEW)

    assert (ended.code, ended.err) == (0, "")
    for text in (
        "suppression (fraction)",
        "leakage (fraction)",
        "exposure (fraction)",
        "95 % interval",
        "nothing written",
    ):
        assert text in ended.out
    lines = [line.split()[0] for line in ended.out.splitlines() if line]
    assert lines.count("baseline") == lines.count("payments_first") == 3


def test_json_is_one_document_that_agrees_with_the_study(command: Any, minimal: Path) -> None:
    study = sim.compare(sim.load(minimal), replications=6, seed=3)

    document = json.loads(command("compare", minimal, *FEW, "--measures", "leakage,agency_days", "--json").out)

    assert (document["scenario"], document["seed"], document["engine"]) == ("minimal", 3, "compiled")
    assert document["replications"] == {"baseline": 6, "payments_first": 6}
    assert [(row["measure"], row["policy"]) for row in document["differences"]] == [
        (measure, policy) for measure in ("leakage", "agency_days") for policy in ("baseline", "payments_first")
    ]
    for row in document["differences"]:
        expected = study.difference(row["measure"]).loc[row["policy"]]
        assert row["mean"] == expected["mean"]
        assert row["level"] == expected["level"]


def test_the_reference_engine_and_one_worker_say_the_same(command: Any, minimal: Path) -> None:
    common = ("compare", minimal, "--replications", 2, "--json")
    quick = json.loads(command(*common).out)
    slow = json.loads(command(*common, "--engine", "reference", "--workers", 1).out)

    assert (quick.pop("engine"), slow.pop("engine")) == ("compiled", "reference")
    assert quick == slow


def test_a_precision_is_reached_and_printed(command: Any, minimal: Path) -> None:
    line = ("compare", minimal, "--precision", "leakage=0.01", "--precision", "Exposure=0.02")

    document = json.loads(command(*line, "--json").out)
    assert [(report["target"]["measure"], report["reached"]) for report in document["precision"]] == [
        ("leakage", True), ("exposure", True),
    ]  # fmt: skip
    assert all(report["half_width"] <= report["target"]["half_width"] for report in document["precision"])
    assert "(asked ±0.01)" in command(*line).out


def test_writes_a_folder_that_opens_as_the_study(command: Any, minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "study"

    ended = command("compare", minimal, *FEW, "--out", out, "--no-figures")

    assert (ended.code, ended.out.splitlines()[-1]) == (0, f"written to {out}")
    study, table = sim.open(out), pd.read_csv(out / "differences.csv").set_index(["measure", "policy"])
    assert study.replications == {"baseline": 6, "payments_first": 6}
    for measure in study.names:
        expected = study.difference(measure)["mean"]
        assert table.loc[measure]["mean"].to_dict() == pytest.approx(expected.to_dict(), rel=1e-12, nan_ok=True)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["command"].startswith(
        f"regpressure compare {minimal} --policies=baseline,payments_first --replications=6"
    )


def test_an_existing_study_is_kept_extended_or_removed(command: Any, minimal: Path, tmp_path: Path) -> None:
    common = ("compare", minimal, "--seed", 3, "--no-figures", "--out", tmp_path / "a")
    assert command(*common, "--replications", 3).code == 0

    ended = command(*common, "--replications", 3)
    assert ended.code == 2
    assert "--resume goes on with it" in ended.err
    assert command(*common, "--replications", 5, "--resume").code == 0
    assert sim.open(tmp_path / "a").replications["baseline"] == 5
    assert "seed is 3 there and 4 here" in command(*common, "--seed", 4, "--resume").err
    assert command(*common, "--replications", 2, "--force").code == 0
    assert sim.open(tmp_path / "a").replications["baseline"] == 2


def test_neither_command_replaces_what_the_other_made(command: Any, minimal: Path, tmp_path: Path) -> None:
    sim.run(sim.load(minimal)).save(tmp_path / "run")
    sim.compare(sim.load(minimal), replications=1, store=tmp_path / "study")

    for line in (("compare", minimal, "--out", tmp_path / "run"), ("run", minimal, "--out", tmp_path / "study")):
        ended = command(*line, "--force")
        assert (ended.code, "so --force does not replace it" in ended.err) == (2, True)
    ended = command("explain", tmp_path / "study", "alpha")
    assert (ended.code, "not the manifest of a run, but of a study" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--policies payment_first", "no policy called payment_first (did you mean payments_first?)"),
        ("--measures leak", "no measure called leak"),
        ("--measures leakages", "did you mean leakage?"),
        ("--precision leakage", "--precision leakage: write it as measure=half width"),
        ("--precision leakage=wide", "--precision leakage=wide: write it as"),
        ("--precision leakage=0", "--precision leakage=0: write it as"),
        ("--precision leakage=nan", "--precision leakage=nan: write it as"),
        ("--precision leakge=0.1", "no measure called leakge (did you mean leakage?)"),
        ("--precision leakage=0.1 --replications 3", "leave one out"),
        ("--replications 0", "--replications"),
        ("--workers 0", "--workers"),
        ("--engine steam", "--engine"),
        ("--resume", "--resume needs --out FOLDER"),
        ("--force", "--force needs --out FOLDER"),
        ("--resume --force --out {0}/new", "leave one out"),
        ("--out {0}/plain", "plain exists already"),
        ("--out {0}/plain --force", "plain exists and holds no saved study, so --force does not replace it"),
    ],
)
def test_wrong_input_ends_before_any_simulation(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    monkeypatch.setattr(sim.study.compare, "compare", refuse)
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "keep.txt").write_text("mine")

    ended = command("compare", minimal, *line.format(tmp_path).split())

    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())
    assert [path.name for path in tmp_path.iterdir()] == ["plain"]


def test_resuming_where_something_else_is_harms_nothing(command: Any, minimal: Path, tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("mine")

    ended = command("compare", minimal, "--out", tmp_path, "--resume")

    assert (ended.code, "not the folder of a study, it holds keep.txt" in ended.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["keep.txt"]


def test_failed_runs_are_listed_with_the_command_that_repeats_each(command: Any, minimal: Path) -> None:
    simulate = job_module._simulate

    def faulty(job: Any, numbers: Any) -> Any:
        if 4 in numbers and job.policy == "baseline":
            raise ArithmeticError("the moon")
        return simulate(job, numbers)

    with patch.object(job_module, "_simulate", faulty):
        ended = command("compare", minimal, *FEW)

    assert ended.code == 0
    assert ended.err.splitlines() == [
        "1 of 12 runs failed and are left out:",
        "  baseline, replication 4, simulate: ArithmeticError: the moon",
        f"    regpressure run {minimal} --policy=baseline --seed=3 --replication=4",
    ]
    line = shlex.split(ended.err.splitlines()[-1])[1:]
    assert command(*line).code == 0


@pytest.mark.parametrize("where", [(), ("--out", "study")])
def test_interrupted_it_says_how_to_go_on(
    command: Any, minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim.study.compare, "compare", interrupted)

    ended = command(
        "compare", minimal, "--policies", "payments_first", "--precision", "leakage=1", "--precision=exposure=1",
        "--no-figures", *where,
    )  # fmt: skip

    again = (
        f"finished replications are kept; to go on: regpressure compare {minimal} --policies=payments_first --precision=leakage=1 "
        "--precision=exposure=1 --out=study --no-figures --resume\n"
    )
    assert (ended.code, ended.out, ended.err) == (130, "", (again if where else "") + "interrupted\n")


SIGNALLED = """
import os, signal, sys
from pathlib import Path
from sim.cli import main
from sim.study.jobs import job, plan
plan._JOB_SECONDS = 0.005
simulate, sent = job._simulate, []
def simulated(*arguments):
    if not sent and list(Path(sys.argv[-1]).glob("parts/*/*.nc")):
        sent.append(os.kill(os.getpid(), signal.SIGINT))
    return simulate(*arguments)
job._simulate = simulated
sys.exit(main(sys.argv[1:-1]))
"""
"""The command, which is sent a signal while it simulates, as soon as the folder that is named last holds a part."""


def test_interrupted_by_a_signal_it_goes_on_by_the_command_that_it_names(
    command: Any, root: Path, minimal: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a"
    line = ["compare", str(minimal), "--replications=400", "--workers=2", f"--out={out}", "--no-figures"]
    process = subprocess.run([sys.executable, "-c", SIGNALLED, *line, out], cwd=root, capture_output=True, text=True)
    assert process.returncode == 130
    *_, hint, end = process.stderr.splitlines()  # a first run also says that it compiles
    assert end == "interrupted"
    assert hint == f"finished replications are kept; to go on: regpressure {shlex.join(line)} --resume"
    before = {path: path.stat().st_mtime_ns for path in out.glob("parts/*/*.nc")}
    assert before

    assert command(*line, "--resume").code == 0

    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert sim.open(out).replications == {"baseline": 400, "payments_first": 400}


def test_a_person_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("TERM", "xterm"), ("COLUMNS", "200")):
        monkeypatch.setenv(name, value)
    for watched in (False, True):
        monkeypatch.setattr("sys.stderr.isatty", lambda watched=watched: watched)
        with progress("comparing") as watch:
            if watch is not None:
                watch(Progress(total=40))
                watch(Progress(simulated=10, stored=5, total=40))
                time.sleep(0.3)
        out, err = capsys.readouterr()
        assert ("comparing" in err and "15/40" in err, out) == (watched, "")


def test_the_note_tells_what_is_not_reached_yet(minimal: Path) -> None:
    asked = (sim.Precision("leakage", 1e-6, maximum=30), sim.Precision("exposure", 0.5))
    seen: list[Progress] = []
    study = sim.study.compare.compare(sim.load(minimal), until=asked, watch=seen.append)

    leakage = next(report for report in study.reached if report.target.measure == "leakage")
    assert widest_intervals(seen[-1]) == f"leakage ±{leakage.half_width:.2g} (asked ±1e-06)"


def test_values_are_set_as_in_a_run(command: Any, minimal: Path, tmp_path: Path) -> None:
    asked = ("compare", minimal, "--set", "segments.traders.outside=0.9", "--replications", 2, "--no-figures")
    assert command(*asked, "--out", tmp_path / "study").code == 0
    study = sim.open(tmp_path / "study")
    assert isinstance(study, sim.Study)
    varied = sim.load(minimal, {"segments.traders.outside": 0.9})
    expected = sim.compare(varied, replications=2)
    for policy in expected.policies:
        assert np.array_equal(study.results[policy].measures, expected.results[policy].measures, equal_nan=True)
    assert command("compare", minimal, "--set", "demand.onram=1").code == 2


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small study."""
    folder = tmp_path_factory.mktemp("finished") / "study"
    sim.compare(sim.load("minimal"), ["payments_first"], replications=2, store=folder)
    return folder


def test_a_damaged_part_is_told_in_a_sentence_and_made_again(command: Any, finished: Path) -> None:
    (part, *_) = sorted(finished.glob("parts/000-baseline/*.nc"))
    before = part.read_bytes()
    part.write_bytes(before[:-1] + b"x")
    refused = command("reproduce", finished)
    resumed = command("compare", "minimal", "--policies=payments_first", "--replications=2", "--resume", "--no-figures",
                      "--out", finished)  # fmt: skip

    assert (refused.code, refused.err) == (2, f"error: {part}: changed since it was written\n")
    assert resumed.code == 0
    assert f"warning: {part}: changed since it was written; its replications are simulated again\n" in resumed.err
    assert part.read_bytes() == before


def test_a_full_disk_is_told_with_what_to_do(command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/mnt/small")

    monkeypatch.setattr(sim.study.compare, "compare", full)
    ended = command("compare", "minimal", "--replications=2", "--no-figures", "--out", tmp_path / "a")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.splitlines()[-3:] == [
        f"finished replications are kept; to go on: regpressure compare minimal --replications=2 --out={tmp_path / 'a'} "
        "--no-figures --resume",
        "error: /mnt/small: no space left on device",
        "Nothing is left half written, and what was finished is kept. Make room, then try again.",
    ]


def test_a_disk_that_is_full_when_figures_are_drawn_is_told_alike(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/mnt/small")

    monkeypatch.setattr(sim.cli.commands.compare, "_write", full)
    ended = command("compare", "minimal", "--replications=2", "--out", tmp_path / "a")

    assert ended.code == 1
    assert "finished replications are kept; to go on: regpressure compare minimal" in ended.err


def test_what_intervals_cover_is_told(command: Any) -> None:
    luck = "intervals: luck within the model, at the file's values"
    told = command("compare", "minimal", "--replications=3", "--measures=leakage,licence_wait")
    document = json.loads(command("compare", "minimal", "--replications=3", "--json").out)
    drawn = command("compare", "minimal", "--replications=4", "--draws=4", "--json")

    assert luck in told.out
    assert "--draws N" in told.out
    assert "not defined in any replication of payments_first: no application came to an end" in told.out
    assert document["intervals"].startswith(luck)
    (_, row, *_) = json.loads(drawn.out)["differences"]
    assert row["draws_low"] <= row["mean"] <= row["draws_high"]


def test_a_leakage_above_one_is_told_in_words(command: Any) -> None:
    """With other attractions of OTC trade, more comes there than leaves the order books."""
    growth = "so trade grew as a whole"
    asked = ("compare", "minimal", "--replications=2", "--measures=leakage", "--set=segments.traders.taste.otc=2")
    words = [line for line in command(*asked).out.splitlines() if growth in line]
    document = json.loads(command(*asked, "--json").out)
    usual = command("compare", "minimal", "--replications=2", "--measures=leakage")

    assert words == [f"{policy}: {told}" for policy, told in document["remarks"]["leakage"].items()] != []
    assert growth not in usual.out


def test_what_never_varied_has_no_interval_of_no_width(command: Any) -> None:
    """No site is blocked in so few replications; that is no proof that none ever is."""
    told = command("compare", "minimal", "--replications=3", "--measures=blocked_sites")

    (row,) = [line for line in told.out.splitlines() if line.startswith("payments_first")]
    assert "did not vary" in row
    assert "0 to 0" not in told.out


def test_facts_of_an_own_record_are_measures_with_their_unit(command: Any, minimal: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(minimal.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "own.yaml").write_text(
        "series: {peer: [{modes: [otc], segments: focal}], all: [{segments: focal}]}\n"
        "facts:\n"
        "  - {id: peer, window: [2020-10-01, 2020-11-30], statistic: share, arguments: {of: peer, within: all},\n"
        "     value: 0.4, low: 0.3, high: 0.5, unit: share, grade: B, use: validate, about: share in autumn, source: s}\n",
        encoding="utf-8",
    )
    asked = ("compare", own, "--policies", "payments_first", "--replications", 2, "--facts", "--measures", "fact:peer")
    ended = command(*asked)
    assert ended.code == 0
    assert "fact:peer (share): share in autumn" in ended.out
    assert "0.4 [0.3, 0.5] share" in ended.out
