"""Start-up, time and memory of the command as a user runs it: `python -m tests.benchmarks.footprint`.

Every line is a process of its own, run once to warm the disk and the cache of compiled code, and then timed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MINIMAL, CHINA = "configs/minimal.yaml", "configs/china_2017.yaml"
COMMANDS = {
    "python alone": ("-c", ""),
    "import sim": ("-c", "import sim"),
    "regpressure --version": ("-m", "sim", "--version"),
    "regpressure validate, minimal": ("-m", "sim", "validate", MINIMAL),
    "regpressure run, minimal": ("-m", "sim", "run", MINIMAL),
    "regpressure run, China 2017": ("-m", "sim", "run", CHINA),
    "regpressure run --out, China 2017": ("-m", "sim", "run", CHINA, "--out", "{out}"),
}


@dataclass(frozen=True)
class Footprint:
    """What one process takes."""

    what: str
    seconds: float
    megabytes: float


def footprint(what: str, repeat: int = 3) -> Footprint:
    """The quickest of `repeat` processes after a first one, and the most memory that one of them held."""
    found = [_process(COMMANDS[what]) for _ in range(repeat + 1)][1:]
    return Footprint(what, min(seconds for seconds, _ in found), max(memory for _, memory in found))


def _process(arguments: tuple[str, ...]) -> tuple[float, float]:
    """Seconds and peak megabytes of one process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, *(part.format(out=Path(folder) / "run") for part in arguments)]
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert process.stderr is not None
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {complaint.decode()}")
    kilobytes = usage.ru_maxrss / 1024.0 if sys.platform == "darwin" else float(usage.ru_maxrss)
    return seconds, kilobytes / 1024.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table, and write the figures if a file is named."""
    parser = argparse.ArgumentParser(description="Start-up, time and memory of the command.")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args(arguments)
    found = [footprint(what, options.repeat) for what in COMMANDS]
    for each in found:
        print(f"{each.what:<36} {each.seconds:>7.2f} s {each.megabytes:>7.0f} MB")
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
