"""A table of figures: each is a method of a class such as `RunPlots`, and the main ones are written as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MethodType
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from matplotlib.axes import Axes

from sim.plot.page import write_files

S = TypeVar("S")
P = ParamSpec("P")


class Plots(Generic[S]):
    """Figures of a run or a study; its subclasses are tables with one `Figure` a line."""

    def __init__(self, source: S) -> None:
        self._source = source


class Figure(Generic[S, P]):
    """A line of the table: a function that draws a figure of a run or a study becomes a method of the table.

    `files` are the arguments with which it is written, by name of the file; by default one of its own name, without
    arguments. `needs` says for which runs or studies.
    """

    def __init__(
        self,
        plot: Callable[Concatenate[S, P], Axes],
        files: Mapping[str, tuple[str, ...]] | None = None,
        needs: Callable[[S], bool] = lambda source: True,
    ) -> None:
        self.plot = plot
        self.files = files
        self.needs = needs

    @overload
    def __get__(self, plots: None, owner: type) -> Callable[Concatenate[S, P], Axes]: ...

    @overload
    def __get__(self, plots: Plots[S], owner: type) -> Callable[P, Axes]: ...

    def __get__(self, plots: Plots[S] | None, owner: type) -> Callable[..., Axes]:
        """The function itself, from an object of the table bound to its run or study."""
        return self.plot if plots is None else MethodType(self.plot, plots._source)


def write_main(plots: Plots[Any], folder: str | Path) -> list[Path]:
    """Write the main figures into the folder, in the order of the table, and return their paths."""
    drawings: dict[str, Callable[..., Axes]] = {}
    for name, figure in vars(type(plots)).items():
        if isinstance(figure, Figure) and figure.needs(plots._source):
            files = {name: ()} if figure.files is None else figure.files
            drawings |= {file: partial(figure.plot, plots._source, *arguments) for file, arguments in files.items()}
    return write_files(drawings, folder)
