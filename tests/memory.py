"""The memory of this process."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """The most memory that this process held.

    Linux lets a process inherit the peak of its parent in what `getrusage` says, but not in its own status.
    """
    if _STATUS.exists() and (found := re.search(r"VmHWM:\s*(\d+)", _STATUS.read_text())):
        return float(found[1]) / 1024.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024.0**2 if sys.platform == "darwin" else peak / 1024.0
