"""Why did this exchange move? Its decisions, what was weighed, and what would have changed the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.engine.reference import simulate
from sim.engine.reference.reference_run import ReferenceRun
from sim.model.exchanges.decisions import decide
from sim.model.exchanges.reactions import occasion_of
from sim.study.explain.decision_inputs import dials
from sim.study.explain.switching import Flip, Occasion, flips
from sim.suggest import did_you_mean
from sim.world.arrays import World
from sim.world.build import world_of
from sim.world.build.names import Names
from sim.world.codes import STRATEGIES

if TYPE_CHECKING:
    from pandas import DataFrame

    from sim.results.run import Run

_TERMS = ("value", "revenue", "running", "penalty", "launch", "exit", "error", "score")
_SHOWN = 6


@dataclass(frozen=True)
class Reason:
    """One decision: the row of `run.decisions`, its options, and flip thresholds where the exchange moved."""

    decision: Mapping[str, Any]
    options: DataFrame
    flips: tuple[Flip, ...]

    def __str__(self) -> str:
        d = self.decision
        head = f"{d['date']:%Y-%m-%d}  {d['before']} -> {d['choice']}" + (f" ({d['host']})" if d["host"] else "")
        lines = [f"{head}   [{d['cause'] or d['trigger']}]"]
        if d["runner_up"]:
            lines.append(f"  ahead of {d['runner_up']} by {d['margin']:.2f} units of {d['scale']:.3g} money")
        shown = self.options[self.options["feasible"]].sort_values("score", ascending=False)
        lines += [f"  {line}" for line in shown[["option", *_TERMS]].round(2).to_string(index=False).splitlines()]
        lines += [f"  {flip}" for flip in self.flips[:_SHOWN]]
        return "\n".join(lines)


@dataclass(frozen=True)
class Explanation:
    """All decisions of one exchange in one run."""

    exchange: str
    name: str
    reasons: tuple[Reason, ...]

    @property
    def moves(self) -> tuple[Reason, ...]:
        """The decisions that changed the strategy."""
        return tuple(r for r in self.reasons if r.decision["before"] != r.decision["choice"])

    def table(self) -> DataFrame:
        """One row per decision, with the nearest flip threshold."""
        from pandas import DataFrame

        rows = [{**r.decision, "flip": str(r.flips[0]) if r.flips else ""} for r in self.reasons]
        columns = ["date", "cause", "before", "choice", "host", "runner_up", "margin", "flip"]
        return DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {
            "exchange": self.exchange,
            "name": self.name,
            "decisions": [
                {
                    **{k: str(v) if k == "date" else v for k, v in r.decision.items()},
                    "options": r.options.drop(columns="decision").to_dict("records"),
                    "flips": [vars(flip) for flip in r.flips],
                }
                for r in self.reasons
            ],
        }

    def __str__(self) -> str:
        stayed = len(self.reasons) - len(self.moves)
        head = f"{self.name}: {len(self.moves)} moves; {stayed} times it thought again and stayed"
        return "\n\n".join([head, *(str(reason) for reason in self.moves)])


def explain(run: Run, exchange: str) -> Explanation:
    """Explain the decisions of an exchange, by id or name.

    The run is repeated up to each of its moves, and there the decision is taken again with one quantity at a time
    turned up or down, all else as it was. Raises ValueError for an exchange that the run does not have.
    """
    world, names, f = _place(run, exchange)
    member = names.exchanges[f]
    mine = run.decisions[run.decisions["exchange"] == member.id]
    found = _thresholds(run, world, names, f)
    reasons = []
    for n, row in enumerate(mine.to_dict("records")):
        weighed = run.options[run.options["decision"] == row["decision"]]
        reasons.append(Reason({str(k): v for k, v in row.items()}, weighed, tuple(found.get(n, ()))))
    return Explanation(member.id, member.name, tuple(reasons))


def _place(run: Run, exchange: str) -> tuple[World, Names, int]:
    """The world of the run and the index of the exchange in it."""
    world, names = world_of(run.scenario, run.policy)
    for f, member in enumerate(names.exchanges):
        if exchange.lower() in (member.id.lower(), member.name.lower()):
            return world, names, f
    known = {*names.exchange_ids, *(member.name for member in names.exchanges)}
    raise ValueError(f"no exchange {exchange!r} in this run{did_you_mean(exchange, known)}")


def _thresholds(run: Run, world: World, names: Names, f: int) -> dict[int, list[Flip]]:
    """Flips by number of the decision of exchange f, for the decisions that change its strategy."""
    found: dict[int, list[Flip]] = {}
    count = iter(range(len(run.decisions) + 1))

    def look(story: ReferenceRun, g: int, cause: int, reason: int) -> None:
        if g != f:
            return
        number, occasion = next(count), _occasion(story, f, cause, reason)
        lines = int(story.state.journal.used[0])
        actual = decide(occasion.w, occasion.s, f, occasion.day, cause, reason, occasion.number)
        story.state.journal.used[0] = lines
        if actual != story.state.exchanges.strategy[f]:
            found[number] = flips(
                occasion, dials(world, story.state, story.world_ptr, story.state_ptr, names, f), actual
            )

    _again(run, world, look)
    return found


def _occasion(run: ReferenceRun, f: int, cause: int, reason: int) -> Occasion:
    number = occasion_of(run.world_ptr, run.state_ptr, f, cause, reason)
    return Occasion(run.world_ptr, run.state_ptr, run.state, f, run.now, cause, reason, number)


def verify(run: Run, exchange: str, number: int, name: str, factor: float) -> str:
    """Repeat the whole run with a quantity scaled at one decision only, and return what is chosen there.

    `number` counts the decisions of the exchange from 0, `name` is that of a flip.
    """
    world, names, f = _place(run, exchange)
    count = iter(range(len(run.decisions) + 1))
    turned: list[Any] = []

    def look(story: ReferenceRun, g: int, cause: int, reason: int) -> None:
        while turned:
            turned.pop().__exit__(None, None, None)
        if g == f and next(count) == number:
            occasion = _occasion(story, f, cause, reason)
            decide(occasion.w, occasion.s, f, occasion.day, cause, reason, occasion.number)
            story.state.journal.used[0] = 0
            dial = next(
                d for d in dials(world, story.state, story.world_ptr, story.state_ptr, names, f) if d.name == name
            )
            turned.append(dial.turned(factor, story.world_ptr, story.state_ptr))
            turned[-1].__enter__()

    decisions = _again(run, world, look)
    return STRATEGIES[int([d for d in decisions if d.exchange == f][number].choice)]


def _again(run: Run, world: World, look: Callable[[ReferenceRun, int, int, int], None]) -> Any:
    """Repeat the run with `look` called before each decision."""
    days = float(run.data["day"].values[-1])
    every = run.scenario.record.every
    return simulate(world, run.seed, run.replication, days, every, look).decisions
