"""One run in a process of its own, for its memory: `python -m tests.benchmarks.rivals.alone VERSION`.

Takes two models, pickled, on the standard input: one to get warm, one to be timed. Gives an `Alone`, pickled.
"""

from __future__ import annotations

import pickle
import sys
import time

from tests.benchmarks.rivals.versions import VERSIONS, Alone
from tests.memory import peak_megabytes


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
