"""The figures of a study: `study.plot.difference("leakage")` and its siblings, and the main ones as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from sim.plot.figures.band import draw_band, gather_band
from sim.plot.figures.decomposition import draw_parts, gather_parts
from sim.plot.figures.difference import draw_difference, gather_difference
from sim.plot.figures.fan import draw_fan, gather_fan
from sim.plot.figures.heatmap import Cells, draw_heatmap, gather_heatmap
from sim.plot.figures.pathways import draw_pathways, gather_pathways
from sim.plot.figures.race import Raced, draw_race, gather_outcome, gather_race
from sim.plot.figures.spread import draw_spread, gather_spread
from sim.plot.figures.tradeoff import draw_tradeoff, gather_tradeoff
from sim.plot.page import notebook_axes, write_figures
from sim.plot.style import BANDS

if TYPE_CHECKING:
    from sim.scenario.policy.families import Orderings, Timings
    from sim.study.decompose.decomposition import Decomposition
    from sim.study.race.kim_nelson import RaceOutcome
    from sim.study.study import Study

MAIN = ("suppression", "leakage", "exposure", "half_life", "agency_days")
"""The measures of which `figures` draws differences."""


class StudyPlots:
    """Figures of a study. Every method draws on `ax`, or on Axes in a new figure, and returns the Axes.

    Names of policies, measures and modes that are not there raise KeyError, with what was probably meant. On Axes of
    the caller's, the caller makes room for labels outside them (`layout="constrained"` does).
    """

    def __init__(self, study: Study) -> None:
        self._study = study

    def fan(
        self, of: str = "share", mode: str = "otc", policies: Sequence[str] | None = None, *, ax: Axes | None = None
    ) -> Axes:
        """Share of a mode (or `outside`) over time: medians, and bands that hold half and nine tenths of replications.

        With the name of a measure instead of "share": how it is spread over the replications of each policy. Of more
        than twelve policies, the baseline and those that end farthest from it are drawn.
        """
        ax = ax or notebook_axes()
        if of == "share":
            return draw_fan(ax, gather_fan(self._study, mode, policies))
        return draw_spread(ax, gather_spread(self._study, of, policies))

    def difference(
        self, measure: str, against: str = "baseline", confidence: float = 0.95, *, ax: Axes | None = None
    ) -> Axes:
        """Mean paired differences of a measure with their intervals, one row per policy; at most 40 rows."""
        return draw_difference(ax or notebook_axes(), gather_difference(self._study, measure, against, confidence))

    def band(
        self, mode: str, policy: str, against: str = "baseline", confidence: float = 0.95, *, ax: Axes | None = None
    ) -> Axes:
        """The paired difference of a mode's share over time, with bands for each day and for all days at once."""
        return draw_band(ax or notebook_axes(), gather_band(self._study, mode, policy, against, confidence))

    def heatmap(
        self, measure: str, family: Orderings | Timings | Cells, against: str = "baseline", confidence: float = 0.95,
        *, ax: Axes | None = None,
    ) -> Axes:  # fmt: skip
        """A measure over a family of policies in the study: what begins first and last, or by how much it is shifted.

        `family` is what `sim.orderings` or `sim.timings` gave, or names of row and column by policy, so that any two
        things can be crossed: `{"a > b, +90 d": ("a > b", "+90 d"), ...}`.
        """
        return draw_heatmap(ax or notebook_axes(), gather_heatmap(self._study, measure, family, against, confidence))

    def decomposition(self, parts: Decomposition, measure: str, *, ax: Axes | None = None) -> Axes:
        """The parts of a policy's effect on a measure as bars that add up to the total."""
        return draw_parts(ax or notebook_axes(), gather_parts(parts, measure))

    def race(
        self, outcome: RaceOutcome | Raced, names: Sequence[str] | None = None, measure: str | None = None,
        *, ax: Axes | None = None,
    ) -> Axes:  # fmt: skip
        """Who left a race when. Numbered systems take `names` (default: the policies of the study) and the measure."""
        from sim.study.race.kim_nelson import RaceOutcome

        if isinstance(outcome, RaceOutcome):
            course = gather_outcome(outcome, self._study.policies if names is None else names, measure)
        else:
            course = gather_race(outcome)
        return draw_race(ax or notebook_axes(), course)

    def pathways(self, *, ax: Axes | None = None) -> Axes:
        """When the steps of adaptive rules came, and in what share of replications.

        Raises ValueError if no policy has rules.
        """
        return draw_pathways(ax or notebook_axes(), gather_pathways(self._study))

    def tradeoff(
        self, x: str = "suppression", y: str = "leakage", larger: tuple[bool, bool] | None = None,
        confidence: float = 0.95, *, ax: Axes | None = None,
    ) -> Axes:  # fmt: skip
        """Two measures of every policy with joint confidence regions, and what no other policy beats in both.

        `larger` says of each whether more is better; by default more suppression and licences, less of all else.
        """
        return draw_tradeoff(ax or notebook_axes(), gather_tradeoff(self._study, x, y, larger, confidence))


def plot_race(raced: Raced, ax: Axes | None = None) -> Axes:
    """Draw who left a race when, on `ax` or on Axes in a new figure."""
    return draw_race(ax or notebook_axes(), gather_race(raced))


def figures(study: Study, folder: str | Path) -> list[Path]:
    """Write the main figures of a study as PNG files into the folder (made if missing), each whole or not at all.

    Differences of the main measures, the trade-off, fans of the modes if paths were kept, pathways if there are rules.
    Needs no display and leaves pyplot and the backend alone. Returns the paths in reading order.
    """
    plots = StudyPlots(study)
    drawings: dict[str, Callable[[Axes], Axes]] = {
        f"difference-{measure.replace('_', '-')}": partial(_draw, plots.difference, measure) for measure in MAIN
    }
    drawings["tradeoff"] = partial(_draw, plots.tradeoff)
    if all(results.paths.shape[1] for results in study.results.values()):
        drawings |= {f"fan-{mode}": partial(_draw, plots.fan, "share", mode) for mode in BANDS}
    if any(results.rules for results in study.results.values()):
        drawings["pathways"] = partial(_draw, plots.pathways)
    return write_figures(drawings, folder)


def _draw(method: Callable[..., Axes], *given: str | Axes) -> Axes:
    """A figure on Axes that come last."""
    *words, ax = given
    return method(*words, ax=ax)
