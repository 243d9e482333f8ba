"""How a race of policies went: who was in it for how long, and who won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.plot.page import plain
from sim.plot.plotted_quantity import Quantity, digits, finer, number, quantity
from sim.plot.style import Floats
from sim.plot.timeline_rows import Column, close_rows, lay_rows, name_axis

if TYPE_CHECKING:
    from sim.study.race.kim_nelson import RaceOutcome, Stopped


MOST = 40
"""Rows at most; of more policies, those that were in the race longest are shown."""
ENDS = {
    "best known": "all others were beaten",
    "within indifference zone": "those next to it are within the difference worth detecting",
    "cap": "the most replications were reached with several left: no guarantee",
}


class Raced(Protocol):
    """A race of policies by name, such as `sim.race` returns."""

    @property
    def measure(self) -> str:
        """Name of the measure."""

    @property
    def best(self) -> str:
        """The winner."""

    @property
    def survivors(self) -> tuple[str, ...]:
        """The winner and those not told apart from it."""

    @property
    def values(self) -> Mapping[str, Floats]:
        """By policy, the measure in the replications in which it took part."""

    @property
    def stopped(self) -> Stopped:
        """Why it ended."""

    @property
    def confidence(self) -> float:
        """With what probability the best is found."""


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
class Course:
    """Runners, the winner first, then those not told from it, then the others by when they left, last first."""

    runners: tuple[Runner, ...]
    title: str
    notes: tuple[str, ...]


def gather_race(raced: Raced) -> Course:
    """The course of a race of policies."""
    means = {policy: float(values.mean()) for policy, values in raced.values.items()}
    counts = {policy: len(values) for policy, values in raced.values.items()}
    what, winner = quantity(raced.measure), raced.values[raced.best]
    course = _course(means, counts, raced.best, raced.survivors, raced.stopped, raced.confidence, what)
    gaps = {p: what.factor * float((v - winner[: len(v)]).mean()) for p, v in raced.values.items() if p != raced.best}
    places = digits(gaps.values(), figures=2)
    told = {policy: number(gap, finer(places, gap), sign=True) for policy, gap in gaps.items()}
    runners = tuple(replace(runner, behind=told.get(runner.policy, "")) for runner in course.runners)
    return replace(course, runners=runners)


def gather_outcome(outcome: RaceOutcome, names: Sequence[str], measure: str | None = None) -> Course:
    """The course of a race of numbered systems. Raises ValueError if there are not as many names as systems."""
    if len(names) != len(outcome.mean):
        raise ValueError(f"{len(outcome.mean)} systems raced, but {len(names)} names are given")
    means = dict(zip(names, outcome.mean.tolist(), strict=True))
    counts = dict(zip(names, outcome.replications.tolist(), strict=True))
    left = [names[i] for i in outcome.survivors]
    what = Quantity("the measure", "", "", 1.0) if measure is None else quantity(measure)
    return _course(means, counts, names[outcome.best], left, outcome.stopped, outcome.confidence, what)


def _course(
    means: Mapping[str, float], counts: Mapping[str, int], best: str, survivors: Sequence[str], stopped: Stopped,
    confidence: float, what: Quantity,
) -> Course:  # fmt: skip
    ends = {policy: "close" if policy in survivors else "beaten" for policy in means} | {best: "best"}
    rank = {"best": 0, "close": 1, "beaten": 2}
    order = sorted(means, key=lambda policy: (rank[ends[policy]], -counts[policy]))
    places = digits([what.factor * (max(means.values()) - min(means.values()))], figures=3)
    runners = [
        Runner(policy, counts[policy], what.level(what.factor * means[policy], places), "", ends[policy])
        for policy in order
    ]
    saved = 1.0 - sum(counts.values()) / (len(counts) * max(counts.values()))
    notes = [
        "Bars: replications that a policy took part in; its mean is over those. "
        f"Racing saved {100 * saved:.0f}\u00a0% of the replications that all of them would have taken."
    ]
    if len(runners) > MOST:
        notes.append(f"{len(runners) - MOST} policies that left earlier are not shown.")
    return Course(tuple(runners[:MOST]), finding(runners, stopped, confidence), tuple(notes))


def finding(runners: Sequence[Runner], stopped: Stopped, confidence: float) -> str:
    """Who won, when, and what that is worth."""
    best, last = runners[0], max(runner.replications for runner in runners)
    words = f"{best.policy} wins after {last:,} replications with {best.mean}; {ENDS[stopped]}"
    return words if stopped == "cap" else f"{words} ({100 * confidence:g} % confidence)"


ROW = 16.0
"""Height of a row in points."""
COLOURS = {"best": "#D55E00", "close": "#E69F00", "beaten": "#A9C9DE"}
WORDS = {"best": "wins", "close": "not told from the winner", "beaten": "out after {:,}"}


def draw_race(ax: Axes, data: Course) -> Axes:
    """Draw a bar per policy, the winner on top, with means and ends at the right."""
    plain(ax)
    columns = [
        Column("mean", tuple(runner.mean for runner in data.runners)),
        Column("from the winner", tuple(runner.behind for runner in data.runners)),
        Column("", tuple(WORDS[runner.end].format(runner.replications) for runner in data.runners)),
    ]
    columns = [column for column in columns if any(column.cells)]
    lay_rows(ax, [runner.policy for runner in data.runners], columns, [runner.end == "best" for runner in data.runners])
    for i, runner in enumerate(data.runners):
        ax.barh(i + 0.5, runner.replications, 0.62, color=COLOURS[runner.end], linewidth=0, zorder=2)
    ax.set_xlim(0, 1.03 * max(runner.replications for runner in data.runners))
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    name_axis(ax, "replications")
    close_rows(ax, data.title, data.notes, ROW * len(data.runners))
    return ax
