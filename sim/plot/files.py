"""Figures as files: each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from matplotlib.axes import Axes

from sim.plot.draw.layout import file_axes, root


def write_figures(drawings: Mapping[str, Callable[[Axes], Axes]], folder: str | Path) -> list[Path]:
    """Draw and write figures as PNG files into the folder (made if missing), each whole or not at all.

    Needs no display and leaves pyplot and the backend alone. Returns the paths in the order of the drawings.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return [_write(draw(file_axes()), target / f"{name}.png") for name, draw in drawings.items()]


def _write(ax: Axes, path: Path) -> Path:
    figure = root(ax)
    figure.set_layout_engine("none")  # the margins are set; with an engine everything would be drawn twice
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        figure.savefig(partial, format="png", metadata={"Software": None})
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
