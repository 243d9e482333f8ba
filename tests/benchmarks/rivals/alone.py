"""One run in a process of its own: `python -m tests.benchmarks.rivals.alone VERSION EXCHANGES`."""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

from tests.benchmarks.rivals.versions import VERSIONS

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """The most memory that this process held.

    Linux lets a process inherit the peak of its parent in what `getrusage` says, but not in its own status.
    """
    if _STATUS.exists() and (found := re.search(r"VmHWM:\s*(\d+)", _STATUS.read_text())):
        return float(found[1]) / 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024.0**2 if sys.platform == "darwin" else peak / 1024.0


def main(name: str, exchanges: str) -> None:
    """Run once, after a small run that is not timed, and tell what it took."""
    version = VERSIONS[name]
    version.prepare(workers=1)
    outcome, seconds = version.timed(int(exchanges), 1, 0)
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes(), "events": outcome.events}))


if __name__ == "__main__":
    main(*sys.argv[1:])
