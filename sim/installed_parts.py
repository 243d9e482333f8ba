"""Parts that installed packages bring, by an entry point of the group `regpressure.extensions` that names a module.

The command `regpressure` imports these modules when it starts. In Python, import yours yourself.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

GROUP = "regpressure.extensions"
"""Group of the entry points of packages that bring parts."""


def bring_installed() -> Iterator[str]:
    """Import the modules; a line for each that cannot be imported."""
    for entry in entry_points(group=GROUP):
        try:
            entry.load()
        except Exception as error:  # whatever a module of somebody else's raises
            yield f"the parts {entry.name} ({entry.value}) cannot be used: {type(error).__name__}: {error}"
