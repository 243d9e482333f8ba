"""How a race of policies went: who was in it for how long, and who won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.plot.labelled_rows import close_rows, lay_rows, name_axis
from sim.plot.page import notebook_axes
from sim.plot.plotted_quantity import Quantity, decimals_for, finer_decimals, number, quantity_of
from sim.plot.wording import cut, policy_labels, scenario_source, scope_note, study_source
from sim.study.race.kim_nelson import RaceOutcome, Stopped
from sim.study.race.race import Selection
from sim.study.study import Study

_MAX_ROWS = 40
"""Rows at most; of more policies, those that were in the race longest are shown."""
_REASONS = {
    "best known": "all others were beaten",
    "within indifference zone": "those next to it are within the difference worth detecting",
    "cap": "the most replications were reached with several left: no guarantee",
}
"""Why a race stopped, in words."""
_COLOURS = {"best": "#D55E00", "close": "#E69F00", "beaten": "#A9C9DE"}
_END_WORDS = {"best": "wins", "close": "not told from the winner", "beaten": "out after {:,}"}
_ROW_HEIGHT = 16.0
"""In points."""


@dataclass(frozen=True)
class Runner:
    """One policy: replications that it took part in, its mean over them, and how it ended: best, close or beaten.

    `behind` is how far it was from the winner in the same replications, "" if that is not known.
    """

    policy: str
    replications: int
    mean: str
    behind: str
    end: str


@dataclass(frozen=True)
class RaceData:
    """Runners, the winner first, then those not told from it, then the others by when they left, last first."""

    runners: tuple[Runner, ...]
    measure: str
    title: str
    source: str
    notes: tuple[str, ...]


def plot_race(
    study: Study, outcome: RaceOutcome | Selection, names: Sequence[str] | None = None, measure: str | None = None,
    *, ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Who left a race when. Numbered systems take `names` (default: the policies of the study) and the measure."""
    if not isinstance(outcome, RaceOutcome):
        return plot_selection(outcome, ax)
    data = gather_outcome(outcome, names or study.policies, measure)
    return draw_race(ax or notebook_axes(), replace(data, source=study_source(study)))


def plot_selection(race: Selection, ax: Axes | None = None) -> Axes:
    """Who left a race of policies when."""
    return draw_race(ax or notebook_axes(), gather_race(race))


def gather_race(race: Selection) -> RaceData:
    """The course of a race of policies."""
    means = {policy: float(values.mean()) for policy, values in race.values.items()}
    counts = {policy: len(values) for policy, values in race.values.items()}
    quantity, winner = quantity_of(race.measure, race.scenario.labels), race.values[race.best]
    labels = policy_labels(race.scenario, race.values)
    others = {policy: own for policy, own in race.values.items() if policy != race.best}
    gaps = {policy: quantity.factor * float((own - winner[: len(own)]).mean()) for policy, own in others.items()}
    decimals = decimals_for(gaps.values(), figures=2)
    behind = {policy: number(gap, finer_decimals(decimals, gap), sign=True) for policy, gap in gaps.items()}
    data = _gather(means, counts, race.best, race.survivors, race.stopped, race.confidence, quantity, labels, behind)
    draws = "" if race.draws is None else ", each with a draw of uncertain parameters"
    source = f"{scenario_source(race.scenario, max(counts.values()))}{draws}, seed {race.seed}"
    scope = scope_note(race.interval_scope.replace("intervals:", "confidence:"))
    return replace(data, source=source, notes=(*data.notes, scope))


def gather_outcome(outcome: RaceOutcome, names: Sequence[str], measure: str | None = None) -> RaceData:
    """The course of a race of numbered systems. Raises ValueError if there are not as many names as systems."""
    if len(names) != len(outcome.mean):
        raise ValueError(f"{len(outcome.mean)} systems raced, but {len(names)} names are given")
    means = dict(zip(names, outcome.mean.tolist(), strict=True))
    counts = dict(zip(names, outcome.replications.tolist(), strict=True))
    survivors = [names[i] for i in outcome.survivors]
    quantity = Quantity("the measure", "", "", 1.0) if measure is None else quantity_of(measure)
    labels = {name: name for name in names}
    best = names[outcome.best]
    return _gather(means, counts, best, survivors, outcome.stopped, outcome.confidence, quantity, labels, {})


def _gather(
    means: Mapping[str, float], counts: Mapping[str, int], best: str, survivors: Sequence[str], stopped: Stopped,
    confidence: float, quantity: Quantity, labels: Mapping[str, str], behind: Mapping[str, str],
) -> RaceData:  # fmt: skip
    ends = {policy: "close" if policy in survivors else "beaten" for policy in means} | {best: "best"}
    rank = {"best": 0, "close": 1, "beaten": 2}
    order = sorted(means, key=lambda policy: (rank[ends[policy]], -counts[policy]))
    decimals = decimals_for([quantity.factor * (max(means.values()) - min(means.values()))], figures=3)
    words = {policy: quantity.level(quantity.factor * mean, decimals) for policy, mean in means.items()}
    runners = [Runner(labels[p], counts[p], words[p], behind.get(p, ""), ends[p]) for p in order]
    saved = 1.0 - sum(counts.values()) / (len(counts) * max(counts.values()))
    notes = [
        "Bars: replications that a policy took part in; its mean is over those. "
        f"Racing saved {100 * saved:.0f}\u00a0% of the replications that all of them would have taken."
    ]
    if len(runners) > _MAX_ROWS:
        notes.append(f"{len(runners) - _MAX_ROWS} policies that left earlier are not shown.")
    sentence = finding(runners, quantity.name, stopped, confidence)
    return RaceData(tuple(runners[:_MAX_ROWS]), quantity.name, sentence, "", tuple(notes))


def finding(runners: Sequence[Runner], measure: str, stopped: Stopped, confidence: float) -> str:
    """Who won, when, and what that is worth."""
    best, last = runners[0], max(runner.replications for runner in runners)
    words = f"{cut(best.policy)} wins after {last:,} replications with {measure} {best.mean}; {_REASONS[stopped]}"
    return words if stopped == "cap" else f"{words} ({100 * confidence:g} % confidence)"


def draw_race(ax: Axes, data: RaceData) -> Axes:
    """Draw a bar per policy, the winner on top, with means and ends at the right."""
    columns = {f"mean {data.measure}": [runner.mean for runner in data.runners]}
    if any(runner.behind for runner in data.runners):
        columns["from the winner"] = [runner.behind for runner in data.runners]
    columns[""] = [_END_WORDS[runner.end].format(runner.replications) for runner in data.runners]
    lay_rows(ax, [runner.policy for runner in data.runners], columns, [runner.end == "best" for runner in data.runners])
    for i, runner in enumerate(data.runners):
        ax.barh(i + 0.5, runner.replications, 0.62, color=_COLOURS[runner.end], linewidth=0, zorder=2)
    ax.set_xlim(0, 1.03 * max(runner.replications for runner in data.runners))
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    name_axis(ax, "replications")
    close_rows(ax, data.title, data.source, data.notes, _ROW_HEIGHT * len(data.runners))
    return ax
