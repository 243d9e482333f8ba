"""The command `regpressure`, which is also `python -m sim`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command on the arguments of the process; an interruption ends it with a line, from its imports on."""
    try:
        from sim.cli import main as command

        return command()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
