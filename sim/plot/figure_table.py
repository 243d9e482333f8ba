"""The figures of runs and studies: each is a method of a class, and the main ones are written as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MethodType
from typing import Concatenate, Generic, ParamSpec, TypeVar, overload

from matplotlib.axes import Axes

from sim.calibration.calibrate import Calibration
from sim.plot.figures.band import plot_band
from sim.plot.figures.calibration_waves import plot_waves
from sim.plot.figures.decomposition import plot_decomposition
from sim.plot.figures.difference import plot_difference
from sim.plot.figures.exchange_shares import plot_exchanges
from sim.plot.figures.exchange_timelines import plot_timeline
from sim.plot.figures.fan import plot_fan
from sim.plot.figures.flows import plot_flows
from sim.plot.figures.forecast import plot_forecast
from sim.plot.figures.futures import plot_futures
from sim.plot.figures.heatmap import plot_heatmap
from sim.plot.figures.identification import plot_identification
from sim.plot.figures.levers import plot_levers
from sim.plot.figures.mode_shares import plot_shares
from sim.plot.figures.narrowing import plot_narrowing
from sim.plot.figures.overlay import plot_overlay
from sim.plot.figures.parallel import differing_measures, plot_parallel
from sim.plot.figures.pathways import plot_pathways
from sim.plot.figures.profiles import plot_profiles
from sim.plot.figures.race import plot_race
from sim.plot.figures.record import plot_record
from sim.plot.figures.response import plot_response
from sim.plot.figures.surface import plot_surface
from sim.plot.figures.tradeoff import plot_tradeoff
from sim.plot.figures.volume import plot_volume
from sim.plot.page import file_axes, write_file
from sim.plot.style import MODES_AND_OUTSIDE
from sim.results.run import Run
from sim.study.branch.branch import Branches
from sim.study.record_check import RecordCheck
from sim.study.repeat_commands import run_command, study_command
from sim.study.study import Study
from sim.study.sweep.sweep import Sweep

S = TypeVar("S")
P = ParamSpec("P")

MAIN_MEASURES = ("suppression", "leakage", "exposure", "half_life", "agency_days")
"""The measures of which differences are written."""


class Plots(Generic[S]):
    """Figures of a run or a study; its subclasses are tables with one `Figure` a line."""

    def __init__(self, source: S) -> None:
        self._source = source

    def write(self, folder: str | Path) -> list[Path]:
        """Write the main figures as PNG files into the folder (made if missing); their paths in the order of the table.

        Each is written whole or not at all, and says in its metadata how it is made again. Needs no display and leaves
        pyplot and the backend alone.
        """
        again = self._again()
        return [
            write_file(
                figure.plot(self._source, *arguments, ax=file_axes()),
                Path(folder, f"{file}.png"),
                f"{again}.plot.{name}({', '.join(map(repr, arguments))})",
            )
            for name, figure in vars(type(self)).items()
            if isinstance(figure, Figure) and figure.needs(self._source)
            for file, arguments in figure.files_of(self._source, name).items()
        ]

    def _again(self) -> str:
        """What a call that draws a figure begins with, and how to come by it."""
        return ""


class Figure(Generic[S, P]):
    """A line of the table: a function that draws a figure of a run or a study becomes a method of the table.

    `files` are the arguments with which it is written, by name of the file, or a function that says them of a run or
    study; by default one of its own name, without arguments. `needs` says for which runs or studies.
    """

    def __init__(
        self,
        plot: Callable[Concatenate[S, P], Axes],
        files: Mapping[str, tuple[str, ...]] | Callable[[S], Mapping[str, tuple[str, ...]]] | None = None,
        needs: Callable[[S], bool] = lambda source: True,
    ) -> None:
        self.plot = plot
        self.files = files
        self.needs = needs

    def files_of(self, source: S, name: str) -> Mapping[str, tuple[str, ...]]:
        """The arguments with which the figure called `name` is written, by name of the file."""
        if self.files is None:
            return {name: ()}
        return self.files(source) if callable(self.files) else self.files

    @overload
    def __get__(self, plots: None, owner: type) -> Callable[Concatenate[S, P], Axes]: ...

    @overload
    def __get__(self, plots: Plots[S], owner: type) -> Callable[P, Axes]: ...

    def __get__(self, plots: Plots[S] | None, owner: type) -> Callable[..., Axes]:
        """The function itself, from an object of the table bound to its run or study."""
        return self.plot if plots is None else MethodType(self.plot, plots._source)


class RunPlots(Plots[Run]):
    """Figures of one run. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes.

    On Axes of the caller's, the caller makes room for labels outside them (`layout="constrained"` does).
    """

    shares = Figure(plot_shares)
    exchanges = Figure(plot_exchanges)
    timeline = Figure(plot_timeline)
    levers = Figure(plot_levers)
    flows = Figure(plot_flows)
    volume = Figure(plot_volume)
    overlay = Figure(plot_overlay, files={})

    def _again(self) -> str:
        return f"{run_command(self._source)}; then in Python sim.open('FOLDER')"


def _has_paths(study: Study) -> bool:
    return all(results.paths.shape[1] for results in study.results.values())


class StudyPlots(Plots[Study]):
    """Figures of a study. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes.

    Names of policies, measures and modes that are not there raise KeyError, with what was probably meant. On Axes of
    the caller's, the caller makes room for labels outside them (`layout="constrained"` does).
    """

    difference = Figure(plot_difference, {f"difference-{name.replace('_', '-')}": (name,) for name in MAIN_MEASURES})
    tradeoff = Figure(plot_tradeoff)
    fan = Figure(plot_fan, {f"fan-{mode}": ("share", mode) for mode in MODES_AND_OUTSIDE}, needs=_has_paths)
    pathways = Figure(plot_pathways, needs=lambda study: any(results.rules for results in study.results.values()))
    parallel = Figure(plot_parallel, needs=lambda study: len(study.policies) > 2 and bool(differing_measures(study)))
    band = Figure(plot_band, files={})
    heatmap = Figure(plot_heatmap, files={})
    decomposition = Figure(plot_decomposition, files={})
    race = Figure(plot_race, files={})

    def _again(self) -> str:
        command = study_command(self._source)
        return command if command.startswith("sim.") else f"{command}; then in Python sim.open('FOLDER')"


class BranchesPlots(Plots[Branches]):
    """Figures of one past with several futures. Every method draws on `ax`, or on Axes in a new figure."""

    futures = Figure(plot_futures, {f"futures-{mode}": (mode,) for mode in MODES_AND_OUTSIDE})

    def _again(self) -> str:
        return "branches = sim.branch(history, futures); branches"


def _swept_files(sweep: Sweep) -> dict[str, tuple[str, ...]]:
    return {f"response-{name.replace('_', '-')}": (name,) for name in MAIN_MEASURES if name in sweep.measures}


class SweepPlots(Plots[Sweep]):
    """Figures of a sweep. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes."""

    response = Figure(plot_response, _swept_files)
    surface = Figure(plot_surface, files={})

    def _again(self) -> str:
        return "sweep = sim.sweep(scenario, over); sweep"


class CalibrationPlots(Plots[Calibration]):
    """Figures of a calibration. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes."""

    waves = Figure(plot_waves)
    identification = Figure(plot_identification)
    narrowing = Figure(plot_narrowing)
    profiles = Figure(plot_profiles, {})


class CheckPlots(Plots[RecordCheck]):
    """Figures of a scenario beside its record. Every method draws on `ax`, or on Axes in a new figure."""

    record = Figure(plot_record)
    forecast = Figure(plot_forecast, needs=lambda check: bool(check.evidence.forecasts))
