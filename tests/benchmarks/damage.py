"""Damaged folders: what the command says of runs and studies that others changed: `python -m tests.benchmarks.damage 500`.

Each folder is a copy of a good one with some damage, from a bit that flips to a manifest that was changed and signed
anew. Whatever it is, a command must end in good time with a message of one line and exit code 2, or find the folder to
be sound, and touch nothing outside. Prints what was said how often; exit code 1 if a command did anything else.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sim
from sim.cli import main as command
from sim.results.hashing import json_document, json_hash
from sim.study.jobs import plan

ROOT = Path(__file__).resolve().parents[2]
MINIMAL = ROOT / "configs" / "minimal.yaml"
END = {"end": "2021-02-01"}
REPLICATIONS = 6
_SECONDS = 60  # after which a command counts as one that hangs

Damage = Callable[[random.Random, Path], object]
"""Does something to a folder."""


def make(folder: Path) -> None:
    """A run, a study, and a file outside of both that nobody may touch."""
    sim.run(sim.load(MINIMAL, END)).save(folder / "run")
    (folder / "minimal.yaml").write_text(MINIMAL.read_text().replace("end: 2021-06-30", f"end: {END['end']}"))
    with patch.object(plan, "_JOB_SECONDS", 1e-3):
        sim.compare(sim.load(folder / "minimal.yaml"), replications=REPLICATIONS, store=folder / "study")
    (folder / "outside").mkdir()
    (folder / "outside" / ".saving-mine").write_text("precious")


def _file(chance: random.Random, folder: Path) -> Path:
    return chance.choice(sorted(path for path in folder.rglob("*") if path.is_file()))


def _flip(chance: random.Random, folder: Path) -> None:
    path = _file(chance, folder)
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _cut(chance: random.Random, folder: Path) -> None:
    path = _file(chance, folder)
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def _append(chance: random.Random, folder: Path) -> None:
    with _file(chance, folder).open("ab") as file:
        file.write(chance.randbytes(chance.randrange(1, 100)))


def _scramble(chance: random.Random, folder: Path) -> None:
    path = _file(chance, folder)
    path.write_bytes(chance.randbytes(path.stat().st_size))


def _remove(chance: random.Random, folder: Path) -> None:
    _file(chance, folder).unlink()


def _swap(chance: random.Random, folder: Path) -> None:
    one, other = _file(chance, folder), _file(chance, folder)
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def _duplicate(chance: random.Random, folder: Path) -> None:
    path = _file(chance, folder)
    shutil.copy(path, path.with_name(chance.choice(["copy", f"{path.name} (1)", f"9{path.name[1:]}"])))


def _no_file(chance: random.Random, folder: Path) -> None:
    path = _file(chance, folder)
    path.unlink()
    chance.choice([path.mkdir, lambda: os.mkfifo(path), lambda: path.symlink_to(folder.parent / "outside"),
                   lambda: path.symlink_to(path)])()  # fmt: skip


def _link_folder(chance: random.Random, folder: Path) -> None:
    path = chance.choice([*(path for path in folder.rglob("*") if path.is_dir()), folder / "parts"])
    shutil.rmtree(path, ignore_errors=True)
    path.symlink_to(folder.parent / "outside")


def _change_signed(chance: random.Random, folder: Path) -> None:
    """One value of the manifest becomes another, with the checksum that belongs to it."""
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["checksum"]
    places = list(_places(manifest))
    holder, key = chance.choice(places)
    values = [None, 0, -1, 10**15, 1.5, "", "x", "../outside", str(folder.parent / "outside"), [], {}, {"x": []}, True]
    if chance.random() < 0.2:
        del holder[key]
    else:
        holder[key] = chance.choice(values)
    (folder / "manifest.json").write_text(json_document(manifest | {"checksum": json_hash(manifest)}))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


DAMAGES: Sequence[Damage] = (
    _flip, _cut, _append, _scramble, _remove, _swap, _duplicate, _no_file, _link_folder, _change_signed, _change_signed,
    _change_signed, _change_signed,
)  # fmt: skip


def fault(good: Path, number: int) -> tuple[str, str | None]:
    """Damage a folder in the way of this number, and use it: what was said, and what was wrong with that."""
    chance = random.Random(number)
    kind = chance.choice(["run", "study", "study"])
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(shutil.copytree(good, Path(scratch) / "copy"))
        folder, outside = copy / kind, copy / "outside"
        damage = chance.choice(DAMAGES)
        damage(chance, folder)
        uses = [["reproduce", folder], ["explain", folder, "alpha"]] if kind == "run" else [["reproduce", folder]]
        if kind == "study":
            uses.append(["compare", copy / "minimal.yaml", "--out", folder, "--resume", "--no-figures",
                         f"--replications={REPLICATIONS + 1}"])  # fmt: skip
        words = [str(word) for word in chance.choice(uses)]
        code, err = _run(words)
        said = re.sub(r"[0-9a-f]{12,}|\d+|'[^']*'", "#", err.replace(str(copy), "")).strip() or f"exit code {code}"
        wrong = None
        differs = code == 1 and words[0] == "reproduce" and not err  # what was signed anew is another run
        if (
            not (code in (0, 2) or differs)
            or "fault" in err
            or "Traceback" in err
            or (code == 2 and len(err.splitlines()) > 3)
        ):
            wrong = f"{damage.__name__} {number}: exit code {code}: {err}"
        elif [path.name for path in outside.rglob("*")] != [".saving-mine"]:
            wrong = f"{damage.__name__} {number}: touched what is outside"
        return said, wrong


def _run(words: list[str]) -> tuple[int, str]:
    """Exit code of a command, and what it said on stderr."""

    def hangs(*_: object) -> None:
        raise TimeoutError(f"hangs: {' '.join(words)}")

    err = io.StringIO()
    signal.signal(signal.SIGALRM, hangs)
    signal.alarm(_SECONDS)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = command(words)
    except Exception as error:
        return -1, f"{err.getvalue()}{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    return code, err.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Damage so many folders, and print what was said of them."""
    parser = argparse.ArgumentParser(description="What the command says of damaged folders.")
    parser.add_argument("folders", type=int, nargs="?", default=500)
    folders = parser.parse_args(arguments).folders
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(scratch))
        found = [fault(Path(scratch), number) for number in range(folders)]
    for said, count in Counter(said for said, _ in found).most_common():
        print(f"{count:5}  {said}")
    faults = [wrong for _, wrong in found if wrong]
    print(f"\n{len(faults)} of {folders} are wrong", *faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
