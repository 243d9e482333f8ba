"""The command `regpressure`, which is also `python -m sim`."""

from __future__ import annotations

import gc
import sys

_ALLOCATIONS = 100_000
"""Objects more than were freed, after which garbage is looked for."""


def main() -> int:
    """Run the command on the arguments of the process; an interruption ends it with a line, from its imports on."""
    gc.set_threshold(_ALLOCATIONS)  # by default a tenth of the time goes to looking among modules, where there is none
    try:
        from sim.cli import main as command

        return command()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
