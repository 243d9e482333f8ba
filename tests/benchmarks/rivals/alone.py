"""One run in a process of its own, for its memory: `python -m tests.benchmarks.rivals.alone VERSION`.

Takes two models, pickled, on the standard input: one to get warm, one to be timed. Gives an `Alone`, pickled.
"""

from __future__ import annotations

import pickle
import re
import resource
import sys
import time
from pathlib import Path

from tests.benchmarks.rivals.versions import VERSIONS, Alone

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """The most memory that this process held.

    Linux lets a process inherit the peak of its parent in what `getrusage` says, but not in its own status.
    """
    if _STATUS.exists() and (found := re.search(r"VmHWM:\s*(\d+)", _STATUS.read_text())):
        return float(found[1]) / 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024.0**2 if sys.platform == "darwin" else peak / 1024.0


def main(name: str) -> None:
    """Run once, after a small run that is not timed, and tell what it took."""
    version = VERSIONS[name]
    small, model = pickle.load(sys.stdin.buffer)
    version.run_model(small, 1, 0)
    began = time.perf_counter()
    outcome = version.run_model(model, 1, 0)
    seconds = time.perf_counter() - began
    sys.stdout.buffer.write(pickle.dumps(Alone(seconds, peak_megabytes(), outcome.events)))


if __name__ == "__main__":
    main(*sys.argv[1:])
